//! From a difference to a plan.

pub mod batch;
pub mod file;
pub mod folder;
pub mod graph;
pub mod merge;
pub mod order;
pub mod rehearse;
pub mod steps;
