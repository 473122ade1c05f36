//! ALTER INDEX .. ATTACH PARTITION. Key: `Key::Of(index or constraint of the partition)`; parent: that index or constraint.

use serde::{Deserialize, Serialize};

use crate::model::QName;

/// ALTER INDEX .. ATTACH PARTITION.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexAttachment {
    /// The index of the partition (a constraint's index has the constraint's name).
    pub index: QName,
    /// The index of the partitioned table.
    pub parent: QName,
}

super::pending!(IndexAttachment);
