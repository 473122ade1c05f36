//! The copies that a partition has of foreign keys above it. They are no objects, and what they are called is no difference; but DETACH leaves
//! them behind as the partition's own (`DetachPartitionFinalize` of src/backend/commands/tablecmds.c).

use serde::{Deserialize, Serialize};

use super::{Inheritance, link, link_id, link_mut, parents, table};
use crate::model::{Catalog, Ident, ObjectId, QName, Step};
use crate::object::constraint::Constraint;
use crate::object::{CatalogRow, Cx, Kind, Object, ObjectDef, ReadError};

/// What a partition has a copy of, and under which name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The foreign key of the partitioned table where it was made.
    pub of: ObjectId,
    /// The name that the copy has.
    pub name: Ident,
}

/// All of a partition; no difference.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Copies(pub Vec<Copy>);

impl PartialEq for Copies {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Copies {}

impl Copies {
    /// As the catalog query has them.
    pub(super) fn read(row: &CatalogRow<'_>) -> Result<Self, ReadError> {
        let read = |name| row.get::<Option<Vec<String>>>(name).map(Option::unwrap_or_default);
        let (names, schemas, tables, keys) = (read("copies")?, read("key_schemas")?, read("key_tables")?, read("key_names")?);
        let tables = schemas.into_iter().zip(tables).map(|(schema, table)| QName::new(Ident::new(&schema), Ident::new(&table)));
        let keys = tables.zip(keys).map(|(table, key)| ObjectId::on(Kind::Constraint, table, Ident::new(&key)));
        Ok(Self(keys.zip(names).map(|(of, name)| Copy { of, name: Ident::new(&name) }).collect()))
    }

    /// No copies, for [`serde`].
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes what is called otherwise.
    pub(super) fn renamed(&mut self, from: &ObjectId, to: &ObjectId) {
        for Copy { of, .. } in &mut self.0 {
            if *of == *from {
                *of = to.clone();
            } else if from.kind == Kind::Table
                && from.qname() == of.qname()
                && let Some(name) = to.qname()
            {
                *of = of.moved_to(name);
            }
        }
    }
}

/// What a partition has.
pub fn of_partition(catalog: &Catalog, partition: &QName) -> Vec<Copy> {
    parents(catalog, partition).into_iter().flat_map(|(_, link)| link.copies.0.clone()).collect()
}

/// Notes that a partition has a copy.
pub fn add(partition: &QName, copy: Copy, catalog: &mut Catalog) {
    let above = parents(catalog, partition).into_iter().find(|(_, link)| link.bound.is_some()).map(|(_, link)| link.parent.clone());
    let Some(above) = above else { return };
    if let Some(link) = catalog.get_mut(&link_id(partition, &above)).and_then(|entry| link_mut(&mut entry.object)) {
        link.copies.0.retain(|present| present.of != copy.of);
        link.copies.0.push(copy);
    }
}

/// Notes for the partitions below a table that what they have copies of is the table's own now.
pub fn set_source(of: &ObjectId, now: &ObjectId, above: &QName, catalog: &mut Catalog) {
    let below: Vec<(ObjectId, QName)> = super::children(catalog, above).into_iter().map(|(id, link)| (id.clone(), link.child.clone())).collect();
    for (id, child) in below {
        let link = catalog.get_mut(&id).and_then(|entry| link_mut(&mut entry.object));
        for copy in link.into_iter().flat_map(|link| &mut link.copies.0).filter(|copy| copy.of == *of) {
            copy.of = now.clone();
        }
        set_source(of, now, &child, catalog);
    }
}

/// Drops what DETACH leaves behind, unless the partition comes under a foreign key again that takes it up.
pub(super) fn left_behind(left: &Inheritance, cx: &Cx<'_>) -> Vec<Step> {
    if !cx.stays(&table(&left.child)) {
        return Vec::new();
    }
    let goes_before = |of: &ObjectId| of.qname().is_some_and(|above| cx.stays(&table(above))) && !cx.stays(of);
    let leaves = left.copies.0.iter().filter(|copy| !goes_before(&copy.of) && !is_taken_up(copy, &left.child, cx));
    let dropped = leaves.filter_map(|Copy { of, name }| {
        let own = ObjectId::on(Kind::Constraint, left.child.clone(), name.clone());
        Some(Constraint::of(cx.from, of)?.drop(&own, cx))
    });
    dropped.flatten().collect()
}

/// Whether a foreign key above takes up the copy once the partition is attached again, and nothing that it needs goes meanwhile.
fn is_taken_up(copy: &Copy, partition: &QName, cx: &Cx<'_>) -> bool {
    let Some((entry, own)) = cx.from.get(&copy.of).zip(Constraint::of(cx.from, &copy.of)) else { return false };
    // Its own columns come again with the table; a key of that table would be held fast by what refers to it.
    let needs = entry.needs.iter().filter(|need| need.kind != Kind::Column || need.qname() != copy.of.qname());
    let above = of_partition(cx.to, partition);
    needs.into_iter().all(|need| cx.stays(need))
        && above.iter().filter_map(|copy| Constraint::of(cx.to, &copy.of)).any(|above| own.can_be_copy_of(above))
}

impl Object {
    /// The copies that come with an inheritance link.
    pub fn copies(&self) -> &[Copy] {
        link(self).map_or(&[], |link| &link.copies.0)
    }
}
