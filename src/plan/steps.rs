//! The difference of two catalogs as steps in order.

use std::collections::BTreeSet;

use thiserror::Error;

use super::graph::{self, OrderError};
use super::{births, order};
use crate::diff::{self, Action, Delta, DiffError};
use crate::model::{Catalog, ObjectId, Pair, Step};
use crate::object::Change;
use crate::source::interpret::InterpretError;

/// A difference for which there are no steps.
#[derive(Debug, Error)]
pub enum StepsError {
    /// A kind knows no statement.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// There is no order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// A rename that a hint asks for, without a server that could carry it out.
    #[error("a rename that a hint asks for cannot be followed without a scratch server: {0}")]
    Rename(#[source] Box<InterpretError>),
}

/// Steps that make one catalog of the other.
///
/// # Errors
/// Where a kind knows no statement for a difference, or objects need each other in a way that nothing breaks.
#[tracing::instrument(level = "debug", skip_all)]
pub fn steps(pair: Pair<&Catalog>, online: bool) -> Result<Vec<Step>, StepsError> {
    let mut anew = BTreeSet::new();
    loop {
        let delta = diff::delta_with(pair, online, &anew)?;
        let circle = match graph::build(pair, &delta, online) {
            Ok(mut graph) => {
                births::settle(&mut graph, pair, &delta, online);
                return Ok(order::order(graph).into_iter().flat_map(|node| node.steps).collect());
            }
            Err(OrderError::Cycle(circle)) => circle,
        };
        // What changes in place holds on to the old and to the new at once; made anew, it lets go between the two.
        let before = anew.len();
        anew.extend(circle.iter().filter(|id| id.kind.is_code() && changes(&delta, id)).cloned());
        if anew.len() == before {
            return Err(OrderError::Cycle(circle).into());
        }
    }
}

fn changes(delta: &Delta, id: &ObjectId) -> bool {
    matches!(delta.actions.get(id), Some(Action::Change(Change::InPlace(_) | Change::Disturbing(_))))
}
