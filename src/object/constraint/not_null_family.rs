//! NOT NULL in a family of tables: a parent's comes down to the children and goes from there again, where it meets their own. From 18 on
//! it has a name. What is inherited cannot be renamed, so that names change before it comes and after it went.

use std::collections::BTreeSet;

use super::{Constraint, Definition};
use crate::model::{Catalog, Ident, LockMode, Pair, QName, Step};
use crate::object::{Cx, Kind, Object, ObjectDef, family, inheritance, trigger};

pub(super) fn not_null<'a>(table: &QName, column: &Ident, catalog: &'a Catalog) -> Option<(&'a Constraint, &'a Ident)> {
    match catalog.object(&Constraint::not_null_id(table, column)) {
        Some(Object::Constraint(constraint)) => match &constraint.definition {
            Definition::NotNull { name: Some(name), .. } => Some((constraint, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The topmost of the parents that stay whose NOT NULL only the first of both catalogs passes on, by itself: its statement comes down to the
/// table. Not where the column itself comes or goes.
fn root(table: &QName, column: &Ident, pair: Pair<&Catalog>, cx: &Cx<'_>) -> Option<QName> {
    let (mut at, mut found) = (table.clone(), None);
    let mut seen = Vec::new();
    while !seen.contains(&at) {
        seen.push(at.clone());
        let links = family::links(&at, pair.from).into_iter().filter(|(id, _)| cx.stays(id));
        let above = links.map(|(_, link)| &link.parent).find_map(|parent| {
            let passed_on = |catalog| not_null(parent, column, catalog).filter(|(constraint, _)| !constraint.no_inherit);
            let (constraint, _) = passed_on(pair.from)?;
            let only = passed_on(pair.to).is_none() && cx.stays(&super::not_null::column_id(parent, column));
            only.then(|| (parent.clone(), constraint.inherited))
        });
        let Some((parent, inherited)) = above else { break };
        found = Some(parent.clone());
        if !inherited {
            break;
        }
        at = parent;
    }
    found
}

pub(super) fn rename(table: &QName, old: &Ident, new: &Ident) -> Step {
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}");
    Step::new(sql, format!("rename constraint {old} of {table} to {new}")).lock(table, LockMode::AccessExclusive)
}

/// Whether the parent's statement, coming or going, changes the name and whose the constraint is.
pub fn is_carried(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    let pair = Pair::new(cx.from, cx.to);
    root(table, column, pair, cx).is_some() || root(table, column, Pair::new(pair.to, pair.from), cx).is_some()
}

/// What descendants do before the NOT NULL of a table comes down to their own.
pub fn before_it_comes(table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let prepared = |child: QName| {
        let ((was, old), (wanted, new)) = not_null(&child, column, cx.from).zip(not_null(&child, column, cx.to))?;
        if root(&child, column, Pair::new(cx.to, cx.from), cx).as_ref() != Some(table) {
            return None;
        }
        // What is a child's own stays that too where the parent's meets it.
        if !was.inherited && wanted.inherited && is_free(&child, column, cx) {
            let sql = format!("ALTER TABLE {child} ALTER COLUMN {column} DROP NOT NULL");
            let summary = format!("drop NOT NULL of column {column} of {child}, which will have its parent's");
            return Some(vec![Step::new(sql, summary).lock(&child, LockMode::AccessExclusive)]);
        }
        let renamed = (old != new).then(|| rename(&child, old, new));
        Some(renamed.into_iter().chain(passes(&child, was, wanted, new)).collect())
    };
    // What is below takes what comes down from any above, so that it is prepared first.
    family::descendants(table, cx).into_iter().rev().filter_map(prepared).flatten().collect()
}

/// Whether DROP NOT NULL is taken, which keys and identities refuse.
pub(super) fn is_free(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    let keyed = |catalog: &Catalog| {
        let whole = family::table(table);
        let mut constraints = catalog.children_of(&whole, Kind::Constraint).map(|(_, entry)| &entry.object);
        constraints.any(|object| match object {
            Object::Constraint(Constraint { definition: Definition::PrimaryKey(key), .. }) => key.columns.contains(column),
            _ => false,
        })
    };
    let numbered = matches!(cx.from.object(&super::not_null::column_id(table, column)), Some(Object::Column(column)) if column.identity.is_some());
    !numbered && !keyed(cx.from)
}

/// ALTER CONSTRAINT .. INHERIT or NO INHERIT, where that differs.
fn passes(table: &QName, was: &Constraint, wanted: &Constraint, name: &Ident) -> Option<Step> {
    let words = if wanted.no_inherit { "NO INHERIT" } else { "INHERIT" };
    let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {words}");
    let step = Step::new(sql, format!("change whether child tables inherit {name} of {table}"));
    (was.no_inherit != wanted.no_inherit).then(|| step.lock(table, LockMode::AccessExclusive))
}

/// How a table changes whether it passes its NOT NULL on. NO INHERIT leaves a constraint of its own to each child
/// (`ATExecAlterConstrInheritability` of src/backend/commands/tablecmds.c), so that it comes anew where a child is to have none.
pub fn passing_on(pair: Pair<&Constraint>, table: &QName, (column, name): (&Ident, &Ident), cx: &Cx<'_>) -> Option<Vec<Step>> {
    let step = passes(table, pair.from, pair.to, name);
    if step.is_none() || is_carried(table, column, cx) {
        return Some(Vec::new());
    }
    if !pair.to.no_inherit {
        return Some(before_it_comes(table, column, cx).into_iter().chain(step).collect());
    }
    let children = inheritance::children(cx.to, table).into_iter().filter(|(link, _)| cx.stays(link)).map(|(_, link)| &link.child);
    let keeps = |child: &QName| match (not_null(child, column, cx.from), not_null(child, column, cx.to)) {
        (Some((was, old)), Some((wanted, new))) => !was.inherited && !wanted.inherited && old == new && was.no_inherit == wanted.no_inherit,
        _ => false,
    };
    let simple = children.into_iter().all(|child| !cx.stays(&super::not_null::column_id(child, column)) || keeps(child));
    (simple || !is_free(table, column, cx)).then(|| step.into_iter().collect())
}

/// Whether a table's own NOT NULL goes after that of a parent, until which it is inherited as well and cannot go.
pub fn goes_after(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    let own = not_null(table, column, cx.from).is_some_and(|(constraint, _)| !constraint.inherited);
    let goes = not_null(table, column, cx.to).is_none() && cx.stays(&super::not_null::column_id(table, column));
    own && goes && root(table, column, Pair::new(cx.from, cx.to), cx).is_some()
}

/// What descendants that keep a NOT NULL do before and after that of a table goes: they make it their own, and give it its name.
pub fn around_its_going(table: &QName, column: &Ident, cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for child in family::descendants(table, cx) {
        let Some((was, old)) = not_null(&child, column, cx.from) else { continue };
        if root(&child, column, Pair::new(cx.from, cx.to), cx).as_ref() != Some(table) {
            continue;
        }
        let Some((wanted, new)) = not_null(&child, column, cx.to) else {
            // Under another name than the parent's it may be its own without being said to be.
            let own = !was.inherited || not_null(table, column, cx.from).is_some_and(|(_, of_parent)| of_parent != old);
            after.extend(own.then(|| {
                let sql = format!("ALTER TABLE {child} ALTER COLUMN {column} DROP NOT NULL");
                Step::new(sql, format!("let column {column} of {child} be null")).lock(&child, LockMode::AccessExclusive)
            }));
            continue;
        };
        if was.inherited && !wanted.inherited {
            // Said again on the child, it merges with the inherited one.
            let sql = format!("ALTER TABLE {child} ADD {}", wanted.clause(old, cx));
            let summary = format!("make NOT NULL of column {column} one of {child} itself");
            before.push(Step::new(sql, summary).lock(&child, LockMode::AccessExclusive));
        }
        after.extend((old != new && !wanted.inherited).then(|| rename(&child, old, new)));
        after.extend(passes(&child, was, wanted, new));
    }
    (before, after)
}

/// Until 17, what a partition has of its own is not told from what it has from its parent, and DROP NOT NULL, which is refused to a
/// partitioned table alone, goes down to primary keys and is refused there: these partitions leave meanwhile.
pub fn apart(descendants: &[QName], column: &Ident, cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
    let (mut out, mut back) = (Vec::new(), Vec::new());
    let mut away: Vec<&QName> = Vec::new();
    for child in descendants {
        let links: Vec<_> = family::links(child, cx.to).into_iter().filter(|(id, _)| cx.stays(id)).collect();
        if links.iter().any(|(_, link)| away.contains(&&link.parent)) {
            away.push(child);
        } else if family::keyed(child, column, cx) {
            away.push(child);
            for (id, link) in links {
                out.extend(link.drop(id, cx));
                back.extend(link.create(id, &BTreeSet::new(), cx));
            }
            back.extend(trigger::fire_copies(child, cx));
        }
    }
    (out, back)
}
