//! One order out of all that the edges allow: the same for the same two catalogs, with few changes between transactional and
//! other statements, and with what destroys rows as late as can be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use petgraph::Direction;
use petgraph::stable_graph::NodeIndex;

use super::graph::{Deed, Graph, Node};
use crate::model::{ObjectId, Transaction};

/// What decides between nodes that could all come next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    late: bool,
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
            late: node.deed == Deed::Late,
            alone: node.steps.iter().any(|step| step.transaction != Transaction::Shared),
            destroys,
            id: node.id.clone(),
            deed: node.deed,
        }
    }
}

/// The nodes in order (Kahn's algorithm with a heap, so that the result depends on nothing but the graph).
pub fn order(graph: Graph) -> Vec<Node> {
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
    let mut graph = graph;
    sorted.into_iter().filter_map(|index| graph.remove_node(index)).collect()
}
