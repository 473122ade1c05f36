//! The difference of two catalogs as steps in order.

use thiserror::Error;

use super::graph::{self, OrderError};
use super::order;
use crate::diff::{self, DiffError};
use crate::model::{Catalog, Pair, Step};
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
pub fn steps(pair: Pair<&Catalog>, online: bool) -> Result<Vec<Step>, StepsError> {
    let delta = diff::delta(pair, online)?;
    let graph = graph::build(pair, &delta, online)?;
    Ok(order::order(graph).into_iter().flat_map(|node| node.steps).collect())
}
