//! Extensions.

use serde::{Deserialize, Serialize};

use crate::model::Ident;

/// Extensions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The schema of its relocatable objects.
    pub schema: Ident,
    /// The version; `None` where nobody speaks of one.
    pub version: Option<String>,
}

super::pending!(Extension);
