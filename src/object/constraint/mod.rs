//! Constraints of tables. Parent: the table; of NOT NULL, the column.
//!
//! A NOT NULL constraint is known by its column (`Key::Of(column)`), since a column has at most one: before PostgreSQL 18 it
//! has no name, and from 18 on its name is an attribute that can be changed without touching a row. All others are known by
//! their name on their table.

mod clause;

use serde::{Deserialize, Serialize};

use super::index::element::IndexElement;
use super::Kind;
use crate::model::{Catalog, Expr, Ident, Key, ObjectId, Options, QName};

/// What the index behind a key carries beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// One element of EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcludeElement {
    /// What is compared.
    pub element: IndexElement,
    /// The operator that must not be true for all elements of two rows.
    pub operator: QName,
}

/// EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclude {
    /// The index access method.
    pub method: Ident,
    /// What is compared, and how.
    pub elements: Vec<ExcludeElement>,
    /// WHERE.
    pub predicate: Option<Expr>,
    /// Of its index.
    pub index: IndexTraits,
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
    /// EXCLUDE.
    Exclude(Exclude),
    /// NOT NULL of a column.
    NotNull {
        /// The column.
        column: Ident,
        /// The name, from 18 on.
        name: Option<Ident>,
    },
}

impl Definition {
    /// What stands behind it as an index.
    pub const fn index(&self) -> Option<&IndexTraits> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => Some(&key.index),
            Self::Exclude(exclude) => Some(&exclude.index),
            Self::Check(_) | Self::ForeignKey(_) | Self::NotNull { .. } => None,
        }
    }
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
    /// Not NOT VALID. What is not enforced is not validated either.
    pub validated: bool,
    /// Not NOT ENFORCED (18 and later).
    pub enforced: bool,
    /// NO INHERIT, of CHECK and NOT NULL.
    pub no_inherit: bool,
    /// Whether it comes from parent tables alone (`conislocal` is false). A partition's keys are not counted so: they
    /// are made by name and attached.
    pub inherited: bool,
}

impl Constraint {
    /// A constraint with nothing said beyond its definition.
    pub const fn new(definition: Definition) -> Self {
        Self { definition, deferrable: false, deferred: false, validated: true, enforced: true, no_inherit: false, inherited: false }
    }

    /// The identity of the NOT NULL of a column.
    pub fn not_null_id(table: &QName, column: &Ident) -> ObjectId {
        ObjectId::of(Kind::Constraint, ObjectId::on(Kind::Column, table.clone(), column.clone()))
    }

    /// The identity of any other constraint.
    pub fn named_id(table: &QName, name: &Ident) -> ObjectId {
        ObjectId::on(Kind::Constraint, table.clone(), name.clone())
    }

    /// The name of the constraint `id` in a catalog: of NOT NULL, which is known by its column, what the object says.
    pub fn name_of<'a>(id: &'a ObjectId, catalog: &'a Catalog) -> Option<&'a Ident> {
        if let Key::OnRelation(_, name) = &id.key {
            return Some(name);
        }
        match catalog.object(id) {
            Some(super::Object::Constraint(Self { definition: Definition::NotNull { name, .. }, .. })) => name.as_ref(),
            _ => None,
        }
    }
}

super::pending!(Constraint);
