//! SET LOGGED and SET UNLOGGED of tables with foreign keys between them.

use super::Persistence;
use crate::model::{Catalog, ObjectId, Pair};
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
    let keys = pair.from.children_of(id, Kind::Constraint).filter(|(key, _)| pair.to.contains(key));
    let others = keys.filter_map(|(_, entry)| entry.object.refers_to()).map(family::table);
    let ordered = others.filter(|other| other != id).filter_map(|other| match changes(&other)? {
        Persistence::Unlogged => Some((id.clone(), other)),
        _ => Some((other, id.clone())),
    });
    ordered.collect()
}
