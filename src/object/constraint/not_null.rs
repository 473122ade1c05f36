//! Statements for NOT NULL, which has no name before PostgreSQL 18.

use super::ddl::{self, comes_from_parent, validate, validated_at_birth, validated_below};
use super::{not_null_apart, not_null_family, not_null_name};
use super::{Constraint, Definition};
use crate::model::{Catalog, Hazard, Ident, Key, LockMode, ObjectId, Pair, QName, Step, Transaction};
use crate::object::index::replica;
use crate::object::{family, inheritance};
use crate::object::{Change, Cx, Kind, Object};

/// PostgreSQL has names for NOT NULL, and can add one that is not validated, from this major on.
const NAMED_SINCE: u32 = 18;

pub fn create(constraint: &Constraint, table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    if comes_from_parent(constraint, table, cx) {
        return validated_at_birth(constraint, table, &Constraint::not_null_id(table, column), cx);
    }
    if comes_down(table, column, cx) || comes_with_identity(table, column, cx) {
        return Vec::new();
    }
    let before = if cx.major() >= NAMED_SINCE {
        not_null_family::before_it_comes(table, column, cx).into_iter().chain(not_null_apart::named_otherwise(table, column, cx)).collect()
    } else {
        Vec::new()
    };
    [before, set(constraint, table, column, cx)].concat()
}

/// Until 17, SET NOT NULL of a parent goes down to all children, whether the column is also their own or not.
fn comes_down(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    let new = |parent: &QName| {
        let id = Constraint::not_null_id(parent, column);
        cx.to.contains(&id) && !cx.from.contains(&id) && cx.stays(&column_id(parent, column))
    };
    cx.major() < NAMED_SINCE && family::links(table, cx.to).iter().any(|(id, link)| cx.stays(id) && new(&link.parent))
}

/// The statements that make a column NOT NULL, in the way that blocks least where it may hold rows.
pub fn set(constraint: &Constraint, table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let stays = family::stays(table, cx) && cx.stays(&column_id(table, column));
    let summary = format!("make column {column} of {table} NOT NULL");
    let assumes = Hazard::Assumes(format!("no row of {table} has a null in {column}"));
    let name = match &constraint.definition {
        Definition::NotNull { name: Some(name), .. } if cx.major() >= NAMED_SINCE => Some(name),
        _ => None,
    };
    let sql = match name {
        Some(name) => format!("ALTER TABLE {table} ADD {}", constraint.clause(name, cx)),
        None => format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"),
    };
    let whole = Step::new(sql, summary.clone());
    if !stays {
        return vec![if family::stays(table, cx) { whole.lock(table, LockMode::AccessExclusive) } else { whole }];
    }
    let whole = whole.lock(table, LockMode::AccessExclusive);
    if !constraint.validated || is_checked(table, column, cx) {
        return vec![whole];
    }
    if let Some((check, definition)) = spent(table, column, cx) {
        return check.name().map_or_else(|| vec![whole.clone()], |name| vec![whole.clone(), ddl::drop(definition, table, name, cx)]);
    }
    if !cx.online || inheritance::joins(table, cx) || inheritance::heirs_join(table, cx) || name.is_none() && inheritance::is_joined(table, cx) {
        let blocks = Hazard::Blocks(format!("{table} is read while it is locked"));
        return vec![whole.scan(table).hazard(assumes).hazard(blocks)];
    }
    // A new primary key or replica identity over the column, or its becoming an identity, wants it proved before.
    let when = |step: Step| if is_awaited(table, column, cx) { step } else { step.late() };
    match name {
        Some(name) => {
            let first = Step { sql: format!("{} NOT VALID", whole.sql), summary: format!("{summary} for new rows"), ..whole };
            vec![first, when(validate(table, name).hazard(assumes))]
        }
        None => by_check(whole, table, column, assumes, cx, when),
    }
}

/// SET NOT NULL does not read the table where a valid CHECK says the same (`NotNullImpliedByRelConstraints`).
fn by_check(whole: Step, table: &QName, column: &Ident, assumes: Hazard, cx: &Cx<'_>, when: impl Fn(Step) -> Step) -> Vec<Step> {
    let name = free_name(table, column, cx);
    let add = Step::new(
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"),
        format!("refuse new nulls in column {column} of {table}"),
    )
    .lock(table, LockMode::AccessExclusive);
    let drop = Step::new(
        format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
        format!("drop the check that column {column} of {table} no longer needs"),
    )
    .lock(table, LockMode::AccessExclusive);
    vec![add, when(validate(table, &name).hazard(assumes)), whole.transaction(Transaction::Fresh), drop]
}

/// A name for a constraint of the table that neither side has.
fn free_name(table: &QName, column: &Ident, cx: &Cx<'_>) -> Ident {
    let taken = |name: &Ident| [cx.from, cx.to].iter().any(|catalog| catalog.contains(&Constraint::named_id(table, name)));
    let base = format!("{}_not_null", column.as_str());
    let mut name = Ident::new(&base);
    let mut number = 0;
    while taken(&name) {
        number += 1;
        name = Ident::new(&format!("not_null_{number}_{base}"));
    }
    name
}

/// Whether a valid CHECK on both sides says the same, so that nothing need be read.
fn is_checked(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    cx.major() < NAMED_SINCE
        && cx.from.children_of(&family::table(table), Kind::Constraint).any(|(id, _)| says(cx.from, id, column) && says(cx.to, id, column) && cx.stays(id))
}

/// Whether a valid CHECK says that the column has no nulls.
fn says(catalog: &Catalog, id: &ObjectId, column: &Ident) -> bool {
    match catalog.object(id) {
        Some(Object::Constraint(Constraint { definition: Definition::Check(expr), validated: true, no_inherit: false, .. })) => {
            expr.sql == format!("{column} IS NOT NULL")
        }
        _ => false,
    }
}

/// The CHECK that says the same and goes: NOT NULL takes its place, so that it is dropped once that is there.
fn spent<'a>(table: &QName, column: &Ident, cx: &Cx<'a>) -> Option<(&'a ObjectId, &'a Definition)> {
    let id = Constraint::not_null_id(table, column);
    let Some(Object::Constraint(wanted)) = cx.to.object(&id).filter(|_| !cx.from.contains(&id)) else { return None };
    let stays = family::stays(table, cx) && cx.stays(&column_id(table, column));
    if cx.major() >= NAMED_SINCE || !stays || comes_from_parent(wanted, table, cx) || comes_down(table, column, cx) {
        return None;
    }
    let from = cx.from;
    let goes = |id: &ObjectId| says(from, id, column) && !cx.to.contains(id) && !from.object(id).is_some_and(Object::inherited);
    from.children_of(&family::table(table), Kind::Constraint).find_map(|(id, entry)| match &entry.object {
        Object::Constraint(check) if goes(id) => Some((id, &check.definition)),
        _ => None,
    })
}

/// Whether a CHECK is dropped by the statements of the NOT NULL that takes its place.
pub fn spends(id: &ObjectId, check: &Definition, table: &QName, cx: &Cx<'_>) -> bool {
    let Definition::Check(expr) = check else { return false };
    let is_of = |column: &&ObjectId| column.name().is_some_and(|name| expr.sql.strip_suffix(" IS NOT NULL") == Some(&name.quoted()));
    let column = expr.sql.ends_with(" IS NOT NULL").then(|| cx.to.children(&family::table(table)).filter(|part| part.kind == Kind::Column).find(is_of));
    column.flatten().and_then(ObjectId::name).and_then(|column| spent(table, column, cx)).is_some_and(|(spent, _)| spent == id)
}

fn is_awaited(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    becomes_identity(table, column, Pair::new(cx.from, cx.to))
        || replica::becomes(&family::table(table), column, cx.from, cx.to)
        || family::primary_key(table, column, cx.to)
            .is_some_and(|key| !cx.stays(key) || family::primary_key(table, column, cx.from) != Some(key))
}

pub fn column_id(table: &QName, column: &Ident) -> ObjectId {
    ObjectId::on(Kind::Column, table.clone(), column.clone())
}

fn becomes_identity(table: &QName, column: &Ident, pair: Pair<&Catalog>) -> bool {
    let is_identity =
        pair.map(|catalog| matches!(catalog.object(&column_id(table, column)), Some(Object::Column(column)) if column.identity.is_some()));
    !is_identity.from && is_identity.to
}

/// ADD GENERATED .. AS IDENTITY wants the column NOT NULL before, so that the column's own change makes it so, by [`set`].
fn comes_with_identity(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    cx.stays(&column_id(table, column)) && becomes_identity(table, column, Pair::new(cx.from, cx.to))
}

/// DROP NOT NULL is refused while the column is an identity, so that the column's own change does it afterwards.
fn goes_with_identity(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    cx.stays(&column_id(table, column)) && becomes_identity(table, column, Pair::new(cx.to, cx.from))
}

pub fn drop(table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    if goes_with_identity(table, column, cx) || not_null_family::goes_after(table, column, cx) {
        return Vec::new();
    }
    unset(table, column, cx)
}

/// The statements that let a column have nulls. They go down to child tables; what shall stay there is said again.
pub fn unset(table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let statement = |only: &str, table: &QName| {
        let sql = format!("ALTER TABLE {only}{table} ALTER COLUMN {column} DROP NOT NULL");
        Step::new(sql, format!("let column {column} of {table} be null")).lock(table, LockMode::AccessExclusive)
    };
    if cx.major() >= NAMED_SINCE {
        let (before, after) = not_null_family::around_its_going(table, column, cx);
        return before.into_iter().chain([statement("", table)]).chain(after).collect();
    }
    let descendants = family::descendants(table, cx);
    let keeps = |child: &QName| cx.to.contains(&Constraint::not_null_id(child, column));
    // It would go down to children's primary keys too, and be refused there.
    if !family::is_partitioned(table, cx.from) && descendants.iter().any(keeps) {
        let others = descendants.iter().filter(|child| !keeps(child) && cx.from.contains(&Constraint::not_null_id(child, column)));
        return [table].into_iter().chain(others).map(|table| statement("ONLY ", table)).collect();
    }
    let (out, back) = not_null_family::apart(&descendants, column, cx);
    let mut steps = out;
    steps.push(statement("", table));
    steps.extend(back);
    for child in descendants {
        let id = Constraint::not_null_id(&child, column);
        let (true, Some(Object::Constraint(wanted))) = (cx.from.contains(&id), cx.to.object(&id)) else { continue };
        if family::keyed(&child, column, cx) {
            continue;
        }
        let local = Cx { online: false, ..*cx };
        steps.extend(set(wanted, &child, column, &local));
    }
    steps
}

pub fn alter(pair: Pair<&Constraint>, table: &QName, column: &Ident, cx: &Cx<'_>) -> Change {
    let Constraint { definition, deferrable: _, deferred: _, validated, enforced: _, no_inherit: _, inherited } = pair.to;
    let (Definition::NotNull { column: _, name }, Definition::NotNull { column: _, name: old }) = (definition, &pair.from.definition) else {
        return Change::Replace;
    };
    let was = pair.from;
    if was.validated && !validated {
        return Change::Replace;
    }
    let with_parent = was.inherited && *inherited && family::link_stays(table, cx);
    if with_parent {
        let left = if was.validated { Vec::new() } else { validated_below(pair.to, &Constraint::not_null_id(table, column), cx) };
        return Change::InPlace(left);
    }
    let mut steps = Vec::new();
    let lock = |step: Step| step.lock(table, LockMode::AccessExclusive);
    let held = not_null_name::holder(table, column, Pair::new(cx.from, cx.to)).is_some_and(|parent| cx.stays(&inheritance::link_id(table, &parent)));
    let carried = held || not_null_family::is_carried(table, column, cx);
    if let (Some(old), Some(name)) = (old, name)
        && old != name
        && !carried
    {
        steps.extend(not_null_apart::renamed(table, column, (old, name), cx));
    }
    if let Some(name) = name {
        match not_null_family::passing_on(pair, table, (column, name), cx) {
            Some(passing) => steps.extend(passing),
            None => return Change::Replace,
        }
        if was.inherited && !inherited && family::link_stays(table, cx) && family::parents_have(table, column, cx.to) {
            // Said again on the child, it merges with the inherited one.
            let sql = format!("ALTER TABLE {table} ADD {}", pair.to.clause(name, cx));
            steps.push(lock(Step::new(sql, format!("make NOT NULL of column {column} one of {table} itself"))));
        }
        if *validated && !was.validated {
            let assumes = Hazard::Assumes(format!("no row of {table} has a null in {column}"));
            let step = validate(table, name).hazard(assumes);
            let merges = ddl::merges(table, &Constraint::not_null_id(table, column), cx);
            steps.push(if merges || is_awaited(table, column, cx) { step } else { step.late() });
        }
    }
    Change::InPlace(steps)
}

/// The name of the constraint, for COMMENT ON: of NOT NULL, which is known by its column, what the object says.
pub fn address(id: &ObjectId, catalog: &Catalog) -> Option<String> {
    if id.kind != Kind::Constraint || !matches!(id.key, Key::Of(_)) {
        return None;
    }
    let name = Constraint::name_of(id, catalog)?;
    Some(format!("CONSTRAINT {name} ON {}", id.qname()?))
}

/// The NOT NULL constraint of that name.
pub fn named(table: &QName, name: &Ident, catalog: &Catalog) -> Option<ObjectId> {
    let of_column = |id: &&ObjectId| id.target().is_some_and(|column| column.qname() == Some(table));
    catalog.constraints_named(&QName { schema: table.schema.clone(), name: name.clone() }).find(of_column).cloned()
}
