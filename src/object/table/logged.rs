//! SET LOGGED and SET UNLOGGED of tables with foreign keys between them.

use super::Persistence;
use crate::model::{Catalog, ObjectId, Pair, QName};
use crate::object::constraint::Definition;
use crate::object::{Kind, Object, family};

fn persistence(id: &ObjectId, catalog: &Catalog) -> Option<Persistence> {
    match catalog.object(id) {
        Some(Object::Table(table)) => Some(table.persistence),
        _ => None,
    }
}

/// Pairs of tables that both change and of which the first has to be first: a logged table refers to logged tables alone
/// (`ATPrepChangePersistence` of src/backend/commands/tablecmds.c).
pub fn in_order(id: &ObjectId, pair: Pair<&Catalog>) -> Vec<(ObjectId, ObjectId)> {
    let changes = |id: &ObjectId| {
        let (from, to) = persistence(id, pair.from).zip(persistence(id, pair.to))?;
        (from != to).then_some(to)
    };
    if id.kind != Kind::Table || changes(id).is_none() {
        return Vec::new();
    }
    let referred = |(key, entry): (&ObjectId, &crate::model::Entry)| -> Option<QName> {
        match &entry.object {
            Object::Constraint(constraint) if pair.to.contains(key) => match &constraint.definition {
                Definition::ForeignKey(key) => Some(key.references.clone()),
                _ => None,
            },
            _ => None,
        }
    };
    let others = pair.from.children_of(id, Kind::Constraint).filter_map(referred).map(|name| family::table(&name));
    let ordered = others.filter(|other| other != id).filter_map(|other| match changes(&other)? {
        Persistence::Unlogged => Some((id.clone(), other)),
        _ => Some((other, id.clone())),
    });
    ordered.collect()
}
