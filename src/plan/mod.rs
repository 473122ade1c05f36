//! From a difference to a plan.

pub mod graph;
pub mod merge;
pub mod order;
pub mod rehearse;
pub mod steps;
