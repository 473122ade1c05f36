//! ALTER TABLE .. OF and NOT OF. Statements on columns are refused while a table is made of a type, and those on the type go to the table,
//! so that it is freed before either, and made of a type once its columns are those of the type.

use super::{AlterTable, Table, alter};
use crate::model::{Catalog, Ident, LockMode, ObjectId, Pair, QName, Step};
use crate::object::{Change, Cx, Kind, Object, family};

/// The change from one type, or none, to another, `steps` in between.
pub(super) fn changed(at: &AlterTable<'_>, name: &QName, of_type: Pair<&Option<QName>>, mut steps: Vec<Step>) -> Change {
    let mode = LockMode::AccessExclusive;
    steps.extend(of_type.to.as_ref().map(|of_type| at.all(mode, &format!("OF {of_type}"), format!("make {name} a table of type {of_type}")).late()));
    match of_type.from {
        Some(_) => Change::InTurn { before: vec![at.all(mode, "NOT OF", format!("free {name} from its type"))], after: steps },
        None => Change::InPlace(steps),
    }
}

/// A type of the table, the present or the wanted one, comes anew, or goes.
pub(super) fn rebind(id: &ObjectId, pair: Pair<&Table>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
    let name = id.qname()?;
    let of_type = pair.map(|table| &table.of_type);
    if rebuilt.kind != Kind::Composite || rebuilt.qname().is_none() || ![of_type.from, of_type.to].iter().any(|of_type| of_type.as_ref() == rebuilt.qname()) {
        return None;
    }
    match alter::alter(id, pair, cx) {
        Change::InPlace(steps) if !of_type.differs() => Some(changed(&AlterTable::new(name, cx), name, of_type, steps)),
        other => Some(other),
    }
}

/// Names in the order of their positions.
fn names(catalog: &Catalog, of: &ObjectId, kind: Kind) -> Vec<Ident> {
    let positioned = catalog.children_of(of, kind).filter_map(|(id, entry)| Some((entry.object.beside().0, id.name()?.clone())));
    let mut found: Vec<(i32, Ident)> = positioned.collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// What stays keeps its place, and what is new comes behind.
fn order(of: &ObjectId, kind: Kind, cx: &Cx<'_>) -> Vec<Ident> {
    let wanted = names(cx.to, of, kind);
    let mut found = names(cx.from, of, kind);
    found.retain(|name| wanted.contains(name));
    let new: Vec<Ident> = wanted.into_iter().filter(|name| !found.contains(name)).collect();
    found.into_iter().chain(new).collect()
}

/// Whether the columns will be in the order of the type's attributes, as OF wants them (`ATExecAddOf` of src/backend/commands/tablecmds.c):
/// no statement moves them.
pub(super) fn fits(name: &QName, pair: Pair<&Table>, cx: &Cx<'_>) -> bool {
    match &pair.to.of_type {
        Some(of_type) if pair.from.of_type != pair.to.of_type => {
            let whole = ObjectId::in_schema(Kind::Composite, of_type.clone());
            order(&whole, Kind::Attribute, cx) == order(&family::table(name), Kind::Column, cx)
        }
        _ => true,
    }
}

/// The tables made of a type that stay so: statements on the type go to them by CASCADE.
pub fn staying(composite: &QName, cx: &Cx<'_>) -> std::collections::BTreeSet<QName> {
    let leaves = |table: &QName| match cx.to.object(&family::table(table)) {
        Some(Object::Table(table)) => table.of_type.as_ref() != Some(composite),
        _ => false,
    };
    crate::object::typing::typed_tables(cx.from, composite).into_iter().filter(|table| !leaves(table)).collect()
}
