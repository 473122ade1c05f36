//! INHERIT and ATTACH PARTITION. Key: `Key::Two(child, parent)`, both spelled as SQL; parent object: the child table.

pub mod anew;
pub mod copies;
mod order;
mod stand_in;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use copies::Copies;

use super::column::Position;
use super::table::partition::normalize_bound;
pub use order::note as note_order;
pub(super) use stand_in::leave;

use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Hazard, Ident, Key, LockMode, ObjectId, Pair, QName, Step};

/// INHERIT and ATTACH PARTITION.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    /// The table that inherits, or the partition.
    pub child: QName,
    /// The table that it inherits from, or the partitioned table.
    pub parent: QName,
    /// Where it stands among the parents of the child.
    pub order: Position,
    /// The parent before it, so that another order is a difference; noted once all parents are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<QName>,
    /// For partitions, `FOR VALUES ..` or `DEFAULT`.
    pub bound: Option<Expr>,
    /// For partitions, what they have of foreign keys above.
    #[serde(default, skip_serializing_if = "Copies::is_empty")]
    pub copies: Copies,
}

fn table(name: &QName) -> ObjectId {
    ObjectId::in_schema(Kind::Table, name.clone())
}

/// The identity of the link between two tables.
pub fn link_id(child: &QName, parent: &QName) -> ObjectId {
    ObjectId::new(Kind::Inheritance, Key::Two(child.to_string(), parent.to_string()))
}

/// The links by which a table inherits, in the order of its parents.
pub fn parents<'a>(catalog: &'a Catalog, child: &QName) -> Vec<(&'a ObjectId, &'a Inheritance)> {
    let mut links: Vec<_> = catalog.children_of(&table(child), Kind::Inheritance).filter_map(|(id, entry)| Some((id, link(&entry.object)?))).collect();
    links.sort_by_key(|(_, link)| link.order.0);
    links
}

/// The tables that inherit from one directly.
pub fn children<'a>(catalog: &'a Catalog, parent: &QName) -> Vec<(&'a ObjectId, &'a Inheritance)> {
    catalog.inheritors(parent).filter_map(|(id, entry)| Some((id, link(&entry.object)?))).collect()
}

/// The link by which a table is a partition.
pub fn partition_link<'a>(catalog: &'a Catalog, table: &QName) -> Option<(&'a ObjectId, &'a Inheritance)> {
    parents(catalog, table).into_iter().find(|(_, link)| link.bound.is_some())
}

/// The partitioned tables above a partition, from one to the next.
pub fn partitioned_above<'a>(catalog: &'a Catalog, partition: &QName) -> Vec<&'a QName> {
    let up = |name: &QName| partition_link(catalog, name).map(|(_, link)| &link.parent);
    let mut found: Vec<&QName> = Vec::new();
    while let Some(next) = up(found.last().copied().unwrap_or(partition)).filter(|next| !found.contains(next)) {
        found.push(next);
    }
    found
}

/// The links of the partitions below a table, over any number of levels, those above first.
pub fn partitions_below<'a>(catalog: &'a Catalog, table: &QName) -> Vec<(&'a ObjectId, &'a Inheritance)> {
    let direct = |parent: &QName| children(catalog, parent).into_iter().filter(|(_, link)| link.bound.is_some());
    let mut found: Vec<(&ObjectId, &Inheritance)> = Vec::new();
    let mut open = vec![table];
    while let Some(parent) = open.pop() {
        found.extend(direct(parent));
        open.extend(direct(parent).map(|(_, link)| &link.child));
    }
    found
}

/// The tables that DROP TABLE takes along: partitions always, other children by CASCADE.
///
/// # Errors
/// Where a table inherits, without CASCADE.
pub fn dropped_with(catalog: &Catalog, id: &ObjectId, cascade: bool) -> Result<Vec<ObjectId>, DdlError> {
    let Some(name) = id.qname().filter(|_| id.kind == Kind::Table) else { return Ok(Vec::new()) };
    let links = children(catalog, name);
    match links.iter().find(|(_, link)| link.bound.is_none() && !cascade) {
        Some((_, link)) => Err(DdlError::Needed { object: Box::new(id.clone()), dependent: Box::new(table(&link.child)) }),
        None => Ok(links.into_iter().map(|(_, link)| table(&link.child)).collect()),
    }
}

/// The foreign keys that refer to a partitioned table above a partition. PostgreSQL has a copy of them for each partition, which depends on
/// that and goes with the key alone (`addFkRecurseReferenced` of src/backend/commands/tablecmds.c).
pub fn referring_above(catalog: &mut Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let Some(name) = id.qname().filter(|_| id.kind == Kind::Table) else { return Vec::new() };
    let above: BTreeSet<ObjectId> = partitioned_above(catalog, name).into_iter().map(table).collect();
    let columns_of = |above| catalog.children_of(above, Kind::Column).map(|(column, _)| column.clone());
    let columns: Vec<ObjectId> = above.iter().flat_map(columns_of).collect();
    let mut users: Vec<ObjectId> = columns.iter().flat_map(|column| catalog.users(column)).collect();
    users.retain(|user| catalog.object(user).and_then(Object::refers_to).is_some_and(|to| above.contains(&table(to))));
    users
}

/// Whether other tables inherit from this one before or after the plan.
pub fn is_parent(name: &QName, cx: &Cx<'_>) -> bool {
    [cx.from, cx.to].into_iter().any(|catalog| !children(catalog, name).is_empty())
}

/// Whether a table comes under a parent in this plan, which wants what both have to be valid by then.
pub fn joins(name: &QName, cx: &Cx<'_>) -> bool {
    parents(cx.to, name).into_iter().any(|(link, _)| !cx.stays(link))
}

/// Whether a table that inherits from this one comes under a parent in this plan, which wants what it has from here to be valid by then.
pub fn heirs_join(name: &QName, cx: &Cx<'_>) -> bool {
    super::family::descendants(name, cx).iter().any(|child| joins(child, cx))
}

/// Whether a table comes under this one in this plan, which then has what this one has, and no more.
pub fn is_joined(name: &QName, cx: &Cx<'_>) -> bool {
    children(cx.to, name).into_iter().any(|(link, _)| !cx.stays(link))
}

/// Whether statements on a parent table also do to this part of a table what they do to the parent's: a link between the
/// two tables stands before and after the plan, and the parent has the part both times.
pub fn carried(id: &ObjectId, cx: &Cx<'_>) -> bool {
    let Some(child) = id.qname() else { return false };
    parents(cx.to, child).into_iter().any(|(link, inheritance)| {
        let above = id.moved_to(&inheritance.parent);
        cx.stays(link) && cx.from.contains(&above) && cx.to.contains(&above)
    })
}

fn link(object: &Object) -> Option<&Inheritance> {
    match object {
        Object::Inheritance(link) => Some(link),
        _ => None,
    }
}

const fn link_mut(object: &mut Object) -> Option<&mut Inheritance> {
    match object {
        Object::Inheritance(link) => Some(link),
        _ => None,
    }
}

/// A table's columns in order, and whether any comes from parents alone.
fn columns(catalog: &Catalog, name: &QName) -> (Vec<Ident>, bool) {
    let mut found: Vec<(i32, Ident, bool)> = catalog
        .children_of(&table(name), Kind::Column)
        .filter_map(|(id, entry)| match (&entry.object, id.name()) {
            (Object::Column(column), Some(name)) => Some((column.position.0, name.clone(), column.inherited)),
            _ => None,
        })
        .collect();
    found.sort();
    let inherited = found.iter().any(|(_, _, inherited)| *inherited);
    (found.into_iter().map(|(_, name, _)| name).collect(), inherited)
}

impl Inheritance {
    /// CREATE TABLE .. INHERITS puts the columns of the parents first. Where a table has its columns in another order, and
    /// all of them by itself, it was made without and inherits since ALTER TABLE .. INHERIT.
    fn keeps_order(&self, cx: &Cx<'_>) -> bool {
        let (own, inherited) = columns(cx.to, &self.child);
        if inherited {
            return true;
        }
        let mut first: Vec<Ident> = Vec::new();
        for (_, link) in parents(cx.to, &self.child) {
            for name in columns(cx.to, &link.parent).0 {
                if !first.contains(&name) {
                    first.push(name);
                }
            }
        }
        own.starts_with(&first)
    }

    fn locked(&self, step: Step, child: LockMode, parent: LockMode, cx: &Cx<'_>) -> Step {
        let step = if cx.stays(&table(&self.child)) { step.lock(&self.child, child) } else { step };
        if cx.stays(&table(&self.parent)) { step.lock(&self.parent, parent) } else { step }
    }

    /// The default partition beside it, if the parent has one; ATTACH and DETACH lock it.
    fn default_partition<'a>(&self, catalog: &'a Catalog) -> Option<&'a QName> {
        let siblings = children(catalog, &self.parent).into_iter();
        siblings.filter(|(_, link)| link.child != self.child).find(|(_, link)| link.is_default()).map(|(_, link)| &link.child)
    }

    fn is_default(&self) -> bool {
        self.bound.as_ref().is_some_and(|bound| bound.key() == "DEFAULT")
    }

    fn attach(&self, bound: &Expr, cx: &Cx<'_>) -> Step {
        let Self { child, parent, .. } = self;
        let sql = format!("ALTER TABLE ONLY {parent} ATTACH PARTITION {child} {bound}");
        let step = Step::new(sql, format!("attach {child} to {parent} as a partition"));
        let mut step = self.locked(step, LockMode::AccessExclusive, LockMode::ShareUpdateExclusive, cx);
        if cx.stays(&table(child)) {
            step = step
                .scan(child)
                .hazard(Hazard::Assumes(format!("fails where rows of {child} do not fit {bound}")))
                .hazard(Hazard::Blocks(format!("reads {child} under AccessExclusive, unless a CHECK implies its bound")));
        }
        if cx.stays(&table(parent))
            && let Some(default) = self.default_partition(cx.from)
        {
            step = step.lock(default, LockMode::AccessExclusive).scan(default);
            step = step.hazard(Hazard::Assumes(format!("fails where rows of {default} belong into {child}")));
        }
        step
    }

    fn detach(&self, cx: &Cx<'_>) -> Step {
        let Self { child, parent, .. } = self;
        // DETACH .. CONCURRENTLY would leave a CHECK behind that nobody asked for.
        let step = Step::new(format!("ALTER TABLE ONLY {parent} DETACH PARTITION {child}"), format!("detach {child} from {parent}"));
        let step = self.locked(step, LockMode::AccessExclusive, LockMode::AccessExclusive, cx);
        match self.default_partition(cx.from) {
            Some(default) if cx.stays(&table(default)) => step.lock(default, LockMode::AccessExclusive),
            _ => step,
        }
    }
}

impl ObjectDef for Inheritance {
    const KIND: Kind = Kind::Inheritance;
    const QUERY: &'static str = include_str!("inheritance.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_inherits", "inhrelid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let child = row.qname("child_schema", "child_name")?;
        let parent = row.qname("parent_schema", "parent_name")?;
        let (id, needs) = (link_id(&child, &parent), vec![table(&parent)]);
        let bound = row.get::<Option<String>>("bound")?.map(|bound| normalize_bound(&bound)).transpose();
        let bound = bound.map_err(|source| ReadError::Text { object: id.to_string(), source })?;
        let part_of = table(&child);
        let link = Self { child, parent, order: Position(row.get("objsubid")?), after: None, bound, copies: Copies::read(row)? };
        Ok(Some(Found { needs, ..Found::child(id, link, part_of) }))
    }

    fn inline(&self, _: &ObjectId, cx: &Cx<'_>) -> bool {
        // Partitions are made as tables of their own and attached, so that keys and indexes keep their names.
        self.bound.is_none() && self.keeps_order(cx)
    }

    fn create(&self, _: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { child, parent, order: _, after: _, bound, copies: _ } = self;
        if let Some(bound) = bound {
            return vec![self.attach(bound, cx)];
        }
        let step = Step::new(format!("ALTER TABLE ONLY {child} INHERIT {parent}"), format!("let {child} inherit from {parent}"));
        let step = self.locked(step, LockMode::AccessExclusive, LockMode::ShareUpdateExclusive, cx);
        [step].into_iter().chain(order::restored(self, cx)).collect()
    }

    fn drop(&self, _: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Self { child, parent, .. } = self;
        let step = if self.bound.is_some() {
            self.detach(cx)
        } else {
            let step = Step::new(format!("ALTER TABLE ONLY {child} NO INHERIT {parent}"), format!("{child} no longer inherits from {parent}"));
            self.locked(step, LockMode::AccessExclusive, LockMode::AccessShare, cx)
        };
        let step = step.hazard(Hazard::Breaks(format!("queries of {parent} no longer see the rows of {child}")));
        [step].into_iter().chain(copies::left_behind(self, cx)).collect()
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { child: _, parent: _, order: _, after: _, bound, copies: _ } = pair.to;
        // A bound has no ALTER; and where bounds of several partitions change, all are detached before the first is attached again,
        // so that they never overlap on the way.
        if pair.from.bound == *bound { Change::InPlace(order::restored(pair.to, cx)) } else { Change::Replace }
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
        // Bounds must not overlap: a partition comes when those that go are gone.
        let bound = self.bound.iter().map(|_| Slot::Within(Kind::Inheritance, self.parent.clone(), "bound".to_owned()));
        let copies = self.copies.0.iter().map(|copy| Slot::Within(Kind::Constraint, self.child.clone(), copy.name.as_str().to_owned()));
        bound.chain(copies).collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        // FOR VALUES .. is no expression; it is brought into canonical form where it is read.
        Vec::new()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        self.copies.renamed(from, to);
        let (Kind::Table, Some((old, new))) = (from.kind, from.qname().zip(to.qname())) else { return };
        for name in [&mut self.child, &mut self.parent].into_iter().chain(&mut self.after) {
            if name == old {
                name.clone_from(new);
            }
        }
    }
}
