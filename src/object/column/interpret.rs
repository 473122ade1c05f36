//! Commands of ALTER TABLE that are about columns.

use pg_query::protobuf::{AlterTableCmd, AlterTableType, ColumnDef, Constraint};
use pg_query::{Node, NodeEnum};

use super::define::{self, column_id};
use super::{Column, Position};
use crate::model::{Entry, Ident, ObjectId, QName};
use crate::object::constraint::interpret as constraints;
use crate::object::sequence::satellites;
use crate::object::{Behavior, DdlError, Kind, Object, Session, extension_dependency, generic, inheritance};
use crate::sql::literal::{integer, options, string};

/// The columns of a table in their order.
pub fn columns(table: &ObjectId, session: &Session) -> Vec<ObjectId> {
    let mut found: Vec<(i32, ObjectId)> = session
        .catalog
        .children_of(table, Kind::Column)
        .filter_map(|(id, entry)| match &entry.object {
            Object::Column(column) => Some((column.position.0, id.clone())),
            _ => None,
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

/// The place of the next column.
pub fn next_position(table: &ObjectId, session: &Session) -> i32 {
    let last = columns(table, session).pop();
    match last.as_ref().and_then(|last| session.catalog.object(last)) {
        Some(Object::Column(Column { position: Position(last), .. })) => last + 1,
        _ => 1,
    }
}

/// The tables that inherit from one directly.
fn heirs(table: &ObjectId, session: &Session) -> Vec<ObjectId> {
    let Some(name) = table.qname() else { return Vec::new() };
    inheritance::children(&session.catalog, name).into_iter().map(|(_, link)| ObjectId::in_schema(Kind::Table, link.child.clone())).collect()
}

/// One command; `recurse` unless ONLY was said. `None` where it is not about columns.
///
/// # Errors
/// Where the column does not exist, or PostgreSQL would refuse the command.
pub fn interpret_command(table: &ObjectId, command: &AlterTableCmd, recurse: bool, session: &mut Session) -> Result<Option<()>, DdlError> {
    use AlterTableType as Type;
    let definition = command.def.as_deref();
    match command.subtype() {
        Type::AtAddColumn => match definition.and_then(column_def) {
            Some(definition) => add(table, definition, command.missing_ok, session)?,
            None => return Ok(None),
        },
        Type::AtDropColumn => drop(table, command, recurse, session)?,
        Type::AtAlterColumnType => retype(table, command, session)?,
        Type::AtColumnDefault => {
            each(table, &command.name, recurse, session, &|id, session| define::set_default(id, definition, session))?;
        }
        Type::AtSetExpression => {
            each(table, &command.name, recurse, session, &|id, session| match (definition, stored(id, session)) {
                (Some(node), Some(stored)) => define::generate(id, node, stored, session),
                _ => Err(DdlError::Invalid(format!("column {} is not a generated column", id.spelled()))),
            })?;
        }
        Type::AtDropExpression => each(table, &command.name, recurse, session, &|id, session| drop_expression(id, command.missing_ok, session))?,
        Type::AtAlterColumnGenericOptions => {
            let id = session.column(table, &command.name)?;
            if let (Some(NodeEnum::List(list)), Some(column)) = (definition.and_then(|node| node.node.as_ref()), column_mut(&id, session)) {
                column.foreign_options.say(&list.items)?;
            }
        }
        Type::AtSetStatistics | Type::AtSetOptions | Type::AtResetOptions | Type::AtSetStorage | Type::AtSetCompression => {
            let recurse = recurse && matches!(command.subtype(), Type::AtSetStatistics | Type::AtSetStorage);
            each(table, &command.name, recurse, session, &|id, session| set(id, command, session))?;
        }
        Type::AtAddIdentity | Type::AtSetIdentity | Type::AtDropIdentity => change_identity(table, command, session)?,
        _ => return Ok(None),
    }
    Ok(Some(()))
}

fn column_def(node: &Node) -> Option<&ColumnDef> {
    match &node.node {
        Some(NodeEnum::ColumnDef(definition)) => Some(definition),
        _ => None,
    }
}

/// Does something to a column of a table and, unless ONLY was said, of the tables that inherit.
fn each(
    table: &ObjectId,
    name: &str,
    recurse: bool,
    session: &mut Session,
    work: &dyn Fn(&ObjectId, &mut Session) -> Result<(), DdlError>,
) -> Result<(), DdlError> {
    let id = session.column(table, name)?;
    work(&id, session)?;
    if recurse {
        heirs(table, session).iter().try_for_each(|heir| each(heir, name, true, session, work))?;
    }
    Ok(())
}

fn add(table: &ObjectId, definition: &ColumnDef, missing_ok: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(id) = column_id(table, &definition.colname) else { return Ok(()) };
    if missing_ok && session.catalog.contains(&id) {
        return Ok(());
    }
    let position = next_position(table, session);
    let rest = define::define(table, definition, position, session)?;
    hand_down(table, &id, session)?;
    let name = Ident::new(&definition.colname);
    rest.iter().try_for_each(|constraint| constraints::add(table, Some(&name), constraint, session))
}

fn hand_down(table: &ObjectId, column: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    for heir in heirs(table, session) {
        let position = next_position(&heir, session);
        if define::inherit(&heir, column, position, session)?
            && let Some(name) = heir.qname()
        {
            hand_down(&heir, &column.moved_to(name), session)?;
        }
    }
    Ok(())
}

fn drop(table: &ObjectId, command: &AlterTableCmd, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let id = match session.column(table, &command.name) {
        Ok(id) => id,
        Err(DdlError::Missing { .. }) if command.missing_ok => return Ok(()),
        Err(error) => return Err(error),
    };
    if matches!(session.catalog.object(&id), Some(Object::Column(column)) if column.inherited) && !parents_with(&id, session).is_empty() {
        return Err(DdlError::Invalid(format!("cannot drop inherited column {}", id.spelled())));
    }
    remove(&id, generic::behavior(command.behavior()), recurse, session)
}

/// Parents that have a column of the same name.
fn parents_with(id: &ObjectId, session: &Session) -> Vec<QName> {
    let Some(table) = id.qname() else { return Vec::new() };
    let parents = inheritance::parents(&session.catalog, table).into_iter().map(|(_, link)| link.parent.clone());
    parents.filter(|parent| session.catalog.contains(&id.moved_to(parent))).collect()
}

/// Drops a column, and with it what inherited it from nowhere else; where it shall not, the columns below become their tables' own.
///
/// # Errors
/// Where something needs it.
pub fn remove(id: &ObjectId, behavior: Behavior, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(table) = id.qname().map(|name| ObjectId::in_schema(Kind::Table, name.clone())) else { return Ok(()) };
    let heirs = heirs(&table, session);
    session.drop(id, behavior)?;
    for heir in heirs {
        let Some(below) = heir.qname().map(|name| id.moved_to(name)) else { continue };
        let inherited = matches!(session.catalog.object(&below), Some(Object::Column(column)) if column.inherited);
        if !inherited || !parents_with(&below, session).is_empty() {
            continue;
        }
        if recurse {
            remove(&below, behavior, true, session)?;
        } else if let Some(column) = column_mut(&below, session) {
            column.inherited = false;
        }
    }
    Ok(())
}

fn column_mut<'a>(id: &ObjectId, session: &'a mut Session) -> Option<&'a mut Column> {
    match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

fn retype(table: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let Some(definition) = command.def.as_deref().and_then(column_def) else { return Ok(()) };
    let (type_name, type_id) = session.type_name(&definition.type_name.clone().unwrap_or_default())?;
    let collation = session.collation(definition.coll_clause.as_deref(), type_id.as_ref(), &type_name.0);
    let collation_id = session.needs_collation(collation.as_ref())?;
    each(table, &command.name, true, session, &|id, session| {
        extension_dependency::forget_of_indexes(id, &mut session.catalog);
        let Some(entry) = session.catalog.get_mut(id) else { return Ok(()) };
        let of_type = |kind: Kind| Kind::TYPES.contains(&kind) || matches!(kind, Kind::Extension | Kind::Collation);
        entry.needs.retain(|need| need.kind == Kind::Table || !of_type(need.kind));
        entry.needs.extend(collation_id.clone());
        entry.needs.extend(type_id.clone());
        let Object::Column(column) = &mut entry.object else { return Ok(()) };
        column.type_name = type_name.clone();
        column.collation.clone_from(&collation);
        // The new type comes with its own (`ATExecAlterColumnType` in src/backend/commands/tablecmds.c).
        column.storage = None;
        column.compression = None;
        if let Some(identity) = &mut column.identity {
            identity.options = identity.options.retyped(&type_name);
        }
        Ok(())
    })
}

fn stored(id: &ObjectId, session: &Session) -> Option<bool> {
    match session.catalog.object(id) {
        Some(Object::Column(column)) => column.generated.as_ref().map(|generated| generated.stored),
        _ => None,
    }
}

fn drop_expression(id: &ObjectId, missing_ok: bool, session: &mut Session) -> Result<(), DdlError> {
    match stored(id, session) {
        Some(true) => {}
        Some(false) => return Err(DdlError::Invalid("ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns".to_owned())),
        None if missing_ok => return Ok(()),
        None => return Err(DdlError::Invalid(format!("column {} is not a stored generated column", id.spelled()))),
    }
    let Some(entry) = session.catalog.get_mut(id) else { return Ok(()) };
    entry.needs.retain(|need| !matches!(need.kind, Kind::Column | Kind::Function | Kind::Sequence));
    entry.wants.clear();
    if let Object::Column(column) = &mut entry.object {
        column.generated = None;
    }
    Ok(())
}

/// SET STATISTICS, SET (..), RESET (..), SET STORAGE, SET COMPRESSION.
fn set(id: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let node = command.def.as_deref();
    let list = match node.and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::List(list)) => options(&list.items)?,
        _ => Vec::new(),
    };
    let Some(column) = column_mut(id, session) else { return Ok(()) };
    let word = node.and_then(string).unwrap_or_default();
    match command.subtype() {
        AlterTableType::AtSetStatistics => {
            let target = node.and_then(integer).and_then(|target| i32::try_from(target).ok());
            column.statistics = target.filter(|target| *target >= 0);
        }
        AlterTableType::AtSetOptions => column.options.extend(list),
        AlterTableType::AtResetOptions => column.options.retain(|name, _| !list.iter().any(|(gone, _)| gone == name)),
        AlterTableType::AtSetStorage => column.storage = define::storage(word, &column.type_name),
        AlterTableType::AtSetCompression => column.compression = define::compression(word),
        other => return Err(DdlError::Unsupported(format!("ALTER COLUMN .. {}", other.as_str_name()))),
    }
    Ok(())
}

fn change_identity(table: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let id = session.column(table, &command.name)?;
    let node = command.def.as_deref().and_then(|node| node.node.as_ref());
    match (command.subtype(), node) {
        (AlterTableType::AtAddIdentity, Some(NodeEnum::Constraint(constraint))) => {
            add_identity(table, &id, constraint, session)
        }
        (AlterTableType::AtAddIdentity, Some(NodeEnum::ColumnDef(definition))) => {
            let constraints = definition.constraints.iter().filter_map(|node| match &node.node {
                Some(NodeEnum::Constraint(constraint)) => Some(constraint),
                _ => None,
            });
            constraints.into_iter().try_for_each(|constraint| add_identity(table, &id, constraint, session))
        }
        (AlterTableType::AtSetIdentity, Some(NodeEnum::List(list))) => {
            let Some(identity) = column_mut(&id, session).and_then(|column| column.identity.as_mut()) else {
                return Err(DdlError::Invalid(format!("column {} is not an identity column", id.spelled())));
            };
            let (generated, rest): (Vec<Node>, Vec<Node>) = list.items.iter().cloned().partition(is_generated);
            for option in crate::sql::literal::def_elems(&generated) {
                // The grammar gives the character of `attidentity` as a number.
                identity.always = option.arg.as_deref().and_then(integer) == Some(i64::from(b'a'));
            }
            identity.options = identity.options.altered(&rest)?;
            Ok(())
        }
        (AlterTableType::AtDropIdentity, _) => match session.catalog.get_mut(&id) {
            Some(Entry { object: Object::Column(column), needs, .. }) if column.identity.is_some() || command.missing_ok => {
                if let Some(identity) = column.identity.take() {
                    needs.retain(|need| need.kind != Kind::Schema);
                    let sequence = ObjectId::in_schema(Kind::Sequence, identity.sequence);
                    for satellite in satellites(&id, &sequence, &session.catalog) {
                        session.catalog.remove(&satellite);
                    }
                }
                Ok(())
            }
            _ => Err(DdlError::Invalid(format!("column {} is not an identity column", id.spelled()))),
        },
        (other, _) => Err(DdlError::Unsupported(format!("ALTER COLUMN .. {}", other.as_str_name()))),
    }
}

fn is_generated(node: &Node) -> bool {
    matches!(&node.node, Some(NodeEnum::DefElem(option)) if option.defname == "generated")
}

fn add_identity(table: &ObjectId, id: &ObjectId, constraint: &Constraint, session: &mut Session) -> Result<(), DdlError> {
    if !session.catalog.contains(&ObjectId::of(Kind::Constraint, id.clone())) {
        return Err(DdlError::Waits(format!("column {} must be declared NOT NULL before identity can be added", id.spelled())));
    }
    define::add_identity(table, id, constraint, session)
}
