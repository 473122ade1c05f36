//! Columns that a table has from several parents, of which no statement on one parent changes the type ("cannot alter inherited column",
//! `ATPrepAlterColumnType` of src/backend/commands/tablecmds.c): the table leaves all but one while the columns of all change.

use std::collections::BTreeSet;

use super::{Column, Generated};
use crate::model::{Catalog, LockMode, ObjectId, QName, Step};
use crate::object::constraint::{Constraint, Definition};
use crate::object::inheritance::{Inheritance, parents};
use crate::object::{Cx, Kind, Object, family, typing};

/// How many generations are looked at.
const DEPTH: usize = 64;

/// The links that a table has before and afterwards, in order; a partition has one parent.
fn links<'a>(table: &QName, cx: &Cx<'a>) -> Vec<&'a Inheritance> {
    let staying = parents(cx.from, table).into_iter().filter(|(id, link)| link.bound.is_none() && cx.stays(id) && cx.to.contains(id));
    staying.map(|(_, link)| link).collect()
}

fn column<'a>(id: &ObjectId, catalog: &'a Catalog) -> Option<&'a Column> {
    match catalog.object(id) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

/// Whether the column gets another type, or the new one of the same name.
fn is_retyped(id: &ObjectId, cx: &Cx<'_>) -> bool {
    let Some((from, to)) = column(id, cx.from).zip(column(id, cx.to)).filter(|_| cx.stays(id)) else { return false };
    let comes_anew = |need: &ObjectId| typing::is_swapped(need.kind) && cx.created.contains(need);
    from.type_name != to.type_name || from.collation != to.collation || cx.from.get(id).is_some_and(|entry| entry.needs.iter().any(comes_anew))
}

/// The same column of the parents that change it.
fn above(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let links = id.qname().map(|table| links(table, cx)).unwrap_or_default();
    links.into_iter().map(|link| id.moved_to(&link.parent)).filter(|above| is_retyped(above, cx)).collect()
}

/// The column from whose table the statement comes down: by the first parent, and the first of that.
fn root(id: &ObjectId, cx: &Cx<'_>) -> ObjectId {
    let mut at = id.clone();
    for _ in 0..DEPTH {
        match above(&at, cx).into_iter().next() {
            Some(above) => at = above,
            None => break,
        }
    }
    at
}

/// The columns that have to change together: those at the tops of what has the column from several of them.
pub fn together(id: &ObjectId, cx: &Cx<'_>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::from([root(id, cx)]);
    let mut open: Vec<ObjectId> = found.iter().cloned().collect();
    while let Some(top) = open.pop() {
        for table in top.qname().into_iter().flat_map(|table| family::descendants(table, cx)) {
            for other in above(&top.moved_to(&table), cx).iter().map(|above| root(above, cx)) {
                if found.insert(other.clone()) {
                    open.push(other);
                }
            }
        }
    }
    found
}

/// What goes before and after the columns change together.
pub fn around(tops: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let tables: BTreeSet<QName> = tops.iter().filter_map(ObjectId::qname).flat_map(|table| family::descendants(table, cx)).collect();
    for table in tables {
        let Some(id) = tops.first().map(|top| top.moved_to(&table)).filter(|id| is_retyped(id, cx)) else { continue };
        let own = root(&id, cx);
        let is_foreign = |link: &&Inheritance| {
            let above = id.moved_to(&link.parent);
            is_retyped(&above, cx) && root(&above, cx) != own
        };
        // What stands behind in the order of parents leaves too, so that the order comes back.
        let left: Vec<&Inheritance> = links(&table, cx).into_iter().skip_while(|link| !is_foreign(link)).collect();
        if !left.is_empty() {
            let (out, back) = leave(&table, &left, cx);
            before.extend(out);
            after.extend(back);
        }
    }
    (before, after)
}

fn leave(table: &QName, left: &[&Inheritance], cx: &Cx<'_>) -> (Vec<Step>, Vec<Step>) {
    let lock = |step: Step, parent: &QName| step.lock(table, LockMode::AccessExclusive).lock(parent, LockMode::ShareUpdateExclusive);
    let (mut out, mut back) = (Vec::new(), Vec::new());
    for Inheritance { parent, .. } in left {
        let step = Step::new(format!("ALTER TABLE {table} NO INHERIT {parent}"), format!("{table} leaves {parent} while the type changes"));
        out.push(lock(step, parent));
        let step = Step::new(format!("ALTER TABLE {table} INHERIT {parent}"), format!("{table} inherits from {parent} again"));
        back.push(lock(step, parent));
    }
    let parts = held(table, left, cx);
    if !parts.is_empty() {
        // What no other parent has would become the table's own for good.
        let stand_in = typing::aside([cx.from, cx.to], table);
        let made = Step::new(format!("CREATE TABLE {stand_in} ({})", parts.join(", ")), format!("stand in for the parents that {table} leaves"));
        let joins = Step::new(format!("ALTER TABLE {table} INHERIT {stand_in}"), format!("keep what {table} inherits inherited"));
        out.splice(0..0, [made, joins.lock(table, LockMode::AccessExclusive)]);
        let leaves = Step::new(format!("ALTER TABLE {table} NO INHERIT {stand_in}"), format!("{table} has its parents again"));
        back.push(leaves.lock(table, LockMode::AccessExclusive));
        back.push(Step::new(format!("DROP TABLE {stand_in}"), format!("drop what stood in for the parents of {table}")));
    }
    (out, back)
}

/// A table as it is where it has something from the parents alone that it leaves, as a CREATE TABLE takes it: its columns, less those that change,
/// and what it inherits of constraints.
fn held(table: &QName, left: &[&Inheritance], cx: &Cx<'_>) -> Vec<String> {
    let whole = family::table(table);
    let columns = cx.from.children_of(&whole, Kind::Column).filter_map(|(id, _)| Some((id, column(id, cx.from)?)));
    // What is computed from the column goes meanwhile, and comes back from the parents.
    let mut columns: Vec<(&ObjectId, &Column)> = columns.filter(|(id, _)| cx.stays(id) && !is_retyped(id, cx)).collect();
    columns.sort_by_key(|(_, column)| column.position.0);
    let checks = cx.from.children_of(&whole, Kind::Constraint).filter(|(id, _)| cx.stays(id)).filter_map(|(id, entry)| match &entry.object {
        Object::Constraint(check @ Constraint { definition: Definition::Check(_), inherited: true, .. }) => Some((id, entry, check)),
        _ => None,
    });
    let checks: Vec<_> = checks.filter(|(_, entry, _)| entry.needs.iter().all(|need| need.kind != Kind::Column || !is_retyped(need, cx))).collect();
    let leaves = |parent: &QName| left.iter().any(|link| link.parent == *parent);
    let only_there = |id: &ObjectId| {
        let all = parents(cx.from, table).into_iter().map(|(_, link)| &link.parent);
        all.filter(|parent| cx.from.contains(&id.moved_to(parent))).all(leaves)
    };
    if !columns.iter().any(|(id, column)| column.inherited && only_there(id)) && !checks.iter().any(|(id, ..)| only_there(id)) {
        return Vec::new();
    }
    let not_nulls = columns.iter().filter_map(|(id, _)| inherited_not_null(id, cx));
    let checks = checks.iter().filter_map(|(id, _, check)| Some(check.clause(id.name()?, cx)));
    columns.iter().filter_map(|(id, column)| spelled(id, column, cx)).chain(not_nulls).chain(checks).collect()
}

/// The column with what it must have in common with that of a child.
fn spelled(id: &ObjectId, column: &Column, cx: &Cx<'_>) -> Option<String> {
    let Column { type_name, collation, generated, .. } = column;
    let computed = generated.as_ref().map(|Generated { expr, stored }| {
        // Until 15 the expressions must be the same.
        let expr = if cx.major() < 16 { expr.to_string() } else { format!("NULL::{type_name}") };
        format!(" GENERATED ALWAYS AS ({expr}) {}", if *stored { "STORED" } else { "VIRTUAL" })
    });
    Some(format!("{} {type_name}{}{}", id.name()?, typing::collate(collation.as_ref()), computed.unwrap_or_default()))
}

/// From 18 on, NOT NULL that no parent passes on becomes the table's own as well.
fn inherited_not_null(column: &ObjectId, cx: &Cx<'_>) -> Option<String> {
    let id = ObjectId::of(Kind::Constraint, column.clone());
    match cx.from.object(&id).filter(|_| cx.from.major >= 18) {
        Some(Object::Constraint(constraint)) if constraint.inherited => Some(constraint.clause(constraint.name(&id)?, cx)),
        _ => None,
    }
}
