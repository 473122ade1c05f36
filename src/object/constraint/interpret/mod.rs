//! Constraints in CREATE TABLE and ALTER TABLE. What tables and columns leave to constraints, and nothing else calls:
//!
//! - a table's interpreter makes the table, its columns, defaults and links, and calls [`add`] for each constraint that a
//!   statement says (in a column's definition, `column` is that column); [`inherit`] once for each
//!   parent that a table comes under (INHERITS, PARTITION OF, INHERIT, ATTACH PARTITION), [`disinherit`] before a link goes (the
//!   link and the columns of both tables are in the catalog when either is called), [`like`] for LIKE, and [`command`] for every
//!   command of ALTER TABLE that is about constraints;
//! - all of them reach the tables that inherit, as PostgreSQL's own do.

mod alter;
mod check;
mod foreign;
mod inherit;
mod key;
mod not_null;

use pg_query::protobuf::{self, ConstrType};

pub use alter::{command, rename};
pub use inherit::{disinherit, inherit, like};

use super::{Constraint, Definition};
use crate::model::{Entry, Ident, ObjectId, QName};
use crate::object::{DdlError, Object, Session};
use crate::sql::{Node, literal};

/// What a constraint is added by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// CREATE TABLE or ADD COLUMN: there are no rows yet, so that everything is valid.
    Create,
    /// ALTER TABLE .. ADD; whether child tables get it too.
    Alter {
        /// Not ONLY.
        recurse: bool,
    },
}

impl By {
    const fn recurses(self) -> bool {
        matches!(self, Self::Create | Self::Alter { recurse: true })
    }
}

/// A constraint of CREATE TABLE or ADD COLUMN; `column` where it stands in a column's definition.
///
/// # Errors
/// Where the name is taken, or a column or something that an expression names does not exist.
pub fn add(table: &ObjectId, column: Option<&Ident>, constraint: &protobuf::Constraint, session: &mut Session) -> Result<(), DdlError> {
    define(table, column, constraint, By::Create, session)
}

fn define(
    table: &ObjectId,
    column: Option<&Ident>,
    constraint: &protobuf::Constraint,
    by: By,
    session: &mut Session,
) -> Result<(), DdlError> {
    let place = Place::of(table, column)?;
    match constraint.contype() {
        ConstrType::ConstrNotnull => not_null::define(&place, constraint, by, session),
        ConstrType::ConstrCheck => check::define(&place, constraint, by, session),
        ConstrType::ConstrPrimary | ConstrType::ConstrUnique | ConstrType::ConstrExclusion => key::define(&place, constraint, by, session),
        ConstrType::ConstrForeign => foreign::define(&place, constraint, by, session),
        other => Err(DdlError::Unsupported(format!("constraint {}", other.as_str_name()))),
    }
}

/// Where a constraint stands.
struct Place<'a> {
    table: &'a ObjectId,
    name: &'a QName,
    column: Option<&'a Ident>,
}

impl<'a> Place<'a> {
    fn of(table: &'a ObjectId, column: Option<&'a Ident>) -> Result<Self, DdlError> {
        let name = table.qname().ok_or_else(|| DdlError::Missing { what: "table", name: table.spelled() })?;
        Ok(Self { table, name, column })
    }

    /// The columns that a list names, or the one in whose definition the constraint stands.
    fn columns(&self, names: &[Node], session: &Session) -> Result<Vec<Ident>, DdlError> {
        let names = literal::names(names);
        let columns: Vec<Ident> = match self.column {
            Some(column) if names.is_empty() => vec![column.clone()],
            _ => names.iter().map(|name| Ident::new(name)).collect(),
        };
        columns.iter().try_for_each(|column| session.column(self.table, column.as_str()).map(|_| ()))?;
        Ok(columns)
    }

    fn id(&self, name: &Ident) -> ObjectId {
        Constraint::named_id(self.name, name)
    }

    fn column_id(&self, column: &Ident) -> ObjectId {
        column_id(self.name, column)
    }

    /// The name that was given, if it is free on the table.
    fn given(&self, name: &str, session: &Session) -> Result<Option<Ident>, DdlError> {
        if name.is_empty() {
            return Ok(None);
        }
        let name = Ident::new(name);
        if session.catalog.contains(&self.id(&name)) || super::not_null_named(self.name, &name, &session.catalog).is_some() {
            return Err(DdlError::Exists(format!("constraint {name} for relation {}", self.name)));
        }
        Ok(Some(name))
    }
}

fn column_id(table: &QName, column: &Ident) -> ObjectId {
    ObjectId::on(crate::object::Kind::Column, table.clone(), column.clone())
}

/// What the words behind a constraint say of it.
fn with_attributes(definition: Definition, node: &protobuf::Constraint, by: By) -> Constraint {
    // The parser says it of CHECK and FOREIGN KEY only.
    let enforced = node.is_enforced || !matches!(definition, Definition::Check(_) | Definition::ForeignKey(_));
    Constraint {
        definition,
        deferrable: node.deferrable || node.initdeferred,
        deferred: node.initdeferred,
        validated: enforced && (by == By::Create || !node.skip_validation),
        enforced,
        no_inherit: node.is_no_inherit,
        inherited: false,
    }
}

fn constraint_of<'a>(id: &ObjectId, session: &'a Session) -> Option<&'a Constraint> {
    Constraint::of(&session.catalog, id)
}

/// Changes a constraint in place.
fn change(id: &ObjectId, session: &mut Session, change: impl FnOnce(&mut Constraint)) {
    // The catalog keeps names, which a change can touch: it is put back instead of changed where it is.
    if let Some(mut entry) = session.catalog.get(id).cloned()
        && let Object::Constraint(constraint) = &mut entry.object
    {
        change(constraint);
        session.catalog.insert(id.clone(), entry);
    }
}

/// A copy of a constraint for a table that inherits it.
fn inherited_copy(original: &Entry, table: &QName, session: &Session) -> Option<Entry> {
    let Object::Constraint(constraint) = &original.object else { return None };
    let parent = original.parent.as_ref()?.moved_to(table);
    let parent = if parent.kind == crate::object::Kind::Table { crate::object::family::table(table) } else { parent };
    let copy = Constraint { inherited: true, ..constraint.clone() };
    let mut entry = Entry::new(copy, Some(parent)).needing(crate::object::index::partition::moved_needs(original, table));
    entry.wants.clone_from(&original.wants);
    entry.origin.clone_from(&session.origin);
    Some(entry)
}
