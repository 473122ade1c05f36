//! DROP, TRUNCATE, DELETE, and new names.

use super::{Action, Deriver};
use crate::model::{Hazard, Ident, LockMode, QName, quote_ident};
use crate::sql::protobuf::{AlterObjectSchemaStmt, DropBehavior, DropStmt, ObjectType, RangeVar, RenameStmt};
use crate::sql::{Node, NodeEnum, literal};

pub(super) fn drop(deriver: &mut Deriver<'_>, stmt: &DropStmt) {
    let cascade = stmt.behavior() == DropBehavior::DropCascade;
    for object in &stmt.objects {
        let Some(name) = literal::qualified(object) else { continue };
        let qname = deriver.world.named(&name);
        match stmt.remove_type() {
            ObjectType::ObjectTable | ObjectType::ObjectForeignTable => {
                deriver.lock(&qname, LockMode::AccessExclusive);
                if stmt.remove_type() == ObjectType::ObjectTable {
                    deriver.lose(&qname, format!("all rows of {qname}"));
                    deriver.action(Action::DropTable(qname.clone()));
                }
                deriver.world.forget(&qname);
            }
            ObjectType::ObjectIndex if stmt.concurrent => deriver.outside("DROP INDEX CONCURRENTLY"),
            // The table is locked too; which one, the statement does not tell.
            ObjectType::ObjectIndex => {
                deriver.lock(&qname, LockMode::AccessExclusive);
                deriver.action(Action::DropIndex(qname));
            }
            ObjectType::ObjectSequence => {
                deriver.lock(&qname, LockMode::AccessExclusive);
                deriver.lose(&qname, format!("the value of sequence {qname}"));
            }
            ObjectType::ObjectView | ObjectType::ObjectMatview => {
                deriver.lock(&qname, LockMode::AccessExclusive);
                breaks(deriver, &qname, format!("queries of {qname} fail"));
                deriver.world.forget(&qname);
            }
            ObjectType::ObjectSchema if cascade => {
                deriver.hazard(Hazard::Loss(format!("everything in schema {}", quote_ident(&name.name))));
            }
            ObjectType::ObjectType | ObjectType::ObjectDomain if cascade => {
                deriver.lose(&qname, format!("all values of columns of type {qname}"));
            }
            ObjectType::ObjectExtension if cascade => {
                deriver.hazard(Hazard::Loss(format!("whatever uses extension {}", quote_ident(&name.name))));
            }
            _ => {}
        }
    }
}

fn breaks(deriver: &mut Deriver<'_>, name: &QName, words: String) {
    if !deriver.world.is_new(name) {
        deriver.hazard(Hazard::Breaks(words));
    }
}

/// TRUNCATE, or DELETE without WHERE.
pub(super) fn empty(deriver: &mut Deriver<'_>, relation: &RangeVar, form: &'static str) {
    deriver.go(relation.location);
    let name = deriver.world.relation(relation);
    if form == "DELETE" {
        deriver.lock(&name, LockMode::RowExclusive);
        deriver.scan(&name);
    } else {
        deriver.lock(&name, LockMode::AccessExclusive);
    }
    deriver.lose(&name, format!("all rows of {name}"));
    deriver.action(Action::Empty(name, form));
}

pub(super) fn rename(deriver: &mut Deriver<'_>, stmt: &RenameStmt) {
    use ObjectType as O;
    let to = stmt.newname.clone();
    let relation = stmt.relation.as_ref().map(|relation| deriver.world.relation(relation));
    match (stmt.rename_type(), relation) {
        (O::ObjectColumn, Some(relation)) => {
            deriver.lock(&relation, LockMode::AccessExclusive);
            let what = format!("column {relation}.{}", quote_ident(&stmt.subname));
            renamed(deriver, &relation, what, None, to);
        }
        (O::ObjectAttribute, Some(relation)) => {
            let what = format!("attribute {relation}.{}", quote_ident(&stmt.subname));
            renamed(deriver, &relation, what, None, to);
        }
        (kind @ (O::ObjectTable | O::ObjectView | O::ObjectMatview | O::ObjectForeignTable | O::ObjectSequence), Some(relation)) => {
            deriver.lock(&relation, LockMode::AccessExclusive);
            // ALTER TABLE is taken for sequences, and for indexes too.
            renamed(deriver, &relation, format!("{} {relation}", word(kind)), Some(relation.clone()), to.clone());
            given(deriver, &relation, &to);
        }
        (O::ObjectIndex, Some(relation)) => deriver.lock(&relation, LockMode::ShareUpdateExclusive),
        (_, Some(relation)) => deriver.lock(&relation, LockMode::AccessExclusive),
        (kind, None) => {
            let Some(name) = stmt.object.as_deref().and_then(named_object) else { return rename_global(deriver, stmt) };
            let name = deriver.world.qname(name.0.as_deref().unwrap_or_default(), &name.1);
            if matches!(
                kind,
                O::ObjectType | O::ObjectDomain | O::ObjectFunction | O::ObjectProcedure | O::ObjectRoutine | O::ObjectAggregate
            ) {
                renamed(deriver, &name, format!("{} {name}", word(kind)), Some(name.clone()), to.clone());
                given(deriver, &name, &to);
            }
        }
    }
}

/// Schemas have their name where others have the old name of a part.
fn rename_global(deriver: &mut Deriver<'_>, stmt: &RenameStmt) {
    if stmt.rename_type() == ObjectType::ObjectSchema {
        let what = format!("schema {}", quote_ident(&stmt.subname));
        deriver.hazard(Hazard::Breaks(format!("code that names {what}")));
        deriver.action(Action::Rename { what, name: None, to: stmt.newname.clone() });
    }
}

pub(super) fn set_schema(deriver: &mut Deriver<'_>, stmt: &AlterObjectSchemaStmt) {
    let to = stmt.newschema.clone();
    let relation = stmt.relation.as_ref().map(|relation| deriver.world.relation(relation));
    let name = match &relation {
        Some(relation) => {
            deriver.lock(relation, LockMode::AccessExclusive);
            relation.clone()
        }
        None => match stmt.object.as_deref().and_then(named_object) {
            Some((schema, name)) => deriver.world.qname(schema.as_deref().unwrap_or_default(), &name),
            None => return,
        },
    };
    if stmt.object_type() == ObjectType::ObjectExtension {
        return;
    }
    renamed(deriver, &name, format!("{} {name}", word(stmt.object_type())), Some(name.clone()), format!("schema {to}"));
    let moved = QName { schema: Ident::new(&to), name: name.name.clone() };
    deriver.world.rename(&name, moved.clone());
    deriver.creates.push(moved);
}

/// Something that the file did not make gets another name.
pub(super) fn renamed(deriver: &mut Deriver<'_>, owner: &QName, what: String, name: Option<QName>, to: String) {
    if !deriver.world.is_new(owner) {
        deriver.hazard(Hazard::Breaks(format!("code that names {what}")));
        deriver.action(Action::Rename { what, name, to });
    }
}

fn given(deriver: &mut Deriver<'_>, from: &QName, to: &str) {
    let to = QName { schema: from.schema.clone(), name: Ident::new(to) };
    deriver.world.rename(from, to.clone());
    deriver.creates.push(to);
}

fn named_object(node: &Node) -> Option<(Option<String>, String)> {
    let name = match &node.node {
        Some(NodeEnum::ObjectWithArgs(routine)) => crate::sql::Name::of(&routine.objname),
        _ => literal::qualified(node),
    }?;
    Some((name.schema, name.name))
}

const fn word(kind: ObjectType) -> &'static str {
    match kind {
        ObjectType::ObjectTable => "table",
        ObjectType::ObjectView => "view",
        ObjectType::ObjectMatview => "materialized view",
        ObjectType::ObjectForeignTable => "foreign table",
        ObjectType::ObjectSequence => "sequence",
        ObjectType::ObjectType => "type",
        ObjectType::ObjectDomain => "domain",
        ObjectType::ObjectFunction => "function",
        ObjectType::ObjectProcedure => "procedure",
        ObjectType::ObjectRoutine => "routine",
        ObjectType::ObjectAggregate => "aggregate",
        _ => "object",
    }
}
