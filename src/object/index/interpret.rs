//! CREATE INDEX, and ALTER TABLE and ALTER INDEX on indexes.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, AlterTableCmd, AlterTableType, IndexStmt};

use super::collation;
use super::contrib;
use super::element::{IndexElement, Indexed, columns_of};
use super::{Index, name, opclass, parse, partition};
use crate::analyze::types::{Type, Types};
use crate::analyze::type_called;
use crate::model::{Entry, Expr, Ident, ObjectId, Options, QName};
use crate::object::table_expr::{table_expr, type_of};
use crate::object::{DdlError, Kind, Object, Session, family};
use crate::sql::{Name, Node, literal};

/// What the key columns of an index are, and what they refer to.
pub struct Elements {
    /// The key columns.
    pub elements: Vec<IndexElement>,
    /// What must be there.
    pub needs: BTreeSet<ObjectId>,
    /// What should be there if it can be had.
    pub wants: BTreeSet<ObjectId>,
}

/// Interprets the elements of an index on a table or materialized view.
///
/// # Errors
/// Where a column, or something that an expression names, does not exist.
pub fn elements<'a>(
    relation: &ObjectId,
    method: &str,
    (params, keys): (impl IntoIterator<Item = &'a Node>, bool),
    session: &Session,
) -> Result<Elements, DdlError> {
    let mut found = Elements { elements: Vec::new(), needs: BTreeSet::new(), wants: BTreeSet::new() };
    for node in params {
        let Some(NodeEnum::IndexElem(elem)) = &node.node else { continue };
        // Operator classes and collations are looked up here, since only the session knows of extensions and what the catalog has.
        let mut bare = elem.clone();
        uncollated(&mut bare);
        let class = literal::names(&std::mem::take(&mut bare.opclass));
        let mut element = parse::index_element(&bare, &parse::server_name)?;
        if let Some(id) = Name::of(&bare.collation).and_then(|name| session.own_collation(&name)) {
            element.collation = id.qname().cloned();
            found.needs.insert(id);
        }
        if let Some(node) = &bare.expr {
            let expr = table_expr(relation, node, session)?;
            element.indexed = as_column(&expr.expr, &expr.columns).map_or(Indexed::Expression(expr.expr), Indexed::Column);
            found.needs.extend(expr.needs);
            found.wants.extend(expr.wants);
        } else if relation.kind == Kind::Table {
            found.needs.insert(session.column(relation, &elem.name)?);
        }
        if !class.is_empty() {
            let (class, extension) = opclass::resolve(&class.iter().map(String::as_str).collect::<Vec<_>>(), method, session)?;
            found.needs.extend(extension);
            element.opclass = Some(class);
        } else if keys {
            found.needs.extend(element.as_column().and_then(|column| default_provider(column, relation, method, session)));
        }
        found.needs.extend(leave_out_defaults(&mut element, relation, method, session).filter(|_| keys));
        found.elements.push(element);
    }
    Ok(found)
}

/// `(a COLLATE x)` is `a COLLATE x` (`ComputeIndexAttrs` of src/backend/commands/indexcmds.c).
fn uncollated(element: &mut protobuf::IndexElem) {
    while let Some(NodeEnum::CollateClause(clause)) = element.expr.as_ref().and_then(|expr| expr.node.as_ref()) {
        let protobuf::CollateClause { arg, collname, .. } = clause.as_ref().clone();
        if element.collation.is_empty() {
            element.collation = collname;
        }
        element.expr = arg;
    }
}

/// `((a))` is the column, and no expression.
fn as_column(expr: &Expr, columns: &BTreeSet<Ident>) -> Option<Ident> {
    columns.iter().find(|column| column.quoted() == expr.sql).cloned()
}

/// The collation and operator class that the column has anyway are not said (`pg_get_indexdef_worker` in ruleutils.c). Gives the default
/// operator class of the column's type, where it is one of the catalog and nothing else is said.
pub fn leave_out_defaults(element: &mut IndexElement, relation: &ObjectId, method: &str, session: &Session) -> Option<ObjectId> {
    if collation::goes_without_saying(element, relation, session) {
        element.collation = None;
    }
    let column = element.as_column().and_then(|name| session.find_column(relation, name.as_str()));
    let Some(Object::Column(column)) = column.as_ref().and_then(|id| session.catalog.object(id)) else {
        leave_out_class_of_expression(element, relation, method, session);
        return None;
    };
    let type_name = below_domains(&column.type_name.0, session);
    let family = family_of(&type_name, session);
    let of_catalog = opclass::own_default(method, &type_name, session);
    let is_default = |class: &QName| {
        let of_extension = || contrib::default_of(method, &type_name, family, session).filter(|_| !opclass::has_default(method, &type_name, family));
        match of_catalog.as_ref().and_then(ObjectId::qname) {
            Some(own) => own == class,
            None => opclass::is_default(method, class, &type_name, family) || of_extension().is_some_and(|(own, _)| own == *class),
        }
    };
    if element.opclass_options.is_empty() && element.opclass.as_ref().is_some_and(is_default) {
        element.opclass = None;
    }
    of_catalog.filter(|_| element.opclass.is_none())
}

fn leave_out_class_of_expression(element: &mut IndexElement, relation: &ObjectId, method: &str, session: &Session) {
    let (Indexed::Expression(expr), Some(class), true) = (&element.indexed, &element.opclass, element.opclass_options.is_empty()) else { return };
    let Some(type_name) = type_of(&expr.sql, relation, session) else { return };
    let own = opclass::own_default(method, &type_name, session);
    if own.is_none() && opclass::is_default(method, class, &type_name, family_of(&type_name, session)) {
        element.opclass = None;
    }
}

/// The extension that has the class of a column of which none is said.
pub fn default_provider(column: &Ident, relation: &ObjectId, method: &str, session: &Session) -> Option<ObjectId> {
    let id = session.find_column(relation, column.as_str())?;
    let entry = session.catalog.get(&id)?;
    let Object::Column(column) = &entry.object else { return None };
    let type_name = below_domains(&column.type_name.0, session);
    let family = family_of(&type_name, session);
    if opclass::has_default(method, &type_name, family) {
        return None;
    }
    let of_extension = contrib::default_of(method, &type_name, family, session).map(|(_, extension)| extension);
    of_extension.or_else(|| opclass::likely_provider(method, entry, session))
}

/// The type that values of a domain are compared as (`getBaseType`).
fn below_domains(type_name: &str, session: &Session) -> String {
    let of = Type::displayed(type_name);
    let base = Types(&session.catalog).base(&of);
    if base == of { type_name.to_owned() } else { base.display() }
}

/// The pseudo-type that stands for a type of the catalog in operator classes.
fn family_of(type_name: &str, session: &Session) -> Option<&'static str> {
    match type_called(&session.catalog, type_name)?.0.kind {
        Kind::Enum => Some("anyenum"),
        Kind::Range => Some("anyrange"),
        Kind::Composite | Kind::Table | Kind::View | Kind::MaterializedView => Some("record"),
        _ => None,
    }
}

/// The tablespace that a statement gives, where it is not the database's.
pub fn tablespace(given: &str, session: &Session) -> Option<Ident> {
    let named = (!given.is_empty()).then(|| Ident::new(given)).or_else(|| session.default_tablespace.clone());
    named.filter(|name| name.as_str() != "pg_default")
}

/// WITH (..), in the text form of `pg_class.reloptions`.
///
/// # Errors
/// Where a value is none that options have.
pub fn options(nodes: &[Node]) -> Result<Options, DdlError> {
    Ok(literal::options(nodes)?.into_iter().collect())
}

/// CREATE INDEX.
///
/// # Errors
/// Where the name is taken, or something that it names does not exist.
pub fn interpret_create(stmt: &IndexStmt, session: &mut Session) -> Result<(), DdlError> {
    let target = stmt.relation.clone().unwrap_or_default();
    let relation = session.relation_of(&target, &[Kind::Table, Kind::MaterializedView])?;
    let Some(qname) = relation.qname().cloned() else { return Ok(()) };
    let given = (!stmt.idxname.is_empty()).then(|| Ident::new(&stmt.idxname));
    if let Some(name) = &given
        && session.relation_name_taken(&qname.schema, name)
    {
        return if stmt.if_not_exists { Ok(()) } else { Err(DdlError::Exists(format!("relation {name}"))) };
    }
    let method = if stmt.access_method.is_empty() { "btree" } else { &stmt.access_method };
    let Elements { elements: keys, mut needs, mut wants } = elements(&relation, method, (&stmt.index_params, true), session)?;
    let included = elements(&relation, method, (&stmt.index_including_params, false), session)?;
    needs.extend(included.needs);
    let predicate = match stmt.where_clause.as_deref() {
        Some(node) => {
            let expr = table_expr(&relation, node, session)?;
            needs.extend(expr.needs);
            wants.extend(expr.wants);
            Some(expr.expr)
        }
        None => None,
    };
    let partitioned = family::is_partitioned(&qname, &session.catalog);
    let index = Index {
        relation: qname.clone(),
        unique: stmt.unique,
        method: Ident::new(method),
        elements: keys,
        include: included.elements.iter().filter_map(IndexElement::as_column).cloned().collect(),
        nulls_not_distinct: stmt.nulls_not_distinct,
        predicate,
        options: options(&stmt.options)?,
        tablespace: tablespace(&stmt.table_space, session),
        statistics: std::collections::BTreeMap::new(),
        replica_identity: false,
        clustered: false,
        partitioned,
        valid: true,
    };
    let name = given.unwrap_or_else(|| {
        name::choose(&qname, Some(&name::column_names(&index.elements, &index.include)), "idx", false, session)
    });
    let id = ObjectId::in_schema(Kind::Index, QName::new(qname.schema.clone(), name));
    let mut entry = Entry::new(index, Some(relation.clone())).needing(needs);
    entry.wants.extend(wants);
    session.add(id.clone(), entry)?;
    if partitioned {
        if target.inh {
            partition::hand_down(&id, session)?;
        }
        partition::refresh_validity(&id, session);
    }
    Ok(())
}

/// One command of ALTER INDEX; `id` is an index, or the constraint that it stands behind.
///
/// # Errors
/// Where the other index does not exist, or the command is not for indexes.
pub fn interpret_command(id: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    use AlterTableType as Type;
    let node = command.def.as_deref();
    match (command.subtype(), node.and_then(|node| node.node.as_ref())) {
        (Type::AtAttachPartition, Some(NodeEnum::PartitionCmd(attach))) => {
            let child = index_object(&attach.name.clone().unwrap_or_default(), session)?;
            partition::attach(&child, id, session);
            partition::refresh_validity(id, session);
            Ok(())
        }
        (Type::AtSetStatistics, _) => {
            let (column, target) = (i16::try_from(command.num), node.and_then(literal::integer).and_then(|n| i32::try_from(n).ok()));
            if let (Ok(column), Some(Object::Index(index))) = (column, session.catalog.get_mut(id).map(|entry| &mut entry.object)) {
                index.statistics.remove(&column);
                index.statistics.extend(target.filter(|target| *target >= 0).map(|target| (column, target)));
            }
            Ok(())
        }
        (Type::AtSetRelOptions, Some(NodeEnum::List(list))) => {
            let given = options(&list.items)?;
            change_storage(id, session, |present, _| present.extend(given))
        }
        (Type::AtResetRelOptions, Some(NodeEnum::List(list))) => {
            let gone = options(&list.items)?;
            change_storage(id, session, |present, _| present.retain(|name, _| !gone.contains_key(name)))
        }
        (Type::AtSetTableSpace, _) => {
            let space = tablespace(&command.name, session).filter(|_| !command.name.is_empty());
            change_storage(id, session, |_, present| *present = space)
        }
        (other, _) => Err(DdlError::Unsupported(format!("ALTER INDEX .. {}", other.as_str_name()))),
    }
}

/// The index of that name, or the constraint that it stands behind.
///
/// # Errors
/// Where there is none.
pub fn index_object(name: &crate::sql::protobuf::RangeVar, session: &Session) -> Result<ObjectId, DdlError> {
    for candidate in session.candidates(&name.schemaname, &name.relname) {
        let id = ObjectId::in_schema(Kind::Index, candidate.clone());
        if session.catalog.contains(&id) {
            return Ok(id);
        }
        if let Some(constraint) = session.constraint_with_index(&candidate) {
            return Ok(constraint);
        }
    }
    Err(DdlError::Missing { what: "index", name: crate::object::session::dotted(&name.schemaname, &name.relname) })
}

fn change_storage(id: &ObjectId, session: &mut Session, change: impl FnOnce(&mut Options, &mut Option<Ident>)) -> Result<(), DdlError> {
    match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::Index(index)) => change(&mut index.options, &mut index.tablespace),
        Some(Object::Constraint(constraint)) => {
            if let Some(index) = constraint.definition.index_mut() {
                change(&mut index.options, &mut index.tablespace);
            }
        }
        _ => return Err(DdlError::Missing { what: "index", name: id.spelled() }),
    }
    Ok(())
}

/// Columns of the index that a rename can reach.
pub fn rename_columns(elements: &mut [IndexElement], include: &mut [Ident], from: &Ident, to: &Ident) {
    if !columns_of(elements).contains(from) && !include.contains(from) {
        return;
    }
    for element in elements {
        if let Indexed::Column(name) = &mut element.indexed
            && name == from
        {
            *name = to.clone();
        }
    }
    for name in include.iter_mut().filter(|name| *name == from) {
        *name = to.clone();
    }
}
