//! What planning towards schema files is told.

use std::sync::Arc;

use super::merge::Speaks;
use crate::source::files::SchemaFiles;
use crate::source::live::Scope;

/// What is to be planned towards.
pub struct Goal<'a> {
    /// The schema files.
    pub files: &'a Arc<SchemaFiles>,
    /// The role that runs everything.
    pub role: &'a str,
    /// What is not looked at.
    pub scope: &'a Scope,
    /// Whether changes of existing tables take the way that blocks least.
    pub online: bool,
    /// Where known states are kept; `None` where nothing is to be known.
    pub memory: Option<&'a Memory>,
}

impl Goal<'_> {
    /// What the files speak of, beside the objects themselves.
    pub fn speaks(&self) -> Speaks {
        self.files.speaks().by(&self.role.into())
    }
}

/// Where states are kept, and for which files they are looked for.
#[derive(Clone, Debug)]
pub struct Memory {
    /// What tells the project from others.
    pub project: String,
    /// With fewer statements than these, running them all costs less.
    pub statements: usize,
}
