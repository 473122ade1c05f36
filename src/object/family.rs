//! What a table's parents and children mean for statements on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Catalog, Entry, Ident, ObjectId, QName};

use super::constraint::{Constraint, Definition};
use super::inheritance::{self, Inheritance};
use super::{Cx, Kind, Object};

/// How many generations are looked at.
pub const DEPTH: usize = 64;

/// The identity of a table.
pub fn table(name: &QName) -> ObjectId {
    ObjectId::in_schema(Kind::Table, name.clone())
}

/// Whether the table is there before and stays what it is, so that it may hold rows and have users.
pub fn stays(name: &QName, cx: &Cx<'_>) -> bool {
    cx.stays(&table(name))
}

/// Whether it is a partitioned table.
pub fn is_partitioned(name: &QName, catalog: &Catalog) -> bool {
    matches!(catalog.object(&table(name)), Some(Object::Table(table)) if table.partition_key.is_some())
}

/// Whether its rows are on a foreign server, so that it has no indexes.
pub fn is_foreign(name: &QName, catalog: &Catalog) -> bool {
    matches!(catalog.object(&table(name)), Some(Object::Table(table)) if table.foreign.is_some())
}

/// The links to its parents.
pub fn links<'a>(name: &QName, catalog: &'a Catalog) -> Vec<(&'a ObjectId, &'a Inheritance)> {
    let link = |(id, entry): (&'a ObjectId, &'a Entry)| match &entry.object {
        Object::Inheritance(link) => Some((id, link)),
        _ => None,
    };
    catalog.children_of(&table(name), Kind::Inheritance).filter_map(link).collect()
}

/// Whether it inherits without being a partition, so that its CREATE TABLE names its parents.
pub fn inherits_plainly(name: &QName, catalog: &Catalog) -> bool {
    links(name, catalog).into_iter().any(|(_, link)| link.bound.is_none())
}

/// Whether some link to a parent is there before and afterwards, so that statements on the parent come down to it.
pub fn link_stays(name: &QName, cx: &Cx<'_>) -> bool {
    links(name, cx.to).into_iter().any(|(id, _)| cx.stays(id))
}

/// Whether something should come after a table has come under its parent.
pub fn waits_for_link(entry: &Entry) -> bool {
    entry.wants.iter().any(|want| want.kind == Kind::Inheritance)
}

/// Whether some parent passes on a NOT NULL on its column of that name.
pub fn parents_have(name: &QName, column: &Ident, catalog: &Catalog) -> bool {
    let passes_on = |id: &ObjectId| matches!(catalog.object(id), Some(Object::Constraint(constraint)) if !constraint.no_inherit);
    links(name, catalog).into_iter().any(|(_, link)| passes_on(&Constraint::not_null_id(&link.parent, column)))
}

/// The primary key of a table, where the column is in it.
pub fn primary_key<'a>(name: &QName, column: &Ident, catalog: &'a Catalog) -> Option<&'a ObjectId> {
    let is_in = |entry: &Entry| match &entry.object {
        Object::Constraint(Constraint { definition: Definition::PrimaryKey(key), .. }) => key.columns.contains(column),
        _ => false,
    };
    catalog.children_of(&table(name), Kind::Constraint).find(|(_, entry)| is_in(entry)).map(|(id, _)| id)
}

/// Whether a primary key over the column stays.
pub fn keyed(name: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    primary_key(name, column, cx.to).is_some_and(|id| cx.stays(id))
}

/// The tables that inherit from it before and afterwards, over any number of levels, each once, parents before their children.
pub fn descendants(name: &QName, cx: &Cx<'_>) -> Vec<QName> {
    let mut found: Vec<QName> = Vec::new();
    let mut seen: BTreeSet<QName> = BTreeSet::new();
    let mut level = vec![name.clone()];
    while !level.is_empty() {
        // By their links, whichever parent they have.
        let links: BTreeMap<&ObjectId, &QName> = level
            .iter()
            .flat_map(|parent| inheritance::children(cx.to, parent))
            .filter(|(id, _)| cx.stays(id))
            .map(|(id, link)| (id, &link.child))
            .collect();
        level = links.into_values().filter(|child| seen.insert((*child).clone())).cloned().collect();
        found.extend(level.iter().cloned());
    }
    found
}
