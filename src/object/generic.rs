//! Statements that take any kind of object: DROP, COMMENT, OWNER TO, SET SCHEMA.

use pg_query::protobuf::{self, DropBehavior, ObjectType};
use pg_query::{Node, NodeEnum};

use super::address::{resolve, with_schema, words};
use super::column::system_column;
use super::comment::Comment;
use super::owner::Owner;
use super::view_column::ViewColumn;
use super::{Behavior, DdlError, Kind, Object, Session, altered_privileges, base_type};
use crate::model::{Entry, Ident, Key, ObjectId};

/// RESTRICT is the default.
pub fn behavior(behavior: DropBehavior) -> Behavior {
    if behavior == DropBehavior::DropCascade { Behavior::Cascade } else { Behavior::Restrict }
}

/// DROP of one or more objects.
///
/// # Errors
/// Where one does not exist (without IF EXISTS), or is needed (without CASCADE).
pub fn drop(stmt: &protobuf::DropStmt, session: &mut Session) -> Result<(), DdlError> {
    let mut all = Vec::new();
    for node in &stmt.objects {
        match resolve(session, stmt.remove_type(), node) {
            Ok(id) if !session.catalog.contains(&id) => return Err(DdlError::Invalid(format!("{id} is a part of what it was made for"))),
            Ok(id) => all.push(id),
            Err(DdlError::Missing { .. }) if stmt.missing_ok => {}
            Err(error) => return Err(error),
        }
    }
    session.drop_all(&all, behavior(stmt.behavior()))
}

/// What a satellite hangs on, made if it is a column of a view of which nothing has been said so far.
pub(super) fn satellite_parent(session: &mut Session, target: &ObjectId) -> Option<ObjectId> {
    let relation = target.qname().and_then(|name| session.catalog.relation(name)).map(|(id, _)| id.clone());
    if let (Some(relation), Some(name)) = (&relation, target.name())
        && system_column(relation, name.as_str()).as_ref() == Some(target)
    {
        return Some(relation.clone());
    }
    if target.kind == Kind::ViewColumn && !session.catalog.contains(target) {
        session.catalog.insert(target.clone(), Entry::new(ViewColumn::default(), Some(relation?)));
    }
    if session.catalog.contains(target) {
        return Some(target.clone());
    }
    // The index behind a constraint is no object of its own, and no more is the sequence behind an identity column.
    match (&target.kind, &target.key) {
        (Kind::Index, Key::InSchema(name)) => session.constraint_with_index(name),
        (Kind::Sequence, Key::InSchema(name)) => super::sequence::column_of(name, &session.catalog),
        _ => None,
    }
}

/// Says of one what is said of another, if anything is.
pub fn copy_comment(from: &ObjectId, to: ObjectId, session: &mut Session) {
    if let Some(Object::Comment(comment)) = session.catalog.object(&ObjectId::of(Kind::Comment, from.clone())).cloned() {
        put_satellite(session, Kind::Comment, to, comment);
    }
}

/// Puts a satellite on its target in place of the present one.
pub fn put_satellite(session: &mut Session, kind: Kind, target: ObjectId, object: impl Into<super::Object>) {
    let parent = satellite_parent(session, &target);
    let mut entry = Entry::new(object, parent);
    entry.origin = session.origin.clone();
    session.catalog.insert(ObjectId::of(kind, target), entry);
}

/// COMMENT ON.
///
/// # Errors
/// Where the object does not exist.
pub fn comment(stmt: &protobuf::CommentStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(node) = &stmt.object else { return Err(DdlError::Unsupported("COMMENT without an object".to_owned())) };
    let kind = stmt.objtype();
    // They are the server's, and none of what a database holds.
    if matches!(kind, ObjectType::ObjectRole | ObjectType::ObjectTablespace) {
        return Ok(());
    }
    if matches!(kind, ObjectType::ObjectExtension | ObjectType::ObjectLanguage) && is_plpgsql(node) {
        return Ok(());
    }
    let target = resolve(session, kind, node).map_err(|error| of_member(session, kind, node, "COMMENT", error))?;
    if stmt.comment.is_empty() {
        session.catalog.remove(&ObjectId::of(Kind::Comment, target));
        return Ok(());
    }
    // Comments on extensions come with the extension's script; saying them again makes no difference.
    put_satellite(session, Kind::Comment, target, Comment { text: stmt.comment.clone() });
    Ok(())
}

/// What else a name may mean: a member of an extension, or an object of PostgreSQL's own. No dump tells more of these than who may use them.
fn of_member(session: &Session, kind: ObjectType, node: &Node, what: &str, error: DdlError) -> DdlError {
    match altered_privileges::belonging(session, kind, node) {
        Ok(Some((target, Some(extension)))) => {
            DdlError::Invalid(format!("{what} on {target}: it is a member of {extension}, of which schema files say only who may use it"))
        }
        Ok(Some((target, None))) => {
            DdlError::Invalid(format!("{what} on {target}: it is PostgreSQL's own, of which schema files say only who may use it"))
        }
        _ => error,
    }
}

/// PostgreSQL's own language, and its extension, are in every database, and nobody's objects.
pub fn is_plpgsql(node: &Node) -> bool {
    crate::sql::literal::string(node) == Some("plpgsql")
}

/// Sets the owner of an object.
pub fn set_owner(session: &mut Session, target: ObjectId, role: Ident) {
    session.owned.insert(target.clone());
    super::privileges::hand_over(&mut session.catalog, &target, &role);
    put_satellite(session, Kind::Owner, target, Owner { role });
}

/// The role of a statement; CURRENT_USER is the session's, as far as it has been said.
pub fn role(session: &Session, role: &protobuf::RoleSpec) -> Option<Ident> {
    use protobuf::RoleSpecType as Type;
    match role.roletype() {
        Type::RolespecCurrentRole | Type::RolespecCurrentUser | Type::RolespecSessionUser => {
            session.role.clone().or_else(|| session.default_role.clone())
        }
        _ => Some(Ident::new(&role.rolename)),
    }
}

/// ALTER .. OWNER TO, for everything but tables, views and sequences by ALTER TABLE.
///
/// # Errors
/// Where the object does not exist.
pub fn owner(stmt: &protobuf::AlterOwnerStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(node) = &stmt.object else { return Err(DdlError::Unsupported("OWNER TO without an object".to_owned())) };
    if stmt.object_type() == ObjectType::ObjectLanguage && is_plpgsql(node) {
        return Ok(());
    }
    let kind = stmt.object_type();
    if kind == ObjectType::ObjectDatabase {
        // See `server_role`.
        return Ok(());
    }
    if kind == ObjectType::ObjectTablespace {
        return Err(DdlError::Invalid(format!("ALTER {} .. OWNER TO: that is the server's, and no schema", words(kind).to_uppercase())));
    }
    let target = resolve(session, kind, node).map_err(|error| of_member(session, kind, node, "OWNER TO", error))?;
    base_type::wait_for_definition(&target, session)?;
    if let Some(owner) = stmt.newowner.as_ref().and_then(|spec| role(session, spec)) {
        set_owner(session, target, owner);
    }
    Ok(())
}

/// ALTER .. SET SCHEMA.
///
/// # Errors
/// Where the object or the schema does not exist, or the name is taken there.
pub fn set_schema(stmt: &protobuf::AlterObjectSchemaStmt, session: &mut Session) -> Result<(), DdlError> {
    let node = match (&stmt.relation, &stmt.object) {
        (Some(relation), _) => Node { node: Some(NodeEnum::RangeVar(relation.clone())) },
        (None, Some(object)) => (**object).clone(),
        (None, None) => return Err(DdlError::Unsupported("SET SCHEMA without an object".to_owned())),
    };
    let id = match resolve(session, stmt.object_type(), &node) {
        Ok(id) => id,
        Err(DdlError::Missing { .. }) if stmt.missing_ok => return Ok(()),
        Err(error) => return Err(error),
    };
    let schema = session.schema(&stmt.newschema)?;
    if id.kind == Kind::Extension {
        let there = session.catalog.get_mut(&id).map(|entry| (&mut entry.object, &mut entry.needs));
        if let Some((super::Object::Extension(extension), needs)) = there {
            needs.remove(&ObjectId::global(Kind::Schema, extension.schema.clone()));
            needs.insert(ObjectId::global(Kind::Schema, schema.clone()));
            extension.schema = schema;
        }
        return Ok(());
    }
    let moved = with_schema(&id, &schema);
    if moved == id {
        return Ok(());
    }
    let (old, new) = (id.schema().cloned(), ObjectId::global(Kind::Schema, schema));
    session.rename(&id, &moved)?;
    if moved.kind == Kind::Table {
        super::table::move_sequences(&moved, session)?;
    }
    if let (Some(old), Some(entry)) = (old, session.catalog.get_mut(&moved)) {
        entry.needs.remove(&ObjectId::global(Kind::Schema, old));
        entry.needs.insert(new);
    }
    Ok(())
}
