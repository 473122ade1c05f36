//! Which kinds go together: namespaces, parts and satellites, what is said of others.

use super::{Kind, operator};

impl Kind {
    /// Whether objects of it can be left unmanaged while what is around them is managed: no parts, links or satellites.
    pub const fn can_be_left_out(self) -> bool {
        !matches!(
            self,
            Self::Database
                | Self::DatabaseSettings
                | Self::Column
                | Self::ViewColumn
                | Self::Attribute
                | Self::Default
                | Self::Inheritance
                | Self::OwnedBy
                | Self::IndexAttachment
                | Self::RangeShell
                | Self::ExtensionDependency
                | Self::Comment
                | Self::Owner
                | Self::Privileges
                | Self::AlteredPrivileges
                | Self::DefaultPrivileges
        )
    }

    /// Whether it says whose something is, or who may use it.
    pub const fn is_about_roles(self) -> bool {
        matches!(self, Self::Owner | Self::Privileges | Self::AlteredPrivileges | Self::DefaultPrivileges)
    }

    /// Whether it says something of what is no object: members of extensions, and PostgreSQL's own.
    pub const fn is_about_members(self) -> bool {
        matches!(self, Self::AlteredPrivileges)
    }

    /// Whether what it belongs to cannot be dropped before it.
    pub const fn keeps_its_parent(self) -> bool {
        matches!(self, Self::UserMapping)
    }

    /// Whether it is a column of something.
    pub const fn is_column(self) -> bool {
        matches!(self, Self::Column | Self::ViewColumn | Self::Attribute)
    }

    /// Whether statements can use it without naming it.
    pub const fn is_chosen_by_types(self) -> bool {
        matches!(
            self,
            Self::Cast
                | Self::Operator
                | Self::OperatorClass
                | Self::OperatorFamily
                | Self::Extension
                | Self::Transform
                | Self::Language
                | Self::AccessMethod
        )
    }

    /// Whether it changes what objects are like that come into being after it: the plan's own are made before.
    pub const fn rules_births(self) -> bool {
        matches!(self, Self::DefaultPrivileges)
    }

    /// Whether the server runs it at other statements, which it may forbid or add to.
    pub const fn watches_statements(self) -> bool {
        matches!(self, Self::EventTrigger)
    }

    /// Kinds that share the namespace of relations.
    pub const RELATIONS: &[Self] = &[Self::Table, Self::View, Self::MaterializedView, Self::Sequence, Self::Index, Self::Composite];

    /// Kinds that share the namespace of types; relations by their row type.
    pub const TYPES: &[Self] =
        &[Self::Enum, Self::Domain, Self::Composite, Self::Range, Self::BaseType, Self::Table, Self::View, Self::MaterializedView];

    /// Kinds that share the namespace of routines.
    pub const ROUTINES: &[Self] = &[Self::Function, Self::Procedure, Self::Aggregate];

    /// Whether types choose among several of one name.
    pub const fn is_overloaded(self) -> bool {
        matches!(self, Self::Function | Self::Procedure | Self::Aggregate | Self::Operator)
    }

    /// Whether it is a relation with columns.
    pub const fn has_columns(self) -> bool {
        matches!(self, Self::Table | Self::View | Self::MaterializedView)
    }

    /// Whether it is the link between a table and one that it inherits from.
    pub const fn is_inheritance(self) -> bool {
        matches!(self, Self::Inheritance)
    }

    /// Whether roles other than the owner may have given it.
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Privileges)
    }

    /// Whether it belongs to a role by itself, as what is read by `owner.sql` does.
    pub const fn has_owner(self) -> bool {
        matches!(
            self,
            Self::Schema
                | Self::Enum
                | Self::Composite
                | Self::Domain
                | Self::BaseType
                | Self::Range
                | Self::Sequence
                | Self::Function
                | Self::Procedure
                | Self::Aggregate
                | Self::Collation
                | Self::Operator
                | Self::OperatorFamily
                | Self::OperatorClass
                | Self::EventTrigger
                | Self::Language
                | Self::Conversion
                | Self::ForeignDataWrapper
                | Self::Server
                | Self::TextSearchDictionary
                | Self::TextSearchConfiguration
                | Self::Table
                | Self::View
                | Self::MaterializedView
                | Self::Statistics
                | Self::Publication
                | Self::Subscription
        )
    }

    /// Whether it links what must have one owner.
    pub const fn shares_owners(self) -> bool {
        matches!(self, Self::OwnedBy)
    }

    /// Whether a table that inherits must have it as its parent has it, before it can inherit.
    pub const fn is_heritable(self) -> bool {
        matches!(self, Self::Column | Self::Default | Self::Constraint | Self::Index)
    }

    /// Whether it is nothing but text, so that it costs nothing to make it anew.
    pub const fn is_code(self) -> bool {
        matches!(
            self,
            Self::Function | Self::Procedure | Self::Aggregate | Self::Default | Self::View | Self::Rule | Self::Trigger | Self::Policy
        )
    }

    /// Whether two of them that differ by their names alone are one that was renamed: nothing but its name is told of it.
    pub const fn is_renamed_by_shape(self) -> bool {
        matches!(self, Self::Constraint | Self::Index | Self::Sequence)
    }

    /// Whether such an object is only what was said of a part of another one, which stays when the object goes.
    pub const fn is_nominal(self) -> bool {
        matches!(self, Self::ViewColumn)
    }

    /// Whether statements spell it `relation.name` and not `name ON relation`.
    pub const fn is_dotted(self) -> bool {
        matches!(self, Self::Column | Self::ViewColumn | Self::Attribute)
    }

    /// Whether the server has to print expressions or queries to tell of it, for which it opens the relations that these name.
    pub const fn is_spelled(self) -> bool {
        matches!(self, Self::Constraint | Self::Index | Self::View | Self::MaterializedView | Self::Trigger | Self::Rule | Self::Policy)
    }

    /// Whether it can be known by its column instead of a name of its own: NOT NULL.
    pub const fn is_known_by_column(self) -> bool {
        matches!(self, Self::Constraint)
    }

    /// Whether statements spell it `name ON DOMAIN type`.
    pub const fn is_on_domain(self) -> bool {
        matches!(self, Self::DomainConstraint)
    }

    /// How a key of two names is spelled.
    pub fn spell_two(self, first: &str, second: &str) -> String {
        match self {
            Self::Cast => format!("({first} AS {second})"),
            Self::UserMapping => format!("FOR {first} SERVER {second}"),
            Self::Transform => format!("FOR {first} LANGUAGE {second}"),
            _ => format!("{first} USING {second}"),
        }
    }

    /// How name and types of a routine or operator are spelled.
    pub fn spell_routine(self, name: &crate::model::QName, types: &[String]) -> String {
        let types = match self {
            Self::Aggregate if types.is_empty() => "*".to_owned(),
            // Types alone may be those of all arguments too, OUT ones as well (`LookupFuncWithArgs` of src/backend/parser/parse_func.c).
            Self::Procedure => types.iter().map(|of| format!("IN {of}")).collect::<Vec<_>>().join(", "),
            _ => types.join(", "),
        };
        match self {
            Self::Operator => format!("{} ({types})", operator::spelled(name)),
            Self::OperatorClass | Self::OperatorFamily => format!("{name} USING {types}"),
            _ => format!("{name}({types})"),
        }
    }
}
