//! Comments. Key: `Key::Of(target)`; parent: the target.

use serde::{Deserialize, Serialize};


/// Comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The text.
    pub text: String,
}

super::pending!(Comment);
