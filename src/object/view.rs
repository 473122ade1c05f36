//! Views.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, Options, TypeName};

/// What a view gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputColumn {
    /// Its name.
    pub name: Ident,
    /// Its type, where a server has told.
    pub type_name: Option<TypeName>,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The query.
    pub query: Expr,
    /// What it gives; empty where only a server could tell.
    pub columns: Vec<OutputColumn>,
    /// security_barrier, security_invoker, check_option.
    pub options: Options,
}

super::pending!(View);
