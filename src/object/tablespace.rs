//! Tablespaces, which are the server's: who is in one, and ALTER .. ALL IN TABLESPACE.

use std::collections::BTreeSet;

use pg_query::protobuf::{AlterTableMoveAllStmt, ObjectType};

use super::index::interpret::tablespace;
use super::{DdlError, Kind, Object, Session};
use crate::model::{Catalog, Ident, ObjectId};

/// Every tablespace that some of these objects of a catalog are in.
pub fn named<'a>(catalog: &Catalog, ids: impl IntoIterator<Item = &'a ObjectId>) -> BTreeSet<Ident> {
    let moved = ids.into_iter().filter(|id| moved_as(id.kind) != ObjectType::Undefined);
    moved.filter_map(|id| place(&mut catalog.object(id)?.clone())?.clone()).collect()
}

/// Moves the tables, indexes or materialized views of a tablespace to another one (`AlterTableMoveAll` of src/backend/commands/tablecmds.c).
///
/// # Errors
/// OWNED BY: whom everything belongs to is more than files say.
pub fn interpret_move_all(stmt: &AlterTableMoveAllStmt, session: &mut Session) -> Result<(), DdlError> {
    if !stmt.roles.is_empty() {
        return Err(DdlError::Unsupported("ALL IN TABLESPACE .. OWNED BY".to_owned()));
    }
    let from = tablespace(&stmt.orig_tablespacename, session);
    let to = tablespace(&stmt.new_tablespacename, session);
    session.catalog.change_all(
        |id, _| stmt.objtype() == moved_as(id.kind),
        |_, entry| {
            if let Some(place) = place(&mut entry.object).filter(|place| **place == from) {
                place.clone_from(&to);
            }
        },
    );
    Ok(())
}

const fn moved_as(kind: Kind) -> ObjectType {
    match kind {
        Kind::Table => ObjectType::ObjectTable,
        Kind::MaterializedView => ObjectType::ObjectMatview,
        Kind::Index | Kind::Constraint => ObjectType::ObjectIndex,
        _ => ObjectType::Undefined,
    }
}

/// What says the tablespace of an object; `None` where it is in none.
const fn place(object: &mut Object) -> Option<&mut Option<Ident>> {
    match object {
        Object::Table(table) if table.foreign.is_some() => None,
        Object::Table(table) => Some(&mut table.tablespace),
        Object::MaterializedView(view) => Some(&mut view.tablespace),
        Object::Index(index) => Some(&mut index.tablespace),
        Object::Constraint(constraint) => match constraint.definition.index_mut() {
            Some(index) => Some(&mut index.tablespace),
            None => None,
        },
        _ => None,
    }
}
