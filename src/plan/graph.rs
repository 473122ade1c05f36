//! From actions on objects to statements with edges between them.
//!
//! A new table is one node together with those parts of it that its CREATE statement can carry, a dropped table one node
//! with everything that goes with it. Where that makes a cycle (a default calls a function that returns the table's rows;
//! two tables refer to each other), the parts that close it are split off into nodes of their own.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;
use thiserror::Error;

use crate::diff::{Action, Delta, inheriting};
use crate::model::{Catalog, ObjectId, Pair, Phase, Step};
use crate::object::{Change, Cx, Object, Slot};

/// What a node does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Renames it out of the way.
    Aside,
    /// Drops it.
    Drop,
    /// Changes it in place.
    Alter,
    /// Creates it.
    Create,
    /// Drops what was renamed out of the way.
    Gone,
    /// What its creation or change leaves for later.
    Late,
}

/// Statements for one object and what goes with it.
#[derive(Clone, Debug)]
pub struct Node {
    /// The object.
    pub id: ObjectId,
    /// What happens to it.
    pub deed: Deed,
    /// Parts that are created or dropped by the same statements.
    pub with: BTreeSet<ObjectId>,
    /// The statements, in order.
    pub steps: Vec<Step>,
}

/// Why two nodes are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It would be better; given up where it closes a circle.
    Wanted,
    /// It must be.
    Needed,
}

/// A difference for which there is no order.
#[derive(Debug, Error)]
pub enum OrderError {
    /// Objects need each other and nothing of them can come later.
    #[error("these need each other, and no part of them can be made later: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Cycle(Vec<ObjectId>),
}

/// The statements and their order.
pub type Graph = StableDiGraph<Node, Why>;

/// Builds the graph of a delta.
///
/// # Errors
/// Where objects need each other in a way that nothing breaks.
pub fn build(pair: Pair<&Catalog>, delta: &Delta, online: bool) -> Result<Graph, OrderError> {
    let mut apart = BTreeSet::new();
    loop {
        let builder = Builder { pair, delta, apart: &apart, cx: Cx { from: pair.from, to: pair.to, online, created: &delta.created } };
        let mut graph = builder.graph();
        drop_wants_in_circles(&mut graph);
        let circles: Vec<Vec<NodeIndex>> = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1).collect();
        if circles.is_empty() {
            return Ok(graph);
        }
        let before = apart.len();
        let mut more = BTreeSet::new();
        for circle in &circles {
            more.extend(builder.splittable(&graph, circle));
        }
        apart.extend(more);
        if apart.len() == before {
            let names = circles.first().into_iter().flatten().filter_map(|node| graph.node_weight(*node)).map(|node| node.id.clone());
            return Err(OrderError::Cycle(names.collect()));
        }
    }
}

/// Gives up wishes that close a circle.
fn drop_wants_in_circles(graph: &mut Graph) {
    if !graph.edge_weights().any(|why| *why == Why::Wanted) {
        return;
    }
    for circle in tarjan_scc(&*graph).into_iter().filter(|circle| circle.len() > 1) {
        let members: BTreeSet<NodeIndex> = circle.into_iter().collect();
        let given_up: Vec<_> = members
            .iter()
            .flat_map(|node| graph.edges(*node))
            .filter(|edge| *edge.weight() == Why::Wanted && members.contains(&edge.target()))
            .map(|edge| edge.id())
            .collect();
        for edge in given_up {
            graph.remove_edge(edge);
        }
    }
}

struct Builder<'a> {
    pair: Pair<&'a Catalog>,
    delta: &'a Delta,
    /// Parts that get nodes of their own although their parent's statement could carry them.
    apart: &'a BTreeSet<(ObjectId, Deed)>,
    cx: Cx<'a>,
}

/// Which node does what to each object.
#[derive(Default)]
struct Places {
    makes: BTreeMap<ObjectId, NodeIndex>,
    removes: BTreeMap<ObjectId, NodeIndex>,
    alters: BTreeMap<ObjectId, NodeIndex>,
    asides: BTreeMap<ObjectId, NodeIndex>,
}

impl Builder<'_> {
    fn action(&self, id: &ObjectId) -> Option<&Action> {
        self.delta.actions.get(id)
    }

    fn makes(&self, id: &ObjectId) -> bool {
        self.action(id).is_some_and(Action::makes)
    }

    /// The object whose CREATE statement carries this one; itself where it has its own.
    fn creator<'b>(&'b self, id: &'b ObjectId) -> &'b ObjectId {
        let mut at = id;
        while let Some(entry) = self.pair.to.get(at)
            && let Some(parent) = &entry.parent
            && self.makes(parent)
            && !self.apart.contains(&(at.clone(), Deed::Create))
            && entry.object.inline(at, &self.cx)
        {
            at = parent;
        }
        at
    }

    /// The object whose DROP statement takes this one along; itself where it has its own.
    fn dropper<'b>(&'b self, id: &'b ObjectId) -> &'b ObjectId {
        let mut at = id;
        while let Some(entry) = self.pair.from.get(at)
            && !self.apart.contains(&(at.clone(), Deed::Drop))
            && let Some(above) = [entry.parent.as_ref(), entry.auto.as_ref().filter(|_| !self.is_let_go(at))]
                .into_iter()
                .flatten()
                .find(|above| self.takes_along(above))
        {
            at = above;
        }
        at
    }

    /// Whether the table that it belongs to stays, but leaves a parent, before what the parent takes along goes.
    fn is_let_go(&self, id: &ObjectId) -> bool {
        inheriting(self.pair.from, id).iter().any(|link| {
            let stays = self.pair.from.get(link).and_then(|entry| entry.parent.as_ref()).is_some_and(|table| !self.takes_along(table));
            stays && self.action(link).is_some_and(Action::removes)
        })
    }

    /// Whether an object goes away in a way that takes its parts along. One that is only what was said of something else (a
    /// column of a view) does so only where that goes.
    fn takes_along(&self, id: &ObjectId) -> bool {
        self.action(id).is_some_and(|action| action.effect().removes())
            && (!id.kind.is_nominal()
                || self.pair.from.get(id).and_then(|entry| entry.parent.as_ref()).is_some_and(|above| self.takes_along(above)))
    }

    fn graph(&self) -> Graph {
        let mut graph = Graph::new();
        let mut places = Places::default();
        self.place(&mut graph, &mut places);
        let mut edges = Vec::new();
        for (id, action) in &self.delta.actions {
            self.edges_of(id, action, &places, &mut edges);
        }
        self.name_edges(&places, &mut edges);
        edges.sort_by_key(|(from, to, why)| (from.index(), to.index(), std::cmp::Reverse(*why)));
        edges.dedup_by_key(|(from, to, _)| (*from, *to));
        for (from, to, why) in edges {
            if from != to {
                graph.add_edge(from, to, why);
            }
        }
        split_late(&mut graph);
        graph
    }

    fn place(&self, graph: &mut Graph, places: &mut Places) {
        let mut creates: BTreeMap<&ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
        let mut drops: BTreeMap<&ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
        for (id, action) in &self.delta.actions {
            if action.makes() {
                let creator = self.creator(id);
                let parts = creates.entry(creator).or_default();
                if creator != id {
                    parts.insert(id.clone());
                }
            }
            if action.removes() {
                let dropper = self.dropper(id);
                // What a parent table's statement drops is in nobody's hands here.
                if !matches!(self.action(dropper), Some(Action::Implied(_))) {
                    let parts = drops.entry(dropper).or_default();
                    if dropper != id {
                        parts.insert(id.clone());
                    }
                }
            }
        }
        for (id, with) in drops {
            let Some(object) = self.pair.from.object(id) else { continue };
            let swap = match self.action(id) {
                Some(Action::Change(Change::Swap { aside, gone })) => Some((aside.clone(), gone.clone())),
                _ => None,
            };
            let (deed, steps) = match swap {
                Some((aside, gone)) => {
                    let node = graph.add_node(Node { id: id.clone(), deed: Deed::Aside, with: BTreeSet::new(), steps: aside });
                    places.asides.extend(with.iter().chain([id]).map(|part| (part.clone(), node)));
                    (Deed::Gone, gone)
                }
                None => (Deed::Drop, object.drop(id, &self.cx)),
            };
            let node = graph.add_node(Node { id: id.clone(), deed, with: with.clone(), steps });
            places.removes.extend(with.into_iter().chain([id.clone()]).map(|id| (id, node)));
        }
        for (id, with) in creates {
            let Some(object) = self.pair.to.object(id) else { continue };
            let steps = object.create(id, &with, &self.cx);
            let node = graph.add_node(Node { id: id.clone(), deed: Deed::Create, with: with.clone(), steps });
            places.makes.extend(with.into_iter().chain([id.clone()]).map(|id| (id, node)));
        }
        self.place_changes(graph, places);
        self.place_implied(places);
    }

    fn place_changes(&self, graph: &mut Graph, places: &mut Places) {
        let mut carried = Vec::new();
        for (id, action) in &self.delta.actions {
            if let Action::Change(Change::InPlace(steps) | Change::Disturbing(steps)) = action {
                match self.carrier(id) {
                    Some(carrier) => carried.push((id, carrier, steps)),
                    None => {
                        let node = graph.add_node(Node { id: id.clone(), deed: Deed::Alter, with: BTreeSet::new(), steps: steps.clone() });
                        places.alters.insert(id.clone(), node);
                    }
                }
            }
        }
        for (id, carrier, steps) in carried {
            let Some(node) = places.alters.get(&carrier).copied() else { continue };
            places.alters.insert(id.clone(), node);
            if let Some(weight) = graph.node_weight_mut(node) {
                weight.steps.extend(steps.iter().cloned());
            }
        }
    }

    /// The topmost same thing of a parent table that is disturbed together with this one: its statement reaches both, so that
    /// the dependents of both must be out of the way.
    fn carrier(&self, id: &ObjectId) -> Option<ObjectId> {
        let disturbed = |id: &ObjectId| matches!(self.action(id), Some(Action::Change(Change::Disturbing(_))));
        let mut at = id.clone();
        for _ in 0..64 {
            let above = inheriting(self.pair.to, &at).into_iter().filter(|link| self.cx.stays(link)).find_map(|link| {
                let above = at.moved_to(self.pair.to.object(&link).and_then(Object::inherits_from)?);
                (above != at && disturbed(&above)).then_some(above)
            });
            match above {
                Some(above) if disturbed(id) => at = above,
                _ => break,
            }
        }
        (at != *id).then_some(at)
    }

    /// What a parent table's statement makes or drops has the place of that statement.
    fn place_implied(&self, places: &mut Places) {
        for (id, action) in &self.delta.actions {
            let Action::Implied(effect) = action else { continue };
            if effect.makes()
                && let Some(node) = self.source(self.pair.to, id).and_then(|source| places.makes.get(&source).copied())
            {
                places.makes.insert(id.clone(), node);
            }
            if effect.removes()
                && let Some(node) = self.source(self.pair.from, id).and_then(|source| places.removes.get(&source).copied())
            {
                places.removes.insert(id.clone(), node);
            }
        }
    }

    /// The same thing of the topmost table that has it by itself.
    fn source(&self, catalog: &Catalog, id: &ObjectId) -> Option<ObjectId> {
        let mut at = id.clone();
        for _ in 0..64 {
            let link = inheriting(catalog, &at).into_iter().find_map(|link| {
                let parent = catalog.object(&link).and_then(Object::inherits_from)?;
                let above = at.moved_to(parent);
                catalog.contains(&above).then_some(above)
            });
            match link {
                Some(above) => at = above,
                None => break,
            }
            if catalog.object(&at).is_some_and(|object| !object.inherited()) {
                return Some(at);
            }
        }
        (at != *id).then_some(at)
    }

    fn edges_of(&self, id: &ObjectId, action: &Action, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let provider = |need: &ObjectId| places.makes.get(need).or_else(|| places.alters.get(need)).copied();
        let releaser = |user: &ObjectId| places.removes.get(user).or_else(|| places.alters.get(user)).copied();
        if let Some(user) = places.makes.get(id).or_else(|| places.alters.get(id)).copied()
            && !matches!(action, Action::Implied(_))
            && let Some(entry) = self.pair.to.get(id)
        {
            edges.extend(entry.needs.iter().filter_map(provider).map(|node| (node, user, Why::Needed)));
            edges.extend(entry.wants.iter().filter_map(provider).map(|node| (node, user, Why::Wanted)));
        }
        // Whoever uses what goes away or changes lets go of it first.
        if let Some(entry) = self.pair.from.get(id)
            && let Some(user) = releaser(id)
        {
            edges.extend(entry.wants.iter().filter_map(|want| places.removes.get(want)).map(|node| (user, *node, Why::Wanted)));
            for need in &entry.needs {
                edges.extend(places.removes.get(need).map(|node| (user, *node, Why::Needed)));
                // What is swapped uses it until the very end. DROP names a function by the types of its arguments, which must
                // still have their names.
                if places.removes.contains_key(id) && !places.asides.contains_key(id) {
                    edges.extend(places.alters.get(need).map(|node| (user, *node, Why::Needed)));
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

    /// While a table inherits, statements on the parent reach it: what differs between the two changes while it does not.
    fn edges_of_link(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let ends = |catalog: &Catalog| -> Vec<ObjectId> {
            let Some(entry) = catalog.get(id) else { return Vec::new() };
            let parent = entry.object.inherits_from().and_then(|name| catalog.relation(name)).map(|(parent, _)| parent.clone());
            entry.parent.iter().cloned().chain(parent).collect()
        };
        let parts = |tables: &[ObjectId]| -> BTreeSet<ObjectId> {
            let all = tables.iter().flat_map(|table| self.pair.from.children(table).chain(self.pair.to.children(table)));
            all.filter(|part| part.kind.is_heritable() && !matches!(self.action(part), Some(Action::Implied(_)))).cloned().collect()
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
    fn name_edges(&self, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
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
        for (id, node) in places.makes.iter().chain(&places.alters) {
            let had = if places.alters.contains_key(id) { slots(self.pair.from, id) } else { Vec::new() };
            for slot in slots(self.pair.to, id).into_iter().filter(|slot| !had.contains(slot)) {
                let others = freed.get(&slot).into_iter().flatten().filter(|(other, _)| *other != id);
                edges.extend(others.map(|(_, free)| (*free, *node, Why::Needed)));
            }
        }
    }

    /// Parts of the nodes of a circle that can have nodes of their own, and help to open it.
    fn splittable(&self, graph: &Graph, circle: &[NodeIndex]) -> BTreeSet<(ObjectId, Deed)> {
        let members: BTreeSet<NodeIndex> = circle.iter().copied().collect();
        let mut made: BTreeMap<&ObjectId, NodeIndex> = BTreeMap::new();
        let mut removed: BTreeMap<&ObjectId, NodeIndex> = BTreeMap::new();
        for node in circle {
            let Some(weight) = graph.node_weight(*node) else { continue };
            let map = match weight.deed {
                Deed::Drop | Deed::Gone => &mut removed,
                _ => &mut made,
            };
            map.extend(weight.with.iter().chain([&weight.id]).map(|id| (id, *node)));
        }
        let mut found = BTreeSet::new();
        for (index, node) in members.iter().filter_map(|index| Some((index, graph.node_weight(*index)?))) {
            let (catalog, places, deed) = match node.deed {
                Deed::Create => (self.pair.to, &made, Deed::Create),
                Deed::Drop => (self.pair.from, &removed, Deed::Drop),
                _ => continue,
            };
            for part in &node.with {
                let Some(entry) = catalog.get(part) else { continue };
                if entry.needs.iter().chain(&entry.wants).any(|need| places.get(need).is_some_and(|at| at != index)) {
                    found.insert((part.clone(), deed));
                }
            }
        }
        found
    }
}

/// Gives what may come as late as can be nodes of its own.
fn split_late(graph: &mut Graph) {
    let all: Vec<NodeIndex> = graph.node_indices().collect();
    for index in all {
        let Some(node) = graph.node_weight_mut(index) else { continue };
        let Some(first) = node.steps.iter().position(|step| step.phase == Phase::Late) else { continue };
        let steps = node.steps.split_off(first);
        let late = Node { id: node.id.clone(), deed: Deed::Late, with: BTreeSet::new(), steps };
        // Whatever goes away or changes later must find the late statements done.
        let after: Vec<NodeIndex> = graph
            .neighbors_directed(index, Direction::Outgoing)
            .filter(|next| graph.node_weight(*next).is_some_and(|node| matches!(node.deed, Deed::Gone)))
            .collect();
        let late = graph.add_node(late);
        graph.add_edge(index, late, Why::Needed);
        for next in after {
            graph.add_edge(late, next, Why::Needed);
        }
    }
}
