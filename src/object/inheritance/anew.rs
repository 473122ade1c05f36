//! What comes anew where a partition leaves its parent or comes under one, though nothing of it differs.

use std::collections::BTreeSet;

use super::{Inheritance, link, partitioned_above, partitions_below, table};
use crate::model::{Catalog, ObjectId, QName};
use crate::object::{Cx, Kind, Object};

/// Since when partitions have the identity columns of their parents.
const NUMBERED_SINCE: u32 = 17;

/// What comes anew with a link: indexes that it would take, the links below it, and foreign keys.
pub fn with(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let taken = Object::taken_by(id, cx).into_iter().filter(|index| cx.to.contains(index));
    taken.chain(below_and_beside(id, cx)).collect()
}

fn below_and_beside(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let bound = |catalog: &Catalog| partition(catalog, id).map(|link| link.bound.clone());
    let (before, after) = (bound(cx.from), bound(cx.to));
    if before == after {
        return Vec::new();
    }
    let mut found: Vec<ObjectId> = numbered_later(id, cx).into_iter().filter(|link| cx.from.contains(link)).collect();
    let leaving: Vec<&Inheritance> = found.iter().chain([id]).filter_map(|link| partition(cx.from, link)).collect();
    let keys = referring(&leaving, cx);
    found.extend(keys);
    found
}

fn partition<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Inheritance> {
    catalog.object(id).and_then(link).filter(|link| link.bound.is_some())
}

/// The links of all that is below a partition which comes under a table with an identity column. ATTACH PARTITION hands that to the partition
/// alone (`MergeAttributesIntoExisting` of src/backend/commands/tablecmds.c), which hands it on to what comes under it afterwards.
pub fn numbered_later(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let Some(link) = partition(cx.to, id).filter(|_| cx.major() >= NUMBERED_SINCE) else { return Vec::new() };
    let below: Vec<ObjectId> = partitions_below(cx.to, &link.child).into_iter().map(|(id, _)| id.clone()).collect();
    let is_numbered = |above: &&QName| {
        let whole = table(above);
        let mut columns = cx.to.children_of(&whole, Kind::Column);
        columns.any(|(_, entry)| matches!(&entry.object, Object::Column(column) if column.identity.is_some()))
    };
    if below.is_empty() || !partitioned_above(cx.to, &link.child).iter().any(is_numbered) { Vec::new() } else { below }
}

/// Foreign keys that refer to tables which partitions leave and come under again: DETACH PARTITION refuses to take away rows that are referred
/// to (`RI_PartitionRemove_Check` of src/backend/utils/adt/ri_triggers.c).
fn referring(leaving: &[&Inheritance], cx: &Cx<'_>) -> Vec<ObjectId> {
    let mut tables: BTreeSet<&QName> = BTreeSet::new();
    for link in leaving {
        let after = partitioned_above(cx.to, &link.child);
        tables.extend(partitioned_above(cx.from, &link.child).into_iter().filter(|name| after.contains(name)));
    }
    if tables.is_empty() {
        return Vec::new();
    }
    let refers = |object: &Object| object.refers_to().is_some_and(|name| tables.contains(name));
    let keys = cx.from.of_kind(Kind::Constraint).filter(|(id, entry)| refers(&entry.object) && cx.to.contains(id));
    keys.map(|(id, _)| id.clone()).collect()
}
