//! NOT NULL that a table has under another name than the parent that passes its own on to it, from PostgreSQL 18 on.

use super::not_null_family::{is_free, not_null, rename};
use super::Constraint;
use crate::model::{Catalog, Ident, LockMode, Phase, QName, Step};
use crate::object::{Cx, family, inheritance};

/// Gives the NOT NULL of a table another name. RENAME CONSTRAINT goes down to all children that inherit it, and looks for it there by its name
/// (`rename_constraint_internal` of src/backend/commands/tablecmds.c): where one has it under another, they let go of it meanwhile.
pub fn renamed(table: &QName, column: &Ident, (old, new): (&Ident, &Ident), cx: &Cx<'_>) -> Vec<Step> {
    let step = rename(table, old, new);
    let below: Vec<(QName, &Constraint, &Ident)> = family::descendants(table, cx)
        .into_iter()
        .filter_map(|child| not_null(&child, column, cx.from).map(|(was, name)| (child, was, name)))
        .collect();
    let named_apart = below.iter().any(|(_, _, name)| *name != old);
    if cx.major() < 18 || !passed_down(table, column, cx.from) || !named_apart {
        return vec![step];
    }
    // To let go of what is inherited alone makes it a table's own, which nothing takes back, so that it comes anew.
    let leaves_trace = below.iter().any(|(child, was, name)| *name == old && was.inherited && family::inherits_plainly(child, cx.from));
    let others_stay = below.iter().all(|(_, was, name)| *name == old || !was.inherited);
    if leaves_trace
        && others_stay
        && is_free(table, column, cx)
        && let Some((wanted, _)) = not_null(table, column, cx.to)
    {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL");
        let drop = Step::new(sql, format!("drop {old} of {table} and of what inherits it, which comes back as {new}"));
        let drop = drop.lock(table, LockMode::AccessExclusive);
        // What is a child's own stays, by itself.
        let own = below.iter().filter(|(child, was, name)| {
            let wanted = not_null(child, column, cx.to).map(|(_, name)| name);
            !was.inherited && *name == old && wanted == Some(new)
        });
        let own: Vec<Step> = own.map(|(child, ..)| rename(child, old, new)).collect();
        return [vec![drop], own, super::not_null::set(wanted, table, column, cx)].concat();
    }
    let passes = |name: &Ident, words: &str, summary: &str| {
        let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {words}");
        Step::new(sql, format!("{summary} {name} of {table}")).lock(table, LockMode::AccessExclusive)
    };
    let children = inheritance::children(cx.from, table).into_iter().filter(|(link, _)| cx.stays(link)).map(|(_, link)| &link.child);
    let below = children.filter(|child| {
        let names = [cx.from, cx.to].map(|catalog| not_null(child, column, catalog).map(|(_, name)| name));
        names == [Some(old), Some(new)]
    });
    let below: Vec<Step> = below.flat_map(|child| renamed(child, column, (old, new), cx)).collect();
    let away = passes(old, "NO INHERIT", "let child tables meanwhile not inherit");
    [vec![away, step], below, vec![passes(new, "INHERIT", "let child tables inherit")]].concat()
}

fn passed_down(table: &QName, column: &Ident, catalog: &Catalog) -> bool {
    not_null(table, column, catalog).is_some_and(|(constraint, _)| !constraint.no_inherit)
}

/// What descendants that get a NOT NULL under another name do before that of a table comes down to them, which would give it its own.
pub fn named_otherwise(table: &QName, column: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let prepared = |child: &QName| {
        let (wanted, _) = not_null(child, column, cx.to).filter(|_| comes_prepared(child, column, cx))?;
        let first = topmost(child, column, cx).as_ref() == Some(table);
        let own = Constraint { inherited: false, ..wanted.clone() };
        first.then(|| super::not_null::set(&own, child, column, cx).into_iter().map(|step| step.phase(Phase::Main)))
    };
    family::descendants(table, cx).iter().rev().filter_map(prepared).flatten().collect()
}

/// Whether a table has a new NOT NULL that a parent, which gets its own, passes on under another name.
pub fn comes_prepared(table: &QName, column: &Ident, cx: &Cx<'_>) -> bool {
    let wanted = not_null(table, column, cx.to).filter(|(wanted, _)| wanted.inherited && not_null(table, column, cx.from).is_none());
    let stays = cx.major() >= 18 && family::stays(table, cx);
    let above = above(table, column, cx).and_then(|parent| not_null(&parent, column, cx.to));
    wanted.filter(|_| stays).zip(above).is_some_and(|((_, name), (_, of_parent))| name != of_parent)
}

/// A parent that stays and gets a NOT NULL that comes down to the table.
fn above(table: &QName, column: &Ident, cx: &Cx<'_>) -> Option<QName> {
    let comes = |parent: &&QName| passed_down(parent, column, cx.to) && not_null(parent, column, cx.from).is_none();
    family::links(table, cx.to).into_iter().filter(|(id, _)| cx.stays(id)).map(|(_, link)| &link.parent).find(comes).cloned()
}

/// The topmost of the parents that stay and get a NOT NULL that comes down to the table.
fn topmost(table: &QName, column: &Ident, cx: &Cx<'_>) -> Option<QName> {
    std::iter::successors(above(table, column, cx), |at| above(at, column, cx)).take(family::DEPTH).last()
}
