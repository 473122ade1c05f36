//! What the kind of an object says of its identity.

use super::Kind;
use crate::model::{Key, ObjectId, QName};

impl ObjectId {
    /// What says whose it is.
    pub fn owner(&self) -> Self {
        Self::of(Kind::Owner, self.clone())
    }

    /// Whether both are routines or operators of one name, among which types choose.
    pub fn is_overload_of(&self, other: &Self) -> bool {
        self.kind.is_overloaded() && other.kind.is_overloaded() && self != other && self.qname() == other.qname()
    }

    /// Whether it is a link between two objects, which has no row of its own in `pg_depend`.
    pub fn is_link(&self) -> bool {
        matches!(
            self.kind,
            Kind::Inheritance
                | Kind::OwnedBy
                | Kind::IndexAttachment
                | Kind::TypeDefinition
                | Kind::RangeShell
                | Kind::AlteredPrivileges
                | Kind::ExtensionDependency
                | Kind::DatabaseSettings
        )
    }

    /// Whether `pg_class` and `pg_type` both have a row for it that satellites can hang on.
    pub fn has_two_rows(&self) -> bool {
        matches!(self.kind, Kind::Composite)
    }

    /// Whether it is the database, or something that is said of the database itself.
    pub fn is_about_database(&self) -> bool {
        matches!(self.kind, Kind::Database | Kind::DatabaseSettings) || self.target().is_some_and(|target| target.kind == Kind::Database)
    }

    /// The link that says that `from` depends on `to`, where such a dependency is an object of its own.
    pub fn link_between(from: &Self, to: &Self) -> Option<Self> {
        match (from.kind, to.kind) {
            (Kind::Table, Kind::Table) => Some(Self::new(Kind::Inheritance, Key::Two(from.spelled(), to.spelled()))),
            (Kind::Sequence, Kind::Column) => Some(Self::of(Kind::OwnedBy, from.clone())),
            (Kind::Index, Kind::Index) | (Kind::Constraint, Kind::Constraint) => Some(Self::of(Kind::IndexAttachment, from.clone())),
            _ => None,
        }
    }

    /// The index that PostgreSQL makes for a constraint.
    pub fn index_behind(&self) -> Option<Self> {
        match (self.kind, &self.key) {
            (Kind::Constraint, Key::OnRelation(relation, name)) => {
                Some(Self::in_schema(Kind::Index, QName { schema: relation.schema.clone(), name: name.clone() }))
            }
            _ => None,
        }
    }
}
