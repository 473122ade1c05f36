//! Rewrite rules other than a view's own.

use serde::{Deserialize, Serialize};

use super::trigger::Firing;
use crate::model::Expr;

/// Rewrite rules other than a view's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// `ON event TO relation [WHERE ..] DO [ALSO|INSTEAD] ..`: what follows `CREATE RULE name AS`.
    pub definition: Expr,
    /// ENABLE, DISABLE, ...
    pub firing: Firing,
}

super::pending!(Rule);
