//! Extended statistics.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, QName};

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The table.
    pub relation: QName,
    /// `[(kinds)] ON columns and expressions`.
    pub definition: Expr,
    /// SET STATISTICS, where one is set.
    pub target: Option<i32>,
}

super::pending!(Statistics);
