//! The doors: everything that can be read into a catalog.

pub mod connect;
pub mod live;
