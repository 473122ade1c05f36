//! What trueup knows about each kind of object: the registry, the contract, and one file or folder per kind.
//!
//! Machinery (diff, plan, lint, executor) never names a kind; it works through [`Object`] and the answers of [`ObjectDef`].
//! To add a kind: one file, one line in the registry below, one arm in the statement match of `source::interpret`, and
//! one folder of cases under `grammar-tests/`.

pub mod address;
pub mod aside;
mod bare;
mod classes;
pub mod column_list;
pub mod column_order;
pub mod contract;
pub mod define_interpret;
pub mod expressions;
pub mod family;
pub mod foreign_options;
pub mod generic;
mod identity;
mod lookup;
pub mod names;
pub mod opclass_interpret;
pub mod operator_member;
mod plain;
pub mod plain_interpret;
pub mod read;
pub mod reading;
mod rename;
pub mod rename_interpret;
mod rename_text;
pub mod resolve;
mod resolve_literal;
pub mod roles;
pub mod routine;
pub mod routine_interpret;
mod row_type;
pub mod server_role;
pub mod session;
pub mod table_expr;
pub mod tablespace;
pub mod trigger_copies;
pub mod trigger_interpret;
mod typing;
mod undecided;
pub mod view_interpret;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use contract::{Change, Cx, ObjectDef, Slot};
pub use read::{CatalogRow, Found, ReadError};
pub use reading::Reading;
pub use session::{Behavior, DdlError, Session};

use crate::model::{Catalog, Expr, ObjectId, Pair, QName, Step};

/// Generates [`Kind`], [`Object`] and the dispatch between them from the one list of kinds.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident($module:ident::$payload:ident) $keyword:literal $($kept:ident)?;)+) => {
        $(pub mod $module;)+
        kinds!(@types $($(#[doc = $doc])+ $kind($module::$payload) $keyword $($kept)?;)+);
    };
    // Nearly all objects are columns, defaults and constraints: what is larger than these is kept elsewhere.
    (@kept $payload:ty) => { $payload };
    (@kept $payload:ty, boxed) => { Box<$payload> };
    (@types $($(#[doc = $doc:literal])+ $kind:ident($module:ident::$payload:ident) $keyword:literal $($kept:ident)?;)+) => {
        /// The kinds of objects. Their order is the order of things that nothing else orders.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[doc = $doc])+ $kind,)+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// PostgreSQL's own words for it, as COMMENT ON and DROP take them.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$kind => $keyword,)+ }
            }

            /// The name that folders of cases, settings and JSON use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => stringify!($module),)+ }
            }

            /// The catalog query that finds all objects of the kind, before the lines for other majors are taken out.
            pub const fn query(self) -> &'static str {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::QUERY,)+ }
            }

            /// See [`ObjectDef::ROWS`].
            pub const fn rows(self) -> Option<(&'static str, &'static str)> {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::ROWS,)+ }
            }

            /// See [`ObjectDef::TEXTS`].
            pub const fn texts(self) -> Option<&'static str> {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::TEXTS,)+ }
            }

            /// See [`ObjectDef::needs_text`].
            ///
            /// # Errors
            /// As [`read`](Self::read).
            pub fn needs_text(self, row: &CatalogRow<'_>, server: &Reading) -> Result<bool, ReadError> {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::needs_text(row, server),)+ }
            }

            /// See [`ObjectDef::derived`].
            pub fn derived(self, server: &Reading, take: impl FnMut(read::Address, Found)) {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::derived(server, take),)+ }
            }

            /// Reads one row of that query.
            ///
            /// # Errors
            /// A value that trueup does not know, with object and column.
            pub fn read(self, row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
                match self { $(Self::$kind => <$module::$payload as ObjectDef>::read(row, server),)+ }
            }
        }

        /// An object's own state, without what is an object of its own.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "state", rename_all = "snake_case")]
        pub enum Object { $($(#[doc = $doc])+ $kind(kinds!(@kept $module::$payload $(, $kept)?)),)+ }

        $(impl From<$module::$payload> for Object {
            fn from(object: $module::$payload) -> Self { Self::$kind(object.into()) }
        })+

        impl Object {
            /// Which kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind,)+ }
            }

            /// See [`ObjectDef::create`].
            pub fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$kind(object) => object.create(id, parts, cx),)+ }
            }

            /// See [`ObjectDef::inline`].
            pub fn inline(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
                match self { $(Self::$kind(object) => object.inline(id, cx),)+ }
            }

            /// See [`ObjectDef::drop`].
            pub fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$kind(object) => <$module::$payload as ObjectDef>::drop(object, id, cx),)+ }
            }

            /// See [`ObjectDef::alter`]. `None` where the two are not of one kind.
            pub fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Option<Change> {
                match (pair.from, pair.to) {
                    $((Self::$kind(from), Self::$kind(to)) => Some(<$module::$payload as ObjectDef>::alter(id, Pair::<&$module::$payload>::new(from, to), cx)),)+
                    _ => None,
                }
            }

            /// See [`ObjectDef::after_parent`].
            pub fn after_parent(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
                match self { $(Self::$kind(object) => <$module::$payload as ObjectDef>::after_parent(object, id, cx),)+ }
            }

            /// See [`ObjectDef::added`].
            pub fn added(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
                match self { $(Self::$kind(object) => <$module::$payload as ObjectDef>::added(object, id, cx),)+ }
            }

            /// See [`ObjectDef::in_the_way`].
            pub fn in_the_way(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Vec<ObjectId> {
                match (pair.from, pair.to) {
                    $((Self::$kind(from), Self::$kind(to)) => <$module::$payload as ObjectDef>::in_the_way(id, Pair::<&$module::$payload>::new(from, to), cx),)+
                    _ => Vec::new(),
                }
            }

            /// See [`ObjectDef::rebind`]. `None` where the two are not of one kind.
            pub fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
                match (pair.from, pair.to) {
                    $((Self::$kind(from), Self::$kind(to)) => <$module::$payload as ObjectDef>::rebind(id, Pair::<&$module::$payload>::new(from, to), rebuilt, cx),)+
                    _ => None,
                }
            }

            /// See [`ObjectDef::lets_go`]. `None` where the two are not of one kind.
            pub fn lets_go(id: &ObjectId, pair: Pair<&Self>, gone: &ObjectId) -> Option<Change> {
                match (pair.from, pair.to) {
                    $((Self::$kind(from), Self::$kind(to)) => <$module::$payload as ObjectDef>::lets_go(id, Pair::<&$module::$payload>::new(from, to), gone),)+
                    _ => None,
                }
            }

            /// See [`ObjectDef::withstands`].
            pub fn withstands(&self, id: &ObjectId, disturbed: &ObjectId) -> bool {
                match self { $(Self::$kind(object) => object.withstands(id, disturbed),)+ }
            }

            /// See [`ObjectDef::comes_down_later`].
            pub fn comes_down_later(&self) -> bool {
                match self { $(Self::$kind(object) => <$module::$payload as ObjectDef>::comes_down_later(object),)+ }
            }

            /// See [`ObjectDef::inherited`].
            pub fn inherited(&self) -> bool {
                match self { $(Self::$kind(object) => object.inherited(),)+ }
            }

            /// See [`ObjectDef::slots`].
            pub fn slots(&self, id: &ObjectId) -> Vec<Slot> {
                match self { $(Self::$kind(object) => object.slots(id),)+ }
            }

            /// See [`ObjectDef::renamed`].
            pub fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
                match self { $(Self::$kind(object) => object.renamed(id, from, to),)+ }
            }

            /// See [`ObjectDef::exprs`].
            pub fn exprs(&mut self) -> Vec<&mut Expr> {
                match self { $(Self::$kind(object) => object.exprs(),)+ }
            }
        }
    };
}

/// There are a hundred thousand objects in large databases, each as large as the largest.
const _: () = assert!(size_of::<Object>() <= 208, "box the larger kinds");

kinds! {
    /// The database.
    Database(database::Database) "DATABASE";
    /// ALTER DATABASE .. SET, and ALTER ROLE .. IN DATABASE .. SET.
    DatabaseSettings(database_settings::DatabaseSettings) "DATABASE SETTINGS";
    /// A schema.
    Schema(schema::Schema) "SCHEMA";
    /// An extension; its members belong to it and are not objects here.
    Extension(extension::Extension) "EXTENSION";
    /// An enum type.
    Enum(enum_type::EnumType) "TYPE";
    /// A stand-alone composite type.
    Composite(composite::Composite) "TYPE";
    /// An attribute of a composite type.
    Attribute(attribute::Attribute) "COLUMN";
    /// A domain.
    Domain(domain::Domain) "DOMAIN";
    /// A CHECK (or, from 17, NOT NULL) of a domain.
    DomainConstraint(domain_constraint::DomainConstraint) "CONSTRAINT";
    /// A base type, as long as nothing defines it a shell.
    BaseType(base_type::BaseType) "TYPE";
    /// What defines a base type.
    TypeDefinition(type_definition::TypeDefinition) "TYPE DEFINITION" boxed;
    /// What a range with a canonical function is before it is defined.
    RangeShell(range_shell::RangeShell) "RANGE SHELL";
    /// A range type with its multirange.
    Range(range::Range) "TYPE";
    /// A sequence that no identity column owns.
    Sequence(sequence::Sequence) "SEQUENCE";
    /// A function or window function.
    Function(function::Function) "FUNCTION" boxed;
    /// A procedure.
    Procedure(procedure::Procedure) "PROCEDURE";
    /// An aggregate.
    Aggregate(aggregate::Aggregate) "AGGREGATE" boxed;
    /// A collation.
    Collation(collation::Collation) "COLLATION";
    /// An operator.
    Operator(operator::Operator) "OPERATOR";
    /// An operator family.
    OperatorFamily(operator_family::OperatorFamily) "OPERATOR FAMILY";
    /// An operator class.
    OperatorClass(operator_class::OperatorClass) "OPERATOR CLASS";
    /// A cast between two types.
    Cast(cast::Cast) "CAST";
    /// An event trigger.
    EventTrigger(event_trigger::EventTrigger) "EVENT TRIGGER";
    /// A procedural language.
    Language(language::Language) "LANGUAGE";
    /// A transform between a type and a language.
    Transform(transform::Transform) "TRANSFORM";
    /// An access method.
    AccessMethod(access_method::AccessMethod) "ACCESS METHOD";
    /// An encoding conversion.
    Conversion(conversion::Conversion) "CONVERSION";
    /// A foreign-data wrapper.
    ForeignDataWrapper(foreign_data_wrapper::ForeignDataWrapper) "FOREIGN DATA WRAPPER";
    /// A foreign server.
    Server(server::Server) "SERVER";
    /// A user mapping of a foreign server.
    UserMapping(user_mapping::UserMapping) "USER MAPPING";
    /// A text search parser.
    TextSearchParser(text_search_parser::TextSearchParser) "TEXT SEARCH PARSER";
    /// A text search template.
    TextSearchTemplate(text_search_template::TextSearchTemplate) "TEXT SEARCH TEMPLATE";
    /// A text search dictionary.
    TextSearchDictionary(text_search_dictionary::TextSearchDictionary) "TEXT SEARCH DICTIONARY";
    /// A text search configuration.
    TextSearchConfiguration(text_search_configuration::TextSearchConfiguration) "TEXT SEARCH CONFIGURATION";
    /// A table: ordinary, partitioned, or a partition.
    Table(table::Table) "TABLE" boxed;
    /// A column of a table.
    Column(column::Column) "COLUMN";
    /// The default of a table's column (generation expressions belong to the column).
    Default(default::Default) "DEFAULT";
    /// What ALTER TABLE .. INHERIT and ATTACH PARTITION make.
    Inheritance(inheritance::Inheritance) "INHERITANCE";
    /// A constraint of a table.
    Constraint(constraint::Constraint) "CONSTRAINT";
    /// An index that no constraint owns.
    Index(index::Index) "INDEX" boxed;
    /// What ALTER INDEX .. ATTACH PARTITION makes, of indexes and of constraints' indexes.
    IndexAttachment(index_attachment::IndexAttachment) "INDEX ATTACHMENT";
    /// What ALTER SEQUENCE .. OWNED BY makes.
    OwnedBy(owned_by::OwnedBy) "SEQUENCE OWNERSHIP";
    /// A view.
    View(view::View) "VIEW";
    /// A materialized view.
    MaterializedView(materialized_view::MaterializedView) "MATERIALIZED VIEW";
    /// A column of a view or materialized view, where something was said of it alone.
    ViewColumn(view_column::ViewColumn) "COLUMN";
    /// Extended statistics.
    Statistics(statistics::Statistics) "STATISTICS";
    /// A rewrite rule other than a view's own.
    Rule(rule::Rule) "RULE";
    /// A trigger.
    Trigger(trigger::Trigger) "TRIGGER" boxed;
    /// A row security policy.
    Policy(policy::Policy) "POLICY";
    /// A publication.
    Publication(publication::Publication) "PUBLICATION";
    /// A table of a publication.
    PublicationTable(publication_table::PublicationTable) "PUBLICATION TABLE";
    /// A schema of a publication.
    PublicationSchema(publication_schema::PublicationSchema) "PUBLICATION SCHEMA";
    /// A subscription.
    Subscription(subscription::Subscription) "SUBSCRIPTION";
    /// That its target goes with an extension.
    ExtensionDependency(extension_dependency::ExtensionDependency) "EXTENSION DEPENDENCY";
    /// The owner of its target.
    Owner(owner::Owner) "OWNER";
    /// The privileges on its target, where they are not PostgreSQL's built-in ones.
    Privileges(privileges::Privileges) "PRIVILEGES";
    /// Privileges on a member of an extension or a system object, where they are not the initial ones.
    AlteredPrivileges(altered_privileges::AlteredPrivileges) "ALTERED PRIVILEGES" boxed;
    /// ALTER DEFAULT PRIVILEGES.
    DefaultPrivileges(default_privileges::DefaultPrivileges) "DEFAULT PRIVILEGES";
    /// A security label of its target.
    SecurityLabel(security_label::SecurityLabel) "SECURITY LABEL";
    /// The comment on its target.
    Comment(comment::Comment) "COMMENT";
}

/// Adds the edges that only a whole catalog shows, and takes out what goes without saying.
pub fn complete(catalog: &mut Catalog) {
    index_attachment::order(catalog);
    index::replica::order(catalog);
    domain_constraint::order(catalog);
    base_type::complete(catalog);
    range_shell::complete(catalog);
    cast::order(catalog);
    inheritance::note_order(catalog);
    owned_by::leave_owners(catalog);
    view_column::leave_bare(catalog);
    column_list::settle(catalog);
}

/// As [`complete`], with the edges that a server has found itself and an interpreter only finds in the whole.
pub fn complete_interpreted(catalog: &mut Catalog) {
    cast::note_uses(catalog);
    complete(catalog);
}

/// What statements can make of a catalog: what a failed one left behind is not made again.
pub fn makeable(catalog: &Catalog) -> Cow<'_, Catalog> {
    index::failed::without_failed(catalog)
}

/// Tells of a copy that statements made what failed in the original, and is made whole in the copy; `named` gives the names that it has there.
pub fn keep_failures(original: &Catalog, copy: &mut Catalog, named: impl Fn(&ObjectId) -> ObjectId) {
    index::failed::keep_failed(original, copy, named);
}

impl Object {
    /// The name that it takes among the constraints of its schema, those of domains included; PostgreSQL gives no name that another one
    /// there has.
    pub fn constraint_name(&self, id: &ObjectId) -> Option<QName> {
        let name = match self {
            Self::Constraint(constraint) => constraint.name(id)?,
            Self::DomainConstraint(_) => id.name()?,
            _ => return None,
        };
        Some(QName { schema: id.schema()?.clone(), name: name.clone() })
    }

    /// Whether a table and its parent have the same constraint under two names. NOT NULL.
    pub fn are_named_apart(id: &ObjectId, above: &ObjectId, catalog: &crate::model::Catalog) -> bool {
        let name = |id: &ObjectId| catalog.object(id).and_then(|object| object.constraint_name(id)).map(|name| name.name);
        name(id).zip(name(above)).is_some_and(|(own, of_parent)| own != of_parent)
    }

    /// Whether it is what is wanted, as far as statements can make it so: what a table has by itself it keeps when it inherits it too.
    pub fn serves_as(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Constraint(own), Self::Constraint(wanted)) if wanted.inherited => {
                constraint::Constraint { inherited: true, ..own.clone() } == *wanted
            }
            _ => self == wanted,
        }
    }

    /// Whether it is a link to one of possibly several parents; a partition has one.
    pub const fn can_have_siblings(&self) -> bool {
        matches!(self, Self::Inheritance(link) if link.bound.is_none())
    }

    /// What goes too where `id` goes, since no statement takes that away alone; `goes` tells of what else goes.
    pub fn bound(id: &ObjectId, catalog: &crate::model::Catalog, goes: impl Fn(&ObjectId) -> bool) -> Vec<ObjectId> {
        match id.kind {
            Kind::IndexAttachment => index_attachment::bound(id, catalog, goes),
            Kind::Range => range_shell::bound(id, catalog),
            _ => Vec::new(),
        }
    }

    /// What means something else where `id` changes, though nothing in it shows that.
    pub fn meant_otherwise(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
        match id.kind {
            Kind::Cast => cast::done_by_another(id, cx),
            Kind::TypeDefinition => base_type::defined_otherwise(id, cx),
            Kind::Inheritance => inheritance::anew::with(id, cx),
            _ => Vec::new(),
        }
    }

    /// What a change of `id` loses though it stays what it is and where it is: it must be said again.
    pub fn forgotten(id: &ObjectId, change: &Change, cx: &Cx<'_>) -> Vec<ObjectId> {
        extension_dependency::forgotten(id, change, cx)
    }

    /// The links that must come after a link, though they are there without it.
    pub fn links_after(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
        if id.kind == Kind::Inheritance { inheritance::anew::numbered_later(id, cx) } else { Vec::new() }
    }

    /// What must be out of the way when `id` comes, although it does not need it. Materialized views that hold rows.
    pub fn in_the_way_of_new(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
        if id.kind == Kind::Column { column::in_the_way(id, cx) } else { Vec::new() }
    }

    /// What must be gone when `id` comes, which would take it. Indexes of a table that becomes a partition.
    pub fn taken_by(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
        if id.kind == Kind::Inheritance { index::partition::taken_by(id, cx) } else { Vec::new() }
    }

    /// Why what happens to `id` cannot be done, and what can be, in words.
    pub fn refusal(id: &ObjectId, cx: &Cx<'_>) -> Option<String> {
        if matches!(id.kind, Kind::Table | Kind::Column) { row_type::refusal(id, cx) } else { None }
    }

    /// What takes the change of `id` with its own, since neither can change without the other: columns that tables have from several parents.
    pub fn changed_by(id: &ObjectId, cx: &Cx<'_>) -> Option<ObjectId> {
        let tops = if id.kind == Kind::Column { column::retyped_together(id, cx) } else { BTreeSet::new() };
        tops.into_iter().next()
    }
}
