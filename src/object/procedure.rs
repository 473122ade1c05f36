//! Procedures.

use serde::{Deserialize, Serialize};

use super::routine::{Argument, Body};
use crate::model::{Ident, Options};

/// Procedures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Arguments of every mode, in order.
    pub arguments: Vec<Argument>,
    /// The language.
    pub language: Ident,
    /// The body.
    pub body: Body,
    /// SECURITY DEFINER.
    pub security_definer: bool,
    /// SET .. TO.
    pub config: Options,
    /// TRANSFORM FOR TYPE.
    pub transforms: Vec<String>,
}

super::pending!(Procedure);
