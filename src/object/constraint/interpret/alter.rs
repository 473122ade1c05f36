//! Commands of ALTER TABLE that are about constraints.

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterTableCmd, AlterTableType, AtAlterConstraint};

use super::super::{Constraint, Definition, not_null_named};
use super::{By, Place, change, constraint_of, define, not_null};
use crate::model::{Ident, ObjectId, QName};
use crate::object::{Behavior, DdlError, Session, family, generic, inheritance};

/// ADD, ALTER, VALIDATE and DROP CONSTRAINT, SET and DROP NOT NULL; `recurse` unless ONLY was said.
///
/// # Errors
/// Where a constraint does not exist, is needed, or the command is none of these.
pub fn command(table: &ObjectId, command: &AlterTableCmd, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    use AlterTableType as Type;
    let name = Ident::new(&command.name);
    match (command.subtype(), command.def.as_deref().and_then(|node| node.node.as_ref())) {
        (Type::AtAddConstraint, Some(NodeEnum::Constraint(constraint))) => define(table, None, constraint, By::Alter { recurse }, session),
        (Type::AtAlterConstraint, Some(NodeEnum::AtalterConstraint(alter))) => alter_constraint(table, alter, session),
        (Type::AtValidateConstraint, _) => validate(table, &find(table, &name, session)?, session),
        (Type::AtDropConstraint, _) => match find(table, &name, session) {
            Ok(id) => drop(table, &id, generic::behavior(command.behavior()), recurse, session),
            Err(DdlError::Missing { .. }) if command.missing_ok => Ok(()),
            Err(error) => Err(error),
        },
        (Type::AtSetNotNull, _) => not_null::add(table, &name, recurse, session),
        (Type::AtDropNotNull, _) => {
            session.column(table, &command.name)?;
            not_null::drop(table, &name, recurse, session)
        }
        (other, _) => Err(DdlError::Unsupported(format!("ALTER TABLE .. {}", other.as_str_name()))),
    }
}

/// The constraint of that name, NOT NULL among them.
fn find(table: &ObjectId, name: &Ident, session: &Session) -> Result<ObjectId, DdlError> {
    let place = Place::of(table, None)?;
    let id = place.id(name);
    if session.catalog.contains(&id) {
        return Ok(id);
    }
    not_null_named(place.name, name, &session.catalog)
        .ok_or_else(|| DdlError::Missing { what: "constraint", name: format!("{name} of relation {}", place.name) })
}

fn children(table: &QName, session: &Session) -> Vec<QName> {
    inheritance::children(&session.catalog, table).into_iter().map(|(_, link)| link.child.clone()).collect()
}

fn validate(table: &ObjectId, id: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(constraint) = constraint_of(id, session) else { return Ok(()) };
    if !constraint.enforced {
        return Err(DdlError::Invalid("cannot validate NOT ENFORCED constraint".to_owned()));
    }
    let goes_down = matches!(constraint.definition, Definition::Check(_) | Definition::NotNull { .. }) && !constraint.no_inherit;
    change(id, session, |constraint| constraint.validated = true);
    if goes_down && let Some(name) = table.qname() {
        for child in children(name, session) {
            let below = id.moved_to(&child);
            if session.catalog.contains(&below) {
                validate(&family::table(&child), &below, session)?;
            }
        }
    }
    Ok(())
}

fn alter_constraint(table: &ObjectId, alter: &AtAlterConstraint, session: &mut Session) -> Result<(), DdlError> {
    let id = find(table, &Ident::new(&alter.conname), session)?;
    change(&id, session, |constraint| {
        if alter.alter_deferrability {
            constraint.deferrable = alter.deferrable || alter.initdeferred;
            constraint.deferred = alter.initdeferred;
        }
        if alter.alter_enforceability {
            // Enforcing it checks the rows that are there.
            constraint.enforced = alter.is_enforced;
            constraint.validated = alter.is_enforced;
        }
        if alter.alter_inheritability {
            constraint.no_inherit = alter.noinherit;
        }
    });
    let Some(name) = table.qname().filter(|_| alter.alter_inheritability) else { return Ok(()) };
    if !alter.noinherit {
        not_null::hand_down(&id, name, session);
        return Ok(());
    }
    // Each child keeps its own (`ATExecAlterConstrInheritability`).
    for child in children(name, session) {
        change(&id.moved_to(&child), session, |constraint| constraint.inherited = false);
    }
    Ok(())
}

fn drop(table: &ObjectId, id: &ObjectId, behavior: Behavior, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let (Some(constraint), Some(name)) = (constraint_of(id, session), table.qname()) else { return Ok(()) };
    if let Definition::NotNull { column, .. } = &constraint.definition {
        let column = column.clone();
        return not_null::drop(table, &column, recurse, session);
    }
    let is_check = matches!(constraint.definition, Definition::Check(_));
    let of_parents = is_check
        && constraint.inherited
        && inheritance::parents(&session.catalog, name).into_iter().any(|(_, link)| session.catalog.contains(&id.moved_to(&link.parent)));
    let attached = session.catalog.get(id).is_some_and(|entry| entry.auto.is_some());
    if of_parents || attached {
        return Err(DdlError::Invalid(format!("cannot drop inherited constraint {} of relation {name}", id.spelled())));
    }
    session.drop(id, behavior)?;
    if is_check {
        leave_below(id, name, recurse, session)?;
    }
    Ok(())
}

/// What only followed from the dropped one goes too, or stays as the child's own.
fn leave_below(id: &ObjectId, table: &QName, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    for child in children(table, session) {
        let below = id.moved_to(&child);
        let still = || {
            let parents = inheritance::parents(&session.catalog, &child);
            parents.into_iter().any(|(_, link)| session.catalog.contains(&id.moved_to(&link.parent)))
        };
        if !constraint_of(&below, session).is_some_and(|constraint| constraint.inherited) || still() {
            continue;
        }
        if recurse {
            session.drop(&below, Behavior::Restrict)?;
            leave_below(&below, &child, true, session)?;
        } else {
            change(&below, session, |constraint| constraint.inherited = false);
        }
    }
    Ok(())
}

/// RENAME CONSTRAINT; what child tables inherit is renamed with it.
///
/// # Errors
/// Where there is no such constraint, or the new name is taken.
pub fn rename(table: &ObjectId, old: &str, new: &str, session: &mut Session) -> Result<(), DdlError> {
    let id = find(table, &Ident::new(old), session)?;
    let (Some(name), new) = (table.qname().cloned(), Ident::new(new)) else { return Ok(()) };
    rename_one(&id, &name, &new, session)
}

fn rename_one(id: &ObjectId, table: &QName, new: &Ident, session: &mut Session) -> Result<(), DdlError> {
    let Some(constraint) = constraint_of(id, session) else { return Ok(()) };
    let goes_down = matches!(constraint.definition, Definition::Check(_) | Definition::NotNull { .. }) && !constraint.no_inherit;
    if let Definition::NotNull { .. } = constraint.definition {
        change(id, session, |constraint| {
            if let Definition::NotNull { name, .. } = &mut constraint.definition {
                *name = Some(new.clone());
            }
        });
    } else {
        session.rename(id, &Constraint::named_id(table, new))?;
    }
    if goes_down {
        for child in children(table, session) {
            rename_one(&id.moved_to(&child), &child, new, session)?;
        }
    }
    Ok(())
}
