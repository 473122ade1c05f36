//! Tables whose rows other tables hold in columns. PostgreSQL cannot reach these values, and refuses whatever would write the rows of such a table
//! anew (`find_composite_type_dependencies` of src/backend/commands/tablecmds.c).

use std::collections::BTreeSet;

use super::column::{self, Column};
use super::table::Table;
use super::{Cx, Kind, Object, family, typing};
use crate::model::{Ident, ObjectId, Pair, QName};

/// Whether other tables hold rows of this one, or of one that inherits from it, before the plan and after it.
pub fn is_held(table: &QName, cx: &Cx<'_>) -> bool {
    let whole = family::table(table);
    cx.stays(&whole)
        && [table.clone()].into_iter().chain(family::descendants(table, cx)).any(|table| !holders(&family::table(&table), cx).is_empty())
}

/// The materialized views that hold rows of the table, or of one that inherits from it; these can go for a while.
pub fn views_holding(table: &QName, cx: &Cx<'_>) -> Vec<ObjectId> {
    let tables = [table.clone()].into_iter().chain(family::descendants(table, cx));
    let holders: BTreeSet<ObjectId> = tables.flat_map(|table| typing::columns_holding(cx.from, &family::table(&table))).collect();
    holders.into_iter().filter(|holder| holder.kind == Kind::MaterializedView).collect()
}

/// Those of a table that is stored otherwise afterwards.
pub fn in_the_way(id: &ObjectId, pair: Pair<&Table>, cx: &Cx<'_>) -> Vec<ObjectId> {
    let table = id.qname().filter(|_| is_stored_otherwise(pair.from, pair.to));
    table.map(|table| views_holding(table, cx)).unwrap_or_default()
}

/// Why a change that is planned cannot be made, and what can be done, in words.
pub fn refusal(id: &ObjectId, cx: &Cx<'_>) -> Option<String> {
    let table = family::table(id.qname()?);
    if !cx.stays(&table) {
        return None;
    }
    let what = match (cx.from.object(id), cx.to.object(id)?) {
        (Some(Object::Column(from)), Object::Column(to)) if cx.stays(id) => column::rewritten(id, from, to, cx)?,
        (_, Object::Column(to)) if cx.created.contains(id) => filled(id, to, cx)?,
        (Some(Object::Table(from)), Object::Table(to)) => stored_otherwise(id, from, to)?,
        _ => return None,
    };
    let holders = holders(&table, cx);
    let names: Vec<String> = holders.iter().map(ObjectId::spelled).collect();
    let (first, relation) = holders.iter().find_map(|holder| Some((holder.name()?, holder.qname()?)))?;
    Some(told(&what, &table, &names, (first, relation)))
}

fn told(what: &str, table: &ObjectId, names: &[String], (column, relation): (&Ident, &QName)) -> String {
    format!(
        "{what}: {} {} rows of {}, which PostgreSQL does not change there. Give {} another type in a plan of its own (ALTER TABLE {relation} \
         ALTER COLUMN {column} TYPE text), or drop {}, and bring back the row type afterwards",
        names.join(", "),
        if names.len() == 1 { "holds" } else { "hold" },
        table.spelled(),
        if names.len() == 1 { "it" } else { "them" },
        if names.len() == 1 { "it" } else { "them" },
    )
}

/// The columns that hold rows of the table before and afterwards, be it within other types.
fn holders(table: &ObjectId, cx: &Cx<'_>) -> BTreeSet<ObjectId> {
    let after = typing::columns_holding(cx.to, table);
    let stays = |holder: &ObjectId| holder.kind == Kind::Column && cx.stays(holder) && after.contains(holder);
    typing::columns_holding(cx.from, table).into_iter().filter(stays).collect()
}

/// A column that ADD COLUMN fills in every row. A default alone can be set once the column is there.
fn filled(id: &ObjectId, column: &Column, cx: &Cx<'_>) -> Option<String> {
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    let why = if column.identity.is_some() {
        "it numbers them"
    } else if stored {
        "it is computed and stored"
    } else if column::is_checked(id, column, cx) {
        "its domain checks or fills them"
    } else {
        return None;
    };
    Some(format!("column {} cannot be added to rows that are there ({why})", id.spelled()))
}

fn stored_otherwise(id: &ObjectId, from: &Table, to: &Table) -> Option<String> {
    is_stored_otherwise(from, to)
        .then(|| format!("table {} cannot be written anew (SET LOGGED, SET UNLOGGED, SET ACCESS METHOD)", id.spelled()))
}

fn is_stored_otherwise(from: &Table, to: &Table) -> bool {
    let differs = from.persistence != to.persistence || from.access_method != to.access_method;
    differs && !to.is_partitioned()
}
