//! One order out of all that the edges allow: the same for the same two catalogs, with as much as can be in one transaction, and
//! with what destroys rows as late as can be.
//!
//! What goes away for a while and comes back (a view over a changed column, a default) should do so within one transaction, so
//! that nobody ever misses it. So statements that end a transaction come before everything else, together with what they
//! themselves need, or after it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use petgraph::Direction;
use petgraph::stable_graph::NodeIndex;

use super::absence::{Absences, after};
use super::graph::{Deed, Graph, Node};
use crate::model::{ObjectId, Phase, Transaction};

/// What decides between nodes that could all come next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    phase: Phase,
    late: bool,
    rules_births: bool,
    alone: bool,
    destroys: u8,
    id: ObjectId,
    deed: Deed,
}

impl Rank {
    fn of(node: &Node) -> Self {
        let destroys = match node.deed {
            Deed::Aside => 0,
            Deed::Drop if !node.steps.iter().any(crate::model::Step::loses) => 1,
            Deed::Alter | Deed::Create => 2,
            Deed::Drop | Deed::Gone | Deed::Late => 3,
        };
        Self {
            phase: node.phase(),
            late: node.deed == Deed::Late,
            rules_births: node.id.kind.rules_births(),
            alone: node.parts(),
            destroys,
            id: node.id.clone(),
            deed: node.deed,
        }
    }
}

impl Node {
    /// Whether a transaction ends before or with it.
    pub(super) fn parts(&self) -> bool {
        self.steps.iter().any(|step| step.transaction != Transaction::Shared)
    }

    /// Late statements have nodes of their own.
    fn phase(&self) -> Phase {
        self.steps.first().map_or(Phase::Main, |step| step.phase)
    }
}

/// The nodes in order.
#[tracing::instrument(level = "debug", skip_all)]
pub fn order(mut graph: Graph) -> Vec<Node> {
    let order = together(&graph, &sorted(&graph));
    order.into_iter().filter_map(|index| graph.remove_node(index)).collect()
}

/// An order that keeps to the edges, put such that as little as can be stands between two transactions.
fn together(graph: &Graph, sorted: &[NodeIndex]) -> Vec<NodeIndex> {
    let mut last = at_the_end(graph, sorted);
    let places: BTreeMap<NodeIndex, usize> = sorted.iter().copied().zip(0..).collect();
    let mut order = Vec::with_capacity(sorted.len());
    let mut placed = BTreeSet::new();
    let is = |index: &NodeIndex, what: fn(&Node) -> bool| graph.node_weight(*index).is_some_and(what);
    let in_order = |mut nodes: Vec<NodeIndex>| {
        nodes.sort_by_key(|index| places.get(index));
        nodes
    };
    let absences = Absences::of(graph);
    for index in sorted.iter().filter(|index| is(index, |node| node.phase() == Phase::First)) {
        order.extend(in_order(before(graph, *index, &mut placed)));
    }
    for index in sorted.iter().filter(|index| is(index, Node::parts)) {
        if last.contains(index) {
            continue;
        }
        let first = before(graph, *index, &mut placed);
        // What would be missing meanwhile need not be, where nothing that comes back waits for the statement.
        let missing = absences.across(|node| placed.contains(node));
        if missing > 0 {
            let later: BTreeSet<NodeIndex> = after(graph, *index).union(&last).copied().collect();
            if absences.across(|node| !later.contains(node)) < missing {
                last = later;
                first.iter().for_each(|node| {
                    placed.remove(node);
                });
                continue;
            }
        }
        order.extend(in_order(first));
    }
    let (end, main): (Vec<_>, Vec<_>) =
        sorted.iter().copied().filter(|index| !placed.contains(index)).partition(|index| last.contains(index));
    order.extend(main);
    order.extend(end);
    order
}

/// What comes after everything else: late and last statements, those that part transactions and that nothing else waits for, and
/// whatever follows these.
fn at_the_end(graph: &Graph, sorted: &[NodeIndex]) -> BTreeSet<NodeIndex> {
    let mut last = BTreeSet::new();
    for index in sorted {
        let is_late = graph.node_weight(*index).is_some_and(|node| node.deed == Deed::Late || node.phase() == Phase::Last);
        if is_late || graph.neighbors_directed(*index, Direction::Incoming).any(|above| last.contains(&above)) {
            last.insert(*index);
        }
    }
    for index in sorted.iter().rev() {
        let parts = graph.node_weight(*index).is_some_and(Node::parts);
        if parts && graph.neighbors_directed(*index, Direction::Outgoing).all(|next| last.contains(&next)) {
            last.insert(*index);
        }
    }
    last
}

/// A node and all that must come before it and has no place yet; gives them one.
fn before(graph: &Graph, node: NodeIndex, placed: &mut BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
    let mut found: Vec<NodeIndex> = placed.insert(node).then_some(node).into_iter().collect();
    let mut next = 0;
    while let Some(at) = found.get(next).copied() {
        found.extend(graph.neighbors_directed(at, Direction::Incoming).filter(|above| placed.insert(*above)));
        next += 1;
    }
    found
}

/// The nodes as the edges want them (Kahn's algorithm with a heap, so that the result depends on nothing but the graph).
fn sorted(graph: &Graph) -> Vec<NodeIndex> {
    let mut waiting: BTreeMap<NodeIndex, usize> =
        graph.node_indices().map(|node| (node, graph.neighbors_directed(node, Direction::Incoming).count())).collect();
    let mut ready: BinaryHeap<Reverse<(Rank, NodeIndex)>> = BinaryHeap::new();
    let push = |ready: &mut BinaryHeap<_>, index: NodeIndex| {
        if let Some(node) = graph.node_weight(index) {
            ready.push(Reverse((Rank::of(node), index)));
        }
    };
    for (index, _) in waiting.iter().filter(|(_, count)| **count == 0) {
        push(&mut ready, *index);
    }
    let mut sorted = Vec::with_capacity(waiting.len());
    while let Some(Reverse((_, index))) = ready.pop() {
        sorted.push(index);
        for next in graph.neighbors_directed(index, Direction::Outgoing) {
            if let Some(count) = waiting.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    push(&mut ready, next);
                }
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::super::graph::Why;
    use super::*;
    use crate::model::Step;
    use crate::object::Kind;

    fn node(name: &str, deed: Deed, transaction: Transaction) -> Node {
        let id = ObjectId::global(Kind::Schema, name);
        Node { id, deed, with: BTreeSet::new(), steps: vec![Step::new(name, name).transaction(transaction)] }
    }

    fn names(graph: Graph) -> Vec<String> {
        order(graph).into_iter().map(|node| node.steps[0].sql.clone()).collect()
    }

    #[test]
    fn what_comes_back_does_so_in_the_same_transaction() {
        use Transaction::{None, Shared};
        let mut graph = Graph::new();
        let gone = graph.add_node(node("drop view", Deed::Drop, Shared));
        let back = graph.add_node(node("create view", Deed::Create, Shared));
        let value = graph.add_node(node("add value", Deed::Alter, None));
        let column = graph.add_node(node("add column", Deed::Alter, Shared));
        let index = graph.add_node(node("create index", Deed::Create, None));
        for (before, after) in [(gone, back), (value, back), (column, index)] {
            graph.add_edge(before, after, Why::Needed);
        }
        assert_eq!(names(graph), ["add value", "drop view", "add column", "create view", "create index"]);
    }

    #[test]
    fn nothing_is_missing_while_what_can_wait_is_done() {
        use Transaction::{None, Shared};
        let mut graph = Graph::new();
        let gone = graph.add_node(node("v", Deed::Drop, Shared));
        let column = graph.add_node(node("type of column", Deed::Alter, Shared));
        let back = graph.add_node(node("v", Deed::Create, Shared));
        let index = graph.add_node(node("create index", Deed::Create, None));
        let attach = graph.add_node(node("attach index", Deed::Create, Shared));
        for (before, after) in [(gone, column), (column, back), (column, index), (index, attach)] {
            graph.add_edge(before, after, Why::Needed);
        }
        assert_eq!(names(graph), ["v", "type of column", "v", "create index", "attach index"]);
    }

    #[test]
    fn what_parts_transactions_comes_with_what_it_needs_alone() {
        use Transaction::{Fresh, None, Shared};
        let mut graph = Graph::new();
        let gone = graph.add_node(node("drop view", Deed::Drop, Shared));
        let column = graph.add_node(node("add column", Deed::Alter, Shared));
        let index = graph.add_node(node("create index", Deed::Create, None));
        let key = graph.add_node(node("add key", Deed::Create, Shared));
        let late = graph.add_node(node("validate", Deed::Late, Fresh));
        let back = graph.add_node(node("view again", Deed::Create, Shared));
        for (before, after) in [(gone, back), (column, index), (index, key), (key, late), (key, back)] {
            graph.add_edge(before, after, Why::Needed);
        }
        assert_eq!(names(graph), ["add column", "create index", "drop view", "add key", "view again", "validate"]);
    }
}
