//! What a partition key says although its columns have it anyway.

use super::partition;
use crate::model::{Expr, Ident, ObjectId, QName};
use crate::object::index::element::{IndexElement, Indexed};
use crate::object::index::interpret::leave_out_defaults;
use crate::object::{DdlError, Kind, Object, Session};
use crate::sql::{Name, Node, NodeEnum, deparse_expr, protobuf};

/// The collations and operator classes that go without saying are not said (`pg_get_partkeydef_worker`, src/backend/utils/adt/ruleutils.c).
///
/// # Errors
/// Where the key does not parse.
pub(super) fn shorten(table: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(Object::Table(object)) = session.catalog.object(table) else { return Ok(()) };
    let Some(key) = &object.partition_key else { return Ok(()) };
    let mut spec = partition::spec_of(&key.sql)?;
    let hashed = spec.strategy == i32::from(protobuf::PartitionStrategy::Hash);
    let method = if hashed { "hash" } else { "btree" };
    for node in &mut spec.part_params {
        let Some(NodeEnum::PartitionElem(part)) = &mut node.node else { continue };
        let mut element = element_of(part)?;
        leave_out_defaults(&mut element, table, method, session);
        if element.collation.is_none() {
            part.collation.clear();
        }
        if element.opclass.is_none() {
            part.opclass.clear();
        }
    }
    let shorter = partition::key(&spec)?;
    if let Some(Object::Table(object)) = session.catalog.get_mut(table).map(|entry| &mut entry.object) {
        object.partition_key = Some(shorter);
    }
    Ok(())
}

/// What an index on the same would say.
fn element_of(part: &protobuf::PartitionElem) -> Result<IndexElement, DdlError> {
    let indexed = match &part.expr {
        Some(expr) => Indexed::Expression(Expr::new(deparse_expr(expr)?)),
        None => Indexed::Column(Ident::new(&part.name)),
    };
    let qualified = |parts: &[Node]| {
        let Name { schema, name } = Name::of(parts)?;
        Some(QName::new(schema.as_deref().unwrap_or("pg_catalog"), name.as_str()))
    };
    Ok(IndexElement { collation: qualified(&part.collation), opclass: qualified(&part.opclass), ..IndexElement::of(indexed) })
}

/// The key when one of its collations or operator classes has another name.
pub(super) fn follow(key: &mut Expr, from: &ObjectId, to: &ObjectId) {
    let named = matches!(from.kind, Kind::Collation | Kind::OperatorClass) && key.sql.contains(&from.spelled());
    let Some((new, mut spec)) = to.qname().zip(partition::spec_of(&key.sql).ok()).filter(|_| named) else { return };
    let is_old = |parts: &[Node]| Name::of(parts).zip(from.qname()).is_some_and(|(name, old)| name.schema.as_deref() == Some(old.schema.as_str()) && name.name == old.name.as_str());
    for node in &mut spec.part_params {
        let Some(NodeEnum::PartitionElem(part)) = &mut node.node else { continue };
        let parts = if from.kind == Kind::Collation { &mut part.collation } else { &mut part.opclass };
        if is_old(parts) {
            *parts = [&new.schema, &new.name].map(|name| protobuf::String { sval: name.as_str().to_owned() }).map(|name| Node { node: Some(NodeEnum::String(name)) }).to_vec();
        }
    }
    if let Ok(renamed) = partition::key(&spec) {
        *key = renamed;
    }
}
