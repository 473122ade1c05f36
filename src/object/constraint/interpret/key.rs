//! PRIMARY KEY, UNIQUE and EXCLUDE.

use std::collections::BTreeSet;

use pg_query::protobuf::{self, ConstrType};

use super::super::{Constraint, Definition, Exclude, ExcludeElement, IndexTraits, KeyConstraint};
use super::{By, Place, constraint_of, not_null, with_attributes};
use crate::model::{Entry, Expr, Ident, ObjectId, QName};
use crate::object::index::interpret::{Elements, default_provider, elements, options, tablespace};
use crate::object::index::{Index, parse, partition};
use crate::object::table_expr::table_expr;
use crate::object::{DdlError, Kind, Object, Session, family};
use crate::sql::{Node, literal};

pub fn define(place: &Place<'_>, node: &protobuf::Constraint, by: By, session: &mut Session) -> Result<(), DdlError> {
    if !node.indexname.is_empty() {
        return using_index(place, node, by, session);
    }
    let (definition, needs) = match node.contype() {
        ConstrType::ConstrExclusion => exclude(place, node, session)?,
        _ => key(place, node, session)?,
    };
    let constraint = with_attributes(definition, node, by);
    let mut given = place.given(&node.conname, session)?;
    if by == By::Create && !merge(place, &constraint, &mut given, session) {
        return Ok(());
    }
    put(place, constraint, given, needs, by, session)
}

/// The same key twice in one CREATE TABLE is one (`transformIndexConstraints`). Whether this one is still to be made; another one that it
/// stands for leaves it its name.
fn merge(place: &Place<'_>, constraint: &Constraint, given: &mut Option<Ident>, session: &mut Session) -> bool {
    if !constraint.is_same_key(constraint) {
        return true;
    }
    let same = |entry: &Entry| matches!(&entry.object, Object::Constraint(other) if other.is_same_key(constraint));
    let found = session.catalog.children_of(place.table, Kind::Constraint).find(|(_, entry)| same(entry)).map(|(id, _)| id.clone());
    let Some(found) = found else { return true };
    let is_primary = |constraint: &Constraint| matches!(constraint.definition, Definition::PrimaryKey(_));
    if let (true, Some(other)) = (is_primary(constraint), constraint_of(&found, session)) {
        // A second primary key is refused later.
        if is_primary(other) {
            return true;
        }
    }
    let (Some(name), Some(other)) = (found.name().cloned(), constraint_of(&found, session).cloned()) else { return true };
    let chosen = partition::first_key_name(place.name, &other.definition) == name;
    if is_primary(constraint) {
        if given.is_none() && !chosen {
            *given = Some(name);
        }
        session.catalog.remove(&found);
        return true;
    }
    if let (Some(name), true) = (given.take(), chosen)
        && let Some(entry) = session.catalog.remove(&found)
    {
        session.catalog.insert(place.id(&name), entry);
    }
    false
}

fn put(
    place: &Place<'_>,
    constraint: Constraint,
    given: Option<Ident>,
    mut needs: BTreeSet<ObjectId>,
    by: By,
    session: &mut Session,
) -> Result<(), DdlError> {
    if let Definition::PrimaryKey(key) = &constraint.definition {
        let is_primary = |entry: &Entry| {
            matches!(&entry.object, Object::Constraint(Constraint { definition: Definition::PrimaryKey(_), .. }))
        };
        if session.catalog.children_of(place.table, Kind::Constraint).any(|(_, entry)| is_primary(entry)) {
            return Err(DdlError::Invalid(format!("multiple primary keys for table {} are not allowed", place.name)));
        }
        for column in &key.columns {
            not_null::add(place.table, column, by.recurses(), session)?;
            if by == By::Create && session.major() >= 18 {
                not_null::own(place, column, session);
            }
            needs.insert(Constraint::not_null_id(place.name, column));
        }
    }
    let name = given.unwrap_or_else(|| partition::key_name(place.name, &constraint.definition, session));
    if session.relation_name_taken(&place.name.schema, &name) {
        return Err(DdlError::Exists(format!("relation {}", QName::new(place.name.schema.clone(), name))));
    }
    let id = place.id(&name);
    session.add(id.clone(), Entry::new(constraint, Some(place.table.clone())).needing(needs))?;
    if by.recurses() && family::is_partitioned(place.name, &session.catalog) { partition::hand_down(&id, session) } else { Ok(()) }
}

fn key(place: &Place<'_>, node: &protobuf::Constraint, session: &Session) -> Result<(Definition, BTreeSet<ObjectId>), DdlError> {
    let columns = place.columns(&node.keys, session)?;
    let index = index_traits(place, node, session)?;
    let mut needs: BTreeSet<ObjectId> = columns.iter().chain(&index.include).map(|column| place.column_id(column)).collect();
    // The index is one of GiST then, which has no classes of most types by itself (`DefineIndex` of src/backend/commands/indexcmds.c).
    let providers = columns.iter().filter(|_| node.without_overlaps).filter_map(|column| default_provider(column, place.table, "gist", session));
    needs.extend(providers);
    let key = KeyConstraint { columns, nulls_not_distinct: node.nulls_not_distinct, without_overlaps: node.without_overlaps, index };
    let is_primary = node.contype() == ConstrType::ConstrPrimary;
    Ok((if is_primary { Definition::PrimaryKey(key) } else { Definition::Unique(key) }, needs))
}

fn index_traits(place: &Place<'_>, node: &protobuf::Constraint, session: &Session) -> Result<IndexTraits, DdlError> {
    let include = if node.including.is_empty() { Vec::new() } else { place.columns(&node.including, session)? };
    Ok(IndexTraits {
        include,
        options: options(&node.options)?,
        tablespace: tablespace(&node.indexspace, session),
        replica_identity: false,
        clustered: false,
    })
}

fn exclude(place: &Place<'_>, node: &protobuf::Constraint, session: &Session) -> Result<(Definition, BTreeSet<ObjectId>), DdlError> {
    let method = if node.access_method.is_empty() { "btree" } else { &node.access_method };
    let mut params: Vec<&Node> = Vec::new();
    let mut operators = Vec::new();
    for pair in &node.exclusions {
        if let [elem, operator] = literal::items(pair) {
            let parts = literal::names(literal::items(operator));
            operators.push(parse::server_name(&parts.iter().map(String::as_str).collect::<Vec<_>>())?);
            params.push(elem);
        }
    }
    let Elements { elements, mut needs, wants: _ } = elements(place.table, method, (params, true), session)?;
    let elements = elements.into_iter().zip(operators).map(|(element, operator)| ExcludeElement { element, operator }).collect();
    let predicate: Option<Expr> = match node.where_clause.as_deref() {
        Some(node) => {
            let expr = table_expr(place.table, node, session)?;
            needs.extend(expr.needs);
            Some(expr.expr)
        }
        None => None,
    };
    let index = index_traits(place, node, session)?;
    needs.extend(index.include.iter().map(|column| place.column_id(column)));
    Ok((Definition::Exclude(Exclude { method: Ident::new(method), elements, predicate, index }), needs))
}

/// ADD CONSTRAINT .. USING INDEX: the index becomes the constraint's, and takes its name.
fn using_index(place: &Place<'_>, node: &protobuf::Constraint, by: By, session: &mut Session) -> Result<(), DdlError> {
    let old = QName::new(place.name.schema.clone(), node.indexname.as_str());
    let id = ObjectId::in_schema(Kind::Index, old.clone());
    let Some(Entry { object: Object::Index(index), auto, .. }) = session.catalog.get(&id).cloned() else {
        return Err(DdlError::Missing { what: "index", name: old.to_string() });
    };
    let Index { elements, include, nulls_not_distinct, options, tablespace, replica_identity, clustered, .. } = *index;
    let columns: Vec<Ident> = elements.iter().filter_map(|element| element.as_column().cloned()).collect();
    if columns.len() != elements.len() || !index.unique || index.predicate.is_some() {
        return Err(DdlError::Invalid(format!("index {old} cannot be that of a constraint")));
    }
    let name = place.given(&node.conname, session)?.unwrap_or_else(|| old.name.clone());
    let comment = session.catalog.get(&ObjectId::of(Kind::Comment, id.clone())).cloned();
    let attachment = auto.is_some();
    session.drop(&id, crate::object::Behavior::Restrict)?;
    let needs = columns.iter().chain(&include).map(|column| place.column_id(column)).collect();
    let inherits: Vec<Ident> = columns.clone();
    let traits = IndexTraits { include, options, tablespace, replica_identity, clustered };
    let key = KeyConstraint { columns, nulls_not_distinct, without_overlaps: false, index: traits };
    let is_primary = node.contype() == ConstrType::ConstrPrimary;
    let definition = if is_primary { Definition::PrimaryKey(key) } else { Definition::Unique(key) };
    put(place, with_attributes(definition, node, by), Some(name.clone()), needs, By::Alter { recurse: false }, session)?;
    if is_primary && session.major() >= 18 {
        // PostgreSQL says NOT NULL of the table itself then (transformIndexConstraint).
        for column in inherits {
            super::change(&Constraint::not_null_id(place.name, &column), session, |constraint| constraint.inherited = false);
        }
    }
    if let Some(parent) = auto.filter(|_| attachment) {
        partition::attach(&place.id(&name), &parent, session);
    }
    if let Some(Entry { object, origin, .. }) = comment {
        let target = ObjectId::in_schema(Kind::Index, QName::new(place.name.schema.clone(), name.clone()));
        let entry = Entry { origin, ..Entry::new(object, Some(place.id(&name))) };
        session.catalog.insert(ObjectId::of(Kind::Comment, target), entry);
    }
    Ok(())
}

