//! ALTER SEQUENCE .. OWNED BY.

use serde::{Deserialize, Serialize};

use crate::model::ObjectId;

/// ALTER SEQUENCE .. OWNED BY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedBy {
    /// The column that takes the sequence with it.
    pub column: ObjectId,
}

super::pending!(OwnedBy);
