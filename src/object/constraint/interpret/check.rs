//! CHECK.

use pg_query::protobuf;

use super::super::{Constraint, Definition};
use super::{By, Place, change, constraint_of, inherited_copy, with_attributes};
use crate::model::{Entry, Ident, ObjectId, QName};
use crate::object::index::name::choose_constraint;
use crate::object::table_expr::table_expr;
use crate::object::{DdlError, Session, inheritance};

pub fn define(place: &Place<'_>, node: &protobuf::Constraint, by: By, session: &mut Session) -> Result<(), DdlError> {
    let Some(raw) = node.raw_expr.as_deref() else { return Err(DdlError::Unsupported("CHECK without an expression".to_owned())) };
    let expr = table_expr(place.table, raw, session)?;
    let name = match place.given(&node.conname, session) {
        Ok(Some(name)) => name,
        // One column gives its name, none or several give none (AddRelationNewConstraints in src/backend/catalog/heap.c).
        Ok(None) => {
            let only = expr.columns.first().filter(|_| expr.columns.len() == 1 && !expr.whole_row);
            choose_constraint(place.name, only.map(Ident::as_str), "check", session)
        }
        Err(error) => {
            let said = with_attributes(Definition::Check(expr.expr), node, by);
            return merge(place, &Ident::new(&node.conname), &said, error, session);
        }
    };
    let constraint = with_attributes(Definition::Check(expr.expr), node, by);
    let no_inherit = constraint.no_inherit;
    let id = place.id(&name);
    let mut entry = Entry::new(constraint, Some(place.table.clone())).needing(expr.needs);
    entry.wants.extend(expr.wants);
    session.add(id.clone(), entry)?;
    if by.recurses() && !no_inherit { hand_down(&id, place.name, session) } else { Ok(()) }
}

/// The same CHECK that the table inherits becomes one of its own (`MergeWithExistingConstraint`).
fn merge(place: &Place<'_>, name: &Ident, said: &Constraint, error: DdlError, session: &mut Session) -> Result<(), DdlError> {
    let id = place.id(name);
    let same = |constraint: &Constraint| constraint.inherited && constraint.definition == said.definition;
    if !constraint_of(&id, session).is_some_and(same) {
        return Err(error);
    }
    let is_partition = inheritance::parents(&session.catalog, place.name).into_iter().any(|(_, link)| link.bound.is_some());
    if !is_partition {
        change(&id, session, |constraint| constraint.inherited = false);
    }
    if said.enforced {
        change(&id, session, |constraint| constraint.validated |= !std::mem::replace(&mut constraint.enforced, true));
    }
    Ok(())
}

/// Gives the tables that inherit a CHECK theirs.
///
/// # Errors
/// Where one has another constraint of that name.
pub fn hand_down(id: &ObjectId, table: &QName, session: &mut Session) -> Result<(), DdlError> {
    let links: Vec<(QName, bool)> = inheritance::children(&session.catalog, table)
        .into_iter()
        .map(|(_, link)| (link.child.clone(), link.bound.is_some()))
        .collect();
    for (child, is_partition) in links {
        take_over(id, &child, is_partition, session)?;
        hand_down(&id.moved_to(&child), &child, session)?;
    }
    Ok(())
}

/// A table comes by the CHECK of its parent.
///
/// # Errors
/// Where it has another constraint of that name.
pub fn take_over(id: &ObjectId, child: &QName, is_partition: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(original) = session.catalog.get(id).cloned() else { return Ok(()) };
    let below = id.moved_to(child);
    match (constraint_of(&below, session), constraint_of(id, session)) {
        (Some(own), Some(parent)) => {
            if !matches!((&own.definition, &parent.definition), (Definition::Check(_), Definition::Check(_))) {
                return Err(DdlError::Invalid(format!("child table {child} has a different definition for {}", id.spelled())));
            }
            if is_partition {
                change(&below, session, |constraint| constraint.inherited = true);
            }
        }
        (None, _) => {
            if let Some(copy) = inherited_copy(&original, child, session) {
                session.catalog.insert(below, copy);
            }
        }
        (Some(_), None) => {}
    }
    Ok(())
}
