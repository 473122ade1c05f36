//! Statements by their form.

use super::{Action, Deriver, drop, table};
use crate::model::{Hazard, LockMode, QName, quote_ident};
use crate::sql::protobuf::{
    AlterEnumStmt, ConstrType, Constraint, CreateDomainStmt, CreateStmt, IndexStmt, ObjectType, RangeVar, ReindexObjectType, ReindexStmt,
    TransactionStmtKind, VacuumStmt, VariableSetKind,
};
use crate::sql::{Name, Node, NodeEnum, literal};

/// The facts of a statement. One that is not listed here locks nothing that people wait for.
pub(super) fn derive(deriver: &mut Deriver<'_>, node: &NodeEnum) {
    match node {
        NodeEnum::TransactionStmt(stmt) => match stmt.kind() {
            TransactionStmtKind::TransStmtBegin | TransactionStmtKind::TransStmtStart => deriver.world.set_transaction(true),
            TransactionStmtKind::TransStmtCommit | TransactionStmtKind::TransStmtRollback | TransactionStmtKind::TransStmtPrepare => {
                deriver.world.set_transaction(stmt.chain)
            }
            _ => {}
        },
        NodeEnum::VariableSetStmt(stmt) if stmt.name == "search_path" => match stmt.kind() {
            VariableSetKind::VarSetValue => deriver.world.set_search_path(&stmt.args),
            _ => deriver.world.set_search_path(&[]),
        },
        NodeEnum::CreateStmt(stmt) => create_table(deriver, stmt),
        NodeEnum::CreateForeignTableStmt(stmt) => {
            if let Some(base) = &stmt.base_stmt {
                create_table(deriver, base);
            }
        }
        NodeEnum::CreateDomainStmt(stmt) => create_domain(deriver, stmt),
        NodeEnum::IndexStmt(stmt) => create_index(deriver, stmt),
        NodeEnum::ReindexStmt(stmt) => reindex(deriver, stmt),
        NodeEnum::AlterTableStmt(stmt) => table::alter(deriver, stmt),
        NodeEnum::RenameStmt(stmt) => drop::rename(deriver, stmt),
        NodeEnum::AlterObjectSchemaStmt(stmt) => drop::set_schema(deriver, stmt),
        NodeEnum::AlterEnumStmt(stmt) => alter_enum(deriver, stmt),
        NodeEnum::DropStmt(stmt) => drop::drop(deriver, stmt),
        NodeEnum::DropOwnedStmt(_) => deriver.hazard(Hazard::Loss("everything that the roles own".to_owned())),
        NodeEnum::TruncateStmt(stmt) => ranges(&stmt.relations).for_each(|relation| drop::empty(deriver, relation, "TRUNCATE")),
        NodeEnum::DeleteStmt(stmt) if stmt.where_clause.is_none() && stmt.using_clause.is_empty() => {
            if let Some(relation) = &stmt.relation {
                drop::empty(deriver, relation, "DELETE");
            }
        }
        other => more(deriver, other),
    }
}

fn more(deriver: &mut Deriver<'_>, node: &NodeEnum) {
    match node {
        NodeEnum::UpdateStmt(stmt) => {
            lock(deriver, stmt.relation.as_ref(), LockMode::RowExclusive);
            if let Some(relation) = stmt.relation.as_ref().filter(|_| stmt.where_clause.is_none()) {
                let name = deriver.world.relation(relation);
                deriver.scan(&name);
            }
        }
        NodeEnum::ViewStmt(stmt) => {
            if let Some(view) = &stmt.view {
                let name = deriver.world.relation(view);
                if stmt.replace {
                    deriver.lock(&name, LockMode::AccessExclusive);
                }
                deriver.create(name);
            }
        }
        NodeEnum::CreateTableAsStmt(stmt) => {
            if let Some(range) = stmt.into.as_ref().and_then(|into| into.rel.as_ref()) {
                let name = deriver.world.relation(range);
                deriver.create(name);
            }
        }
        NodeEnum::RefreshMatViewStmt(stmt) => {
            let mode = if stmt.concurrent { LockMode::Exclusive } else { LockMode::AccessExclusive };
            lock(deriver, stmt.relation.as_ref(), mode);
        }
        NodeEnum::ClusterStmt(stmt) => match &stmt.relation {
            Some(relation) => rewritten(deriver, relation, "CLUSTER orders it"),
            None => deriver.outside("CLUSTER of all tables"),
        },
        NodeEnum::VacuumStmt(stmt) => vacuum(deriver, stmt),
        NodeEnum::CreateTrigStmt(stmt) => lock(deriver, stmt.relation.as_ref(), LockMode::ShareRowExclusive),
        NodeEnum::RuleStmt(stmt) => lock(deriver, stmt.relation.as_ref(), LockMode::AccessExclusive),
        NodeEnum::CreatePolicyStmt(stmt) => lock(deriver, stmt.table.as_ref(), LockMode::AccessExclusive),
        NodeEnum::AlterPolicyStmt(stmt) => lock(deriver, stmt.table.as_ref(), LockMode::AccessExclusive),
        NodeEnum::AlterSeqStmt(stmt) => lock(deriver, stmt.sequence.as_ref(), LockMode::ShareRowExclusive),
        NodeEnum::LockStmt(stmt) => ranges(&stmt.relations).for_each(|relation| lock(deriver, Some(relation), LockMode::AccessExclusive)),
        NodeEnum::CreateStatsStmt(stmt) => {
            ranges(&stmt.relations).for_each(|relation| lock(deriver, Some(relation), LockMode::ShareUpdateExclusive))
        }
        NodeEnum::CommentStmt(stmt) if matches!(stmt.objtype(), ObjectType::ObjectTable | ObjectType::ObjectIndex) => {
            if let Some(name) = stmt.object.as_deref().and_then(literal::qualified) {
                let name = deriver.world.named(&name);
                deriver.lock(&name, LockMode::ShareUpdateExclusive);
            }
        }
        NodeEnum::CreateSeqStmt(stmt) => create(deriver, stmt.sequence.as_ref()),
        NodeEnum::CompositeTypeStmt(stmt) => create(deriver, stmt.typevar.as_ref()),
        NodeEnum::CreateEnumStmt(stmt) => create_named(deriver, &stmt.type_name),
        NodeEnum::CreateRangeStmt(stmt) => create_named(deriver, &stmt.type_name),
        NodeEnum::CreateFunctionStmt(stmt) => create_named(deriver, &stmt.funcname),
        NodeEnum::DropdbStmt(stmt) => {
            deriver.hazard(Hazard::Loss(format!("database {}", quote_ident(&stmt.dbname))));
            deriver.outside("DROP DATABASE");
        }
        other => refused_in_blocks(deriver, other),
    }
}

/// What `PreventInTransactionBlock` of src/backend/access/transam/xact.c guards.
fn refused_in_blocks(deriver: &mut Deriver<'_>, node: &NodeEnum) {
    let form = match node {
        NodeEnum::CreatedbStmt(_) => "CREATE DATABASE",
        NodeEnum::CreateTableSpaceStmt(_) => "CREATE TABLESPACE",
        NodeEnum::DropTableSpaceStmt(_) => "DROP TABLESPACE",
        NodeEnum::AlterSystemStmt(_) => "ALTER SYSTEM",
        NodeEnum::CreateSubscriptionStmt(stmt) => {
            let off = |name| literal::option(&stmt.options, name).and_then(|option| literal::flag(option).ok()) == Some(false);
            if off("connect") || off("create_slot") {
                return;
            }
            "CREATE SUBSCRIPTION with a replication slot"
        }
        _ => return,
    };
    deriver.outside(form);
}

fn lock(deriver: &mut Deriver<'_>, relation: Option<&RangeVar>, mode: LockMode) {
    if let Some(relation) = relation {
        let name = deriver.world.relation(relation);
        deriver.lock(&name, mode);
    }
}

fn create(deriver: &mut Deriver<'_>, relation: Option<&RangeVar>) {
    if let Some(relation) = relation {
        let name = deriver.world.relation(relation);
        deriver.create(name);
    }
}

fn create_named(deriver: &mut Deriver<'_>, name: &[Node]) {
    if let Some(name) = Name::of(name) {
        let name = deriver.world.named(&name);
        deriver.create(name);
    }
}

fn ranges(nodes: &[Node]) -> impl Iterator<Item = &RangeVar> {
    nodes.iter().filter_map(|node| if let Some(NodeEnum::RangeVar(relation)) = &node.node { Some(relation) } else { None })
}

fn rewritten(deriver: &mut Deriver<'_>, relation: &RangeVar, why: &str) {
    let name = deriver.world.relation(relation);
    deriver.lock(&name, LockMode::AccessExclusive);
    deriver.rewrite(&name, why);
}

fn create_table(deriver: &mut Deriver<'_>, stmt: &CreateStmt) {
    let Some(relation) = &stmt.relation else { return };
    let name = deriver.world.relation(relation);
    deriver.create(name);
    let mode = if stmt.partbound.is_some() { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
    ranges(&stmt.inh_relations).for_each(|parent| lock(deriver, Some(parent), mode));
    for element in &stmt.table_elts {
        match &element.node {
            Some(NodeEnum::Constraint(constraint)) => references(deriver, constraint),
            Some(NodeEnum::ColumnDef(column)) => {
                for constraint in &column.constraints {
                    if let Some(NodeEnum::Constraint(constraint)) = &constraint.node {
                        references(deriver, constraint);
                    }
                }
            }
            _ => {}
        }
    }
}

fn references(deriver: &mut Deriver<'_>, constraint: &Constraint) {
    if constraint.contype() == ConstrType::ConstrForeign {
        lock(deriver, constraint.pktable.as_ref(), LockMode::ShareRowExclusive);
    }
}

fn create_domain(deriver: &mut Deriver<'_>, stmt: &CreateDomainStmt) {
    let Some(name) = Name::of(&stmt.domainname) else { return };
    let name = deriver.world.named(&name);
    let checks = stmt.constraints.iter().any(|node| {
        matches!(&node.node, Some(NodeEnum::Constraint(constraint))
            if matches!(constraint.contype(), ConstrType::ConstrCheck | ConstrType::ConstrNotnull))
    });
    if checks {
        deriver.world.create_checking_domain(name.clone());
    }
    deriver.create(name);
}

fn create_index(deriver: &mut Deriver<'_>, stmt: &IndexStmt) {
    let Some(range) = &stmt.relation else { return };
    let relation = deriver.world.relation(range);
    deriver.lock(&relation, if stmt.concurrent { LockMode::ShareUpdateExclusive } else { LockMode::Share });
    // ON ONLY is about partitioned tables, which hold no rows.
    if range.inh {
        deriver.scan(&relation);
        deriver.action(Action::CreateIndex { relation: relation.clone(), concurrent: stmt.concurrent });
    }
    if stmt.concurrent {
        deriver.outside("CREATE INDEX CONCURRENTLY");
    }
    if !stmt.idxname.is_empty() {
        deriver.create(QName::new(relation.schema, stmt.idxname.as_str()));
    }
}

fn reindex(deriver: &mut Deriver<'_>, stmt: &ReindexStmt) {
    let concurrent = literal::option(&stmt.params, "concurrently").is_some_and(|option| literal::flag(option).unwrap_or(true));
    let name = stmt.relation.as_ref().map(|relation| deriver.world.relation(relation));
    let is_table = stmt.kind() == ReindexObjectType::ReindexObjectTable;
    if let Some(name) = &name {
        let plain = if is_table { LockMode::Share } else { LockMode::AccessExclusive };
        deriver.lock(name, if concurrent { LockMode::ShareUpdateExclusive } else { plain });
        deriver.scan(name);
    }
    if concurrent {
        deriver.outside("REINDEX CONCURRENTLY");
        return;
    }
    match name {
        Some(name) if deriver.world.is_new(&name) => {}
        Some(name) => deriver.action(Action::Reindex(name.to_string())),
        None => {
            deriver.action(Action::Reindex(stmt.name.clone()));
            deriver.outside("REINDEX of a schema or database");
        }
    }
}

fn vacuum(deriver: &mut Deriver<'_>, stmt: &VacuumStmt) {
    if !stmt.is_vacuumcmd {
        return;
    }
    deriver.outside("VACUUM");
    let full = literal::option(&stmt.options, "full").is_some_and(|option| literal::flag(option).unwrap_or(true));
    for node in &stmt.rels {
        let Some(NodeEnum::VacuumRelation(relation)) = &node.node else { continue };
        match &relation.relation {
            Some(relation) if full => rewritten(deriver, relation, "VACUUM FULL"),
            relation => lock(deriver, relation.as_ref(), LockMode::ShareUpdateExclusive),
        }
    }
}

/// ADD VALUE locks nothing; RENAME VALUE breaks code.
fn alter_enum(deriver: &mut Deriver<'_>, stmt: &AlterEnumStmt) {
    if stmt.old_val.is_empty() {
        return;
    }
    if let Some(name) = Name::of(&stmt.type_name) {
        let name = deriver.world.named(&name);
        let what = format!("value {:?} of {name}", stmt.old_val);
        drop::renamed(deriver, &name, what, None, stmt.new_val.clone());
    }
}
