//! FOREIGN KEY.

use std::collections::BTreeSet;

use pg_query::protobuf;

use super::super::{Constraint, Definition, ForeignKey, KeyConstraint};
use super::{By, Place, column_id, constraint_of, with_attributes};
use crate::model::{Entry, Ident, ObjectId, QName};
use crate::object::index::name::{addition, choose_constraint};
use crate::object::index::partition::moved_needs;
use crate::object::inheritance::copies::{self, Copy};
use crate::object::{DdlError, Kind, Object, Session, inheritance};
use crate::sql::literal;

pub fn define(place: &Place<'_>, node: &protobuf::Constraint, by: By, session: &mut Session) -> Result<(), DdlError> {
    let referenced = session.relation_of(&node.pktable.clone().unwrap_or_default(), &[Kind::Table])?;
    let Some(references) = referenced.qname().cloned() else { return Ok(()) };
    let columns = place.columns(&node.fk_attrs, session)?;
    let mut period = node.fk_with_period;
    let named: Vec<Ident> = literal::names(&node.pk_attrs).iter().map(|name| Ident::new(name)).collect();
    let (key, referenced_columns) = if named.is_empty() {
        let (id, primary) = primary_key(&referenced, session)?;
        period |= primary.without_overlaps;
        (id, primary.columns)
    } else {
        named.iter().try_for_each(|column| session.column(&referenced, column.as_str()).map(|_| ()))?;
        (key_over(&referenced, &named, session)?, named)
    };
    if columns.len() != referenced_columns.len() {
        return Err(DdlError::Invalid("number of referencing and referenced columns for foreign key disagree".to_owned()));
    }
    let mut needs: BTreeSet<ObjectId> = columns.iter().map(|column| place.column_id(column)).collect();
    needs.extend(referenced_columns.iter().map(|column| column_id(&references, column)));
    needs.insert(key);
    let definition = Definition::ForeignKey(ForeignKey {
        columns,
        references,
        referenced_columns,
        period,
        match_full: node.fk_matchtype == "f",
        on_update: action(&node.fk_upd_action)?,
        on_delete: action(&node.fk_del_action)?,
        delete_columns: literal::names(&node.fk_del_set_cols).iter().map(|name| Ident::new(name)).collect(),
    });
    let constraint = with_attributes(definition, node, by);
    let name = match place.given(&node.conname, session)? {
        Some(name) => name,
        None => chosen_name(place.name, &constraint.definition, session),
    };
    let id = place.id(&name);
    session.add(id.clone(), Entry::new(constraint, Some(place.table.clone())).needing(needs))?;
    // Partitions have copies that are no objects; what they had of their own becomes such a copy.
    absorb_below(&id, place.name, session);
    Ok(())
}

/// `table_columns_fkey` (`ChooseForeignKeyConstraintNameAddition`).
fn chosen_name(table: &QName, definition: &Definition, session: &Session) -> Ident {
    let columns: Vec<String> = match definition {
        Definition::ForeignKey(key) => key.columns.iter().map(|column| column.as_str().to_owned()).collect(),
        _ => Vec::new(),
    };
    choose_constraint(table, Some(&addition(&columns)), "fkey", session)
}

fn action(letter: &str) -> Result<String, DdlError> {
    let words = match letter {
        "a" | "" => "NO ACTION",
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        other => return Err(DdlError::Unsupported(format!("foreign key action {other:?}"))),
    };
    Ok(words.to_owned())
}

fn keys<'a>(table: &ObjectId, session: &'a Session) -> impl Iterator<Item = (&'a ObjectId, &'a Constraint, &'a KeyConstraint)> {
    session.catalog.children_of(table, Kind::Constraint).filter_map(|(id, entry)| match &entry.object {
        Object::Constraint(constraint) => match &constraint.definition {
            Definition::PrimaryKey(key) | Definition::Unique(key) => Some((id, constraint, key)),
            _ => None,
        },
        _ => None,
    })
}

fn primary_key(table: &ObjectId, session: &Session) -> Result<(ObjectId, KeyConstraint), DdlError> {
    keys(table, session)
        .find(|(_, constraint, _)| matches!(constraint.definition, Definition::PrimaryKey(_)))
        .map(|(id, _, key)| (id.clone(), key.clone()))
        .ok_or_else(|| DdlError::Waits(format!("there is no primary key for referenced table {}", table.spelled())))
}

/// The key or unique index over just these columns (`transformFkeyCheckAttrs`).
fn key_over(table: &ObjectId, columns: &[Ident], session: &Session) -> Result<ObjectId, DdlError> {
    let wanted: BTreeSet<&Ident> = columns.iter().collect();
    let same = |names: &[Ident]| names.len() == wanted.len() && names.iter().all(|name| wanted.contains(name));
    if let Some((id, ..)) = keys(table, session).find(|(_, constraint, key)| !constraint.deferrable && same(&key.columns)) {
        return Ok(id.clone());
    }
    let unique_index = session.catalog.children_of(table, Kind::Index).find(|(_, entry)| match &entry.object {
        Object::Index(index) if index.unique && index.predicate.is_none() => {
            let names: Option<Vec<Ident>> = index.elements.iter().map(|element| element.as_column().cloned()).collect();
            names.is_some_and(|names| same(&names))
        }
        _ => false,
    });
    unique_index
        .map(|(id, _)| id.clone())
        .ok_or_else(|| DdlError::Waits(format!("there is no unique constraint matching given keys for referenced table {}", table.spelled())))
}

/// Foreign keys of a partition that are like one of its parent's are no objects of their own any more.
pub fn absorb(parent: &ObjectId, partition: &QName, session: &mut Session) {
    let Some(wanted) = constraint_of(parent, session).cloned() else { return };
    let is_same = |entry: &Entry| matches!(&entry.object, Object::Constraint(own) if own.can_be_copy_of(&wanted));
    let table = crate::object::family::table(partition);
    let found = session.catalog.children_of(&table, Kind::Constraint).find(|(_, entry)| is_same(entry)).map(|(id, _)| id.clone());
    if let Some(found) = &found {
        session.catalog.remove(found);
    }
    let name = found.as_ref().or(Some(parent)).and_then(ObjectId::name).map(|name| free_name(partition, name, &wanted.definition, session));
    if let Some(name) = name {
        copies::add(partition, Copy { of: parent.clone(), name }, &mut session.catalog);
    }
    absorb_below(parent, partition, session);
}

/// That name, unless another constraint of the table has it (`addFkConstraint`).
fn free_name(table: &QName, name: &Ident, definition: &Definition, session: &Session) -> Ident {
    let is_taken = session.catalog.contains(&Constraint::named_id(table, name));
    if is_taken { chosen_name(table, definition, session) } else { name.clone() }
}

fn absorb_below(parent: &ObjectId, table: &QName, session: &mut Session) {
    let partitions: Vec<QName> = inheritance::children(&session.catalog, table)
        .into_iter()
        .filter(|(_, link)| link.bound.is_some())
        .map(|(_, link)| link.child.clone())
        .collect();
    for partition in partitions {
        absorb(parent, &partition, session);
    }
}

/// A partition that leaves keeps its copies as its own.
pub fn set_free(Copy { of, name }: &Copy, partition: &QName, session: &mut Session) {
    let Some(entry) = session.catalog.get(of).cloned() else { return };
    let Object::Constraint(constraint) = &entry.object else { return };
    let id = Constraint::named_id(partition, name);
    copies::set_source(of, &id, partition, &mut session.catalog);
    let own = Entry::new(constraint.clone(), Some(crate::object::family::table(partition))).needing(moved_needs(&entry, partition));
    session.catalog.insert(id, own);
}
