//! Attributes of composite types. Parent: the type.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::column::Position;
use super::composite::Composite;
use super::table::typed_tables_staying;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename, typing};
use crate::model::{Expr, Hazard, LockMode, ObjectId, Pair, QName, Step, TypeName};

/// Attributes of composite types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Where it stands among the others.
    pub position: Position,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
}

impl Attribute {
    /// As CREATE TYPE and ADD ATTRIBUTE take it.
    pub(super) fn field(&self, id: &ObjectId) -> String {
        let Self { position: _, type_name, collation } = self;
        format!("{} {type_name}{}", id.name().map(ToString::to_string).unwrap_or_default(), typing::collate(collation.as_ref()))
    }

    /// Gives it another type, or the new one of the same name. Refused while rows hold the composite type
    /// (`find_composite_type_dependencies` in src/backend/commands/tablecmds.c): then that one is swapped.
    fn retype(&self, id: &ObjectId, cx: &Cx<'_>) -> Change {
        let (Some(composite), Some(name)) = (id.qname(), id.name()) else { return Change::Replace };
        let whole = ObjectId::in_schema(Kind::Composite, composite.clone());
        if !typing::relations_holding(cx.from, &whole).is_empty() {
            return Change::Whole(Box::new(Composite::swap(&whole, cx)));
        }
        let Self { position: _, type_name, collation } = self;
        let sql =
            format!("ALTER TYPE {composite} ALTER ATTRIBUTE {name} TYPE {type_name}{}", typing::collate(collation.as_ref()));
        let typed = typed_tables_staying(composite, cx);
        let mut step = altering(sql, format!("change attribute {composite}.{name} to {type_name}"), composite, &typed);
        for table in &typed {
            step = step.rewrite(table).hazard(Hazard::Blocks(format!("{table} is closed while it is written anew")));
        }
        Change::Disturbing(vec![step])
    }
}

/// A statement that changes a composite type with the tables that are made of it.
fn altering(sql: String, summary: String, composite: &QName, typed: &BTreeSet<QName>) -> Step {
    let cascade = if typed.is_empty() { "" } else { " CASCADE" };
    let step = Step::new(format!("{sql}{cascade}"), summary).lock(composite, LockMode::AccessExclusive);
    typed.iter().fold(step, |step, table| step.lock(table, LockMode::AccessExclusive))
}

impl ObjectDef for Attribute {
    const KIND: Kind = Kind::Attribute;
    const QUERY: &'static str = include_str!("attribute.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let composite = row.qname("nspname", "relname")?;
        let object = Self {
            position: Position(row.get("position")?),
            type_name: row.type_name("type_name")?,
            collation: row.opt_qname("collation_schema", "collname")?,
        };
        let id = ObjectId::on(Kind::Attribute, composite.clone(), row.ident("attname")?);
        Ok(Some(Found::child(id, object, ObjectId::in_schema(Kind::Composite, composite))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        true
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Some(composite) = id.qname() else { return Vec::new() };
        let sql = format!("ALTER TYPE {composite} ADD ATTRIBUTE {}", self.field(id));
        vec![altering(sql, format!("add attribute {}", id.spelled()), composite, &typed_tables_staying(composite, cx))]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let (Some(composite), Some(name)) = (id.qname(), id.name()) else { return Vec::new() };
        let whole = ObjectId::in_schema(Kind::Composite, composite.clone());
        let typed = typed_tables_staying(composite, cx);
        let sql = format!("ALTER TYPE {composite} DROP ATTRIBUTE {name}");
        let step = altering(sql, format!("drop attribute {}", id.spelled()), composite, &typed);
        let holders = typing::relations_holding(cx.from, &whole);
        let losing = holders.union(&typed).map(ToString::to_string).collect::<Vec<_>>().join(", ");
        vec![if losing.is_empty() { step } else { step.hazard(Hazard::Loss(format!("the values of {} in {losing}", id.spelled()))) }]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        pair.to.retype(id, cx)
    }

    /// What makes rows of the type by as many values as before does not make the same ones where some attributes go and others come.
    fn added(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let composite = ObjectId::in_schema(Kind::Composite, id.qname()?.clone());
        let goes = |attribute: &ObjectId| attribute.kind == Kind::Attribute && !cx.to.contains(attribute);
        cx.from.children(&composite).any(goes).then(|| Change::Disturbing(Vec::new()))
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let swapped = typing::is_swapped(rebuilt.kind);
        swapped.then(|| pair.to.retype(id, cx))
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Collation, &mut self.collation, from, to);
        typing::rename_type(&mut self.type_name, from, to);
    }
}
