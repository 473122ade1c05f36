//! Random schemas and random changes of them.

pub mod code;
pub mod relation;
pub mod said;
pub mod spec;
pub mod trial;
pub mod types;
pub mod view;
pub mod world;
