//! Constraints of tables. Parent: the table; of NOT NULL, the column.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, Options, QName};

/// What the index behind a key carries beside its columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexTraits {
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// Whether the table's REPLICA IDENTITY uses it.
    pub replica_identity: bool,
    /// Whether the table is to be clustered on it.
    pub clustered: bool,
}

/// PRIMARY KEY or UNIQUE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyConstraint {
    /// Its columns in order.
    pub columns: Vec<Ident>,
    /// UNIQUE NULLS NOT DISTINCT (15 and later).
    pub nulls_not_distinct: bool,
    /// The last column is WITHOUT OVERLAPS (18 and later).
    pub without_overlaps: bool,
    /// Of its index.
    pub index: IndexTraits,
}

/// FOREIGN KEY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QName,
    /// Referenced columns.
    pub referenced_columns: Vec<Ident>,
    /// The last columns are PERIOD (18 and later).
    pub period: bool,
    /// MATCH FULL.
    pub match_full: bool,
    /// ON UPDATE, in SQL's words; `NO ACTION` by default.
    pub on_update: String,
    /// ON DELETE, in SQL's words; `NO ACTION` by default.
    pub on_delete: String,
    /// The columns of ON DELETE SET NULL (..) and SET DEFAULT (..).
    pub delete_columns: Vec<Ident>,
}

/// What a constraint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// PRIMARY KEY.
    PrimaryKey(KeyConstraint),
    /// UNIQUE.
    Unique(KeyConstraint),
    /// CHECK.
    Check(Expr),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// EXCLUDE: `USING gist (..)`, without INCLUDE, WITH and WHERE.
    Exclude {
        /// Method, elements and operators.
        elements: Expr,
        /// WHERE.
        predicate: Option<Expr>,
        /// Of its index.
        index: IndexTraits,
    },
    /// NOT NULL of a column. Before 18 it has no name in PostgreSQL; the model gives it `<table>_<column>_not_null`.
    NotNull {
        /// The column.
        column: Ident,
    },
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it says.
    pub definition: Definition,
    /// DEFERRABLE.
    pub deferrable: bool,
    /// INITIALLY DEFERRED.
    pub deferred: bool,
    /// Not NOT VALID.
    pub validated: bool,
    /// Not NOT ENFORCED (18 and later).
    pub enforced: bool,
    /// NO INHERIT.
    pub no_inherit: bool,
    /// Whether it comes from parent tables alone (`conislocal` is false). A partition's keys are not counted so: they
    /// are made by name and attached.
    pub inherited: bool,
}

super::pending!(Constraint);
