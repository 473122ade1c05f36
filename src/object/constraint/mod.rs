//! Constraints of tables. Parent: the table; of NOT NULL, the column.
//!
//! A NOT NULL constraint is known by its column (`Key::Of(column)`), since a column has at most one: before PostgreSQL 18 it
//! has no name, and from 18 on its name is an attribute that can be changed without touching a row. All others are known by
//! their name on their table.

mod clause;
mod ddl;
pub mod interpret;
pub mod key;
mod not_null;
mod not_null_apart;
mod not_null_family;
mod not_null_name;
mod read;

pub use ddl::{flags, index_storage, rename};
pub use not_null_name::keep_names;
pub use not_null::{address, named as not_null_named, set as set_not_null, unset as unset_not_null};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::family::waits_for_link;
use super::index::element::IndexElement;
use super::index::interpret::rename_columns;
use super::read::Address;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Entry, Expr, Ident, Key, ObjectId, Options, Pair, QName, Step};

/// What the index behind a key carries beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexTraits {
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// Whether the table's REPLICA IDENTITY uses it.
    pub replica_identity: bool,
    /// Whether the table is to be clustered on it.
    pub clustered: bool,
}

/// PRIMARY KEY or UNIQUE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyConstraint {
    /// Its columns in order.
    pub columns: Vec<Ident>,
    /// UNIQUE NULLS NOT DISTINCT (15 and later).
    pub nulls_not_distinct: bool,
    /// The last column is WITHOUT OVERLAPS (18 and later).
    pub without_overlaps: bool,
    /// Of its index.
    pub index: IndexTraits,
}

/// FOREIGN KEY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QName,
    /// Referenced columns.
    pub referenced_columns: Vec<Ident>,
    /// The last columns are PERIOD (18 and later).
    pub period: bool,
    /// MATCH FULL.
    pub match_full: bool,
    /// ON UPDATE, in SQL's words; `NO ACTION` by default.
    pub on_update: String,
    /// ON DELETE, in SQL's words; `NO ACTION` by default.
    pub on_delete: String,
    /// The columns of ON DELETE SET NULL (..) and SET DEFAULT (..).
    pub delete_columns: Vec<Ident>,
}

/// One element of EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcludeElement {
    /// What is compared.
    pub element: IndexElement,
    /// The operator that must not be true for all elements of two rows.
    pub operator: QName,
}

/// EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclude {
    /// The index access method.
    pub method: Ident,
    /// What is compared, and how.
    pub elements: Vec<ExcludeElement>,
    /// WHERE.
    pub predicate: Option<Expr>,
    /// Of its index.
    pub index: IndexTraits,
}

/// What a constraint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// PRIMARY KEY.
    PrimaryKey(KeyConstraint),
    /// UNIQUE.
    Unique(KeyConstraint),
    /// CHECK.
    Check(Expr),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// EXCLUDE.
    Exclude(Exclude),
    /// NOT NULL of a column.
    NotNull {
        /// The column.
        column: Ident,
        /// The name, from 18 on.
        name: Option<Ident>,
    },
}

impl Definition {
    /// What stands behind it as an index.
    pub const fn index(&self) -> Option<&IndexTraits> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => Some(&key.index),
            Self::Exclude(exclude) => Some(&exclude.index),
            Self::Check(_) | Self::ForeignKey(_) | Self::NotNull { .. } => None,
        }
    }

    /// The same, to change it.
    pub const fn index_mut(&mut self) -> Option<&mut IndexTraits> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => Some(&mut key.index),
            Self::Exclude(exclude) => Some(&mut exclude.index),
            Self::Check(_) | Self::ForeignKey(_) | Self::NotNull { .. } => None,
        }
    }
}

impl Object {
    /// The table that a foreign key refers to.
    pub const fn refers_to(&self) -> Option<&QName> {
        match self {
            Self::Constraint(Constraint { definition: Definition::ForeignKey(key), .. }) => Some(&key.references),
            _ => None,
        }
    }
}

impl Definition {
    /// Follows the rename of a column of its own table (`of_own`) or of the table that it refers to.
    fn rename_column(&mut self, of_own: bool, table: Option<&QName>, from: &Ident, to: &Ident) {
        let rename = |names: &mut Vec<Ident>| {
            for name in names.iter_mut().filter(|name| *name == from) {
                *name = to.clone();
            }
        };
        match self {
            Self::ForeignKey(key) => {
                if table == Some(&key.references) {
                    rename(&mut key.referenced_columns);
                }
                if of_own {
                    rename(&mut key.columns);
                    rename(&mut key.delete_columns);
                }
            }
            Self::PrimaryKey(key) | Self::Unique(key) if of_own => {
                rename(&mut key.columns);
                rename(&mut key.index.include);
            }
            Self::Exclude(exclude) if of_own => {
                for each in &mut exclude.elements {
                    rename_columns(std::slice::from_mut(&mut each.element), &mut [], from, to);
                }
                rename(&mut exclude.index.include);
            }
            Self::NotNull { column, .. } if of_own && column == from => *column = to.clone(),
            _ => {}
        }
    }
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it says.
    pub definition: Definition,
    /// DEFERRABLE.
    pub deferrable: bool,
    /// INITIALLY DEFERRED.
    pub deferred: bool,
    /// Not NOT VALID. What is not enforced is not validated either.
    pub validated: bool,
    /// Not NOT ENFORCED (18 and later).
    pub enforced: bool,
    /// NO INHERIT, of CHECK and NOT NULL.
    pub no_inherit: bool,
    /// Whether it comes from parent tables alone (`conislocal` is false). A partition's keys are not counted so: they
    /// are made by name and attached.
    pub inherited: bool,
}

impl Constraint {
    /// The constraint of that identity.
    pub fn of<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Self> {
        match catalog.object(id)? {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        }
    }

    /// Whether a foreign key of a partition can be its copy of one above (`tryAttachPartitionForeignKey` in
    /// src/backend/commands/tablecmds.c).
    pub fn can_be_copy_of(&self, above: &Self) -> bool {
        matches!(self.definition, Definition::ForeignKey(_))
            && self.definition == above.definition
            && (self.deferrable, self.deferred, self.enforced) == (above.deferrable, above.deferred, above.enforced)
    }

    /// Whether one CREATE TABLE with both would make but one (`transformIndexConstraints` in src/backend/parser/parse_utilcmd.c).
    pub(super) fn is_same_key(&self, other: &Self) -> bool {
        let what = |constraint: &Self| match &constraint.definition {
            Definition::PrimaryKey(key) | Definition::Unique(key) => Some((
                key.columns.clone(),
                key.index.include.clone(),
                key.nulls_not_distinct,
                key.without_overlaps,
                constraint.deferrable,
                constraint.deferred,
            )),
            _ => None,
        };
        what(self).is_some_and(|key| Some(key) == what(other))
    }

    /// Whether the table's CREATE TABLE would take it for another one that is there, too: the primary key, else the first.
    fn is_merged(&self, id: &ObjectId, table: &QName, catalog: &Catalog) -> bool {
        let is_primary = |constraint: &Self| matches!(constraint.definition, Definition::PrimaryKey(_));
        let before = |(other, entry): (&ObjectId, &Entry)| {
            matches!(&entry.object, Object::Constraint(key) if key.is_same_key(self) && (is_primary(key), id) > (is_primary(self), other) && other != id)
        };
        !is_primary(self) && catalog.relation(table).is_some_and(|(table, _)| catalog.children_of(table, Kind::Constraint).any(before))
    }

    /// A constraint with nothing said beyond its definition.
    pub const fn new(definition: Definition) -> Self {
        Self { definition, deferrable: false, deferred: false, validated: true, enforced: true, no_inherit: false, inherited: false }
    }

    /// Whether the server tells it from what the table inherits. Before 18 it does not say where a NOT NULL comes from.
    pub const fn is_told_from_inherited(&self, major: u32) -> bool {
        major >= 18 || !matches!(self.definition, Definition::NotNull { .. })
    }

    /// The identity of the NOT NULL of a column.
    pub fn not_null_id(table: &QName, column: &Ident) -> ObjectId {
        ObjectId::of(Kind::Constraint, ObjectId::on(Kind::Column, table.clone(), column.clone()))
    }

    /// The identity of any other constraint.
    pub fn named_id(table: &QName, name: &Ident) -> ObjectId {
        ObjectId::on(Kind::Constraint, table.clone(), name.clone())
    }

    /// Its name, where it has one.
    pub fn name<'a>(&'a self, id: &'a ObjectId) -> Option<&'a Ident> {
        match (&self.definition, &id.key) {
            (Definition::NotNull { name, .. }, _) => name.as_ref(),
            (_, Key::OnRelation(_, name)) => Some(name),
            _ => None,
        }
    }

    /// The name of the constraint `id` in a catalog: of NOT NULL, which is known by its column, what the object says.
    pub fn name_of<'a>(id: &'a ObjectId, catalog: &'a Catalog) -> Option<&'a Ident> {
        if let Key::OnRelation(_, name) = &id.key {
            return Some(name);
        }
        match catalog.object(id) {
            Some(super::Object::Constraint(Self { definition: Definition::NotNull { name, .. }, .. })) => name.as_ref(),
            _ => None,
        }
    }
}

impl ObjectDef for Constraint {
    const KIND: Kind = Kind::Constraint;
    const QUERY: &'static str = include_str!("constraint.sql");

    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
        read::read(row, server)
    }

    fn derived(server: &Reading, take: impl FnMut(Address, Found)) {
        read::not_nulls(server, take);
    }

    fn inline(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
        let Some(table) = id.qname() else { return false };
        // CREATE TABLE makes every CHECK a valid one, and cannot say what follows from a parent table. It would have a key there that partitions
        // get as they are attached, too, where they shall not have it.
        let sayable = (self.validated || !self.enforced) && !ddl::comes_from_parent(self, table, cx);
        match &self.definition {
            Definition::ForeignKey(_) => false,
            Definition::Check(_) | Definition::NotNull { .. } => sayable,
            Definition::PrimaryKey(_) | Definition::Unique(_) | Definition::Exclude(_) => {
                !self.is_merged(id, table, cx.to) && !cx.to.get(id).is_some_and(waits_for_link)
            }
        }
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        match (&self.definition, &id.key) {
            (Definition::NotNull { column, .. }, _) => id.qname().map(|table| not_null::create(self, table, column, cx)).unwrap_or_default(),
            (_, Key::OnRelation(table, name)) => ddl::create(self, table, name, cx),
            _ => Vec::new(),
        }
    }

    fn after_parent(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        match (&self.definition, id.qname()) {
            (Definition::NotNull { column, .. }, Some(table)) if not_null_apart::comes_prepared(table, column, cx) => Vec::new(),
            _ => ddl::validated_below(self, id, cx),
        }
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        match (&self.definition, &id.key) {
            (Definition::NotNull { column, .. }, _) => id.qname().map(|table| not_null::drop(table, column, cx)).unwrap_or_default(),
            (_, Key::OnRelation(table, name)) if ddl::goes_with_parent(self, table, name, cx) => Vec::new(),
            (check, Key::OnRelation(table, _)) if not_null::spends(id, check, table, cx) => Vec::new(),
            (definition, Key::OnRelation(table, name)) => vec![ddl::drop(definition, table, name, cx)],
            _ => Vec::new(),
        }
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        match (&pair.from.definition, &pair.to.definition, &id.key) {
            (Definition::NotNull { .. }, Definition::NotNull { column, .. }, _) => {
                id.qname().map_or(Change::Replace, |table| not_null::alter(pair, table, column, cx))
            }
            (_, _, Key::OnRelation(table, name)) => ddl::alter(pair, table, name, cx),
            _ => Change::Replace,
        }
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL rebuilds keys, and re-adds foreign keys and checks, when a column of theirs changes its type
    /// (`ATPostAlterTypeCleanup` in src/backend/commands/tablecmds.c). But a foreign key whose two sides change one after the
    /// other can be without an operator in between, and an expression's casts come out as the type before left them.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        match &self.definition {
            Definition::PrimaryKey(_) | Definition::Unique(_) | Definition::NotNull { .. } => true,
            Definition::ForeignKey(_) => disturbed.kind != Kind::Column,
            Definition::Check(_) | Definition::Exclude(_) => false,
        }
    }

    fn inherited(&self) -> bool {
        self.inherited
    }

    fn comes_down_later(&self) -> bool {
        self.inherited && self.enforced && !self.validated
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        match (&id.key, self.definition.index()) {
            // A partition's copy of a foreign key has its name among those of the partition.
            (Key::OnRelation(table, name), None) if matches!(self.definition, Definition::ForeignKey(_)) => {
                vec![Slot::Within(Kind::Constraint, table.clone(), name.as_str().to_owned())]
            }
            (Key::OnRelation(table, name), Some(_)) => {
                let index = Slot::Relation(QName::new(table.schema.clone(), name.clone()));
                // A table has one primary key, whatever it is called.
                let primary = matches!(self.definition, Definition::PrimaryKey(_)).then(|| Slot::Within(Kind::Table, table.clone(), "primary key".to_owned()));
                [index].into_iter().chain(primary).collect()
            }
            _ => Vec::new(),
        }
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        match &mut self.definition {
            Definition::Check(expr) => vec![expr],
            Definition::Exclude(exclude) => {
                exclude.elements.iter_mut().filter_map(|each| each.element.expr_mut()).chain(exclude.predicate.as_mut()).collect()
            }
            Definition::PrimaryKey(_) | Definition::Unique(_) | Definition::ForeignKey(_) | Definition::NotNull { .. } => Vec::new(),
        }
    }

    fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
        let (Some(old), Some(new)) = (from.name(), to.name()) else { return };
        if from.kind == Kind::Table
            && let (Definition::ForeignKey(key), Some(table)) = (&mut self.definition, to.qname())
            && from.qname() == Some(&key.references)
        {
            key.references = table.clone();
        }
        if from.kind == Kind::Column {
            let of_own = from.qname() == id.qname();
            self.definition.rename_column(of_own, from.qname(), old, new);
        }
    }
}
