//! Foreign keys and the partitions whose rows they may refer to: each key has a part of its own for every table below the one that it names, which
//! holds that table fast (`CloneFkReferenced` of src/backend/commands/tablecmds.c).

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::{Builder, Places, Why};
use crate::diff::Action;
use crate::model::{Catalog, ObjectId, QName};
use crate::object::{Object, inheritance};

/// What makes or removes parts of other tables that need the one of a name, or parts of it, and which these are.
pub(super) type References = FxHashMap<QName, Vec<(ObjectId, NodeIndex)>>;

impl Builder<'_> {
    /// Foreign keys that go, go before a partition leaves the tables that they refer to, and those that come, come once it has left: a
    /// partition that goes must do so, while DETACH frees one that stays.
    pub(super) fn edges_of_references(
        &self,
        link: &ObjectId,
        removed: NodeIndex,
        places: &Places,
        edges: &mut Vec<(NodeIndex, NodeIndex, Why)>,
    ) {
        let is_partition = self.pair.from.object(link).is_some_and(|link| !link.can_have_siblings());
        let must = is_partition && self.child_goes(link);
        let gone = places.referring_before.get_or_init(|| references(self.pair.from, &places.removes));
        let made = places.referring_after.get_or_init(|| references(self.pair.to, &places.makes));
        for name in above(self.pair.from, link) {
            for (key, node) in gone.get(name).into_iter().flatten() {
                // What goes with its table may have to wait for this.
                let why = if must && !self.goes_with_table(key, places) { Why::Needed } else { Why::Wanted };
                edges.push((*node, removed, why));
            }
            let made = made.get(name).into_iter().flatten().filter(|_| is_partition);
            edges.extend(made.map(|(_, node)| (removed, *node, if must { Why::Needed } else { Why::Wanted })));
        }
    }

    /// Whether the table that inherits goes.
    pub(super) fn child_goes(&self, link: &ObjectId) -> bool {
        self.pair.from.get(link).and_then(|entry| entry.parent.as_ref()).is_some_and(|child| !self.cx.stays(child))
    }

    /// Whether the statement that drops its table takes it along.
    pub(super) fn goes_with_table(&self, part: &ObjectId, places: &Places) -> bool {
        let table = part.qname().and_then(|name| self.pair.from.relation(name)).map(|(table, _)| table);
        table.and_then(|table| places.removes.get(table)).is_some_and(|node| places.removes.get(part) == Some(node))
    }

    /// What must be there before a table comes under a parent, and what comes once it has.
    pub(super) fn edges_of_coming(&self, link: &ObjectId, made: NodeIndex, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let later = Object::links_after(link, &self.cx);
        edges.extend(later.iter().filter_map(|link| places.makes.get(link)).map(|later| (made, *later, Why::Needed)));
        let keys = places.referring_after.get_or_init(|| references(self.pair.to, &places.makes));
        let is_partition = self.pair.to.object(link).is_some_and(|link| !link.can_have_siblings());
        for (key, node) in above(self.pair.to, link).into_iter().filter(|_| is_partition).filter_map(|name| keys.get(name)).flatten() {
            edges.extend(places.removes.get(key).map(|_| (made, *node, Why::Wanted)));
        }
        // What another parent hands down, the new one must find there.
        let Some(child) = self.pair.to.get(link).and_then(|entry| entry.parent.as_ref()) else { return };
        let Some(new) = self.pair.to.object(link).and_then(Object::inherits_from) else { return };
        let direct = || self.pair.to.children(child).filter(|part| part.kind.is_heritable());
        let parts = direct().chain(direct().flat_map(|part| self.pair.to.children(part).filter(|part| part.kind.is_heritable())));
        let handed =
            parts.filter(|part| matches!(self.action(part), Some(Action::Implied(_))) && self.pair.to.contains(&part.moved_to(new)));
        edges.extend(handed.filter_map(|part| places.makes.get(part)).filter(|node| **node != made).map(|node| (*node, made, Why::Needed)));
    }
}

/// The table that a link goes to and those whose partition this is, from one to the next.
fn above<'a>(catalog: &'a Catalog, link: &ObjectId) -> Vec<&'a QName> {
    let Some(parent) = catalog.object(link).and_then(Object::inherits_from) else { return Vec::new() };
    [parent].into_iter().chain(inheritance::partitioned_above(catalog, parent)).collect()
}

fn references(catalog: &Catalog, nodes: &BTreeMap<ObjectId, NodeIndex>) -> References {
    let mut found = References::default();
    for (user, node) in nodes.iter().filter(|(user, _)| user.kind.is_heritable() && !user.kind.is_dotted()) {
        let Some(entry) = catalog.get(user) else { continue };
        let own = entry.parent.as_ref().and_then(ObjectId::qname);
        let others: BTreeSet<&QName> = entry.needs.iter().filter_map(ObjectId::qname).filter(|name| own != Some(*name)).collect();
        for other in others.into_iter().chain(entry.object.refers_to().filter(|name| own == Some(*name))) {
            found.entry(other.clone()).or_default().push((user.clone(), *node));
        }
    }
    found
}
