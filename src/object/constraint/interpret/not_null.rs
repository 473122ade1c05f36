//! NOT NULL.

use pg_query::protobuf;

use super::super::{Constraint, Definition};
use super::{By, Place, change, constraint_of};
use crate::model::{Entry, Ident, ObjectId, QName};
use crate::object::index::name::choose_constraint;
use crate::object::{DdlError, Object, Session, family, inheritance};

/// PostgreSQL has names for NOT NULL from this major on.
const NAMED_SINCE: u32 = 18;

pub fn define(place: &Place<'_>, node: &protobuf::Constraint, by: By, session: &mut Session) -> Result<(), DdlError> {
    for column in place.columns(&node.keys, session)? {
        let id = Constraint::not_null_id(place.name, &column);
        let given = (!node.conname.is_empty()).then(|| Ident::new(&node.conname));
        let validated = by == By::Create || !node.skip_validation;
        match constraint_of(&id, session) {
            None => put(place, &column, given, node.is_no_inherit, validated, session),
            Some(present) => {
                let renames = by == By::Create && present.inherited;
                let name = match given {
                    Some(name) => Some(name),
                    None if renames => Some(choose_constraint(place.name, Some(column.as_str()), "not_null", session)),
                    None => None,
                };
                merge(&id, name.filter(|_| renames && session.major() >= NAMED_SINCE), session);
            }
        }
        if by.recurses() && !node.is_no_inherit {
            hand_down(&id, place.name, session);
        }
        refresh(place.name, &column, session);
    }
    Ok(())
}

/// A NOT NULL that the table inherits becomes one of its own.
fn merge(id: &ObjectId, name: Option<Ident>, session: &mut Session) {
    change(id, session, |constraint| {
        constraint.inherited = false;
        if let (Definition::NotNull { name: present, .. }, Some(name)) = (&mut constraint.definition, name) {
            *present = Some(name);
        }
    });
}

/// A key of a new table says NOT NULL of the table itself, by a name of its own (`AddRelationNotNullConstraints` of src/backend/catalog/heap.c).
pub fn own(place: &Place<'_>, column: &Ident, session: &mut Session) {
    let id = Constraint::not_null_id(place.name, column);
    if constraint_of(&id, session).is_some_and(|present| present.inherited) {
        let name = choose_constraint(place.name, Some(column.as_str()), "not_null", session);
        merge(&id, Some(name), session);
    }
}

/// The NOT NULL of a column that LIKE copies is the table's own, by the name that it has there, where the table inherits one.
pub fn like(id: &ObjectId, name: Option<Ident>, session: &mut Session) {
    if constraint_of(id, session).is_some_and(|present| present.inherited) {
        merge(id, name, session);
    }
}

fn put(place: &Place<'_>, column: &Ident, name: Option<Ident>, no_inherit: bool, validated: bool, session: &mut Session) {
    let name = (session.major() >= NAMED_SINCE)
        .then(|| name.unwrap_or_else(|| choose_constraint(place.name, Some(column.as_str()), "not_null", session)));
    let constraint =
        Constraint { no_inherit, validated, ..Constraint::new(Definition::NotNull { column: column.clone(), name }) };
    let mut entry = Entry::new(constraint, Some(place.column_id(column)));
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(Constraint::not_null_id(place.name, column), entry);
}

/// NOT NULL of a column and of those that inherit it (unless ONLY was said, which is refused from 18 on), where it has none: what serial,
/// identity, keys and SET NOT NULL make.
///
/// # Errors
/// Where the table has no such column.
pub fn add(table: &ObjectId, column: &Ident, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let place = Place::of(table, None)?;
    session.column(table, column.as_str())?;
    let id = Constraint::not_null_id(place.name, column);
    let named = session.major() >= NAMED_SINCE;
    match constraint_of(&id, session) {
        None => put(&place, column, None, false, true, session),
        Some(present) if !present.validated => change(&id, session, |constraint| constraint.validated = true),
        Some(_) if named => return Ok(()),
        // A child's may have been let go of meanwhile (`ATPrepSetNotNull` of 17).
        Some(_) => {}
    }
    if recurse || named {
        hand_down(&id, place.name, session);
    }
    refresh(place.name, column, session);
    Ok(())
}

/// Gives the tables that inherit the column theirs, under the same name where it is free. One that a partition has of its own stays so
/// (`AdjustNotNullInheritance`).
pub fn hand_down(id: &ObjectId, table: &QName, session: &mut Session) {
    let children: Vec<QName> = inheritance::children(&session.catalog, table).into_iter().map(|(_, link)| link.child.clone()).collect();
    for child in children {
        take_over(id, &child, false, session);
        hand_down(&id.moved_to(&child), &child, session);
    }
}

/// A table comes by the NOT NULL of its parent.
pub fn take_over(id: &ObjectId, child: &QName, is_partition: bool, session: &mut Session) {
    let (Some(parent), Some(column)) = (constraint_of(id, session).cloned(), id.target().and_then(ObjectId::name).cloned()) else { return };
    let below = id.moved_to(child);
    if !below.target().is_some_and(|column| session.catalog.contains(column)) {
        return;
    }
    match constraint_of(&below, session) {
        Some(_) if is_partition => change(&below, session, |constraint| constraint.inherited = true),
        Some(_) => {}
        None => {
            if let Some(entry) = session.catalog.get(id).cloned()
                && let Some(mut copy) = super::inherited_copy(&entry, child, session)
            {
                let taken = |name: &Ident| {
                    session.catalog.contains(&Constraint::named_id(child, name))
                        || super::super::not_null_named(child, name, &session.catalog).is_some()
                };
                if let (Object::Constraint(constraint), Definition::NotNull { name: Some(name), .. }) = (&mut copy.object, &parent.definition)
                    && taken(name)
                {
                    let chosen = choose_constraint(child, Some(column.as_str()), "not_null", session);
                    constraint.definition = Definition::NotNull { column: column.clone(), name: Some(chosen) };
                }
                session.catalog.insert(below, copy);
            }
        }
    }
    refresh(child, &column, session);
}

/// Before 18 PostgreSQL does not say where a NOT NULL comes from: it counts as inherited where the column is not the table's own and
/// some parent has one.
pub fn refresh(table: &QName, column: &Ident, session: &mut Session) {
    if session.major() >= NAMED_SINCE {
        return;
    }
    let of_parents = matches!(session.catalog.object(&super::column_id(table, column)), Some(Object::Column(column)) if column.inherited);
    let inherited = of_parents && family::parents_have(table, column, &session.catalog);
    change(&Constraint::not_null_id(table, column), session, |constraint| constraint.inherited = inherited);
}

/// DROP NOT NULL, or DROP CONSTRAINT of one.
///
/// # Errors
/// Where a primary key, an identity or a parent table wants it.
pub fn drop(table: &ObjectId, column: &Ident, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let place = Place::of(table, None)?;
    let id = Constraint::not_null_id(place.name, column);
    let Some(present) = constraint_of(&id, session) else { return Ok(()) };
    // Before 18 only a partition is held to its parent's (`ATExecDropNotNull`).
    let held = if session.major() >= NAMED_SINCE { present.inherited } else { !family::inherits_plainly(place.name, &session.catalog) };
    if held && family::parents_have(place.name, column, &session.catalog) {
        return Err(DdlError::Invalid(format!("column {column} is marked NOT NULL in a parent of table {}", place.name)));
    }
    if matches!(session.catalog.object(&place.column_id(column)), Some(Object::Column(column)) if column.identity.is_some()) {
        return Err(DdlError::Invalid(format!("column {column} of relation {} is an identity column", place.name)));
    }
    let needed = |other: &ObjectId| session.catalog.get(other).is_some_and(|entry| entry.needs.contains(&id));
    if session.catalog.children_of(table, crate::object::Kind::Constraint).any(|(other, _)| needed(other)) {
        return Err(DdlError::Invalid(format!("column {column} is in a primary key")));
    }
    remove(&id, place.name, column, recurse, session);
    Ok(())
}

fn remove(id: &ObjectId, table: &QName, column: &Ident, recurse: bool, session: &mut Session) {
    session.catalog.remove(&ObjectId::of(crate::object::Kind::Comment, id.clone()));
    session.catalog.remove(id);
    let children: Vec<QName> = inheritance::children(&session.catalog, table).into_iter().map(|(_, link)| link.child.clone()).collect();
    for child in children {
        let below = id.moved_to(&child);
        let Some(present) = constraint_of(&below, session) else { continue };
        // Before 18 the command goes down to every child, whatever it or another parent has said (`ATSimpleRecursion`).
        let goes = session.major() < NAMED_SINCE || present.inherited && !family::parents_have(&child, column, &session.catalog);
        if recurse && goes {
            remove(&below, &child, column, true, session);
        } else if !family::parents_have(&child, column, &session.catalog) {
            change(&below, session, |constraint| constraint.inherited = false);
        }
    }
}
