//! Columns of tables.

mod alter;
mod conversion;
mod create;
mod define;
mod definition;
mod drop;
mod interpret;
mod like;
mod settings;
mod several;
mod system;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::foreign_options::ForeignOptions;
use super::reading::TABLES;
use super::sequence::SequenceOptions;
use super::table::AlterTable;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, Hazard, Ident, LockMode, ObjectId, Options, Pair, QName, Step, TypeName};

pub(super) use conversion::split;
pub(super) use several::together as retyped_together;
pub(in crate::object) use settings::type_storage;
pub use create::{after_definition, in_the_way, inherited_settings};
pub use define::{below_domain, define, inherit, plain, redefine, typed_literal};
pub use like::{Including, like, of_attribute};
pub use system::{is_system, numbered as numbered_system_column, system_column};
pub use interpret::{columns, interpret_command, next_position, remove};
pub use definition::{catch_up, default_clause, definition, not_null_of, typed_definition};

/// Where a column stands; it orders columns in new tables, and is no difference, since PostgreSQL cannot move columns.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Position(pub i32);

impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Position {}

/// GENERATED .. AS IDENTITY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// ALWAYS, or BY DEFAULT.
    pub always: bool,
    /// The name of its sequence.
    pub sequence: QName,
    /// The options of its sequence.
    pub options: SequenceOptions,
    /// Whether its sequence is UNLOGGED (15 and later), as that of an unlogged table is unless said otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
}

/// GENERATED ALWAYS AS (..).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The expression.
    pub expr: Expr,
    /// STORED, or VIRTUAL (18 and later).
    pub stored: bool,
}

/// A column of a table. Its default and its NOT NULL are objects of their own, with the column as parent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Where it stands.
    pub position: Position,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
    /// GENERATED .. AS IDENTITY: of few columns, and larger than all the rest.
    pub identity: Option<Box<Identity>>,
    /// GENERATED ALWAYS AS (..): of few columns too.
    pub generated: Option<Box<Generated>>,
    /// The storage (PLAIN, EXTERNAL, EXTENDED, MAIN), where it is not the type's.
    pub storage: Option<String>,
    /// The compression method, where one is set.
    pub compression: Option<Ident>,
    /// SET STATISTICS, where one is set.
    pub statistics: Option<i32>,
    /// SET (n_distinct = ..).
    pub options: Options,
    /// OPTIONS of a foreign table's column.
    pub foreign_options: ForeignOptions,
    /// Whether it comes from parent tables alone (`attislocal` is false). It is no difference: no statement changes it while
    /// the table inherits, and INHERIT never takes a column back that NO INHERIT made the table's own.
    pub inherited: bool,
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        let Self { position: _, type_name, collation, identity, generated, storage, compression, statistics, options, foreign_options, inherited: _ } = self;
        *type_name == other.type_name
            && *collation == other.collation
            && *identity == other.identity
            && *generated == other.generated
            && *storage == other.storage
            && *compression == other.compression
            && *statistics == other.statistics
            && *options == other.options
            && *foreign_options == other.foreign_options
    }
}

impl Eq for Column {}

impl Column {
    /// Whether its table is made of a composite type, before and after the plan, so that statements on the type change it.
    pub fn is_typed(id: &ObjectId, cx: &Cx<'_>) -> bool {
        let Some(name) = id.qname() else { return false };
        let table = ObjectId::in_schema(Kind::Table, name.clone());
        let of_type = |catalog: &crate::model::Catalog| match catalog.object(&table) {
            Some(Object::Table(table)) => table.of_type.clone(),
            _ => None,
        };
        let after = of_type(cx.to);
        let stays = |of_type: &QName| cx.stays(&ObjectId::in_schema(Kind::Composite, of_type.clone()));
        cx.stays(&table) && after.as_ref().is_some_and(stays) && after == of_type(cx.from)
    }
}

/// What ALTER TABLE would write anew in the rows of a column that changes, in words.
pub(super) fn rewritten(id: &ObjectId, from: &Column, to: &Column, cx: &Cx<'_>) -> Option<String> {
    if several::is_retyped(id, cx) {
        return Some(format!("the type of {} cannot change", id.spelled()));
    }
    let (before, after) = from.generated.as_ref().zip(to.generated.as_ref())?;
    (after.stored && before.expr != after.expr).then(|| format!("the values of {} cannot be computed otherwise", id.spelled()))
}

/// Whether ADD COLUMN has something to do for each row because of the type: a domain with constraints or a default.
pub(super) fn is_checked(id: &ObjectId, column: &Column, cx: &Cx<'_>) -> bool {
    let typed = conversion::Typed { name: &column.type_name, catalog: cx.to, needs: cx.to.get(id).map(|entry| &entry.needs) };
    conversion::is_constrained(typed) || conversion::has_default(typed)
}

fn unknown(id: &ObjectId, column: &'static str, value: char) -> ReadError {
    ReadError::Unknown { object: id.to_string(), column, value: value.to_string() }
}

fn read_identity(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Option<Identity>, ReadError> {
    let Some(sequence) = row.opt_qname("sequence_schema", "sequence_name")? else { return Ok(None) };
    let always = match row.char("attidentity")? {
        'a' => true,
        'd' => false,
        other => return Err(unknown(id, "attidentity", other)),
    };
    let options = SequenceOptions {
        data_type: row.type_name("sequence_type")?,
        start: row.get("seqstart")?,
        increment: row.get("seqincrement")?,
        min: row.get("seqmin")?,
        max: row.get("seqmax")?,
        cache: row.get("seqcache")?,
        cycle: row.get("seqcycle")?,
    };
    Ok(Some(Identity { always, sequence, options, unlogged: row.char("sequence_persistence")? == 'u' }))
}

fn read_generated(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Option<Box<Generated>>, ReadError> {
    let stored = match row.char("attgenerated")? {
        '\0' => return Ok(None),
        's' => true,
        'v' => false,
        other => return Err(unknown(id, "attgenerated", other)),
    };
    Ok(Some(Box::new(Generated { expr: row.expr("generated", id)?, stored })))
}

fn read_storage(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Option<String>, ReadError> {
    let Some(code) = row.get::<Option<i8>>("storage")? else { return Ok(None) };
    let word = match char::from(code.cast_unsigned()) {
        'p' => "PLAIN",
        'e' => "EXTERNAL",
        'm' => "MAIN",
        'x' => "EXTENDED",
        other => return Err(unknown(id, "attstorage", other)),
    };
    Ok(Some(word.to_owned()))
}

fn read_compression(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Option<Ident>, ReadError> {
    let word = match row.char("attcompression")? {
        '\0' => return Ok(None),
        'p' => "pglz",
        'l' => "lz4",
        other => return Err(unknown(id, "attcompression", other)),
    };
    Ok(Some(Ident::new(word)))
}

impl ObjectDef for Column {
    const KIND: Kind = Kind::Column;
    const QUERY: &'static str = include_str!("column.sql");

    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
        let (relation, number): (u32, i32) = (row.get("objid")?, row.get("objsubid")?);
        let known = i16::try_from(number).ok().and_then(|number| server.column(relation, number));
        let Some((table, known)) = server.relation(relation, TABLES).cloned().zip(known) else { return Ok(None) };
        let id = ObjectId::on(Kind::Column, table.clone(), known.name.clone());
        let column = Self {
            position: Position(number),
            type_name: row.type_name("type_name")?,
            collation: row.opt_qname("collation_schema", "collation_name")?,
            identity: read_identity(row, &id)?.map(Box::new),
            generated: read_generated(row, &id)?,
            storage: read_storage(row, &id)?,
            compression: read_compression(row, &id)?,
            statistics: row.get("statistics")?,
            options: row.options("attoptions")?,
            foreign_options: ForeignOptions::read(row, "attfdwoptions")?,
            inherited: row.get("inherited")?,
        };
        Ok(Some(Found::child(id, column, ObjectId::in_schema(Kind::Table, table))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        true
    }

    fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        create::create(self, id, parts, cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some((table, name)) = id.qname().zip(id.name()) else { return Vec::new() };
        if Self::is_typed(id, cx) {
            return Vec::new();
        }
        drop::drop(self, id, (table, name), cx)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        alter::alter(id, pair, cx)
    }

    fn in_the_way(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Vec<ObjectId> {
        alter::in_the_way(id, pair, cx)
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        alter::rebind(id, pair, rebuilt, cx)
    }

    fn withstands(&self, id: &ObjectId, disturbed: &ObjectId) -> bool {
        // A column of a generation expression cannot change its type (ALTER TABLE refuses it).
        self.generated.is_none() || disturbed.kind != Kind::Column || disturbed == id
    }

    fn inherited(&self) -> bool {
        self.inherited
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        self.identity.iter().map(|identity| Slot::Relation(identity.sequence.clone())).collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.generated.iter_mut().map(|generated| &mut generated.expr).collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Collation, &mut self.collation, from, to);
        if !Kind::TYPES.contains(&from.kind) {
            return;
        }
        let (old, array) = self.type_name.0.strip_suffix("[]").map_or((self.type_name.0.as_str(), ""), |element| (element, "[]"));
        if old == from.spelled() {
            self.type_name = TypeName(format!("{}{array}", to.spelled()));
        }
    }
}
