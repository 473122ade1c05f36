//! Columns of views and materialized views, where something was said of them alone (a comment, a default, privileges).

use serde::{Deserialize, Serialize};

use crate::model::Expr;

/// Columns of views and materialized views, where something was said of them alone (a comment, a default, privileges).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// ALTER VIEW .. ALTER COLUMN .. SET DEFAULT.
    pub default: Option<Expr>,
    /// SET STATISTICS of a materialized view's column.
    pub statistics: Option<i32>,
}

super::pending!(ViewColumn);
