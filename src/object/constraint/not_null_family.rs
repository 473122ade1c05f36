//! NOT NULL in a family of tables: a parent's comes down to the children and goes from there again, where it meets their own. From 18 on
//! it has a name. What is inherited cannot be renamed, so that names change before it comes and after it went.

use std::collections::BTreeSet;

use super::{Constraint, Definition};
use crate::model::{Catalog, Ident, LockMode, Pair, QName, Step};
use crate::object::{Cx, Object, ObjectDef, family, trigger};

fn not_null<'a>(table: &QName, column: &Ident, catalog: &'a Catalog) -> Option<(&'a Constraint, &'a Ident)> {
    match catalog.object(&Constraint::not_null_id(table, column)) {
        Some(Object::Constraint(constraint)) => match &constraint.definition {
            Definition::NotNull { name: Some(name), .. } => Some((constraint, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The topmost of the parents that stay whose NOT NULL only the first of both catalogs has, by itself: its statement comes down to the
/// table. Not where the column itself comes or goes.
fn root(table: &QName, column: &Ident, pair: Pair<&Catalog>, cx: &Cx<'_>) -> Option<QName> {
    let (mut at, mut found) = (table.clone(), None);
    let mut seen = Vec::new();
    while !seen.contains(&at) {
        seen.push(at.clone());
        let links = family::links(&at, pair.from).into_iter().filter(|(id, _)| cx.stays(id) && cx.to.contains(id));
        let above = links.map(|(_, link)| &link.parent).find_map(|parent| {
            let (constraint, _) = not_null(parent, column, pair.from)?;
            let only = not_null(parent, column, pair.to).is_none() && cx.stays(&super::not_null::column_id(parent, column));
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

fn rename(table: &QName, old: &Ident, new: &Ident) -> Step {
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
    let renamed = |child: QName| {
        let ((_, old), (_, new)) = not_null(&child, column, cx.from).zip(not_null(&child, column, cx.to))?;
        let comes = root(&child, column, Pair::new(cx.to, cx.from), cx).as_ref() == Some(table);
        (old != new && comes).then(|| rename(&child, old, new))
    };
    family::descendants(table, cx).into_iter().filter_map(renamed).collect()
}

/// What descendants that keep a NOT NULL do before and after that of a table goes: they make it their own, and give it its name.
pub fn around_its_going(table: &QName, column: &Ident, cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for child in family::descendants(table, cx) {
        let Some(((was, old), (wanted, new))) = not_null(&child, column, cx.from).zip(not_null(&child, column, cx.to)) else { continue };
        if root(&child, column, Pair::new(cx.from, cx.to), cx).as_ref() != Some(table) {
            continue;
        }
        if was.inherited {
            // Said again on the child, it merges with the inherited one.
            let sql = format!("ALTER TABLE {child} ADD {}", wanted.clause(old, cx));
            let summary = format!("make NOT NULL of column {column} one of {child} itself");
            before.push(Step::new(sql, summary).lock(&child, LockMode::AccessExclusive));
        }
        after.extend((old != new).then(|| rename(&child, old, new)));
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
