//! From a difference to a plan.

pub mod graph;
pub mod order;
