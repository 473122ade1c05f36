//! GRANT and REVOKE on what is no object of the catalog.

use pg_query::protobuf::ObjectType;
use pg_query::{Node, NodeEnum};

use super::AlteredPrivileges;
use crate::model::{Entry, Ident, Key, ObjectId, QName};
use crate::object::address::{arguments, parts, split};
use crate::object::privileges::spots::{Spots, gathered, spots};
use crate::object::privileges::{Grantee, Privileges, Transferring, built_in};
use crate::object::{DdlError, Kind, Object, Session, extension};
use crate::sql;

/// The member of an extension, or object of PostgreSQL's own, that GRANT names, and the extension. `None` where neither can be meant.
///
/// # Errors
/// A type among the arguments that does not exist.
pub fn belonging(session: &Session, kind: ObjectType, node: &Node) -> Result<Option<(ObjectId, Option<ObjectId>)>, DdlError> {
    let parts = parts(node);
    let (schema, name) = split(&parts);
    match kind {
        ObjectType::ObjectTable | ObjectType::ObjectSequence => {
            let own = schema.is_empty() && name.starts_with("pg_");
            let providers = extension::relation_providers(name);
            let kind = if kind == ObjectType::ObjectSequence { Kind::Sequence } else { Kind::Table };
            Ok(place(session, schema, name, own, providers).map(|(name, of)| (ObjectId::in_schema(kind, name), of)))
        }
        ObjectType::ObjectFunction | ObjectType::ObjectProcedure | ObjectType::ObjectRoutine => {
            let Some(NodeEnum::ObjectWithArgs(named)) = node.node.as_ref() else { return Ok(None) };
            let own = schema.is_empty() && sql::is_builtin_function(name);
            let Some((name, of)) = place(session, schema, name, own, extension::function_providers(name)) else { return Ok(None) };
            if named.args_unspecified {
                return Err(DdlError::Invalid(format!("write the arguments of {name}: it may be one of several, of which only a server knows")));
            }
            let kind = if kind == ObjectType::ObjectProcedure { Kind::Procedure } else { Kind::Function };
            let arguments = arguments(session, named)?;
            Ok(Some((ObjectId::new(kind, Key::Routine(name, arguments)), of)))
        }
        ObjectType::ObjectType | ObjectType::ObjectDomain => {
            let Some(NodeEnum::TypeName(_)) = node.node.as_ref() else { return Ok(None) };
            let own = schema.is_empty() && sql::types::is_builtin_type(name);
            let providers = extension::type_providers(name);
            Ok(place(session, schema, name, own, providers).map(|(name, of)| (ObjectId::in_schema(Kind::BaseType, name), of)))
        }
        ObjectType::ObjectSchema if is_systems(name) => Ok(Some((ObjectId::global(Kind::Schema, name), None))),
        ObjectType::ObjectLanguage if matches!(name, "plpgsql" | "sql" | "c" | "internal") => Ok(Some((ObjectId::global(Kind::Language, name), None))),
        ObjectType::ObjectFdw => Ok(of_extension(session, name).map(|of| (ObjectId::global(Kind::ForeignDataWrapper, name), Some(of)))),
        ObjectType::ObjectLanguage => Ok(of_extension(session, name).map(|of| (ObjectId::global(Kind::Language, name), Some(of)))),
        _ => Ok(None),
    }
}

/// Of other system schemas no dump tells (`selectDumpableNamespace`, src/bin/pg_dump/pg_dump.c).
fn is_systems(schema: &str) -> bool {
    schema == "pg_catalog"
}

/// Extensions name their wrapper or language as they are named themselves, dblink aside.
fn of_extension(session: &Session, name: &str) -> Option<ObjectId> {
    let extension = ObjectId::global(Kind::Extension, if name == "dblink_fdw" { "dblink" } else { name });
    session.catalog.contains(&extension).then_some(extension)
}

/// Schema and extension of a name. Only what is known is taken for a member: another statement may make what is not there yet.
fn place(session: &Session, schema: &str, name: &str, own: bool, providers: &[&str]) -> Option<(QName, Option<ObjectId>)> {
    let known = session.extension_with(schema, providers).filter(|(id, _)| id.name().is_some_and(|id| providers.contains(&id.as_str())));
    if let Some((extension, schema)) = known {
        return Some((QName { schema, name: Ident::new(name) }, Some(extension)));
    }
    let unqualified = schema.is_empty();
    let schema = if unqualified { "pg_catalog" } else { schema };
    (own || !unqualified && is_systems(schema)).then(|| (QName::new(schema, name), None))
}

/// What a target had before anybody altered it, as well as it can be told without a server: what `acldefault` gives to PUBLIC and, where
/// they run the files, to the owner; of relations, that everybody may read them.
fn guessed(session: &Session, target: &ObjectId) -> Privileges {
    let mut grants = built_in(target.kind, session.major());
    let own = grants.shift_remove(&Grantee::Owner).unwrap_or_default();
    if target.kind == Kind::Table {
        grants.insert(Grantee::Public, [("SELECT".to_owned(), false)].into());
    }
    if let Some(role) = &session.default_role {
        grants.insert(Grantee::Role(role.clone()), own);
    }
    grants.into()
}

/// Works a GRANT or REVOKE of these privileges (`all`: it was said so) into what is known of the target.
///
/// # Errors
/// As [`Transferring::work`].
pub fn change(
    session: &mut Session,
    (target, extension): &(ObjectId, Option<ObjectId>),
    transferring: &Transferring<'_>,
    (privileges, all): (&[String], bool),
) -> Result<(), DdlError> {
    let id = ObjectId::of(Kind::AlteredPrivileges, target.clone());
    let known = match session.catalog.object(&id) {
        Some(Object::AlteredPrivileges(known)) => known.clone(),
        _ => Box::default(),
    };
    let (before, after) = (spots(&known.before), spots(&known.after));
    let mut initial: Spots = spots(&guessed(session, target));
    for spot in after.keys() {
        initial.shift_remove(spot);
    }
    // Whoever names a privilege says that it was otherwise.
    for spot in transferring.spots(privileges).into_iter().filter(|spot| !all && !before.contains_key(spot) && !after.contains_key(spot)) {
        if transferring.grants {
            initial.shift_remove(&spot);
        } else {
            initial.entry(spot).or_insert(transferring.option);
        }
    }
    initial.extend(before.clone());
    let mut present = initial.clone();
    present.retain(|spot, _| !before.contains_key(spot));
    present.extend(after);
    let mut held = gathered(present);
    transferring.work(&mut held, None, privileges)?;
    match AlteredPrivileges::between(&gathered(initial), &held) {
        Some(altered) => {
            let mut entry = Entry::new(altered, None).needing(extension.clone());
            entry.origin.clone_from(&session.origin);
            session.catalog.insert(id, entry);
        }
        None => {
            session.catalog.remove(&id);
        }
    }
    Ok(())
}
