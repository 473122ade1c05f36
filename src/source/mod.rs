//! The doors: everything that can be read into a catalog.

pub mod beside;
pub mod block;
pub mod connect;
pub mod digest;
pub mod environment;
pub mod files;
mod guard;
pub mod history;
pub mod ignored;
pub mod include;
pub mod interpret;
pub mod live;
pub mod load;
pub mod pipeline;
mod present;
mod queue;
mod reader;
pub mod renames;
mod system_schemas;
