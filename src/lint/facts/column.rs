//! ADD COLUMN and ALTER COLUMN TYPE.

use super::volatile::is_volatile;
use super::{Action, Deriver};
use crate::model::{Hazard, LockMode, QName};
use crate::sql::protobuf::{ColumnDef, ConstrType, Constraint};
use crate::sql::{Name, Node, NodeEnum, deparse_type, literal, types};

/// Type names that the grammar knows as columns with sequences (src/backend/parser/parse_utilcmd.c, transformColumnDefinition).
const SERIAL: &[&str] = &["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"];

/// Types to which others, stored alike, are commonly changed: `varchar(20)` to text needs no rewrite.
const WIDE: &[&str] = &["text", "varchar", "citext", "numeric", "interval", "varbit"];

/// What the parts of a column's definition say.
#[derive(Default)]
struct Parts<'a> {
    default: Option<&'a Node>,
    not_null: bool,
    identity: bool,
    stored: bool,
    generated: bool,
    serial: bool,
    checks: bool,
}

pub(super) fn add(deriver: &mut Deriver<'_>, relation: &QName, column: &ColumnDef) {
    deriver.go(column.location);
    deriver.lock(relation, LockMode::AccessExclusive);
    let parts = parts(deriver, column);
    let written = if parts.identity || parts.serial {
        Some("every row gets its number")
    } else if parts.stored {
        Some("the expression is computed for every row")
    } else if parts.default.is_some_and(is_volatile) {
        Some("the default may be another one for every row")
    } else if parts.checks {
        Some("the domain checks every row")
    } else {
        None
    };
    if let Some(why) = written {
        deriver.rewrite(relation, why);
    }
    let filled = parts.default.is_some() || parts.identity || parts.generated || parts.serial;
    let required = parts.not_null && !filled;
    if required && !deriver.world.is_new(relation) {
        let words = format!("{relation} has no rows: the new column {} must not be null, and nothing fills it", column.colname);
        deriver.hazard(Hazard::Assumes(words));
    }
    deriver.action(Action::AddColumn { relation: relation.clone(), column: column.colname.clone(), required, written });
    for constraint in constraints(column) {
        deriver.go(constraint.location);
        inline(deriver, relation, constraint, parts.default.is_some() || parts.serial);
    }
}

fn constraints(column: &ColumnDef) -> impl Iterator<Item = &Constraint> {
    column
        .constraints
        .iter()
        .filter_map(|node| if let Some(NodeEnum::Constraint(constraint)) = &node.node { Some(&**constraint) } else { None })
}

fn parts<'a>(deriver: &Deriver<'_>, column: &'a ColumnDef) -> Parts<'a> {
    let mut parts = Parts::default();
    for constraint in constraints(column) {
        match constraint.contype() {
            ConstrType::ConstrDefault => parts.default = constraint.raw_expr.as_deref().filter(|expr| !literal::is_null(expr)),
            ConstrType::ConstrNotnull | ConstrType::ConstrPrimary => parts.not_null = true,
            ConstrType::ConstrIdentity => parts.identity = true,
            ConstrType::ConstrGenerated => {
                parts.generated = true;
                parts.stored = constraint.generated_kind != "v";
            }
            _ => {}
        }
    }
    let Some(name) = column.type_name.as_ref().and_then(|name| Name::of(&name.names)) else { return parts };
    let builtin = name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    parts.serial = builtin && SERIAL.contains(&name.name.as_str());
    parts.checks = deriver.world.is_checking_domain(&deriver.world.named(&name));
    parts
}

/// A constraint in a column's definition: NOT VALID cannot be said of it.
fn inline(deriver: &mut Deriver<'_>, relation: &QName, constraint: &Constraint, filled: bool) {
    match constraint.contype() {
        ConstrType::ConstrCheck if constraint.is_enforced => {
            deriver.scan(relation);
            deriver.action(Action::AddConstraint { relation: relation.clone(), form: "CHECK", inline: true });
        }
        ConstrType::ConstrForeign => {
            if let Some(referenced) = &constraint.pktable {
                let referenced = deriver.world.relation(referenced);
                deriver.lock(&referenced, LockMode::ShareRowExclusive);
                // Without a value in it, no row of the new column is looked up.
                if filled && constraint.is_enforced {
                    deriver.scan(relation);
                    deriver.scan(&referenced);
                    deriver.action(Action::AddConstraint { relation: relation.clone(), form: "FOREIGN KEY", inline: true });
                }
            }
        }
        ConstrType::ConstrUnique => {
            deriver.scan(relation);
            deriver.action(Action::AddKey { relation: relation.clone(), form: "UNIQUE" });
        }
        ConstrType::ConstrPrimary => {
            deriver.scan(relation);
            deriver.action(Action::AddKey { relation: relation.clone(), form: "PRIMARY KEY" });
        }
        _ => {}
    }
}

pub(super) fn alter_type(deriver: &mut Deriver<'_>, relation: &QName, column: &str, definition: &ColumnDef) {
    deriver.lock(relation, LockMode::AccessExclusive);
    let spelling = definition.type_name.as_ref().and_then(|name| types::spell(name).ok());
    let likely_kept = definition.raw_default.is_none()
        && spelling
            .is_some_and(|spelling| WIDE.contains(&spelling.name.as_str()) && spelling.typmods.is_empty() && spelling.array_dims == 0);
    let to = definition.type_name.as_ref().and_then(|name| deparse_type(name).ok()).unwrap_or_else(|| "another type".to_owned());
    deriver.rewrite(relation, &format!("{column} becomes {to}, unless both are stored alike"));
    deriver.action(Action::AlterType { relation: relation.clone(), column: column.to_owned(), likely_kept });
}
