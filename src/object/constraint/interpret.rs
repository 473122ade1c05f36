//! Constraints in CREATE TABLE and ALTER TABLE. What tables and columns leave to constraints, and nothing else calls:
//!
//! - a table's interpreter makes the table, its columns, defaults and links, and calls [`add`] for each constraint that a
//!   statement says (in a column's definition, `column` is that column), [`inherit`] once for each parent that a table comes
//!   under (INHERITS, PARTITION OF, INHERIT, ATTACH PARTITION), [`disinherit`] before a link goes (the link and the columns of
//!   both tables are in the catalog when either is called), [`like`] for LIKE, and [`command`] for every command of ALTER TABLE
//!   that is about constraints;
//! - all of them reach the tables that inherit, as PostgreSQL's own do.

use pg_query::protobuf;

use super::{Constraint, Definition};
use crate::model::{Entry, Ident, ObjectId};
use crate::object::{DdlError, Session};

/// A constraint of CREATE TABLE or of ADD CONSTRAINT; `column` where it stands in a column's definition.
///
/// # Errors
/// Where the name is taken, or a column or something that an expression names does not exist.
pub fn add(table: &ObjectId, column: Option<&Ident>, constraint: &protobuf::Constraint, session: &mut Session) -> Result<(), DdlError> {
    match column {
        Some(column) if constraint.contype() == protobuf::ConstrType::ConstrNotnull => {
            let name = (!constraint.conname.is_empty()).then(|| Ident::new(&constraint.conname));
            add_not_null(table, column, name.as_ref(), session)
        }
        _ => Err(DdlError::Unsupported(format!("constraint {:?}", constraint.contype()))),
    }
}

/// NOT NULL of a column, where it has none: what serial, identity and SET NOT NULL make.
///
/// # Errors
/// Where the name is taken.
pub fn add_not_null(table: &ObjectId, column: &Ident, name: Option<&Ident>, session: &mut Session) -> Result<(), DdlError> {
    let Some(qname) = table.qname().cloned() else { return Ok(()) };
    let id = Constraint::not_null_id(&qname, column);
    if session.catalog.contains(&id) {
        return Ok(());
    }
    let chosen = name.cloned().unwrap_or_else(|| Session::choose_name(qname.name.as_str(), Some(column.as_str()), "not_null", |_| false));
    let definition = Definition::NotNull { column: column.clone(), name: (session.major() >= 18).then_some(chosen) };
    session.add(id, Entry::new(Constraint::new(definition), Some(ObjectId::on(crate::object::Kind::Column, qname, column.clone()))))
}

/// What a table takes over when it comes under a parent.
///
/// # Errors
/// Where the two have constraints that do not go together.
pub fn inherit(child: &ObjectId, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let _ = (child, parent, session);
    Ok(())
}

/// What becomes of inherited constraints when a table leaves its parent: they stay as its own.
///
/// # Errors
/// None so far.
pub fn disinherit(child: &ObjectId, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let _ = (child, parent, session);
    Ok(())
}

/// What LIKE copies of `source`, under the names that PostgreSQL chooses: NOT NULL always, CHECKs with `checks`, keys and
/// indexes with `indexes`.
///
/// # Errors
/// Where a name is taken.
pub fn like(table: &ObjectId, source: &ObjectId, checks: bool, indexes: bool, session: &mut Session) -> Result<(), DdlError> {
    let _ = (table, source, checks, indexes, session);
    Err(DdlError::Unsupported("LIKE".to_owned()))
}

/// ADD, ALTER, VALIDATE and DROP CONSTRAINT, SET and DROP NOT NULL, CLUSTER ON, SET WITHOUT CLUSTER, REPLICA IDENTITY USING INDEX.
///
/// # Errors
/// Where a constraint does not exist, is needed, or the command is none of these.
pub fn command(table: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let _ = (table, session);
    Err(DdlError::Unsupported(format!("ALTER TABLE .. {}", command.subtype().as_str_name())))
}
