//! INHERIT and ATTACH PARTITION. Key: `Key::Two(child, parent)`, both spelled as SQL; parent object: the child table.

use serde::{Deserialize, Serialize};

use super::column::Position;
use crate::model::{Expr, QName};

/// INHERIT and ATTACH PARTITION.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inheritance {
    /// The table that inherits, or the partition.
    pub child: QName,
    /// The table that it inherits from, or the partitioned table.
    pub parent: QName,
    /// Where it stands among the parents of the child.
    pub order: Position,
    /// For partitions, `FOR VALUES ..` or `DEFAULT`.
    pub bound: Option<Expr>,
}

super::pending!(Inheritance);
