//! Row security policies.

use serde::{Deserialize, Serialize};

use crate::model::Expr;

/// Row security policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// AS PERMISSIVE, or RESTRICTIVE.
    pub permissive: bool,
    /// FOR: `ALL`, `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub command: String,
    /// TO: role names quoted, or PUBLIC; sorted.
    pub roles: Vec<String>,
    /// USING.
    pub using: Option<Expr>,
    /// WITH CHECK.
    pub check: Option<Expr>,
}

super::pending!(Policy);
