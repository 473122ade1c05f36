//! Tables: ordinary, partitioned, partitions, typed.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, Options, QName};

/// What happens to its rows in a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Persistence {
    /// Logged.
    Permanent,
    /// Emptied after a crash.
    Unlogged,
}

/// What logical replication identifies old rows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// An index; the index or constraint itself says that it is the one.
    Index,
}

/// A table without its columns, constraints, and so on, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// LOGGED or UNLOGGED.
    pub persistence: Persistence,
    /// What stands behind PARTITION BY.
    pub partition_key: Option<Expr>,
    /// The composite type of a typed table.
    pub of_type: Option<QName>,
    /// Storage parameters.
    pub options: Options,
    /// Storage parameters of its TOAST table, without `toast.`.
    pub toast_options: Options,
    /// The access method, where it is not heap.
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// REPLICA IDENTITY.
    pub replica_identity: ReplicaIdentity,
    /// Whether some index is the one of CLUSTER ON; the index or constraint itself says that it is the one.
    pub clustered: bool,
    /// ROW LEVEL SECURITY is enabled.
    pub row_security: bool,
    /// ROW LEVEL SECURITY is forced.
    pub force_row_security: bool,
}

super::pending!(Table);
