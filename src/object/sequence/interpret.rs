//! CREATE SEQUENCE and ALTER SEQUENCE.

use pg_query::protobuf::{self, AlterTableType};

use super::{Sequence, SequenceOptions, column_of};
use crate::model::{Entry, ObjectId, TypeName};
use crate::object::{DdlError, Kind, Object, Session, generic, owned_by};
use crate::sql::literal::{items, names, option};

/// CREATE SEQUENCE.
///
/// # Errors
/// Where the name is taken, an option is refused, or the owning column does not exist.
pub fn interpret_create(stmt: &protobuf::CreateSeqStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = stmt.sequence.clone().unwrap_or_default();
    let name = session.new_relation(&relation)?;
    if session.relation_name_taken(&name.schema, &name.name) {
        return if stmt.if_not_exists { Ok(()) } else { Err(DdlError::Exists(format!("relation {name}"))) };
    }
    let options = SequenceOptions::of(&stmt.options, TypeName("bigint".to_owned()))?;
    let unlogged = relation.relpersistence == "u";
    if unlogged && session.major() < 15 {
        return Err(DdlError::Invalid("unlogged sequences are not supported before PostgreSQL 15".to_owned()));
    }
    let id = ObjectId::in_schema(Kind::Sequence, name);
    session.add(id.clone(), Entry::new(Sequence { options, unlogged }, None))?;
    set_owned_by(&id, &stmt.options, session)
}

/// ALTER SEQUENCE, of an identity column's too.
///
/// # Errors
/// Where the sequence does not exist or an option is refused.
pub fn interpret_alter(stmt: &protobuf::AlterSeqStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = stmt.sequence.clone().unwrap_or_default();
    let id = match session.relation_of(&relation, &[Kind::Sequence]) {
        Ok(id) => id,
        Err(error @ DdlError::Missing { .. }) => {
            let Some(column) = session.candidates(&relation.schemaname, &relation.relname).iter().find_map(|name| column_of(name, &session.catalog))
            else {
                return if stmt.missing_ok { Ok(()) } else { Err(error) };
            };
            return alter_identity(&column, stmt, session);
        }
        Err(error) => return Err(error),
    };
    if let Some(Object::Sequence(sequence)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        sequence.options = sequence.options.altered(&stmt.options)?;
    }
    set_owned_by(&id, &stmt.options, session)
}

/// One command of ALTER SEQUENCE that ALTER TABLE has too: OWNER TO, SET LOGGED, SET UNLOGGED.
///
/// # Errors
/// Where it is none for sequences.
pub fn interpret_command(id: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let unlogged = match command.subtype() {
        AlterTableType::AtChangeOwner => {
            if let Some(owner) = command.newowner.as_ref().and_then(|spec| generic::role(session, spec)) {
                generic::set_owner(session, id.clone(), owner);
            }
            return Ok(());
        }
        AlterTableType::AtSetLogged => false,
        AlterTableType::AtSetUnLogged => true,
        other => return Err(DdlError::Invalid(format!("{} is nothing that a sequence can do", other.as_str_name()))),
    };
    if let Some(Object::Sequence(sequence)) = session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        sequence.unlogged = unlogged;
    }
    Ok(())
}

/// OWNED BY among the options.
fn set_owned_by(id: &ObjectId, options: &[protobuf::Node], session: &mut Session) -> Result<(), DdlError> {
    let Some(argument) = option(options, "owned_by").and_then(|option| option.arg.as_deref()) else { return Ok(()) };
    let parts = names(items(argument));
    let (column, relation) = match parts.as_slice() {
        [none] if none == "none" => {
            owned_by::disown(id, session);
            return Ok(());
        }
        [.., schema, table, column] => (column, (schema.as_str(), table.as_str())),
        [table, column] => (column, ("", table.as_str())),
        _ => return Err(DdlError::Invalid("OWNED BY takes NONE or table.column".to_owned())),
    };
    let (schema, table) = relation;
    let relation = protobuf::RangeVar { schemaname: schema.to_owned(), relname: table.to_owned(), ..Default::default() };
    let table = session.relation_of(&relation, &[Kind::Table])?;
    let column = session.column(&table, column)?;
    if table.schema() != id.schema() {
        return Err(DdlError::Invalid("sequence must be in same schema as table it is linked to".to_owned()));
    }
    owned_by::own(id, &column, session);
    Ok(())
}

fn alter_identity(column: &ObjectId, stmt: &protobuf::AlterSeqStmt, session: &mut Session) -> Result<(), DdlError> {
    if option(&stmt.options, "owned_by").is_some() {
        return Err(DdlError::Invalid("cannot change ownership of identity sequence".to_owned()));
    }
    if let Some(Object::Column(column)) = session.catalog.get_mut(column).map(|entry| &mut entry.object)
        && let Some(identity) = &mut column.identity
    {
        identity.options = identity.options.altered(&stmt.options)?;
    }
    Ok(())
}

/// Commands of ALTER SEQUENCE and ALTER TABLE for the sequence behind an identity column, as pg_dump writes them: SET LOGGED, SET UNLOGGED,
/// and its owner. `None` where no column has such a sequence.
///
/// # Errors
/// Where a command is another one, or the table does not have that owner (yet).
pub fn interpret_behind(stmt: &protobuf::AlterTableStmt, session: &mut Session) -> Result<Option<()>, DdlError> {
    let relation = stmt.relation.clone().unwrap_or_default();
    let names = session.candidates(&relation.schemaname, &relation.relname);
    let Some(column) = names.iter().find_map(|name| column_of(name, &session.catalog)) else { return Ok(None) };
    for node in &stmt.cmds {
        let Some(pg_query::NodeEnum::AlterTableCmd(command)) = &node.node else { continue };
        match command.subtype() {
            AlterTableType::AtSetLogged => set_unlogged(&column, false, session),
            AlterTableType::AtSetUnLogged => set_unlogged(&column, true, session),
            AlterTableType::AtChangeOwner => owned_as_its_table(&column, command, session)?,
            _ => return Err(DdlError::Invalid(format!("the sequence of identity column {} goes with its table", column.spelled()))),
        }
    }
    Ok(Some(()))
}

fn set_unlogged(column: &ObjectId, unlogged: bool, session: &mut Session) {
    if let Some(Object::Column(column)) = session.catalog.get_mut(column).map(|entry| &mut entry.object)
        && let Some(identity) = &mut column.identity
    {
        identity.unlogged = unlogged;
    }
}

/// An owner other than the table's is refused (`ATExecChangeOwner` of src/backend/commands/tablecmds.c).
fn owned_as_its_table(column: &ObjectId, command: &protobuf::AlterTableCmd, session: &Session) -> Result<(), DdlError> {
    let said = command.newowner.as_ref().and_then(|spec| generic::role(session, spec));
    let table = column.qname().and_then(|name| session.catalog.relation(name));
    let same = match table.and_then(|(table, _)| session.catalog.object(&table.owner())) {
        Some(Object::Owner(owner)) => said.as_ref() == Some(&owner.role),
        _ => said == session.default_role,
    };
    if same { Ok(()) } else { Err(DdlError::Missing { what: "table of the same owner, for the sequence of", name: column.spelled() }) }
}
