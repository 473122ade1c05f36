//! From actions on objects to statements with edges between them.
//!
//! A new table is one node together with those parts of it that its CREATE statement can carry, a dropped table one node
//! with everything that goes with it. Where that makes a cycle (a default calls a function that returns the table's rows;
//! two tables refer to each other), the parts that close it are split off into nodes of their own.

mod edges;
mod families;
mod references;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::algo::{DfsSpace, has_path_connecting, tarjan_scc};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;
use thiserror::Error;

use self::references::References;
use crate::diff::{Action, Delta, inheriting};
use crate::model::{Catalog, ObjectId, Pair, Phase, Step};
use crate::object::{Change, Cx, Object};

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
    /// What is only changed in place goes before what uses it. Few changes matter to users, so that it is given up where
    /// nothing else opens a circle.
    Changed,
    /// What moves is in its new place before it leaves the old one.
    Seamless,
    /// What goes away goes before what it uses is changed in place; the last to be given up.
    Released,
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
#[tracing::instrument(level = "debug", skip_all)]
pub fn build(pair: Pair<&Catalog>, delta: &Delta, online: bool) -> Result<Graph, OrderError> {
    let mut apart = BTreeSet::new();
    let mut given_up = vec![Why::Wanted];
    let mut more_to_give_up = [Why::Changed, Why::Seamless, Why::Released].into_iter();
    loop {
        let builder = Builder { pair, delta, apart: &apart, cx: Cx { from: pair.from, to: pair.to, online, created: &delta.created } };
        let mut graph = builder.graph();
        for why in &given_up {
            give_up_in_circles(&mut graph, *why);
        }
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
            if let Some(why) = more_to_give_up.next() {
                given_up.push(why);
                continue;
            }
            let names = circles.first().into_iter().flatten().filter_map(|node| graph.node_weight(*node)).map(|node| node.id.clone());
            return Err(OrderError::Cycle(names.collect()));
        }
    }
}

/// Gives up edges of one sort that close a circle. Of those in one circle as many stay as can: they are put back one by one, in an order that is the
/// same for the same plan.
fn give_up_in_circles(graph: &mut Graph, why: Why) {
    if !graph.edge_weights().any(|other| *other == why) {
        return;
    }
    for circle in tarjan_scc(&*graph).into_iter().filter(|circle| circle.len() > 1) {
        let members: BTreeSet<NodeIndex> = circle.into_iter().collect();
        let given_up: Vec<_> = members
            .iter()
            .flat_map(|node| graph.edges(*node))
            .filter(|edge| *edge.weight() == why && members.contains(&edge.target()))
            .map(|edge| (edge.id(), edge.source(), edge.target()))
            .collect();
        for (edge, ..) in &given_up {
            graph.remove_edge(*edge);
        }
        let mut space = DfsSpace::new(&*graph);
        for (_, from, to) in given_up {
            if !has_path_connecting(&*graph, to, from, Some(&mut space)) {
                graph.add_edge(from, to, why);
            }
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
    /// What lets go of something before it takes something else.
    lets_go: BTreeMap<ObjectId, NodeIndex>,
    asides: BTreeMap<ObjectId, NodeIndex>,
    /// What refers to other tables and goes; found when it is first asked for.
    referring_before: OnceCell<References>,
    /// What refers to other tables and comes; found when it is first asked for.
    referring_after: OnceCell<References>,
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
            && !at.kind.keeps_its_parent()
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
        let of_parent = self.pair.from.get(id).and_then(|entry| entry.parent.as_ref()).map(|parent| inheriting(self.pair.from, parent));
        inheriting(self.pair.from, id).iter().chain(of_parent.iter().flatten()).any(|link| {
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
        self.place_implied(graph, places);
    }

    fn place_changes(&self, graph: &mut Graph, places: &mut Places) {
        let mut carried = Vec::new();
        for (id, action) in &self.delta.actions {
            if let Action::Change(Change::InTurn { before, after }) = action {
                let [before, after] = [before, after]
                    .map(|steps| graph.add_node(Node { id: id.clone(), deed: Deed::Alter, with: BTreeSet::new(), steps: steps.clone() }));
                graph.add_edge(before, after, Why::Needed);
                places.lets_go.insert(id.clone(), before);
                places.alters.insert(id.clone(), after);
            }
            if let Action::Change(Change::InPlace(steps) | Change::Disturbing(steps)) = action
                && !(steps.is_empty() && self.changes_by_parts(id))
            {
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

    /// Whether it is what it was but for its columns or attributes, whose nodes say when they change.
    fn changes_by_parts(&self, id: &ObjectId) -> bool {
        self.pair.from.object(id) == self.pair.to.object(id) && self.pair.to.children(id).any(|part| part.kind.is_dotted())
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
        let first = if disturbed(id) { Object::changed_by(&at, &self.cx).filter(disturbed) } else { None };
        let at = first.unwrap_or(at);
        (at != *id).then_some(at)
    }

    /// What a parent table's statement makes or drops has the place of that statement.
    fn place_implied(&self, graph: &mut Graph, places: &mut Places) {
        for (id, action) in &self.delta.actions {
            let Action::Implied(effect) = action else { continue };
            if effect.makes()
                && let Some(node) = self.source(self.pair.to, id).and_then(|source| places.makes.get(&source).copied())
            {
                places.makes.insert(id.clone(), node);
                let steps = self.pair.to.object(id).map(|object| object.after_parent(id, &self.cx)).unwrap_or_default();
                if !steps.is_empty() {
                    let rest = graph.add_node(Node { id: id.clone(), deed: Deed::Alter, with: BTreeSet::new(), steps });
                    graph.add_edge(node, rest, Why::Needed);
                }
            }
            if effect.removes()
                && let Some(node) = self.source(self.pair.from, id).and_then(|source| places.removes.get(&source).copied())
            {
                places.removes.insert(id.clone(), node);
            }
        }
    }

    /// The same thing of the topmost table that has it by itself.
    pub(super) fn source(&self, catalog: &Catalog, id: &ObjectId) -> Option<ObjectId> {
        let mut at = id.clone();
        for _ in 0..64 {
            // What comes under another parent as well has it from the one that it has already.
            let mut links = inheriting(catalog, &at);
            links.sort_by_key(|link| !self.cx.stays(link));
            let link = links.into_iter().find_map(|link| {
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
