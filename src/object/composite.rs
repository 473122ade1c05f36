//! Stand-alone composite types.

use serde::{Deserialize, Serialize};


/// Stand-alone composite types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {}

super::pending!(Composite);
