//! Base types as they are before they are defined: shells. What makes one a type is its [`TypeDefinition`], which needs functions that
//! need the shell. Key: `Key::InSchema`.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf;
use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::type_definition::TypeDefinition;
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Session, Slot};
use crate::model::{Catalog, Entry, Expr, ObjectId, Pair, Step};
use crate::sql::Name;

/// A base type, defined or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseType {}

/// Sorts out who needs the shell and who the type: the type's own functions need the shell and go with it, all others the type.
pub fn complete(catalog: &mut Catalog) {
    let definitions: Vec<(ObjectId, ObjectId)> = catalog
        .of_kind(Kind::TypeDefinition)
        .filter_map(|(id, entry)| Some((entry.parent.clone()?, id.clone())))
        .collect();
    if definitions.is_empty() {
        return;
    }
    let mut functions: BTreeMap<ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
    for (shell, definition) in &definitions {
        // `pg_depend` says it all of the one row that both have.
        let Some(entry) = catalog.get_mut(shell) else { continue };
        let (keep, give): (BTreeSet<ObjectId>, BTreeSet<ObjectId>) =
            std::mem::take(&mut entry.needs).into_iter().partition(|need| need.kind == Kind::Schema || need.kind == Kind::Extension);
        entry.needs = keep.into_iter().collect();
        let Some(entry) = catalog.get_mut(definition) else { continue };
        entry.needs.extend(give);
        let own = entry.needs.iter().filter(|need| need.kind == Kind::Function).cloned().collect();
        functions.insert(shell.clone(), own);
        // Only its owner defines a shell, superuser or not (`TypeCreate` in src/backend/catalog/pg_type.c). Until 17 there are no privileges
        // on a shell (`ExecGrant_Type_check` in src/backend/catalog/aclchk.c), later they go when it is defined.
        for said in [Kind::Owner, Kind::Privileges].map(|kind| ObjectId::of(kind, shell.clone())) {
            if let Some(entry) = catalog.get_mut(&said) {
                entry.needs.insert(definition.clone());
            }
        }
    }
    let of: BTreeMap<ObjectId, ObjectId> = definitions.into_iter().collect();
    let needs_shell = |id: &ObjectId, entry: &Entry| {
        !id.target().is_some_and(|target| of.contains_key(target)) && entry.needs.iter().any(|need| of.contains_key(need))
    };
    catalog.change_all(needs_shell, |id, entry| {
        let shells: Vec<ObjectId> = entry.needs.iter().filter(|need| of.contains_key(*need)).cloned().collect();
        for shell in shells {
            if functions.get(&shell).is_some_and(|own| own.contains(id)) {
                entry.auto = Some(shell);
            } else {
                entry.needs.extend(of.get(&shell).cloned());
            }
        }
    });
}

/// Defines a type, be it a base type or a range, as `work` does it; as long as it waits, so does what cannot be said of a shell.
///
/// # Errors
/// Those of `work`.
pub fn defining(
    parts: &[protobuf::Node],
    session: &mut Session,
    work: impl FnOnce(&mut Session) -> Result<(), DdlError>,
) -> Result<(), DdlError> {
    let name = Name::of(parts).map(|Name { schema, name }| (schema, name));
    let done = work(session);
    if let Some(name) = name {
        if done.is_err() {
            session.awaited.insert(name);
        } else {
            session.awaited.remove(&name);
        }
    }
    done
}

/// Whose a type is, and who may use it, is said once it is defined: see [`complete`].
///
/// # Errors
/// Where the type is a shell that a statement still waits to define.
pub fn wait_for_definition(id: &ObjectId, session: &Session) -> Result<(), DdlError> {
    let Some(name) = id.qname().filter(|_| id.kind == Kind::BaseType && !session.catalog.contains(&TypeDefinition::id(id))) else {
        return Ok(());
    };
    let own = |(schema, of): &(Option<String>, String)| {
        *of == name.name.as_str() && schema.as_ref().is_none_or(|schema| schema == name.schema.as_str())
    };
    if session.awaited.iter().any(own) { Err(DdlError::Waits(format!("type {name} is only a shell"))) } else { Ok(()) }
}

/// The privileges on a shell go when it is defined, where it can have any: see [`complete`].
pub fn forget_privileges(id: &ObjectId, session: &mut Session) {
    if session.catalog.major >= 18 {
        session.catalog.remove(&ObjectId::of(Kind::Privileges, id.clone()));
    }
}

/// A type that becomes a shell, or a shell a type, does so from the beginning: nothing takes a definition away, and only its owner defines it.
pub fn defined_otherwise(definition: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let stays = |shell: &&ObjectId| [cx.from, cx.to].iter().all(|catalog| catalog.contains(shell));
    let is_in_both = [cx.from, cx.to].iter().all(|catalog| catalog.contains(definition));
    definition.target().filter(stays).filter(|_| !is_in_both).cloned().into_iter().collect()
}

impl ObjectDef for BaseType {
    const KIND: Kind = Kind::BaseType;
    const QUERY: &'static str = include_str!("base_type.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Ok(Some(Found::new(ObjectId::in_schema(Kind::BaseType, row.qname("nspname", "typname")?), Self {})))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        vec![Step::new(format!("CREATE {}", id.address()), format!("announce type {}", id.spelled()))]
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self {} = pair.to;
        Change::InPlace(Vec::new())
    }

    /// A type and its functions need each other, so that only CASCADE drops them. Everything else that needs it is gone by then.
    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        if !cx.from.contains(&TypeDefinition::id(id)) {
            return plain::drop(id);
        }
        vec![Step::new(format!("DROP {} CASCADE", id.address()), format!("drop type {} and its functions", id.spelled()))]
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().into_iter().map(|name| Slot::Type(name.clone())).collect()
    }

    stands_alone!(keeping drop, slots);
}
