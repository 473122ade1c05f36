//! Domains.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, QName, TypeName};

/// Domains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type below.
    pub base: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
    /// The default.
    pub default: Option<Expr>,
    /// NOT NULL.
    pub not_null: bool,
}

super::pending!(Domain);
