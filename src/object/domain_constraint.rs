//! CHECK constraints of domains.

use serde::{Deserialize, Serialize};

use crate::model::Expr;

/// CHECK constraints of domains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// What VALUE must satisfy.
    pub check: Expr,
    /// Whether the rows that were there have been checked.
    pub validated: bool,
}

super::pending!(DomainConstraint);
