//! The difference of two catalogs as steps in order.

use std::collections::BTreeSet;

use thiserror::Error;

use super::graph::{self, OrderError};
use super::{births, order};
use crate::diff::{self, Action, Delta, DiffError};
use crate::model::{Catalog, ObjectId, Pair, Step};
use crate::object::{Change, Cx, Object};
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
    /// PostgreSQL has no way, and says so where it is tried.
    #[error("{}", .0.join("\n"))]
    Refused(Vec<String>),
    /// The same, of what takes the plan back.
    #[error("this could not be taken back (down): {}", .0.join("\n"))]
    NoWayBack(Vec<String>),
    /// A rename that a hint asks for, without a server that could carry it out.
    #[error("a rename that a hint asks for cannot be followed without a scratch server: {0}")]
    Rename(#[source] Box<InterpretError>),
}

impl StepsError {
    /// As it is told of the way down.
    pub fn of_way_back(self) -> Self {
        match self {
            Self::Refused(why) => Self::NoWayBack(why),
            other => other,
        }
    }
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
        let cx = Cx { from: pair.from, to: pair.to, online, created: &delta.created };
        let refused: Vec<String> = delta.actions.keys().filter_map(|id| Object::refusal(id, &cx)).collect();
        if !refused.is_empty() {
            return Err(StepsError::Refused(refused));
        }
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
