//! ADD COLUMN, and what follows it.

use std::collections::BTreeSet;

use super::conversion::{self, Typed};
use super::definition::{default_of, definition, identity_clause, sequence_traits};
use super::settings::{self, Settings};
use super::{AlterTable, Column, Hazard, LockMode, Object, ObjectId, Pair, Step};
use crate::model::{Expr, QName};
use crate::object::routine::Volatility;
use crate::object::{Cx, Kind, family, row_type};

/// Functions that give another value for each row; of other functions the catalog says it.
const VOLATILE: &[&str] = &[
    "random", "random_normal", "clock_timestamp", "timeofday", "nextval", "currval", "lastval", "setval", "gen_random_uuid", "uuidv4",
    "uuidv7", "gen_random_bytes", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "gen_salt", "pg_sleep",
];

/// Adds a column with its parts.
pub(super) fn create(column: &Column, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
    let Some((table, name)) = id.qname().zip(id.name()) else { return Vec::new() };
    // ALTER TYPE .. ADD ATTRIBUTE .. CASCADE brings it, but nothing that the table says of it.
    if Column::is_typed(id, cx) {
        let created = parts.iter().filter_map(|part| Some(cx.to.object(part)?.create(part, &BTreeSet::new(), cx)));
        return created.flatten().chain(after_definition(id, column, cx)).collect();
    }
    let at = AlterTable::new(table, cx);
    let heirs = family::descendants(table, cx);
    // An identity is not inherited, and is refused together with children that inherit the column.
    let apart = column.identity.as_ref().filter(|_| !heirs.is_empty() && !is_partitioned(table, cx));
    let defined = if apart.is_some() { Column { identity: None, ..column.clone() } } else { column.clone() };
    let action = format!("ADD COLUMN {}", definition(id, &defined, parts, cx));
    let add = at.all(LockMode::AccessExclusive, &action, format!("add column {table}.{name}"));
    let mut steps = vec![facts(add, column, id, parts, &at, cx)];
    if let Some(identity) = apart {
        let action = format!("ALTER COLUMN {name} ADD {}", identity_clause(identity, table, name));
        steps.push(at.all(LockMode::AccessExclusive, &action, format!("number {table}.{name} by a sequence")));
    }
    steps.extend(after_definition(id, column, cx));
    for heir in &heirs {
        let below = id.moved_to(heir);
        if let Some(Object::Column(own)) = cx.to.object(&below).filter(|_| !cx.from.contains(&below)) {
            steps.extend(inherited_settings(&below, column, own, cx));
            if default_of(id, parts, cx).is_some() && !cx.to.contains(&ObjectId::of(Kind::Default, below.clone())) {
                let action = format!("ALTER COLUMN {name} DROP DEFAULT");
                let summary = format!("drop the default of {heir}.{name}");
                steps.push(AlterTable::new(heir, cx).only(LockMode::AccessExclusive, &action, summary));
            }
        }
    }
    steps
}

fn is_partitioned(table: &QName, cx: &Cx<'_>) -> bool {
    matches!(cx.to.object(&ObjectId::in_schema(Kind::Table, table.clone())), Some(Object::Table(table)) if table.is_partitioned())
}

/// What a column's definition could not say.
pub fn after_definition(id: &ObjectId, column: &Column, cx: &Cx<'_>) -> Vec<Step> {
    let changes = settings::changes(id, &column.type_name, Pair::new(&Settings::defined(column, cx), &Settings::of(column)), cx);
    let identity = column.identity.as_deref().zip(id.qname());
    let traits = identity.map(|(identity, table)| sequence_traits(identity, &column.type_name, table, cx));
    traits.into_iter().flatten().chain(changes).collect()
}

/// What an inherited column has otherwise than the parent's column from which it just came.
pub fn inherited_settings(id: &ObjectId, parent: &Column, column: &Column, cx: &Cx<'_>) -> Vec<Step> {
    settings::changes(id, &column.type_name, Pair::new(&Settings::defined(parent, cx), &Settings::of(column)), cx)
}

fn facts(step: Step, column: &Column, id: &ObjectId, parts: &BTreeSet<ObjectId>, at: &AlterTable<'_>, cx: &Cx<'_>) -> Step {
    if !at.stays() {
        return step;
    }
    let default = default_of(id, parts, cx);
    let step = written(id, column, default, cx).into_iter().fold(step, |step, why| at.rewriting(step, why));
    let typed = Typed { name: &column.type_name, catalog: cx.to, needs: cx.to.get(id).map(|entry| &entry.needs) };
    let filled = default.is_some() || column.identity.is_some() || column.generated.is_some() || conversion::has_default(typed);
    let must = parts.contains(&ObjectId::of(Kind::Constraint, id.clone()));
    if must && !filled {
        return step.hazard(Hazard::Assumes(format!("{} has no rows: the new column {} must not be null, and nothing fills it", spelled(id), id.spelled())));
    }
    step
}

/// Why ADD COLUMN writes every row, in words.
fn written(id: &ObjectId, column: &Column, default: Option<&Expr>, cx: &Cx<'_>) -> Option<&'static str> {
    let typed = Typed { name: &column.type_name, catalog: cx.to, needs: cx.to.get(id).map(|entry| &entry.needs) };
    if column.identity.is_some() {
        Some("every row gets its number")
    } else if column.generated.as_ref().is_some_and(|generated| generated.stored) {
        Some("the expression is computed for every row")
    } else if default.is_some_and(|expr| is_volatile(&ObjectId::of(Kind::Default, id.clone()), expr, cx)) {
        Some("the default is another one for every row")
    } else if conversion::is_constrained(typed) {
        Some("the domain checks every row")
    } else {
        None
    }
}

/// The materialized views that hold rows which ADD COLUMN writes.
pub fn in_the_way(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let (Some(Object::Column(column)), Some(table)) = (cx.to.object(id), id.qname().filter(|table| family::stays(table, cx))) else {
        return Vec::new();
    };
    let default = match cx.to.object(&ObjectId::of(Kind::Default, id.clone())) {
        Some(Object::Default(default)) => Some(&default.expr),
        _ => None,
    };
    if written(id, column, default, cx).is_some() { row_type::views_holding(table, cx) } else { Vec::new() }
}

fn spelled(id: &ObjectId) -> String {
    id.qname().map(ToString::to_string).unwrap_or_default()
}

/// Whether a default may give another value for each row, so that ADD COLUMN must write each (docs: ALTER TABLE, Notes).
fn is_volatile(id: &ObjectId, expr: &Expr, cx: &Cx<'_>) -> bool {
    let text = expr.sql.to_lowercase();
    let called = |name: &&str| {
        text.match_indices(&format!("{name}(")).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    if VOLATILE.iter().any(called) {
        return true;
    }
    let needs = cx.to.get(id).map(|entry| &entry.needs);
    needs.into_iter().flatten().any(|need| match cx.to.object(need) {
        Some(Object::Function(function)) => function.volatility == Volatility::Volatile,
        _ => false,
    })
}
