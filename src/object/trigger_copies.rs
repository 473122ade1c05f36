//! How partitions' copies of a row trigger fire: a copy is an object where it fires otherwise than what it is a copy of.

use std::collections::BTreeMap;
use std::iter::successors;

use super::trigger::{Firing, Trigger};
use super::{DdlError, Kind, Object, Session, inheritance};
use crate::model::{Catalog, Entry, Ident, ObjectId, QName};

fn trigger<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Trigger> {
    match catalog.object(id)? {
        Object::Trigger(trigger) => Some(trigger),
        _ => None,
    }
}

fn id_on(table: &QName, name: &Ident) -> ObjectId {
    ObjectId::on(Kind::Trigger, table.clone(), name.clone())
}

/// The partitioned table that a partition belongs to.
fn above(catalog: &Catalog, table: &QName) -> Option<QName> {
    inheritance::partition_link(catalog, table).map(|(_, link)| link.parent.clone())
}

/// The partitions below a table with what each is a partition of, those above first.
fn below(catalog: &Catalog, table: &QName) -> Vec<(QName, QName)> {
    inheritance::partitions_below(catalog, table).into_iter().map(|(_, link)| (link.child.clone(), link.parent.clone())).collect()
}

/// The trigger of that name that a table has by itself or as a copy: where it was made.
fn source(catalog: &Catalog, table: &QName, name: &Ident) -> Option<QName> {
    let mut at = table.clone();
    loop {
        match trigger(catalog, &id_on(&at, name)) {
            Some(found) if !found.inherited => return (found.row || at == *table).then_some(at),
            _ => at = above(catalog, &at)?,
        }
    }
}

/// The names of all triggers of a table, copies included.
fn names_on(catalog: &Catalog, table: &QName) -> Vec<Ident> {
    let mut names = Vec::new();
    let mut at = Some(table.clone());
    while let Some(table) = at {
        let parent = ObjectId::in_schema(Kind::Table, table.clone());
        names.extend(catalog.children_of(&parent, Kind::Trigger).filter_map(|(id, _)| id.name().cloned()));
        at = above(catalog, &table);
    }
    names.sort();
    names.dedup();
    names
}

/// ENABLE and DISABLE TRIGGER of one trigger, or of all of a table; with its copies, unless ONLY is said (`EnableDisableTrigger` of
/// src/backend/commands/trigger.c).
///
/// # Errors
/// Where there is no such trigger.
pub fn set_firing(table: &ObjectId, name: &str, firing: Firing, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(table) = table.qname() else { return Ok(()) };
    let names = if name.is_empty() { names_on(&session.catalog, table) } else { vec![Ident::new(name)] };
    for wanted in names {
        match source(&session.catalog, table, &wanted) {
            Some(source) => fire(&source, &wanted, table, firing, recurse, session),
            None if name.is_empty() => {}
            None => return Err(DdlError::Missing { what: "trigger", name: id_on(table, &wanted).spelled() }),
        }
    }
    Ok(())
}

fn fire(source: &QName, name: &Ident, table: &QName, firing: Firing, recurse: bool, session: &mut Session) {
    let Some(original) = trigger(&session.catalog, &id_on(source, name)).cloned() else { return };
    let tree = if original.row { below(&session.catalog, source) } else { Vec::new() };
    let mut states = BTreeMap::from([(source.clone(), original.firing)]);
    for (child, parent) in &tree {
        let present = trigger(&session.catalog, &id_on(child, name)).map(|copy| copy.firing);
        if let Some(state) = present.or_else(|| states.get(parent).copied()) {
            states.insert(child.clone(), state);
        }
    }
    let mut reached = vec![table.clone()];
    if recurse {
        reached.extend(below(&session.catalog, table).into_iter().map(|(child, _)| child));
    }
    states.extend(reached.into_iter().map(|table| (table, firing)));
    if let (Some(Object::Trigger(trigger)), Some(state)) =
        (session.catalog.get_mut(&id_on(source, name)).map(|entry| &mut entry.object), states.get(source))
    {
        trigger.firing = *state;
    }
    for (child, parent) in &tree {
        let (Some(state), Some(of_parent)) = (states.get(child), states.get(parent)) else { continue };
        session.catalog.remove(&id_on(child, name));
        if state != of_parent {
            let copy = Trigger { firing: *state, inherited: true, ..original.clone() };
            let entry = copy_entry(copy, source, (child, parent), name, &session.catalog);
            session.catalog.insert(id_on(child, name), entry);
        }
    }
}

/// A copy needs what its original needs, of its own table, what it is a copy of, and all that makes its table a partition.
fn copy_entry(copy: Trigger, source: &QName, (child, parent): (&QName, &QName), name: &Ident, catalog: &Catalog) -> Entry {
    let table = ObjectId::in_schema(Kind::Table, child.clone());
    let original = catalog.get(&id_on(source, name));
    let needs = original.into_iter().flat_map(|entry| entry.needs.iter());
    let source_table = ObjectId::in_schema(Kind::Table, source.clone());
    let moved = |need: &ObjectId| if need.qname() == Some(source) { need.moved_to(child) } else { need.clone() };
    let needs: Vec<ObjectId> = needs.filter(|need| **need != source_table).map(moved).collect();
    let all: Vec<QName> = successors(Some(child.clone()), |table| above(catalog, table)).collect();
    let tables = all.get(1..).unwrap_or_default();
    // What stands for the copy above, where that is no object.
    let at = tables.iter().find(|table| catalog.contains(&id_on(table, name))).or(tables.last()).unwrap_or(parent);
    let links = all.iter().zip(tables).map(|(below, above)| inheritance::link_id(below, above));
    Entry::new(copy, Some(table)).needing(needs).needing([id_on(at, name)]).needing(links)
}

/// Forgets the copies of a trigger that was made anew: they fire as it does.
pub fn forget(id: &ObjectId, catalog: &mut Catalog) {
    let (Some(table), Some(name)) = (id.qname().cloned(), id.name().cloned()) else { return };
    for (child, _) in below(catalog, &table) {
        let copy = id_on(&child, &name);
        if trigger(catalog, &copy).is_some_and(|trigger| trigger.inherited) {
            catalog.remove(&copy);
        }
    }
}

/// Forgets the copies that a partition and those below it have of triggers above, because it leaves its parent.
pub fn detach(partition: &ObjectId, catalog: &mut Catalog) {
    let Some(table) = partition.qname().cloned() else { return };
    let tables = below(catalog, &table).into_iter().map(|(child, _)| child).chain([table.clone()]).collect::<Vec<_>>();
    for table in &tables {
        let parent = ObjectId::in_schema(Kind::Table, table.clone());
        let copies = catalog.children_of(&parent, Kind::Trigger).filter(|(_, entry)| is_copy(&entry.object));
        let copies: Vec<ObjectId> = copies.map(|(id, _)| id.clone()).collect();
        for id in copies {
            let source = id.name().and_then(|name| source(catalog, table, name));
            if source.is_none_or(|source| !tables.contains(&source)) {
                catalog.remove(&id);
            }
        }
    }
}

/// Whether a trigger is a partition's copy, which goes with what it is a copy of.
pub const fn is_copy(object: &Object) -> bool {
    matches!(object, Object::Trigger(trigger) if trigger.inherited)
}
