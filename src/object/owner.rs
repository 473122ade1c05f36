//! Owners. Key: `Key::Of(target)`; parent: the target.

use serde::{Deserialize, Serialize};

use crate::model::Ident;

/// Owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The role.
    pub role: Ident,
}

super::pending!(Owner);
