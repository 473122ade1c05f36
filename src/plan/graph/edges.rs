//! Why one statement comes before another.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::{Builder, Places, Why};
use crate::diff::{Action, inheriting};
use crate::model::{Catalog, ObjectId, QName};
use crate::object::{Change, Object, Slot};

impl Builder<'_> {
    pub(super) fn edges_of(&self, id: &ObjectId, action: &Action, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let changed = |need: &ObjectId, otherwise| if self.changes_in_place(need) { otherwise } else { Why::Needed };
        let provider = |need: &ObjectId| {
            let altered = || places.alters.get(need).map(|node| (*node, changed(need, Why::Changed)));
            places.makes.get(need).map(|node| (*node, Why::Needed)).or_else(altered)
        };
        let releaser = |user: &ObjectId| places.removes.get(user).or_else(|| places.alters.get(user)).copied();
        if let Some(user) = places.makes.get(id).or_else(|| places.alters.get(id)).copied()
            && !matches!(action, Action::Implied(_))
            && let Some(entry) = self.pair.to.get(id)
        {
            edges.extend(entry.needs.iter().filter_map(provider).map(|(node, why)| (node, user, why)));
            let relations = self.relations_of(id, &entry.needs, self.pair.to);
            edges.extend(relations.iter().filter_map(provider).map(|(node, _)| (node, user, Why::Changed)));
            edges.extend(entry.wants.iter().filter_map(provider).map(|(node, _)| (node, user, Why::Wanted)));
        }
        // Whoever uses what goes away or changes lets go of it first.
        if let Some(entry) = self.pair.from.get(id)
            && let Some(user) = releaser(id)
        {
            edges.extend(entry.wants.iter().filter_map(|want| places.removes.get(want)).map(|node| (user, *node, Why::Wanted)));
            if places.removes.contains_key(id) {
                let relations = self.relations_of(id, &entry.needs, self.pair.from);
                edges.extend(relations.iter().filter_map(|table| places.alters.get(table)).map(|node| (user, *node, Why::Released)));
            }
            for need in &entry.needs {
                edges.extend(places.removes.get(need).map(|node| (user, *node, Why::Needed)));
                // What is swapped uses it until the very end. DROP names a function by the types of its arguments, which must
                // still have their names.
                if places.removes.contains_key(id) && !places.asides.contains_key(id) {
                    edges.extend(places.alters.get(need).map(|node| (user, *node, changed(need, Why::Released))));
                    edges.extend(places.asides.get(need).map(|node| (user, *node, Why::Needed)));
                }
            }
        }
        if let (Some(out), Some(back)) = (places.asides.get(id).or_else(|| places.removes.get(id)), places.makes.get(id)) {
            edges.push((*out, *back, Why::Needed));
        }
        if let (Some(aside), Some(gone)) = (places.asides.get(id), places.removes.get(id)) {
            edges.push((*aside, *gone, Why::Needed));
        }
        self.edges_of_detached(id, places, edges);
        if id.kind.is_inheritance() {
            self.edges_of_link(id, places, edges);
        }
    }

    /// The other tables whose columns a constraint needs: what they are (UNLOGGED) must suit it as well.
    fn relations_of(&self, id: &ObjectId, needs: &[ObjectId], catalog: &Catalog) -> BTreeSet<ObjectId> {
        let others = needs.iter().filter(|need| id.kind.is_heritable() && need.kind.is_dotted()).filter_map(ObjectId::qname);
        let tables = others.filter(|name| id.qname() != Some(*name)).filter_map(|name| catalog.relation(name));
        tables.map(|(table, _)| table.clone()).collect()
    }

    fn changes_in_place(&self, id: &ObjectId) -> bool {
        matches!(self.action(id), Some(Action::Change(Change::InPlace(_))))
    }

    /// While a table inherits, statements on the parent reach it: what differs between the two changes while it does not.
    fn edges_of_link(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let ends = |catalog: &Catalog| -> Vec<ObjectId> {
            let Some(entry) = catalog.get(id) else { return Vec::new() };
            let parent = entry.object.inherits_from().and_then(|name| catalog.relation(name)).map(|(parent, _)| parent.clone());
            entry.parent.iter().cloned().chain(parent).collect()
        };
        let parts = |tables: &[ObjectId]| -> BTreeSet<ObjectId> {
            let children =
                |id: &ObjectId| -> Vec<ObjectId> { [self.pair.from, self.pair.to].iter().flat_map(|c| c.children(id)).cloned().collect() };
            let direct: Vec<ObjectId> = tables.iter().flat_map(children).collect();
            // the NOT NULL of a column hangs on the column
            let deeper: Vec<ObjectId> = direct.iter().flat_map(children).collect();
            direct
                .into_iter()
                .chain(deeper)
                .filter(|part| part.kind.is_heritable() && !matches!(self.action(part), Some(Action::Implied(_))))
                .collect()
        };
        // Columns must agree; constraints may have reasons of their own to come later.
        let why = |part: &ObjectId| if part.kind.is_dotted() { Why::Needed } else { Why::Wanted };
        if let Some(made) = places.makes.get(id) {
            for part in parts(&ends(self.pair.to)) {
                let nodes = [&places.makes, &places.alters, &places.removes].into_iter().filter_map(|nodes| nodes.get(&part));
                edges.extend(nodes.map(|node| (*node, *made, why(&part))));
            }
        }
        if let Some(removed) = places.removes.get(id) {
            self.edges_of_referring(id, *removed, places, edges);
            for part in parts(&ends(self.pair.from)) {
                let nodes = [&places.makes, &places.alters, &places.removes].into_iter().filter_map(|nodes| nodes.get(&part));
                edges.extend(nodes.map(|node| (*removed, *node, why(&part))));
            }
        }
    }

    /// Foreign keys that go, go before the partitions whose rows they may refer to.
    fn edges_of_referring(&self, link: &ObjectId, removed: NodeIndex, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(parent) = self.pair.from.object(link).and_then(Object::inherits_from) else { return };
        for (user, node) in places.removes.iter().filter(|(user, _)| user.kind.is_heritable() && user.qname() != Some(parent)) {
            let refers = self.pair.from.get(user).is_some_and(|entry| entry.needs.iter().any(|need| need.qname() == Some(parent)));
            if refers {
                edges.push((*node, removed, Why::Wanted));
            }
        }
    }

    /// What a table inherited can be touched by itself only once it no longer inherits.
    fn edges_of_detached(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        if !self.pair.from.object(id).is_some_and(Object::inherited) {
            return;
        }
        let Some(touched) = places.removes.get(id).or_else(|| places.alters.get(id)) else { return };
        for link in inheriting(self.pair.from, id) {
            edges.extend(places.removes.get(&link).map(|node| (*node, *touched, Why::Needed)));
        }
    }

    /// A name must be free before something else can take it, be it by dropping or changing what has it.
    pub(super) fn name_edges(&self, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let slots = |catalog: &Catalog, id: &ObjectId| catalog.object(id).map(|object| object.slots(id)).unwrap_or_default();
        let mut freed: BTreeMap<Slot, Vec<(&ObjectId, NodeIndex)>> = BTreeMap::new();
        for (id, node) in &places.removes {
            let node = places.asides.get(id).unwrap_or(node);
            for slot in slots(self.pair.from, id) {
                freed.entry(slot).or_default().push((id, *node));
            }
        }
        for (id, node) in &places.alters {
            let kept = slots(self.pair.to, id);
            for slot in slots(self.pair.from, id).into_iter().filter(|slot| !kept.contains(slot)) {
                freed.entry(slot).or_default().push((id, *node));
            }
        }
        if freed.is_empty() {
            return;
        }
        let mut overloads: BTreeMap<&QName, Vec<NodeIndex>> = BTreeMap::new();
        for (slot, others) in &freed {
            if let Slot::Routine(name, _) = slot {
                overloads.entry(name).or_default().extend(others.iter().map(|(_, node)| *node));
            }
        }
        for (id, node) in places.makes.iter().chain(&places.alters) {
            let had = if places.alters.contains_key(id) { slots(self.pair.from, id) } else { Vec::new() };
            for slot in slots(self.pair.to, id).into_iter().filter(|slot| !had.contains(slot)) {
                let others = freed.get(&slot).into_iter().flatten().filter(|(other, _)| *other != id);
                edges.extend(others.map(|(_, free)| (*free, *node, Why::Needed)));
                // While two overloads are there, a call may find the wrong one, or be ambiguous.
                if let Slot::Routine(name, _) = &slot {
                    edges.extend(overloads.get(name).into_iter().flatten().map(|free| (*free, *node, Why::Wanted)));
                }
            }
        }
    }
}
