//! What constraints do when a table comes under a parent, leaves it, or is made like another.

use super::super::{Constraint, Definition};
use super::{check, column_id, constraint_of, foreign, inherited_copy, not_null};
use crate::model::{Entry, ObjectId, QName};
use crate::object::index::partition;
use crate::object::inheritance::copies;
use crate::object::{DdlError, Kind, Object, Session, generic, inheritance};

/// NOT NULLs of a table and its other constraints.
fn constraints(table: &ObjectId, session: &Session) -> Vec<ObjectId> {
    let columns = session.catalog.children_of(table, Kind::Column).map(|(column, _)| ObjectId::of(Kind::Constraint, column.clone()));
    let not_nulls = columns.filter(|id| session.catalog.contains(id));
    not_nulls.chain(session.catalog.children_of(table, Kind::Constraint).map(|(id, _)| id.clone())).collect()
}

fn is_partition(child: &QName, parent: &QName, session: &Session) -> bool {
    let link = session.catalog.object(&inheritance::link_id(child, parent));
    matches!(link, Some(Object::Inheritance(link)) if link.bound.is_some())
}

/// What a table takes over when it comes under a parent.
///
/// # Errors
/// Where the two have constraints that do not go together.
pub fn inherit(child: &ObjectId, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let (Some(below), Some(above)) = (child.qname().cloned(), parent.qname().cloned()) else { return Ok(()) };
    let partition = is_partition(&below, &above, session);
    for id in constraints(parent, session) {
        let Some(constraint) = constraint_of(&id, session) else { continue };
        let (copy, is_new) = (id.moved_to(&below), !session.catalog.contains(&id.moved_to(&below)));
        match &constraint.definition {
            Definition::Check(_) if !constraint.no_inherit => check::take_over(&id, &below, partition, session)?,
            Definition::NotNull { .. } if !constraint.no_inherit => not_null::take_over(&id, &below, partition, session),
            Definition::ForeignKey(_) if partition => foreign::absorb(&id, &below, session),
            _ => {}
        }
        if is_new {
            // A new table has no rows that it would not hold for (`MergeAttributes` of src/backend/commands/tablecmds.c).
            super::change(&copy, session, |constraint| constraint.validated = constraint.enforced);
        }
    }
    if partition {
        for copy in copies::of_partition(&session.catalog, &above) {
            foreign::absorb(&copy.of, &below, session);
        }
        for id in partition::indexes(&above, &session.catalog) {
            partition::ensure(&below, &id, session)?;
            partition::refresh_validity(&id, session);
        }
    }
    Ok(())
}

/// What becomes of inherited constraints when a table leaves its parent: they stay as its own.
///
/// # Errors
/// None so far.
pub fn disinherit(child: &ObjectId, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let (Some(below), Some(above)) = (child.qname().cloned(), parent.qname().cloned()) else { return Ok(()) };
    let partition = is_partition(&below, &above, session);
    let others: Vec<QName> = inheritance::parents(&session.catalog, &below)
        .into_iter()
        .map(|(_, link)| link.parent.clone())
        .filter(|other| *other != above)
        .collect();
    for id in constraints(child, session) {
        let of_others = others.iter().any(|other| session.catalog.contains(&id.moved_to(other)));
        if !of_others && constraint_of(&id, session).is_some_and(|constraint| constraint.inherited) {
            super::change(&id, session, |constraint| constraint.inherited = false);
        }
    }
    if !partition {
        return Ok(());
    }
    for id in partition::indexes(&below, &session.catalog) {
        let above_it = session.catalog.get(&id).and_then(|entry| entry.auto.clone());
        if above_it.is_some() {
            partition::detach(&id, session);
        }
    }
    for copy in copies::of_partition(&session.catalog, &below) {
        foreign::set_free(&copy, &below, session);
    }
    Ok(())
}

/// What LIKE copies of `source`, under the names that PostgreSQL chooses: NOT NULL always, CHECKs with `checks`, keys and
/// indexes with `indexes`.
///
/// # Errors
/// Where a name is taken.
pub fn like(table: &ObjectId, source: &ObjectId, [checks, indexes, comments]: [bool; 3], session: &mut Session) -> Result<(), DdlError> {
    let (Some(name), Some(from)) = (table.qname().cloned(), source.qname().cloned()) else { return Ok(()) };
    for id in constraints(source, session) {
        let Some(entry) = session.catalog.get(&id).cloned() else { continue };
        let Object::Constraint(constraint) = &entry.object else { continue };
        let copy = match &constraint.definition {
            Definition::NotNull { column, name: known_as } => {
                let present = session.catalog.contains(&id.moved_to(&name));
                if present {
                    not_null::like(&id.moved_to(&name), known_as.clone(), session);
                }
                !present && session.catalog.contains(&column_id(&name, column))
            }
            Definition::Check(_) => checks,
            _ => false,
        };
        if copy && let Some(mut copied) = inherited_copy(&entry, &name, session) {
            if let Object::Constraint(constraint) = &mut copied.object {
                // There are no rows that it would not hold for.
                *constraint = Constraint { inherited: false, validated: constraint.enforced, ..constraint.clone() };
            }
            session.add(id.moved_to(&name), copied)?;
            if comments {
                generic::copy_comment(&id, id.moved_to(&name), session);
            }
        }
    }
    if indexes {
        for id in partition::indexes(&from, &session.catalog) {
            if let Some(entry) = session.catalog.get(&id).cloned() {
                let entry = Entry { auto: None, ..entry };
                let copy = partition::clone(&name, &entry, session)?;
                keep_whole(&copy, session);
                if comments {
                    generic::copy_comment(&id, copy, session);
                }
            }
        }
    }
    Ok(())
}

/// What LIKE copies of a partition's index stands alone.
fn keep_whole(id: &ObjectId, session: &mut Session) {
    if let Some(entry) = session.catalog.get_mut(id) {
        entry.needs.retain(|need| !matches!(need.kind, Kind::Index));
    }
}
