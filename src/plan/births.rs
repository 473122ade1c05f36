//! What default privileges give to new objects, taken back where it is not wanted: to objects that are rebuilt, too.

use std::collections::BTreeSet;

use petgraph::stable_graph::NodeIndex;

use super::graph::{Deed, Graph, Node, Why};
use crate::diff::Delta;
use crate::model::{Catalog, ObjectId, Pair};
use crate::object::{Cx, Kind, Object};

/// Adds a node behind each one that makes an object, or the sequence of an identity, which is born with privileges that it shall not have.
#[tracing::instrument(level = "debug", skip_all)]
pub fn settle(graph: &mut Graph, pair: Pair<&Catalog>, delta: &Delta, online: bool) {
    if !Kind::ALL.iter().any(|kind| kind.rules_births() && pair.from.of_kind(*kind).next().is_some()) {
        return;
    }
    let cx = Cx { from: pair.from, to: pair.to, online, created: &delta.created };
    let makers: Vec<NodeIndex> = graph.node_indices().filter(|node| matches!(graph[*node].deed, Deed::Create | Deed::Alter)).collect();
    for maker in makers {
        let made: Vec<ObjectId> = graph[maker].with.iter().chain([&graph[maker].id]).cloned().collect();
        for id in made {
            for (id, steps) in Object::undone_births(&id, &cx) {
                let node = graph.add_node(Node { id, deed: Deed::Create, with: BTreeSet::new(), steps });
                graph.add_edge(maker, node, Why::Needed);
            }
        }
    }
}
