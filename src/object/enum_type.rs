//! Enum types.

use serde::{Deserialize, Serialize};


/// Enum types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// The labels in their order.
    pub labels: Vec<String>,
}

super::pending!(EnumType);
