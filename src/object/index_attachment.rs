//! ALTER INDEX .. ATTACH PARTITION. Key: `Key::Of(index or constraint of the partition)`; parent: that index or constraint.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::index::{index_or_constraint, parent_index};
use super::inheritance::link_id;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, LockMode, ObjectId, Pair, QName, Step};

/// ALTER INDEX .. ATTACH PARTITION.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexAttachment {
    /// The index of the partition (a constraint's index has the constraint's name).
    pub index: QName,
    /// The index of the partitioned table.
    pub parent: QName,
}

/// The object of the partitioned table's index.
fn parent_of<'a>(id: &ObjectId, catalog: &'a crate::model::Catalog) -> Option<&'a ObjectId> {
    id.target().and_then(|index| catalog.get(index)).and_then(|entry| entry.auto.as_ref())
}

/// The link between the two tables.
fn link(id: &ObjectId, catalog: &crate::model::Catalog) -> Option<ObjectId> {
    let partition = catalog.get(id.target()?)?.parent.clone()?;
    let table = catalog.get(parent_of(id, catalog)?)?.parent.clone()?;
    ObjectId::link_between(&partition, &table)
}

impl ObjectDef for IndexAttachment {
    const KIND: Kind = Kind::IndexAttachment;
    const QUERY: &'static str = include_str!("index_attachment.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let table = row.qname("nspname", "relname")?;
        let name = row.ident("indname")?;
        let parent_table = row.qname("pnspname", "prelname")?;
        let object = Self {
            index: QName { schema: table.schema.clone(), name: name.clone() },
            parent: QName { schema: parent_table.schema.clone(), name: row.ident("pindname")? },
        };
        let index = index_or_constraint(table.clone(), row.opt_ident("conname")?, name);
        let mut found = Found::child(ObjectId::of(Kind::IndexAttachment, index.clone()), object, index);
        found.needs = parent_index(row)?.into_iter().collect();
        found.wants = vec![link_id(&table, &parent_table)];
        Ok(Some(found))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    /// ATTACH PARTITION attaches what matches an index that the partitioned table already has
    /// (`AttachPartitionEnsureIndexes`), and comes after both, so that nothing is left to do then.
    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { index, parent } = self;
        if !link(id, cx.to).is_some_and(|link| cx.stays(&link)) {
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
}
