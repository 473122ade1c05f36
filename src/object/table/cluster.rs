//! CLUSTER, which notes the index that it puts the rows in the order of.

use pg_query::protobuf::ClusterStmt;

use super::interpret_alter::{Mark, mark_index};
use crate::model::{Ident, ObjectId};
use crate::object::index::partition;
use crate::object::{DdlError, Kind, Object, Session};

/// CLUSTER. Without USING it does what is noted already; of a partitioned table, it notes the index of each partition
/// (`rebuild_relation` of src/backend/commands/cluster.c).
///
/// # Errors
/// Where the table or the index does not exist.
pub fn interpret_cluster(stmt: &ClusterStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(relation) = &stmt.relation else { return Ok(()) };
    let id = session.relation_of(relation, &[Kind::Table, Kind::MaterializedView])?;
    if stmt.indexname.is_empty() {
        return Ok(());
    }
    if !matches!(session.catalog.object(&id), Some(Object::Table(table)) if table.is_partitioned()) {
        return note(&id, &stmt.indexname, session);
    }
    let missing = || DdlError::Missing { what: "index", name: Ident::new(&stmt.indexname).quoted() };
    let index = session.catalog.children(&id).find(|part| part.name().map(Ident::as_str) == Some(&stmt.indexname)).cloned().ok_or_else(missing)?;
    let mut open = partition::attached_to(&index, &session.catalog);
    while let Some(part) = open.pop() {
        let Some(table) = session.catalog.get(&part).and_then(|entry| entry.parent.clone()) else { continue };
        match session.catalog.object(&table) {
            Some(Object::Table(table)) if table.is_partitioned() => open.extend(partition::attached_to(&part, &session.catalog)),
            _ => note(&table, part.name().map_or("", Ident::as_str), session)?,
        }
    }
    Ok(())
}

/// ALTER TABLE .. CLUSTER ON.
///
/// # Errors
/// Where the relation has no such index.
pub fn note(id: &ObjectId, index: &str, session: &mut Session) -> Result<(), DdlError> {
    mark_index(id, Some(index), Mark::Clustered, session)?;
    match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::Table(table)) => table.clustered = true,
        Some(Object::MaterializedView(view)) => view.clustered = true,
        _ => {}
    }
    Ok(())
}
