//! ALTER TABLE.

use pg_query::protobuf::{AlterTableCmd, AlterTableStmt, AlterTableType, PartitionCmd};
use pg_query::NodeEnum;

use super::interpret::{composite, forget_toast, link, name_of, split_options, table_of};
use super::{Persistence, ReplicaIdentity, Table, cluster};
use crate::model::{Expr, Ident, ObjectId, Options, QName, quote_literal};
use crate::object::column::{self, Column};
use crate::object::constraint::{Definition, interpret as constraints};
use crate::object::trigger::Firing;
use crate::object::{DdlError, Kind, Object, Session, generic, inheritance, trigger_copies};
use crate::sql::literal;

/// ALTER TABLE of a table, its commands in the order of their passes.
///
/// # Errors
/// Where something that it names does not exist, or PostgreSQL would refuse it.
pub fn interpret_alter(id: &ObjectId, stmt: &AlterTableStmt, session: &mut Session) -> Result<(), DdlError> {
    let recurse = stmt.relation.as_ref().is_none_or(|relation| relation.inh);
    let mut commands: Vec<&AlterTableCmd> = stmt
        .cmds
        .iter()
        .filter_map(|node| match &node.node {
            Some(NodeEnum::AlterTableCmd(command)) => Some(&**command),
            _ => None,
        })
        .collect();
    commands.sort_by_key(|command| pass(command));
    commands.into_iter().try_for_each(|command| interpret_command(id, command, recurse, session))
}

/// The passes of `ATPrepCmd` (src/backend/commands/tablecmds.c).
fn pass(command: &AlterTableCmd) -> u8 {
    use AlterTableType as Type;
    match command.subtype() {
        Type::AtDropColumn | Type::AtDropConstraint | Type::AtDropNotNull | Type::AtDropExpression | Type::AtDropIdentity => 0,
        Type::AtAlterColumnType => 1,
        Type::AtAddColumn => 2,
        Type::AtSetExpression => 3,
        // Constraints find columns as SET NOT NULL and the like leave them.
        Type::AtSetNotNull | Type::AtColumnDefault => 4,
        Type::AtAddIdentity | Type::AtSetIdentity | Type::AtAddConstraint => 5,
        _ => 6,
    }
}

fn interpret_command(id: &ObjectId, command: &AlterTableCmd, recurse: bool, session: &mut Session) -> Result<(), DdlError> {
    if column::interpret_command(id, command, recurse, session)?.is_some()
        || set_attribute(id, command, session)?.is_some()
        || relate(id, command, session)?.is_some()
        || set_firing(id, command, recurse, session)?.is_some()
    {
        return Ok(());
    }
    match command.subtype() {
        AlterTableType::AtChangeOwner => {
            if let Some(owner) = command.newowner.as_ref().and_then(|spec| generic::role(session, spec)) {
                generic::set_owner(session, id.clone(), owner);
            }
            Ok(())
        }
        _ => constraints::command(id, command, recurse, session),
    }
}

fn table_mut<'a>(id: &ObjectId, session: &'a mut Session) -> Result<&'a mut Table, DdlError> {
    match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::Table(table)) => Ok(table),
        _ => Err(DdlError::Missing { what: "table", name: id.spelled() }),
    }
}

/// What a table has of its own.
fn set_attribute(id: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<Option<()>, DdlError> {
    use AlterTableType as Type;
    let definition = command.def.as_deref().and_then(|node| node.node.as_ref());
    let list = || match definition {
        Some(NodeEnum::List(list)) => literal::options(&list.items).map_err(DdlError::from),
        _ => Ok(Vec::new()),
    };
    match (command.subtype(), definition) {
        (Type::AtSetLogged, _) => set_persistence(id, Persistence::Permanent, session)?,
        (Type::AtSetUnLogged, _) => set_persistence(id, Persistence::Unlogged, session)?,
        (Type::AtSetAccessMethod, _) => set_access_method(id, &command.name, session)?,
        (Type::AtSetTableSpace, _) => {
            table_mut(id, session)?.tablespace = (command.name != "pg_default").then(|| Ident::new(&command.name));
        }
        (Type::AtSetRelOptions | Type::AtReplaceRelOptions, _) => {
            let (own, toast) = split_options(list()?);
            let table = table_mut(id, session)?;
            table.options.extend(own);
            if !toast.is_empty() {
                table.toast_options.extend(toast);
                forget_toast(id, session);
            }
        }
        (Type::AtResetRelOptions, _) => {
            let (own, toast) = split_options(list()?);
            let table = table_mut(id, session)?;
            let reset = |options: &mut Options, gone: &Options| options.retain(|name, _| !gone.contains_key(name));
            reset(&mut table.options, &own);
            reset(&mut table.toast_options, &toast);
        }
        (Type::AtGenericOptions, Some(NodeEnum::List(list))) => {
            let Some(foreign) = &mut table_mut(id, session)?.foreign else {
                return Err(DdlError::Invalid(format!("{} is not a foreign table", id.spelled())));
            };
            foreign.options.say(&list.items)?;
        }
        (Type::AtReplicaIdentity, Some(NodeEnum::ReplicaIdentityStmt(stmt))) => set_replica_identity(id, &stmt.identity_type, &stmt.name, session)?,
        (Type::AtClusterOn, _) => cluster::note(id, &command.name, session)?,
        (Type::AtDropCluster, _) => {
            mark_index(id, None, Mark::Clustered, session)?;
            table_mut(id, session)?.clustered = false;
        }
        // There have been none since 12, and it is taken as always.
        (Type::AtDropOids, _) => {}
        (Type::AtEnableRowSecurity, _) => table_mut(id, session)?.row_security = true,
        (Type::AtDisableRowSecurity, _) => table_mut(id, session)?.row_security = false,
        (Type::AtForceRowSecurity, _) => table_mut(id, session)?.force_row_security = true,
        (Type::AtNoForceRowSecurity, _) => table_mut(id, session)?.force_row_security = false,
        _ => return Ok(None),
    }
    Ok(Some(()))
}

fn set_access_method(id: &ObjectId, name: &str, session: &mut Session) -> Result<(), DdlError> {
    let table = table_mut(id, session)?;
    let kept = !name.is_empty() && (table.is_partitioned() || name != "heap");
    table.access_method = kept.then(|| Ident::new(name));
    let object = session.catalog.object(id).cloned();
    let needed = object.and_then(|object| crate::object::access_method::needed(&object, &session.catalog));
    if let Some(entry) = session.catalog.get_mut(id) {
        entry.needs.retain(|need| need.kind != Kind::AccessMethod);
        entry.needs.extend(needed);
    }
    Ok(())
}

/// The sequences of its columns follow the table from 15 on.
fn set_persistence(id: &ObjectId, persistence: Persistence, session: &mut Session) -> Result<(), DdlError> {
    let table = table_mut(id, session)?;
    // Without storage nothing is done.
    if table.is_partitioned() {
        return Ok(());
    }
    table.persistence = persistence;
    if session.major() < 15 {
        return Ok(());
    }
    let Some(name) = id.qname() else { return Ok(()) };
    let owned: Vec<ObjectId> = session
        .catalog
        .of_kind(Kind::Sequence)
        .filter(|(_, entry)| entry.auto.as_ref().and_then(ObjectId::qname) == Some(name))
        .map(|(id, _)| id.clone())
        .collect();
    for sequence in owned {
        if let Some(Object::Sequence(sequence)) = session.catalog.get_mut(&sequence).map(|entry| &mut entry.object) {
            sequence.unlogged = persistence == Persistence::Unlogged;
        }
    }
    for column in column::columns(id, session) {
        if let Some(Object::Column(Column { identity: Some(identity), .. })) = session.catalog.get_mut(&column).map(|entry| &mut entry.object) {
            identity.unlogged = persistence == Persistence::Unlogged;
        }
    }
    Ok(())
}

/// The sequences of identity and serial columns go with their table to its new schema (`AlterSeqNamespaces`).
///
/// # Errors
/// Where the name of one is taken there.
pub fn move_sequences(id: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let name = name_of(id)?;
    let schema = |name: &Ident| ObjectId::global(Kind::Schema, name.clone());
    for column in column::columns(id, session) {
        let owned = session.catalog.of_kind(Kind::Sequence).filter(|(_, entry)| entry.auto.as_ref() == Some(&column));
        let owned: Vec<ObjectId> = owned.map(|(id, _)| id.clone()).collect();
        for sequence in owned {
            let Some(old) = sequence.qname().cloned().filter(|old| old.schema != name.schema) else { continue };
            let new = QName { schema: name.schema.clone(), name: old.name.clone() };
            let moved = ObjectId::in_schema(Kind::Sequence, new.clone());
            session.rename(&sequence, &moved)?;
            if let Some(entry) = session.catalog.get_mut(&moved) {
                entry.needs.remove(&schema(&old.schema));
                entry.needs.insert(schema(&name.schema));
            }
            let (old, new) = (quote_literal(&old.to_string()), quote_literal(&new.to_string()));
            if let Some(Object::Default(default)) =
                session.catalog.get_mut(&ObjectId::of(Kind::Default, column.clone())).map(|entry| &mut entry.object)
            {
                default.expr = Expr::new(default.expr.sql.replace(&old, &new));
            }
        }
        if let Some(entry) = session.catalog.get_mut(&column)
            && let Object::Column(Column { identity: Some(identity), .. }) = &mut entry.object
        {
            entry.needs.remove(&schema(&identity.sequence.schema));
            entry.needs.insert(schema(&name.schema));
            identity.sequence.schema = name.schema.clone();
        }
    }
    Ok(())
}

fn set_replica_identity(id: &ObjectId, kind: &str, index: &str, session: &mut Session) -> Result<(), DdlError> {
    let identity = match kind {
        "d" => ReplicaIdentity::Default,
        "f" => ReplicaIdentity::Full,
        "n" => ReplicaIdentity::Nothing,
        "i" => ReplicaIdentity::Index,
        other => return Err(DdlError::Unsupported(format!("REPLICA IDENTITY of the kind {other}"))),
    };
    mark_index(id, (identity == ReplicaIdentity::Index).then_some(index), Mark::ReplicaIdentity, session)?;
    table_mut(id, session)?.replica_identity = identity;
    Ok(())
}

/// What a table says of one of its indexes.
#[derive(Clone, Copy)]
pub enum Mark {
    /// CLUSTER ON.
    Clustered,
    /// REPLICA IDENTITY USING INDEX.
    ReplicaIdentity,
}

/// Marks the index of that name, and no other index of the table or materialized view.
///
/// # Errors
/// Where it has none of that name.
pub fn mark_index(table: &ObjectId, name: Option<&str>, mark: Mark, session: &mut Session) -> Result<(), DdlError> {
    let parts: Vec<ObjectId> = session.catalog.children(table).cloned().collect();
    let mut found = name.is_none();
    for part in parts {
        let this = part.name().map(Ident::as_str) == name && name.is_some();
        let flags = match session.catalog.get_mut(&part).map(|entry| &mut entry.object) {
            Some(Object::Index(index)) => Some((&mut index.clustered, &mut index.replica_identity)),
            Some(Object::Constraint(constraint)) => match &mut constraint.definition {
                Definition::PrimaryKey(key) | Definition::Unique(key) => Some((&mut key.index.clustered, &mut key.index.replica_identity)),
                Definition::Exclude(exclude) => Some((&mut exclude.index.clustered, &mut exclude.index.replica_identity)),
                _ => None,
            },
            _ => None,
        };
        let Some((clustered, identity)) = flags else { continue };
        found |= this;
        match mark {
            Mark::Clustered => *clustered = this,
            Mark::ReplicaIdentity => *identity = this,
        }
    }
    if found { Ok(()) } else { Err(DdlError::Missing { what: "index", name: name.map(|name| Ident::new(name).quoted()).unwrap_or_default() }) }
}

/// ENABLE and DISABLE TRIGGER and RULE.
fn set_firing(id: &ObjectId, command: &AlterTableCmd, recurse: bool, session: &mut Session) -> Result<Option<()>, DdlError> {
    use AlterTableType as Type;
    let (kind, firing) = match command.subtype() {
        Type::AtEnableTrig | Type::AtEnableTrigAll | Type::AtEnableTrigUser => (Kind::Trigger, Firing::Origin),
        Type::AtEnableAlwaysTrig => (Kind::Trigger, Firing::Always),
        Type::AtEnableReplicaTrig => (Kind::Trigger, Firing::Replica),
        Type::AtDisableTrig | Type::AtDisableTrigAll | Type::AtDisableTrigUser => (Kind::Trigger, Firing::Disabled),
        Type::AtEnableRule => (Kind::Rule, Firing::Origin),
        Type::AtEnableAlwaysRule => (Kind::Rule, Firing::Always),
        Type::AtEnableReplicaRule => (Kind::Rule, Firing::Replica),
        Type::AtDisableRule => (Kind::Rule, Firing::Disabled),
        _ => return Ok(None),
    };
    if kind == Kind::Trigger {
        return trigger_copies::set_firing(id, &command.name, firing, recurse, session).map(Some);
    }
    let rule = id.qname().map(|table| ObjectId::on(Kind::Rule, table.clone(), command.name.as_str()));
    match rule.as_ref().and_then(|rule| session.catalog.get_mut(rule)).map(|entry| &mut entry.object) {
        Some(Object::Rule(rule)) => rule.firing = firing,
        _ => return Err(DdlError::Missing { what: "rule", name: format!("{} ON {}", Ident::new(&command.name), id.spelled()) }),
    }
    Ok(Some(()))
}

/// How a table stands to parents and types.
fn relate(id: &ObjectId, command: &AlterTableCmd, session: &mut Session) -> Result<Option<()>, DdlError> {
    use AlterTableType as Type;
    let definition = command.def.as_deref().and_then(|node| node.node.as_ref());
    match (command.subtype(), definition) {
        (Type::AtAddInherit, Some(NodeEnum::RangeVar(parent))) => {
            let parent = session.relation_of(parent, &[Kind::Table])?;
            inherit(id, &parent, None, session)?;
        }
        (Type::AtDropInherit, Some(NodeEnum::RangeVar(parent))) => {
            let parent = session.relation_of(parent, &[Kind::Table])?;
            disinherit(id, &parent, session)?;
        }
        (Type::AtAttachPartition, Some(NodeEnum::PartitionCmd(partition))) => {
            let child = partition_of(partition, session)?;
            inherit(&child, id, Some(partition), session)?;
        }
        // What CONCURRENTLY began, and no file begins it (`ATExecDetachPartitionFinalize` of src/backend/commands/tablecmds.c).
        (Type::AtDetachPartitionFinalize, Some(NodeEnum::PartitionCmd(partition))) => {
            let child = partition_of(partition, session)?;
            return Err(DdlError::Invalid(format!("DETACH PARTITION {} FINALIZE: it is not being detached (write DETACH PARTITION)", child.spelled())));
        }
        (Type::AtDetachPartition, Some(NodeEnum::PartitionCmd(partition))) => {
            if partition.concurrent {
                return Err(DdlError::Unsupported("DETACH PARTITION .. CONCURRENTLY, which leaves a CHECK of the bound behind (write DETACH PARTITION, and that CHECK if it is to stay),".to_owned()));
            }
            let child = partition_of(partition, session)?;
            disinherit(&child, id, session)?;
        }
        (Type::AtAddOf, Some(NodeEnum::TypeName(name))) => {
            let of_type = composite(name, session)?;
            set_type(id, Some(of_type), session);
        }
        (Type::AtDropOf, _) => set_type(id, None, session),
        _ => return Ok(None),
    }
    Ok(Some(()))
}

fn partition_of(partition: &PartitionCmd, session: &Session) -> Result<ObjectId, DdlError> {
    session.relation_of(&partition.name.clone().unwrap_or_default(), &[Kind::Table])
}

fn set_type(id: &ObjectId, of_type: Option<ObjectId>, session: &mut Session) {
    let Some(entry) = session.catalog.get_mut(id) else { return };
    entry.needs.retain(|need| need.kind != Kind::Composite);
    entry.needs.extend(of_type.clone());
    if let Object::Table(table) = &mut entry.object {
        table.of_type = of_type.and_then(|id| id.qname().cloned());
    }
}

/// INHERIT and ATTACH PARTITION: the child must have the parent's columns already.
fn inherit(child: &ObjectId, parent: &ObjectId, partition: Option<&PartitionCmd>, session: &mut Session) -> Result<(), DdlError> {
    let (below, above) = (name_of(child)?, name_of(parent)?);
    let links = inheritance::parents(&session.catalog, &below);
    if links.iter().any(|(_, link)| link.parent == above) {
        return Err(DdlError::Invalid(format!("relation {below} would be inherited from more than once")));
    }
    let order = links.last().map_or(0, |(_, link)| link.order.0) + 1;
    if partition.is_some() && table_of(parent, session).is_none_or(|table| !table.is_partitioned()) {
        return Err(DdlError::Invalid(format!("{above} is not partitioned")));
    }
    for column in column::columns(parent, session) {
        let own = column.moved_to(&below);
        let types = |id: &ObjectId| match session.catalog.object(id) {
            Some(Object::Column(Column { type_name, collation, .. })) => Some((type_name.clone(), collation.clone())),
            _ => None,
        };
        match types(&own) {
            None => return Err(DdlError::Waits(format!("child table is missing column {}", own.spelled()))),
            Some(found) if Some(&found) != types(&column).as_ref() => {
                return Err(DdlError::Waits(format!("child table {below} has different type for column {}", own.spelled())));
            }
            Some(_) => {}
        }
    }
    link(child, parent, order, partition.and_then(|partition| partition.bound.as_ref()), session)?;
    if partition.is_some() {
        set_inherited(child, parent, true, session);
    }
    constraints::inherit(child, parent, session)
}

fn disinherit(child: &ObjectId, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let (below, above) = (name_of(child)?, name_of(parent)?);
    let link = inheritance::link_id(&below, &above);
    if !session.catalog.contains(&link) {
        return Err(DdlError::Invalid(format!("relation {above} is not a parent of relation {below}")));
    }
    constraints::disinherit(child, parent, session)?;
    trigger_copies::detach(child, &mut session.catalog);
    session.catalog.remove(&link);
    set_inherited(child, parent, false, session);
    Ok(())
}

/// The columns that a table shares with a parent; those that another parent has too stay inherited.
fn set_inherited(child: &ObjectId, parent: &ObjectId, inherited: bool, session: &mut Session) {
    let (Some(below), Some(above)) = (child.qname().cloned(), parent.qname().cloned()) else { return };
    let parents: Vec<_> = inheritance::parents(&session.catalog, &below).into_iter().map(|(_, link)| link.parent.clone()).collect();
    for id in column::columns(child, session) {
        let shared = session.catalog.contains(&id.moved_to(&above));
        let kept = !inherited && parents.iter().any(|parent| session.catalog.contains(&id.moved_to(parent)));
        if let Some(Object::Column(column)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object)
            && shared
            && !kept
        {
            column.inherited = inherited;
        }
    }
}
