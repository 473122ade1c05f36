//! Functions.

use serde::{Deserialize, Serialize};

use super::routine::{Argument, Body, Parallel, Volatility};
use crate::model::{Ident, Options};

/// Functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Arguments of every mode, in order.
    pub arguments: Vec<Argument>,
    /// What stands behind RETURNS, as `pg_get_function_result` spells it.
    pub returns: String,
    /// The language.
    pub language: Ident,
    /// The body.
    pub body: Body,
    /// WINDOW.
    pub window: bool,
    /// IMMUTABLE, STABLE, VOLATILE.
    pub volatility: Volatility,
    /// PARALLEL.
    pub parallel: Parallel,
    /// STRICT.
    pub strict: bool,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// LEAKPROOF.
    pub leakproof: bool,
    /// COST as the catalog holds it, in text so that it compares exactly.
    pub cost: String,
    /// ROWS, `0` where it returns no set.
    pub rows: String,
    /// SUPPORT.
    pub support: Option<String>,
    /// SET .. TO.
    pub config: Options,
    /// TRANSFORM FOR TYPE.
    pub transforms: Vec<String>,
}

super::pending!(Function);
