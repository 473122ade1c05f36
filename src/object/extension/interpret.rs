//! CREATE EXTENSION and ALTER EXTENSION .. UPDATE.

use pg_query::protobuf::{self, AlterExtensionContentsStmt};

use super::{Extension, fixed_schema, requires};
use crate::model::{Entry, Ident, ObjectId};
use crate::object::{DdlError, Kind, Object, Session};
use crate::object::address::words;
use crate::object::resolve::is_systems;
use crate::sql::literal::{option, value};

/// CREATE EXTENSION. That of plpgsql, which every database has, says nothing.
///
/// # Errors
/// Where it is there already, its schema does not exist, or an extension that it requires is missing.
pub fn interpret_create(stmt: &protobuf::CreateExtensionStmt, session: &mut Session) -> Result<(), DdlError> {
    if stmt.extname == "plpgsql" {
        return Ok(());
    }
    let given = |name: &str| option(&stmt.options, name).map_or(Ok(None), value);
    create(&stmt.extname, given("schema")?.as_deref(), given("new_version")?, option(&stmt.options, "cascade").is_some(), stmt, session)
}

fn create(
    name: &str,
    schema: Option<&str>,
    version: Option<String>,
    cascade: bool,
    stmt: &protobuf::CreateExtensionStmt,
    session: &mut Session,
) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Extension, name);
    if session.catalog.contains(&id) {
        return if stmt.if_not_exists || name != stmt.extname { Ok(()) } else { Err(DdlError::Exists(format!("extension {}", id.spelled()))) };
    }
    let mut needs = Vec::new();
    for required in requires(name).iter().filter(|required| **required != "plpgsql") {
        if cascade {
            create(required, schema, None, true, stmt, session)?;
        }
        let required = ObjectId::global(Kind::Extension, *required);
        if !session.catalog.contains(&required) {
            return Err(DdlError::Missing { what: "required extension", name: required.spelled() });
        }
        needs.push(required);
    }
    let own = fixed_schema(name).map(Ident::new);
    let schema = match (own, schema) {
        // CREATE EXTENSION makes the schema that the control file prescribes.
        (Some(own), _) => own,
        (None, Some(given)) if is_systems(given) => Ident::new(given),
        (None, given) => session.creation_schema(given.unwrap_or_default())?,
    };
    needs.extend(Some(ObjectId::global(Kind::Schema, schema.clone())).filter(|schema| session.catalog.contains(schema)));
    session.add(id, Entry::new(Extension { schema, version }, None).needing(needs))
}

/// ALTER EXTENSION .. UPDATE.
///
/// # Errors
/// Where there is no such extension.
pub fn interpret_update(stmt: &protobuf::AlterExtensionStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Extension, stmt.extname.as_str());
    let version = option(&stmt.options, "new_version").map_or(Ok(None), value)?;
    match session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        Some(Object::Extension(extension)) => extension.version = version,
        _ if stmt.extname == "plpgsql" => {}
        _ => return Err(DdlError::Missing { what: "extension", name: id.spelled() }),
    }
    Ok(())
}

/// ALTER EXTENSION .. ADD and DROP, which extensions' own scripts use: what belongs to one is told by nothing else than its script.
pub fn not_altered(stmt: &AlterExtensionContentsStmt) -> DdlError {
    let verb = if stmt.action > 0 { "ADD" } else { "DROP" };
    let (extension, kind) = (Ident::new(&stmt.extname), words(stmt.objtype()));
    DdlError::Invalid(format!("ALTER EXTENSION {extension} {verb} {kind}: the members of an extension are its script's business"))
}
