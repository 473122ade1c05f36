//! Attributes of composite types.

use serde::{Deserialize, Serialize};

use super::column::Position;
use crate::model::{QName, TypeName};

/// Attributes of composite types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Where it stands among the others.
    pub position: Position,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
}

super::pending!(Attribute);
