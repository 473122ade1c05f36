//! ALTER TABLE.

use super::{Action, Deriver, column};
use crate::model::{Hazard, LockMode, QName};
use crate::sql::protobuf::{AlterTableCmd, AlterTableStmt, AlterTableType, ConstrType, Constraint, ObjectType};
use crate::sql::{NodeEnum, literal};

pub(super) fn alter(deriver: &mut Deriver<'_>, stmt: &AlterTableStmt) {
    let Some(range) = &stmt.relation else { return };
    let relation = deriver.world.relation(range);
    for node in &stmt.cmds {
        let Some(NodeEnum::AlterTableCmd(cmd)) = &node.node else { continue };
        deriver.go(range.location);
        match stmt.objtype() {
            ObjectType::ObjectTable | ObjectType::ObjectForeignTable => command(deriver, &relation, cmd),
            ObjectType::ObjectType if cmd.subtype() == AlterTableType::AtDropColumn => {
                deriver.lose(&relation, format!("the values of attribute {relation}.{}", cmd.name));
            }
            ObjectType::ObjectType => {}
            ObjectType::ObjectIndex if cmd.subtype() != AlterTableType::AtSetTableSpace => {
                deriver.lock(&relation, LockMode::ShareUpdateExclusive)
            }
            _ => deriver.lock(&relation, LockMode::AccessExclusive),
        }
    }
}

fn command(deriver: &mut Deriver<'_>, relation: &QName, cmd: &AlterTableCmd) {
    use AlterTableType as T;
    let definition = cmd.def.as_ref().and_then(|def| def.node.as_ref());
    match (cmd.subtype(), definition) {
        (T::AtAddColumn, Some(NodeEnum::ColumnDef(definition))) => column::add(deriver, relation, definition),
        (T::AtAlterColumnType, Some(NodeEnum::ColumnDef(definition))) => {
            deriver.go(definition.location);
            column::alter_type(deriver, relation, &cmd.name, definition);
        }
        (T::AtAddConstraint, Some(NodeEnum::Constraint(constraint))) => {
            deriver.go(constraint.location);
            add_constraint(deriver, relation, constraint);
        }
        (T::AtDropColumn, _) => {
            deriver.lock(relation, LockMode::AccessExclusive);
            deriver.lose(relation, format!("all values of {relation}.{}", cmd.name));
            deriver.action(Action::DropColumn(relation.clone(), cmd.name.clone()));
        }
        (T::AtSetNotNull, _) => {
            deriver.lock(relation, LockMode::AccessExclusive);
            if !deriver.world.is_proved_not_null(relation, &cmd.name) {
                not_null(deriver, relation, &cmd.name);
            }
        }
        (T::AtValidateConstraint, _) => {
            deriver.lock(relation, LockMode::ShareUpdateExclusive);
            deriver.scan(relation);
            let same_transaction = deriver.world.validate(relation, &cmd.name);
            deriver.action(Action::Validate { relation: relation.clone(), name: cmd.name.as_str().into(), same_transaction });
        }
        (T::AtDropConstraint, _) => {
            deriver.lock(relation, LockMode::AccessExclusive);
            deriver.world.drop_constraint(relation, &cmd.name);
        }
        (T::AtSetLogged | T::AtSetUnLogged, _) => whole(deriver, relation, "it is logged otherwise"),
        (T::AtSetTableSpace, _) => whole(deriver, relation, "it moves to another tablespace"),
        (T::AtSetAccessMethod, _) => whole(deriver, relation, "another access method stores it"),
        (T::AtSetExpression, _) => whole(deriver, relation, "the expression is computed for every row, if it is STORED"),
        (T::AtAttachPartition | T::AtDetachPartition | T::AtAddInherit | T::AtDropInherit, definition) => {
            heritage(deriver, relation, cmd, definition)
        }
        (subtype, definition) => deriver.lock(relation, plain_mode(subtype, definition)),
    }
}

/// The mode of commands that neither read nor write the table.
fn plain_mode(subtype: AlterTableType, definition: Option<&NodeEnum>) -> LockMode {
    use AlterTableType as T;
    match subtype {
        T::AtSetStatistics | T::AtSetOptions | T::AtResetOptions | T::AtClusterOn | T::AtDropCluster => LockMode::ShareUpdateExclusive,
        T::AtSetRelOptions | T::AtResetRelOptions => {
            let closed = matches!(definition, Some(NodeEnum::List(list)) if literal::option(&list.items, "user_catalog_table").is_some());
            if closed { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive }
        }
        T::AtEnableTrig
        | T::AtEnableAlwaysTrig
        | T::AtEnableReplicaTrig
        | T::AtDisableTrig
        | T::AtEnableTrigAll
        | T::AtDisableTrigAll
        | T::AtEnableTrigUser
        | T::AtDisableTrigUser => LockMode::ShareRowExclusive,
        _ => LockMode::AccessExclusive,
    }
}

fn whole(deriver: &mut Deriver<'_>, relation: &QName, why: &str) {
    deriver.lock(relation, LockMode::AccessExclusive);
    deriver.rewrite(relation, why);
}

fn not_null(deriver: &mut Deriver<'_>, relation: &QName, column: &str) {
    deriver.scan(relation);
    if !deriver.world.is_new(relation) {
        deriver.hazard(Hazard::Assumes(format!("no row has {relation}.{column} null")));
    }
    deriver.action(Action::SetNotNull { relation: relation.clone(), column: column.to_owned() });
}

fn heritage(deriver: &mut Deriver<'_>, relation: &QName, cmd: &AlterTableCmd, definition: Option<&NodeEnum>) {
    let (other, concurrent) = match definition {
        Some(NodeEnum::PartitionCmd(partition)) => (partition.name.as_ref(), partition.concurrent),
        Some(NodeEnum::RangeVar(parent)) => (Some(parent), false),
        _ => (None, false),
    };
    let Some(other) = other.map(|name| deriver.world.relation(name)) else { return };
    match cmd.subtype() {
        AlterTableType::AtAttachPartition => {
            deriver.lock(relation, LockMode::ShareUpdateExclusive);
            deriver.lock(&other, LockMode::AccessExclusive);
            deriver.scan(&other);
        }
        AlterTableType::AtDetachPartition if concurrent => {
            deriver.lock(relation, LockMode::ShareUpdateExclusive);
            deriver.lock(&other, LockMode::AccessExclusive);
            deriver.outside("DETACH PARTITION CONCURRENTLY");
        }
        AlterTableType::AtDetachPartition => {
            deriver.lock(relation, LockMode::AccessExclusive);
            deriver.lock(&other, LockMode::AccessExclusive);
        }
        AlterTableType::AtAddInherit => {
            deriver.lock(relation, LockMode::AccessExclusive);
            deriver.lock(&other, LockMode::ShareUpdateExclusive);
        }
        _ => deriver.lock(relation, LockMode::AccessExclusive),
    }
}

fn add_constraint(deriver: &mut Deriver<'_>, relation: &QName, constraint: &Constraint) {
    let checked = !constraint.skip_validation && constraint.is_enforced;
    let relation_name = relation.clone();
    match constraint.contype() {
        ConstrType::ConstrCheck => {
            deriver.lock(relation, LockMode::AccessExclusive);
            if checked {
                deriver.scan(relation);
                deriver.action(Action::AddConstraint { relation: relation_name, form: "CHECK", inline: false });
            }
            if constraint.is_enforced {
                deriver.world.add_constraint(relation, &constraint.conname, constraint.raw_expr.as_deref(), !checked);
            }
        }
        ConstrType::ConstrForeign => {
            deriver.lock(relation, LockMode::ShareRowExclusive);
            if let Some(referenced) = &constraint.pktable {
                let referenced = deriver.world.relation(referenced);
                deriver.lock(&referenced, LockMode::ShareRowExclusive);
                if checked {
                    deriver.scan(&referenced);
                }
            }
            if checked {
                deriver.scan(relation);
                deriver.action(Action::AddConstraint { relation: relation_name, form: "FOREIGN KEY", inline: false });
            }
            deriver.world.add_constraint(relation, &constraint.conname, None, !checked);
        }
        ConstrType::ConstrNotnull => {
            deriver.lock(relation, LockMode::AccessExclusive);
            if !constraint.skip_validation {
                not_null(deriver, relation, &literal::names(&constraint.keys).join(", "));
            }
            deriver.world.add_constraint(relation, &constraint.conname, None, constraint.skip_validation);
        }
        ConstrType::ConstrUnique | ConstrType::ConstrPrimary | ConstrType::ConstrExclusion => {
            deriver.lock(relation, LockMode::AccessExclusive);
            if constraint.indexname.is_empty() {
                deriver.scan(relation);
                let form = match constraint.contype() {
                    ConstrType::ConstrUnique => "UNIQUE",
                    ConstrType::ConstrPrimary => "PRIMARY KEY",
                    _ => "EXCLUDE",
                };
                deriver.action(Action::AddKey { relation: relation_name, form });
            }
        }
        _ => deriver.lock(relation, LockMode::AccessExclusive),
    }
}
