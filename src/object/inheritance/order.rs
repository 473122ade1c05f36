//! The order of a table's parents. INHERIT puts a parent behind all others (`CreateInheritance` of src/backend/commands/tablecmds.c), and
//! no statement moves one: what stands behind a parent that comes too late leaves, and comes again.

use std::collections::BTreeMap;

use super::{Inheritance, link, parents, stand_in};
use crate::model::{Catalog, ObjectId, QName, Step};
use crate::object::{Cx, Kind, family};

/// Notes of each parent which one stands before it.
pub fn note(catalog: &mut Catalog) {
    let mut families: BTreeMap<&QName, Vec<(i32, &ObjectId, &QName)>> = BTreeMap::new();
    for (id, entry) in catalog.of_kind(Kind::Inheritance) {
        if let Some(link) = link(&entry.object).filter(|link| link.bound.is_none()) {
            families.entry(&link.child).or_default().push((link.order.0, id, &link.parent));
        }
    }
    let mut before: Vec<(ObjectId, Option<QName>)> = Vec::new();
    for links in families.values_mut() {
        links.sort();
        let parents = [None].into_iter().chain(links.iter().map(|(_, _, parent)| Some((*parent).clone())));
        before.extend(links.iter().map(|(_, id, _)| (*id).clone()).zip(parents));
    }
    for (id, before) in before {
        if catalog.object(&id).and_then(link).is_some_and(|link| link.after != before)
            && let Some(link) = catalog.get_mut(&id).and_then(|entry| super::link_mut(&mut entry.object))
        {
            link.after = before;
        }
    }
}

/// The links of a table as they stand once those that go are gone and those that come have come, each behind all others.
fn reached<'a>(child: &QName, cx: &Cx<'a>) -> Vec<&'a Inheritance> {
    let (mut staying, coming): (Vec<_>, Vec<_>) = parents(cx.to, child).into_iter().partition(|(id, _)| cx.stays(id));
    let place = |id: &ObjectId| cx.from.object(id).and_then(link).map(|link| link.order.0);
    staying.sort_by_key(|(id, _)| place(id));
    staying.into_iter().chain(coming).map(|(_, link)| link).collect()
}

/// What puts the parents of a table in order; the last of the links to which something happens says it for all.
pub(super) fn restored(link: &Inheritance, cx: &Cx<'_>) -> Vec<Step> {
    let child = &link.child;
    let wanted = parents(cx.to, child);
    let happens = |id: &ObjectId| !cx.stays(id) || cx.from.object(id) != cx.to.object(id);
    if !cx.stays(&family::table(child)) || wanted.iter().rfind(|(id, _)| happens(id)).is_none_or(|(_, last)| last.parent != link.parent) {
        return Vec::new();
    }
    let reached = reached(child, cx);
    let place = |link: &Inheritance| reached.iter().position(|other| other.parent == link.parent);
    let left: Vec<&Inheritance> = wanted.into_iter().map(|(_, link)| link).collect();
    let in_order = left.iter().zip(left.iter().skip(1)).take_while(|(before, link)| place(before) < place(link)).count() + 1;
    let left = left.get(in_order..).unwrap_or_default();
    if left.is_empty() {
        return Vec::new();
    }
    let (out, back) = stand_in::leave(child, left, (cx.to, &|_| true), ("to come behind others", cx));
    out.into_iter().chain(back).map(Step::late).collect()
}
