//! Schemas.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf;

use serde::{Deserialize, Serialize};

use super::comment::Comment;
use super::privileges::{Grantee, Grants, Privileges};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Session, Slot};
use crate::model::{Catalog, Entry, Ident, Expr, ObjectId, Pair, Step};

/// A schema has nothing but its name; owner, privileges and comment are satellites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {}

impl ObjectDef for Schema {
    const KIND: Kind = Kind::Schema;
    const QUERY: &'static str = include_str!("schema.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Ok(Some(Found::new(ObjectId::global(Kind::Schema, row.ident("nspname")?), Self {})))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        vec![made(id)]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![dropped(id)]
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let (Self {}, Self {}) = (pair.from, pair.to);
        Change::InPlace(Vec::new())
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}

/// The statement that makes a schema.
pub fn made(id: &ObjectId) -> Step {
    Step::new(format!("CREATE SCHEMA {}", id.spelled()), format!("create schema {}", id.spelled()))
}

/// The statement that drops a schema.
pub fn dropped(id: &ObjectId) -> Step {
    Step::new(format!("DROP SCHEMA {}", id.spelled()), format!("drop schema {}", id.spelled()))
}

/// What initdb makes of the schema public (src/backend/catalog/pg_namespace.dat, src/bin/initdb/initdb.c): its comment, its
/// owner (from 15 on `pg_database_owner`), and its privileges (PUBLIC may create in it up to 14).
pub fn add_public(catalog: &mut Catalog) {
    let id = ObjectId::global(Kind::Schema, "public");
    let every = |option: bool| BTreeMap::from([("USAGE".to_owned(), option), ("CREATE".to_owned(), option)]);
    let mut grants = Grants::from([(Grantee::Owner, every(false))]);
    let public = if catalog.major >= 15 { BTreeMap::from([("USAGE".to_owned(), false)]) } else { every(false) };
    grants.insert(Grantee::Public, public);
    catalog.insert(id.clone(), Entry::new(Schema {}, None));
    catalog.insert(ObjectId::of(Kind::Privileges, id.clone()), Entry::new(Privileges::from(grants), Some(id.clone())));
    catalog.insert(ObjectId::of(Kind::Comment, id.clone()), Entry::new(Comment { text: "standard public schema".to_owned() }, Some(id)));
}

/// What CREATE SCHEMA calls the schema: as its owner, where nothing else is said.
pub fn name_of(stmt: &protobuf::CreateSchemaStmt, session: &Session) -> Ident {
    let owner = || stmt.authrole.as_ref().and_then(|role| super::generic::role(session, role));
    Some(Ident::new(&stmt.schemaname)).filter(|name| !name.as_str().is_empty()).or_else(owner).unwrap_or_else(|| Ident::new(""))
}

/// The role of AUTHORIZATION, where it is written by its name: others are the one that runs the files.
pub fn named_owner(stmt: &protobuf::CreateSchemaStmt) -> Option<Ident> {
    let named = stmt.authrole.as_ref().filter(|role| role.roletype() == protobuf::RoleSpecType::RolespecCstring);
    named.map(|role| Ident::new(&role.rolename))
}

/// CREATE SCHEMA, without its elements.
///
/// # Errors
/// Where it exists already, or its name is PostgreSQL's own.
pub fn interpret_create(stmt: &protobuf::CreateSchemaStmt, session: &mut Session) -> Result<(), DdlError> {
    let owner = stmt.authrole.as_ref().and_then(|role| super::generic::role(session, role));
    let name = name_of(stmt, session);
    if name.as_str().starts_with("pg_") {
        return Err(DdlError::Invalid(format!("unacceptable schema name {name}: the prefix pg_ is reserved for system schemas")));
    }
    let id = ObjectId::global(Kind::Schema, name);
    if session.catalog.contains(&id) && stmt.if_not_exists {
        return Ok(());
    }
    session.add(id.clone(), Entry::new(Schema {}, None))?;
    if let Some(owner) = owner {
        super::generic::set_owner(session, id, owner);
    }
    Ok(())
}
