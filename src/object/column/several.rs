//! Columns that a table has from several parents, of which no statement on one parent changes the type ("cannot alter inherited column",
//! `ATPrepAlterColumnType` of src/backend/commands/tablecmds.c): the table leaves all but one while the columns of all change.

use std::collections::BTreeSet;

use super::Column;
use crate::model::{Catalog, ObjectId, QName, Step};
use crate::object::inheritance::{Inheritance, leave, parents};
use crate::object::{Cx, Object, family, typing};

/// The links that a table has before and afterwards, in order; a partition has one parent.
fn links<'a>(table: &QName, cx: &Cx<'a>) -> Vec<&'a Inheritance> {
    let staying = parents(cx.from, table).into_iter().filter(|(id, link)| link.bound.is_none() && cx.stays(id));
    staying.map(|(_, link)| link).collect()
}

fn column<'a>(id: &ObjectId, catalog: &'a Catalog) -> Option<&'a Column> {
    match catalog.object(id) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

/// Whether the column gets another type, or the new one of the same name.
pub(super) fn is_retyped(id: &ObjectId, cx: &Cx<'_>) -> bool {
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
    for _ in 0..family::DEPTH {
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
            let keeps = |part: &ObjectId| cx.stays(part) && !is_retyped(part, cx);
            let (out, back) = leave(&table, &left, (cx.from, &keeps), ("while the type changes", cx));
            before.extend(out);
            after.extend(back);
        }
    }
    (before, after)
}
