//! What goes away and comes back, so that nobody misses it for longer than a transaction takes.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::stable_graph::NodeIndex;

use super::graph::{Deed, Graph};
use crate::model::ObjectId;

/// Nodes between which something is not there, or not as it was or shall be: where it goes, and where it comes back.
pub struct Absences(Vec<(NodeIndex, NodeIndex)>);

impl Absences {
    /// Those of a plan.
    pub fn of(graph: &Graph) -> Self {
        let mut goes: BTreeMap<&ObjectId, NodeIndex> = BTreeMap::new();
        let mut comes: Vec<(&ObjectId, NodeIndex)> = Vec::new();
        for (index, node) in graph.node_indices().filter_map(|index| Some((index, graph.node_weight(index)?))) {
            let all = node.with.iter().chain([&node.id]);
            match node.deed {
                Deed::Aside | Deed::Drop => goes.extend(all.map(|id| (id, index))),
                Deed::Create => comes.extend(all.map(|id| (id, index))),
                Deed::Alter | Deed::Gone | Deed::Late => {}
            }
        }
        // What ends a transaction by itself is never in one with anything.
        let shares = |index: &NodeIndex| graph.node_weight(*index).is_some_and(|node| !node.parts());
        let back = comes.into_iter().filter_map(|(id, back)| Some((*goes.get(id)?, back)));
        Self(back.filter(|(gone, back)| gone != back && shares(gone) && shares(back)).collect())
    }

    /// How many would last from one side of the end of a transaction to the other.
    pub fn across(&self, before: impl Fn(&NodeIndex) -> bool) -> usize {
        self.0.iter().filter(|(gone, back)| before(gone) && !before(back)).count()
    }
}

/// A node and all that follows it.
pub fn after(graph: &Graph, node: NodeIndex) -> BTreeSet<NodeIndex> {
    let mut found = BTreeSet::from([node]);
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        open.extend(graph.neighbors_directed(at, Direction::Outgoing).filter(|next| found.insert(*next)));
    }
    found
}
