//! What functions and procedures share.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, TypeName};

/// How an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// IN.
    In,
    /// OUT.
    Out,
    /// INOUT.
    InOut,
    /// VARIADIC.
    Variadic,
    /// A column of RETURNS TABLE.
    Table,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// How it goes.
    pub mode: Mode,
    /// Its name, where it has one.
    pub name: Option<Ident>,
    /// Its type.
    pub type_name: TypeName,
    /// Its default.
    pub default: Option<Expr>,
}

/// What a routine does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// AS 'text'.
    Text(String),
    /// AS 'object file', 'link symbol'.
    Object {
        /// The object file.
        file: String,
        /// The symbol.
        symbol: String,
    },
    /// BEGIN ATOMIC .. END, or RETURN ..: parsed when it was created.
    Sql(Expr),
}

/// IMMUTABLE, STABLE, VOLATILE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Volatility {
    /// `i`.
    Immutable,
    /// `s`.
    Stable,
    /// `v`.
    Volatile,
}

/// PARALLEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parallel {
    /// `s`.
    Safe,
    /// `r`.
    Restricted,
    /// `u`.
    Unsafe,
}
