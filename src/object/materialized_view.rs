//! Materialized views.

use serde::{Deserialize, Serialize};

use super::view::OutputColumn;
use crate::model::{Expr, Ident, Options};

/// Materialized views.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterializedView {
    /// The query.
    pub query: Expr,
    /// What it gives; empty where only a server could tell.
    pub columns: Vec<OutputColumn>,
    /// Storage parameters.
    pub options: Options,
    /// The access method, where it is not heap.
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// WITH DATA.
    pub populated: bool,
}

super::pending!(MaterializedView);
