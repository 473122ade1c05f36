//! Indexes that no constraint owns. Parent: the table or materialized view.

pub mod element;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, Options, QName};
use element::IndexElement;

/// Indexes that no constraint owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The relation that it indexes.
    pub relation: QName,
    /// UNIQUE.
    pub unique: bool,
    /// The access method.
    pub method: Ident,
    /// Its key columns.
    pub elements: Vec<IndexElement>,
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// NULLS NOT DISTINCT (15 and later).
    pub nulls_not_distinct: bool,
    /// WHERE.
    pub predicate: Option<Expr>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// SET STATISTICS of its expressions, by column number.
    pub statistics: BTreeMap<i16, i32>,
    /// Whether the table's REPLICA IDENTITY uses it.
    pub replica_identity: bool,
    /// Whether the table is to be clustered on it.
    pub clustered: bool,
    /// Whether it is on a partitioned table, and so holds no rows itself.
    pub partitioned: bool,
    /// `indisvalid`: a failed CONCURRENTLY build leaves an index that is not.
    pub valid: bool,
}

super::pending!(Index);
