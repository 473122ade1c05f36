//! The index of a REPLICA IDENTITY: its columns must be NOT NULL as long as it is one (`ATExecReplicaIdentity` and
//! `dropconstraint_internal` of src/backend/commands/tablecmds.c).

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::element::columns_of;
use crate::model::{Catalog, Entry, Ident, ObjectId, Pair, QName};
use crate::object::constraint::{Constraint, Definition};
use crate::object::{Kind, Object, family};

/// The table that an index or the index of a constraint is the REPLICA IDENTITY of, and its columns.
fn identity<'a>(id: &'a ObjectId, object: &'a Object) -> Option<(&'a QName, BTreeSet<Ident>)> {
    match object {
        Object::Index(index) if index.replica_identity => Some((&index.relation, columns_of(&index.elements))),
        Object::Constraint(Constraint { definition: Definition::PrimaryKey(key) | Definition::Unique(key), .. })
            if key.index.replica_identity =>
        {
            Some((id.qname()?, key.columns.iter().cloned().collect()))
        }
        _ => None,
    }
}

/// Notes in a catalog that is whole that it wants the NOT NULL of its columns.
pub fn order(catalog: &mut Catalog) {
    let wants = |(id, entry): (&ObjectId, &Entry)| {
        let (table, columns) = identity(id, &entry.object)?;
        let not_null = columns.iter().map(|column| Constraint::not_null_id(table, column));
        Some((id.clone(), not_null.filter(|id| catalog.contains(id)).collect()))
    };
    let found: Vec<(ObjectId, Vec<ObjectId>)> = catalog.scan().filter_map(wants).collect();
    for (id, wants) in found {
        if let Some(entry) = catalog.get_mut(&id) {
            entry.wants.extend(wants);
        }
    }
}

/// What takes the place of an index as the REPLICA IDENTITY of a table.
pub fn successor(id: &ObjectId, pair: Pair<&Catalog>) -> Option<ObjectId> {
    let (table, _) = identity(id, pair.from.object(id)?)?;
    let is_identity = |id: &ObjectId| pair.to.object(id).is_some_and(|object| identity(id, object).is_some());
    pair.to.children(&family::table(table)).find(|other| is_identity(other)).filter(|other| *other != id).cloned()
}

/// Whether some index or constraint becomes the REPLICA IDENTITY of a table by a column.
pub fn becomes(table: &ObjectId, column: &Ident, from: &Catalog, to: &Catalog) -> bool {
    let parts = to.children_of(table, Kind::Index).chain(to.children_of(table, Kind::Constraint));
    let by = |(id, entry): (&ObjectId, &Entry)| {
        let is = identity(id, &entry.object).is_some_and(|(_, columns)| columns.contains(column));
        is && from.object(id).and_then(|present| identity(id, present)).is_none_or(|(_, columns)| !columns.contains(column))
    };
    parts.into_iter().any(by)
}
