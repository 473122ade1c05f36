//! An end of a plan.

use std::sync::Arc;

use crate::model::{Catalog, Step};
use crate::source::connect::Connection;
use crate::source::files::SchemaFiles;

/// An end of a plan, opened.
pub enum Source {
    /// A database.
    Database(Box<Connection>),
    /// Schema files.
    Files(Arc<SchemaFiles>),
    /// Steps, run on an empty database.
    Plans(Vec<Step>),
    /// A catalog as it was recorded.
    Catalog(Box<Catalog>),
    /// Nothing.
    Empty,
}

impl Source {
    /// Of which major it is, where it says so.
    pub const fn major(&self) -> Option<u32> {
        match self {
            Self::Database(connection) => Some(connection.server.major),
            _ => None,
        }
    }
}
