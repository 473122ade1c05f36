//! ALTER INDEX .. ATTACH PARTITION. Key: `Key::Of(index or constraint of the partition)`; parent: that index or constraint.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::constraint::{Constraint, Definition};
use super::family::waits_for_link;
use super::index::{index_or_constraint, parent_index};
use super::index::partition::{comes_from_above, index_name, unattached};
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Entry, Expr, LockMode, ObjectId, Pair, QName, Step};

/// ALTER INDEX .. ATTACH PARTITION.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexAttachment {
    /// The index of the partition (a constraint's index has the constraint's name).
    pub index: QName,
    /// The index of the partitioned table.
    pub parent: QName,
}

/// The object of the partitioned table's index.
fn parent_of<'a>(id: &ObjectId, catalog: &'a Catalog) -> Option<&'a ObjectId> {
    id.target().and_then(|index| catalog.get(index)).and_then(|entry| entry.auto.as_ref())
}

/// The link between the two tables.
fn link(id: &ObjectId, catalog: &Catalog) -> Option<ObjectId> {
    let partition = catalog.get(id.target()?)?.parent.clone()?;
    let table = catalog.get(parent_of(id, catalog)?)?.parent.clone()?;
    ObjectId::link_between(&partition, &table)
}

/// While a partition is attached, its index stays so, and cannot be dropped without the partitioned table's.
pub fn bound(id: &ObjectId, catalog: &Catalog, goes: impl Fn(&ObjectId) -> bool) -> Vec<ObjectId> {
    let attached = link(id, catalog).is_some_and(|link| !goes(&link));
    if attached { id.target().into_iter().chain(parent_of(id, catalog)).cloned().collect() } else { Vec::new() }
}

/// An attachment with its ends.
struct Attached {
    id: ObjectId,
    index: ObjectId,
    parent: ObjectId,
    link: Option<ObjectId>,
}

type Below<'a> = BTreeMap<&'a ObjectId, Vec<&'a Attached>>;

/// What comes after ATTACH PARTITION with its partitioned table's index, since that would attach it to another one of the same columns
/// (`CompareIndexInfo` of src/backend/catalog/index.c looks at neither DESC nor NULLS).
fn late(unattached: &[(ObjectId, ObjectId)], below: &Below<'_>) -> BTreeSet<ObjectId> {
    let mut found: BTreeSet<ObjectId> = unattached.iter().map(|(index, _)| index.clone()).collect();
    let mut open: Vec<ObjectId> = found.iter().cloned().collect();
    while let Some(parent) = open.pop() {
        let indexes = below.get(&parent).into_iter().flatten().map(|attached| &attached.index);
        open.extend(indexes.filter(|index| found.insert((*index).clone())).cloned());
    }
    found
}

/// Notes what must be in order because of attached indexes, in a catalog that is whole: ATTACH PARTITION makes an index itself where it
/// finds none (`AttachPartitionEnsureIndexes`), so that what is not attached comes after it; and a key of a partitioned table can be
/// referenced once those of all its partitions are attached.
pub fn order(catalog: &mut Catalog) {
    let attached = |(id, _): (&ObjectId, &Entry)| {
        let (index, parent) = id.target().cloned().zip(parent_of(id, catalog).cloned())?;
        Some(Attached { id: id.clone(), index, parent, link: link(id, catalog) })
    };
    let attachments: Vec<Attached> = catalog.of_kind(Kind::IndexAttachment).filter_map(attached).collect();
    let mut below = Below::new();
    for attached in &attachments {
        below.entry(&attached.parent).or_default().push(attached);
    }
    let mut wants: Vec<(ObjectId, ObjectId)> = unattached(catalog);
    let late = late(&wants, &below);
    for Attached { id, index, parent, link } in &attachments {
        let Some(link) = link else { continue };
        wants.push((id.clone(), link.clone()));
        if catalog.get(index).is_some_and(comes_from_above) {
            wants.push((index.clone(), link.clone()));
            continue;
        }
        if late.contains(index) {
            wants.push((index.clone(), link.clone()));
            // Where it is there already, ATTACH PARTITION makes one that takes the name.
            wants.push((parent.clone(), link.clone()));
            continue;
        }
        wants.push((link.clone(), index.clone()));
        // It passes by an index that is not valid yet, which that of a partitioned table is once those of its partitions are attached.
        wants.extend(below.get(index).into_iter().flatten().map(|lower| (link.clone(), lower.id.clone())));
    }
    let is_foreign = |entry: &Entry| matches!(&entry.object, Object::Constraint(Constraint { definition: Definition::ForeignKey(_), .. }));
    let keys = catalog.scan().filter(|(_, entry)| is_foreign(entry)).flat_map_iter(|(id, entry)| {
        let mut open: Vec<&ObjectId> = entry.needs.iter().filter(|need| below.contains_key(*need)).collect();
        let mut before = Vec::new();
        while let Some(next) = open.pop() {
            for attached in below.get(next).into_iter().flatten() {
                before.push((id.clone(), attached.id.clone()));
                open.push(&attached.index);
            }
        }
        before
    });
    let keys: Vec<(ObjectId, ObjectId)> = keys.collect();
    wants.extend(keys);
    for (later, earlier) in wants {
        if let Some(entry) = catalog.get_mut(&later) {
            entry.wants.insert(earlier);
        }
    }
}

impl ObjectDef for IndexAttachment {
    const KIND: Kind = Kind::IndexAttachment;
    const QUERY: &'static str = include_str!("index_attachment.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_inherits", "inhrelid"));

    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
        let table = row.qname("nspname", "relname")?;
        let name = row.ident("indname")?;
        let oid: u32 = row.get("objid")?;
        let Some(parent) = server.index_parents.get(&oid) else { return Ok(None) };
        let object = Self {
            index: QName { schema: table.schema.clone(), name: name.clone() },
            parent: QName { schema: parent.relation.schema.clone(), name: parent.index.clone() },
        };
        let index = index_or_constraint(table.clone(), row.opt_ident("conname")?, name);
        let mut found = Found::child(ObjectId::of(Kind::IndexAttachment, index.clone()), object, index);
        found.needs = parent_index(oid, server).into_iter().collect();
        Ok(Some(found))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    /// ATTACH PARTITION attaches what matches an index that the partitioned table already has
    /// (`AttachPartitionEnsureIndexes`), and comes after both, so that nothing is left to do then; unless that index has to wait itself.
    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { index, parent } = self;
        if id.target().and_then(|index| cx.to.get(index)).is_some_and(comes_from_above) {
            return Vec::new();
        }
        let waits = |index: &ObjectId| cx.to.get(index).is_some_and(|entry| waits_for_link(entry) && !comes_from_above(entry));
        let beside = id.target().and_then(|index| cx.to.get(index)?.parent.as_ref()).into_iter().flat_map(|table| cx.to.children(table));
        // One that waits can make others wait; to attach what is attached does nothing (`ATExecAttachPartitionIdx`).
        let is_late = parent_of(id, cx.to).is_some_and(waits) || beside.into_iter().any(waits);
        if !is_late && !link(id, cx.to).is_some_and(|link| cx.stays(&link)) {
            return Vec::new();
        }
        let step = Step::new(format!("ALTER INDEX {parent} ATTACH PARTITION {index}"), format!("make index {index} a part of {parent}"));
        vec![step.lock(index, LockMode::AccessExclusive).lock(parent, LockMode::ShareUpdateExclusive)]
    }

    /// What is attached stays so until its index, or the partition, goes.
    fn drop(&self, _: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        let Self { index: _, parent: _ } = self;
        Vec::new()
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let (Self { index: _, parent: _ }, Self { index: _, parent: _ }) = (pair.from, pair.to);
        Change::Replace
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
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
        if let (Some(old), Some(new)) = (index_name(from), index_name(to))
            && matches!(from.kind, Kind::Index | Kind::Constraint)
        {
            for name in [&mut self.index, &mut self.parent] {
                if *name == old {
                    *name = new.clone();
                }
            }
        }
    }
}
