//! Defaults of columns. Key: `Key::Of(column)`; parent: the column.

use serde::{Deserialize, Serialize};

use crate::model::Expr;

/// Defaults of columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Default {
    /// The expression.
    pub expr: Expr,
}

super::pending!(Default);
