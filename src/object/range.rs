//! Range types.

use serde::{Deserialize, Serialize};

use crate::model::{QName, TypeName};

/// Range types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The type of the bounds.
    pub subtype: TypeName,
    /// The btree operator class, where it is not the default one of the subtype.
    pub opclass: Option<QName>,
    /// The collation, where it is not the subtype's.
    pub collation: Option<QName>,
    /// The canonicalisation function.
    pub canonical: Option<QName>,
    /// The difference function.
    pub subtype_diff: Option<QName>,
    /// The name of the multirange type.
    pub multirange: QName,
}

super::pending!(Range);
