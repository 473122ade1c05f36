//! CREATE TYPE .. AS (..), and ALTER TYPE .. ADD, DROP and ALTER ATTRIBUTE.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, AlterTableType, ColumnDef};

use super::{Composite, attributes};
use crate::model::{Entry, ObjectId, Options, QName};
use crate::object::attribute::Attribute;
use crate::object::column::{self, Column, Position};
use crate::object::foreign_options::ForeignOptions;
use crate::object::{Behavior, DdlError, Kind, Object, Session, generic, typing};

/// CREATE TYPE .. AS (..).
///
/// # Errors
/// Where the name is taken or a type does not exist.
pub fn interpret_create(stmt: &protobuf::CompositeTypeStmt, session: &mut Session) -> Result<(), DdlError> {
    let name = session.new_relation(&stmt.typevar.clone().unwrap_or_default())?;
    if session.relation_name_taken(&name.schema, &name.name) || session.catalog.type_named(&name).is_some() {
        return Err(DdlError::Exists(format!("type {name}")));
    }
    let id = ObjectId::in_schema(Kind::Composite, name);
    session.add(id.clone(), Entry::new(Composite {}, None))?;
    for node in &stmt.coldeflist {
        if let Some(NodeEnum::ColumnDef(column)) = node.node.as_ref() {
            add_attribute(&id, column, session)?;
        }
    }
    Ok(())
}

/// One command of ALTER TYPE for composite types.
///
/// # Errors
/// Where the attribute does not exist or does already, or where PostgreSQL refuses the change because of what uses the type.
pub fn interpret_command(id: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let Some(name) = id.qname().cloned() else { return Ok(()) };
    let definition = match command.def.as_deref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::ColumnDef(column)) => Some(&**column),
        _ => None,
    };
    let behavior = generic::behavior(command.behavior());
    let typed = typing::typed_tables(&session.catalog, &name);
    let changes_rows = matches!(
        command.subtype(),
        AlterTableType::AtAddColumn | AlterTableType::AtDropColumn | AlterTableType::AtAlterColumnType
    );
    if changes_rows && behavior == Behavior::Restrict && !typed.is_empty() {
        return Err(DdlError::Invalid(format!("cannot alter type {name} because it is the type of a typed table")));
    }
    match (command.subtype(), definition) {
        (AlterTableType::AtAddColumn, Some(definition)) => {
            add_attribute(id, definition, session)?;
            typed.iter().try_for_each(|table| add_column(table, definition, session))
        }
        (AlterTableType::AtDropColumn, _) => {
            let attribute = ObjectId::on(Kind::Attribute, name, command.name.as_str());
            if !session.catalog.contains(&attribute) {
                let missing = DdlError::Missing { what: "attribute", name: attribute.spelled() };
                return if command.missing_ok { Ok(()) } else { Err(missing) };
            }
            session.drop(&attribute, behavior)?;
            for table in &typed {
                column::remove(&ObjectId::on(Kind::Column, table.clone(), command.name.as_str()), behavior, true, session)?;
            }
            Ok(())
        }
        (AlterTableType::AtAlterColumnType, Some(definition)) => retype(id, &command.name, definition, &typed, session),
        (AlterTableType::AtChangeOwner, _) => {
            if let Some(owner) = command.newowner.as_ref().and_then(|spec| generic::role(session, spec)) {
                generic::set_owner(session, id.clone(), owner);
            }
            Ok(())
        }
        (other, _) => Err(DdlError::Unsupported(format!("{} of a composite type", other.as_str_name()))),
    }
}

/// An attribute as a definition says, with what it needs.
fn attribute(definition: &ColumnDef, position: i32, session: &Session) -> Result<(Attribute, Vec<ObjectId>), DdlError> {
    let (type_name, type_id) = session.type_name(&definition.type_name.clone().unwrap_or_default())?;
    let collation = session.collation(definition.coll_clause.as_deref(), type_id.as_ref(), &type_name.0);
    let needs = type_id.into_iter().chain(session.needs_collation(collation.as_ref())?).collect();
    Ok((Attribute { position: Position(position), type_name, collation }, needs))
}

fn add_attribute(id: &ObjectId, definition: &ColumnDef, session: &mut Session) -> Result<(), DdlError> {
    let Some(name) = id.qname() else { return Ok(()) };
    let position = attributes(&session.catalog, id).last().map_or(0, |(_, last)| last.position.0) + 1;
    let (object, needs) = attribute(definition, position, session)?;
    let attribute = ObjectId::on(Kind::Attribute, name.clone(), definition.colname.as_str());
    session.add(attribute, Entry::new(object, Some(id.clone())).needing(needs))
}

/// The column that a typed table gets with a new attribute.
fn add_column(table: &QName, definition: &ColumnDef, session: &mut Session) -> Result<(), DdlError> {
    let parent = ObjectId::in_schema(Kind::Table, table.clone());
    let columns = session.catalog.children_of(&parent, Kind::Column).filter_map(|(_, entry)| match &entry.object {
        Object::Column(column) => Some(column.position.0),
        _ => None,
    });
    let position = columns.max().unwrap_or(0) + 1;
    let (Attribute { position, type_name, collation }, needs) = attribute(definition, position, session)?;
    let column = Column {
        foreign_options: ForeignOptions::new(),
        position,
        type_name,
        collation,
        identity: None,
        generated: None,
        storage: None,
        compression: None,
        statistics: None,
        options: Options::new(),
        inherited: false,
    };
    let id = ObjectId::on(Kind::Column, table.clone(), definition.colname.as_str());
    session.add(id, Entry::new(column, Some(parent)).needing(needs))
}

fn retype(
    id: &ObjectId,
    attribute_name: &str,
    definition: &ColumnDef,
    typed: &BTreeSet<QName>,
    session: &mut Session,
) -> Result<(), DdlError> {
    let Some(name) = id.qname().cloned() else { return Ok(()) };
    session.catalog.know_users();
    if let Some(relation) = typing::relations_holding(&session.catalog, id).first() {
        return Err(DdlError::Waits(format!("cannot alter type {name} because {relation} uses it")));
    }
    let (Attribute { position: _, type_name, collation }, needs) = attribute(definition, 0, session)?;
    let target = ObjectId::on(Kind::Attribute, name, attribute_name);
    let columns = typed.iter().map(|table| ObjectId::on(Kind::Column, table.clone(), attribute_name));
    for target in std::iter::once(target).chain(columns) {
        let Some(mut entry) = session.catalog.get(&target).cloned() else {
            return Err(DdlError::Missing { what: "attribute", name: target.spelled() });
        };
        match &mut entry.object {
            Object::Attribute(object) => (object.type_name, object.collation) = (type_name.clone(), collation.clone()),
            Object::Column(object) => (object.type_name, object.collation) = (type_name.clone(), collation.clone()),
            _ => {}
        }
        entry.needs = entry.parent.iter().cloned().chain(needs.clone()).collect();
        session.catalog.insert(target, entry);
    }
    Ok(())
}
