//! User mappings of foreign servers. Key: `Key::Two(role, server)`, both spelled as SQL; parent: the server.

use std::collections::BTreeSet;

use pg_query::protobuf::{self, RoleSpecType};
use serde::{Deserialize, Serialize};

use super::foreign_options::ForeignOptions;
use super::plain::{self, stands_alone};
use super::{Behavior, CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, generic};
use crate::model::{Entry, Expr, Ident, Key, ObjectId, Pair, Step};

/// A user mapping. Passwords in it are the database's alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMapping {
    /// OPTIONS.
    pub options: ForeignOptions,
}

fn identity(role: Option<&Ident>, server: &Ident) -> ObjectId {
    let role = role.map_or_else(|| "PUBLIC".to_owned(), Ident::quoted);
    ObjectId::new(Kind::UserMapping, Key::Two(role, server.quoted()))
}

impl ObjectDef for UserMapping {
    const KIND: Kind = Kind::UserMapping;
    const QUERY: &'static str = include_str!("user_mapping.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_foreign_server", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let server = row.ident("srvname")?;
        let id = identity(row.opt_ident("role")?.as_ref(), &server);
        let object = Self { options: ForeignOptions::read(row, "umoptions")? };
        Ok(Some(Found::child(id, object, ObjectId::global(Kind::Server, server))))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { options } = self;
        let sql: Vec<String> = [format!("CREATE {}", id.address())].into_iter().chain(options.clause()).collect();
        plain::create(id, sql.join(" ")).into_iter().map(|step| options.created(step)).collect()
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        plain::drop(id).into_iter().map(|step| self.options.dropped(step)).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { options } = pair.to;
        Change::InPlace(ForeignOptions::changes(Pair::new(&pair.from.options, options)).iter().map(|clause| plain::change(id, clause)).collect())
    }

    stands_alone!(keeping drop);
}

fn find(user: Option<&protobuf::RoleSpec>, server: &str, session: &Session) -> Result<(ObjectId, ObjectId), DdlError> {
    let parent = ObjectId::global(Kind::Server, server);
    if !session.catalog.contains(&parent) {
        return Err(DdlError::Missing { what: "server", name: parent.spelled() });
    }
    let role = match user {
        Some(spec) if spec.roletype() == RoleSpecType::RolespecPublic => None,
        Some(spec) => match generic::role(session, spec) {
            Some(role) => Some(role),
            None => return Err(DdlError::Invalid("a user mapping for whoever runs the files: name the role".to_owned())),
        },
        None => None,
    };
    Ok((identity(role.as_ref(), &Ident::new(server)), parent))
}

fn missing(id: &ObjectId) -> DdlError {
    DdlError::Missing { what: "user mapping", name: id.spelled() }
}

/// CREATE USER MAPPING.
///
/// # Errors
/// Where the server does not exist, or the mapping does.
pub fn interpret_create(stmt: &protobuf::CreateUserMappingStmt, session: &mut Session) -> Result<(), DdlError> {
    let (id, server) = find(stmt.user.as_ref(), &stmt.servername, session)?;
    if stmt.if_not_exists && session.catalog.contains(&id) {
        return Ok(());
    }
    let mut options = ForeignOptions::new();
    options.say(&stmt.options)?;
    session.add(id, Entry::new(UserMapping { options }, Some(server)))
}

/// ALTER USER MAPPING.
///
/// # Errors
/// Where it does not exist, or an option is not as it says.
pub fn interpret_alter(stmt: &protobuf::AlterUserMappingStmt, session: &mut Session) -> Result<(), DdlError> {
    let (id, _) = find(stmt.user.as_ref(), &stmt.servername, session)?;
    match session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        Some(Object::UserMapping(mapping)) => mapping.options.say(&stmt.options),
        _ => Err(missing(&id)),
    }
}

/// DROP USER MAPPING.
///
/// # Errors
/// Where it does not exist, without IF EXISTS.
pub fn interpret_drop(stmt: &protobuf::DropUserMappingStmt, session: &mut Session) -> Result<(), DdlError> {
    match find(stmt.user.as_ref(), &stmt.servername, session) {
        Ok((id, _)) if session.catalog.contains(&id) => session.drop(&id, Behavior::Restrict),
        Ok((id, _)) if !stmt.missing_ok => Err(missing(&id)),
        Err(error) if !stmt.missing_ok => Err(error),
        _ => Ok(()),
    }
}
