//! Why one statement comes before another.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::{Builder, Places, Why};
use crate::diff::Action;
use crate::model::{Catalog, ObjectId, Pair, QName};
use crate::object::index::replica;
use crate::object::table::logged;
use crate::object::{Change, Kind, Object, Slot, column_list, privileges};

impl Builder<'_> {
    pub(super) fn edges_of(&self, id: &ObjectId, action: &Action, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let provider = |need: &ObjectId| {
            let altered = || places.alters.get(need).map(|node| (*node, self.why_of(need, Why::Changed)));
            places.makes.get(need).map(|node| (*node, Why::Needed)).or_else(altered)
        };
        if let Some(user) = places.makes.get(id).or_else(|| places.alters.get(id)).copied()
            && !matches!(action, Action::Implied(_))
            && let Some(entry) = self.pair.to.get(id)
        {
            edges.extend(entry.needs.iter().filter_map(provider).map(|(node, why)| (node, user, why)));
            let relations = self.relations_of(id, &entry.needs, self.pair.to);
            edges.extend(relations.iter().filter_map(provider).map(|(node, _)| (node, user, Why::Changed)));
            edges.extend(entry.wants.iter().filter_map(provider).map(|(node, _)| (node, user, Why::Wanted)));
            // PostgreSQL records no dependency on the columns that MERGE fills (`find_expr_references_walker` of
            // src/backend/catalog/dependency.c).
            if Kind::ROUTINES.contains(&id.kind) {
                let relations = entry.needs.iter().filter_map(ObjectId::qname).filter_map(|name| self.pair.to.relation(name));
                let relations: BTreeSet<&ObjectId> = relations.map(|(relation, _)| relation).collect();
                let parts = relations.into_iter().flat_map(|relation| self.pair.to.children(relation));
                let columns = parts.filter(|part| part.kind.is_dotted());
                edges.extend(columns.filter_map(|column| places.makes.get(column)).map(|node| (*node, user, Why::Wanted)));
            }
        }
        self.edges_of_rows(id, places, edges);
        self.edges_of_lists(id, places, edges);
        self.edges_of_way(id, places, edges);
        self.edges_of_release(id, places, edges);
        self.edges_of_coming_back(id, places, edges);
        self.edges_of_letting_go(id, places, edges);
        self.edges_of_forgotten(id, action, places, edges);
        if id.kind.is_dotted() && *action == Action::Create {
            self.edges_of_place(id, places, edges);
        }
        let altered = |(first, then): &(ObjectId, ObjectId)| Some((*places.alters.get(first)?, *places.alters.get(then)?, Why::Needed));
        edges.extend(logged::in_order(id, self.pair).iter().filter_map(altered));
        self.edges_of_successor(id, places, edges);
        self.edges_of_detached(id, places, edges);
        if id.kind.is_heritable() && !id.kind.is_code() {
            self.edges_of_shared(id, places, edges);
        }
        if id.kind.is_granted() {
            self.edges_of_grantors(id, places, edges);
            self.edges_of_owner(id, places, edges);
        }
        if id.kind.shares_owners() {
            self.edges_of_owners(id, places, edges);
        }
        if id.kind.is_inheritance() {
            self.edges_of_link(id, places, edges);
        }
    }

    /// Why what uses a thing waits for its change.
    fn why_of(&self, need: &ObjectId, otherwise: Why) -> Why {
        if self.changes_in_place(need) { otherwise } else { Why::Needed }
    }

    /// Whoever uses what goes away or changes lets go of it first.
    fn edges_of_release(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let user = places.removes.get(id).or_else(|| places.lets_go.get(id)).or_else(|| places.alters.get(id)).copied();
        if let (Some(entry), Some(user)) = (self.pair.from.get(id), user) {
            let wants = entry.wants.iter().filter(|want| !want.kind.is_inheritance());
            edges.extend(wants.filter_map(|want| places.removes.get(want)).map(|node| (user, *node, Why::Wanted)));
            if places.removes.contains_key(id) {
                let relations = self.relations_of(id, &entry.needs, self.pair.from);
                edges.extend(relations.iter().filter_map(|table| places.alters.get(table)).map(|node| (user, *node, Why::Released)));
            }
            for need in &entry.needs {
                edges.extend(places.removes.get(need).map(|node| (user, *node, Why::Needed)));
                // What is swapped uses it until the very end. DROP names a function by the types of its arguments, which must
                // still have their names.
                if places.removes.contains_key(id) && !places.asides.contains_key(id) {
                    edges.extend(places.alters.get(need).map(|node| (user, *node, self.why_of(need, Why::Released))));
                    edges.extend(places.asides.get(need).map(|node| (user, *node, Why::Needed)));
                }
            }
        }
    }

    /// What makes rows of a type names all its attributes (ROW(..)::t), of which PostgreSQL records no dependency: it comes once the type is
    /// what it shall be, and goes before it changes.
    fn edges_of_rows(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        if id.qname().is_none() || matches!(self.action(id), Some(Action::Implied(_))) {
            return;
        }
        let needs = |catalog: &'_ Catalog| catalog.get(id).map(|entry| entry.needs.clone()).unwrap_or_default();
        let (before, after) = (needs(self.pair.from), needs(self.pair.to));
        if let Some(user) = places.makes.get(id).or_else(|| places.alters.get(id)) {
            edges.extend(after.iter().flat_map(|need| self.changes_of_rows(id, need, places)).map(|node| (node, *user, Why::Released)));
        }
        let lets_go = |need: &&ObjectId| places.removes.contains_key(id) || !after.contains(need);
        if let Some(user) = places.removes.get(id).or_else(|| places.alters.get(id)) {
            let let_go = before.iter().filter(lets_go);
            edges.extend(let_go.flat_map(|need| self.changes_of_rows(id, need, places)).map(|node| (*user, node, Why::Released)));
        }
    }

    /// What names columns by their places comes once what has them has all that it shall have, and nothing else.
    fn edges_of_lists(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(user) = places.makes.get(id).or_else(|| places.alters.get(id)) else { return };
        for relation in column_list::relations(self.pair.to, id) {
            let of = |catalog: &'_ Catalog, nodes: &BTreeMap<ObjectId, NodeIndex>| -> Vec<NodeIndex> {
                catalog.children(&relation).filter(|part| part.kind.is_dotted()).filter_map(|part| nodes.get(part).copied()).collect()
            };
            let others = of(self.pair.to, &places.makes).into_iter().chain(of(self.pair.from, &places.removes));
            edges.extend(others.map(|node| (node, *user, Why::Needed)));
        }
    }

    /// Whether it can make rows, by an expression, or holds those of a table in a column.
    fn uses_rows(&self, user: &ObjectId, rows: &ObjectId) -> bool {
        let has_expressions = |catalog: &Catalog| catalog.object(user).is_some_and(|object| !object.clone().exprs().is_empty());
        user.kind.is_dotted() && rows.kind == Kind::Table || has_expressions(self.pair.from) || has_expressions(self.pair.to)
    }

    /// What changes the rows of another type or table that stays.
    fn changes_of_rows(&self, user: &ObjectId, rows: &ObjectId, places: &Places) -> Vec<NodeIndex> {
        let stays = self.pair.from.contains(rows) && self.pair.to.contains(rows) && (!self.makes(rows) || places.asides.contains_key(rows));
        if !stays || rows.qname() == user.qname() {
            return Vec::new();
        }
        let parts =
            [self.pair.from, self.pair.to].into_iter().flat_map(|catalog| catalog.children(rows)).filter(|part| part.kind.is_dotted());
        let nodes = |part| [&places.makes, &places.alters, &places.removes].into_iter().filter_map(move |nodes| nodes.get(part).copied());
        let changes: Vec<NodeIndex> = parts.flat_map(nodes).collect();
        if changes.is_empty() || !self.uses_rows(user, rows) { Vec::new() } else { changes }
    }

    /// What is in the way of a change goes before it and comes back after it.
    fn edges_of_way(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let versions = self.pair.from.object(id).zip(self.pair.to.object(id));
        let (node, others) = match (places.alters.get(id).zip(versions), places.makes.get(id)) {
            (Some((changed, (from, to))), _) => (*changed, Object::in_the_way(id, Pair::new(from, to), &self.cx)),
            (None, Some(made)) => (*made, Object::in_the_way_of_new(id, &self.cx)),
            (None, None) => return,
        };
        for other in others {
            let lets_go = places.lets_go.get(&other);
            edges.extend(places.removes.get(&other).or(lets_go).map(|gone| (*gone, node, Why::Needed)));
            let takes = places.alters.get(&other).filter(|_| lets_go.is_some());
            edges.extend(places.makes.get(&other).or(takes).map(|made| (node, *made, Why::Needed)));
        }
    }

    /// What a table can have one of moves to another object before the one that had it lets go of what it wants for that.
    fn edges_of_successor(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(released) = places.alters.get(id) else { return };
        let next = replica::successor(id, self.pair);
        let taken = next.and_then(|next| places.makes.get(&next).or_else(|| places.alters.get(&next)));
        edges.extend(taken.map(|taken| (*taken, *released, Why::Wanted)));
    }

    /// What is added to a table or type comes in the wanted order, which OF compares.
    fn edges_of_place(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let position = |id: &ObjectId| self.pair.to.object(id).map(|object| object.beside().0);
        let Some(parent) = self.pair.to.get(id).and_then(|entry| entry.parent.as_ref()).filter(|parent| !self.makes(parent)) else {
            return;
        };
        let added = self.pair.to.children(parent).filter(|part| part.kind == id.kind && self.action(part) == Some(&Action::Create));
        let before = added.filter(|part| position(part) < position(id)).max_by_key(|part| position(part));
        let nodes = before.and_then(|before| places.makes.get(before)).zip(places.makes.get(id));
        edges.extend(nodes.map(|(first, then)| (*first, *then, Why::Wanted)));
    }

    /// What lets go of something does so before that changes, and before its own parts go: columns of a typed table.
    fn edges_of_letting_go(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some((first, entry)) = places.lets_go.get(id).zip(self.pair.from.get(id)) else { return };
        let own = self.pair.from.children(id).filter_map(|part| places.removes.get(part));
        let parts = |need| [self.pair.from, self.pair.to].into_iter().flat_map(move |catalog: &Catalog| catalog.children(need));
        let done =
            |part| [&places.makes, &places.alters, &places.removes].into_iter().filter_map(move |nodes: &BTreeMap<_, _>| nodes.get(part));
        let others = entry.needs.iter().flat_map(parts).flat_map(done);
        let asides = entry.needs.iter().filter_map(|need| places.asides.get(need));
        edges.extend(own.chain(others).chain(asides).map(|node| (*first, *node, Why::Released)));
    }

    /// What a change loses is said after it.
    fn edges_of_forgotten(&self, id: &ObjectId, action: &Action, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some((Action::Change(change), changed)) = Some(action.effect()).zip(places.alters.get(id)) else { return };
        let lost = Object::forgotten(id, change, &self.cx);
        let said = lost.iter().filter_map(|lost| places.makes.get(lost).or_else(|| places.alters.get(lost)));
        edges.extend(said.map(|said| (*changed, *said, Why::Needed)));
    }

    /// What comes back under its name comes after it went, or stepped aside.
    fn edges_of_coming_back(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        if let (Some(out), Some(back)) = (places.asides.get(id).or_else(|| places.removes.get(id)), places.makes.get(id)) {
            edges.push((*out, *back, Why::Needed));
        }
        if let (Some(aside), Some(gone)) = (places.asides.get(id), places.removes.get(id)) {
            edges.push((*aside, *gone, Why::Needed));
            // A range's constructors are named by its subtype too.
            let needs = self.pair.from.get(id).into_iter().flat_map(|entry| &entry.needs);
            edges.extend(needs.filter_map(|need| places.asides.get(need)).map(|need| (*aside, *need, Why::Wanted)));
        }
        // Once that is gone: a body that has all columns of a table (`excluded` of ON CONFLICT) would hold on to those that go.
        if let (Some(entry), Some(back)) = (self.pair.from.get(id).filter(|_| places.removes.contains_key(id)), places.makes.get(id)) {
            let gone = entry.needs.iter().filter(|need| !self.pair.to.contains(need)).filter_map(|need| places.removes.get(need));
            edges.extend(gone.map(|gone| (*gone, *back, Why::Wanted)));
        }
    }

    /// Who grants by a grant option has what that takes by then, and loses it afterwards.
    fn edges_of_grantors(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let done = |id: &ObjectId| [&places.makes, &places.alters, &places.removes].into_iter().find_map(|nodes| nodes.get(id)).copied();
        let Some(granted) = done(id) else { return };
        let rests = privileges::rests(id, self.pair);
        edges.extend(rests.before.iter().filter_map(done).map(|node| (node, granted, Why::Wanted)));
        edges.extend(rests.after.iter().filter_map(done).map(|node| (granted, node, Why::Wanted)));
    }

    /// A change of the owner rewrites the privileges (`aclnewowner` of src/backend/utils/adt/acl.c): what they shall be is said afterwards.
    fn edges_of_owner(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let gone = || places.removes.get(id).filter(|_| self.dropper(id) == id);
        let Some(granted) = places.makes.get(id).or_else(|| places.alters.get(id)).or_else(gone) else { return };
        let owners = [self.pair.from, self.pair.to].into_iter().filter_map(|catalog| privileges::owner_object(catalog, id.target()?));
        let changes = owners.filter_map(|owner| places.makes.get(&owner).or_else(|| places.alters.get(&owner)).copied());
        edges.extend(changes.map(|owner| (owner, *granted, Why::Needed)));
    }

    /// A link between what must have one owner is made while both ends have the owners that they had, and only what is freed can have
    /// one of its own.
    fn edges_of_owners(&self, link: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let nodes = [&places.makes, &places.removes].into_iter().filter_map(|nodes| nodes.get(link));
        for (node, entry) in nodes.flat_map(|node| [self.pair.from, self.pair.to].into_iter().filter_map(|c| Some((*node, c.get(link)?)))) {
            let relations = entry.needs.iter().filter_map(ObjectId::qname);
            let relations = relations.flat_map(|name| [self.pair.from, self.pair.to].into_iter().filter_map(|c| c.relation(name)));
            for owner in relations.map(|(relation, _)| relation.owner()) {
                let changes = places.makes.get(&owner).or_else(|| places.alters.get(&owner));
                edges.extend(changes.map(|changes| (node, *changes, Why::Needed)));
            }
        }
    }

    /// The other tables whose columns a constraint needs: what they are (UNLOGGED) must suit it as well.
    fn relations_of(&self, id: &ObjectId, needs: &[ObjectId], catalog: &Catalog) -> BTreeSet<ObjectId> {
        let others = needs.iter().filter(|need| id.kind.is_heritable() && need.kind.is_dotted()).filter_map(ObjectId::qname);
        let tables = others.filter(|name| id.qname() != Some(*name)).filter_map(|name| catalog.relation(name));
        tables.map(|(table, _)| table.clone()).collect()
    }

    pub(super) fn changes_by_itself(&self, id: &ObjectId, places: &Places) -> bool {
        let implied = matches!(self.action(id), Some(Action::Implied(_)));
        !implied && (places.makes.contains_key(id) || places.alters.contains_key(id))
    }

    fn changes_in_place(&self, id: &ObjectId) -> bool {
        matches!(self.action(id), Some(Action::Change(Change::InPlace(_))))
    }

    /// A name must be free before something else can take it, be it by dropping or changing what has it.
    pub(super) fn name_edges(&self, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let slots = |catalog: &Catalog, id: &ObjectId| catalog.object(id).map(|object| object.slots(id)).unwrap_or_default();
        let mut freed: BTreeMap<Slot, Vec<(&ObjectId, NodeIndex)>> = BTreeMap::new();
        for (id, node) in &places.removes {
            let node = places.asides.get(id).unwrap_or(node);
            for slot in slots(self.pair.from, id) {
                freed.entry(slot).or_default().push((id, *node));
            }
        }
        for (id, node) in &places.alters {
            let kept = slots(self.pair.to, id);
            for slot in slots(self.pair.from, id).into_iter().filter(|slot| !kept.contains(slot)) {
                freed.entry(slot).or_default().push((id, *node));
            }
        }
        self.overload_edges(places, edges);
        if freed.is_empty() {
            return;
        }
        let mut overloads: BTreeMap<&QName, Vec<NodeIndex>> = BTreeMap::new();
        for (slot, others) in &freed {
            if let Slot::Routine(name, _) = slot {
                overloads.entry(name).or_default().extend(others.iter().map(|(_, node)| *node));
            }
        }
        for (id, node) in places.makes.iter().chain(&places.alters) {
            let had = if places.alters.contains_key(id) { slots(self.pair.from, id) } else { Vec::new() };
            for slot in slots(self.pair.to, id).into_iter().filter(|slot| !had.contains(slot)) {
                let others = freed.get(&slot).into_iter().flatten().filter(|(other, _)| *other != id);
                edges.extend(others.map(|(_, free)| (*free, *node, Why::Needed)));
                // While two overloads are there, a call may find the wrong one, or be ambiguous.
                if let Slot::Routine(name, _) = &slot {
                    edges.extend(overloads.get(name).into_iter().flatten().map(|free| (*free, *node, Why::Wanted)));
                }
            }
        }
    }

    /// What is made to call one of several overloads is so once those are gone that go, and would be called as long as they are there.
    fn overload_edges(&self, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let mut gone: BTreeMap<&QName, Vec<NodeIndex>> = BTreeMap::new();
        for (id, node) in places.removes.iter().filter(|(id, _)| id.kind.is_overloaded()) {
            id.qname().into_iter().for_each(|name| gone.entry(name).or_default().push(*node));
        }
        if gone.is_empty() {
            return;
        }
        for (id, node) in &places.makes {
            let needs = self.pair.to.get(id).into_iter().flat_map(|entry| &entry.needs).filter(|need| need.kind.is_overloaded());
            let names = needs.filter_map(|need| need.qname()).filter(|name| id.qname() != Some(*name));
            edges.extend(names.filter_map(|name| gone.get(name)).flatten().map(|free| (*free, *node, Why::Wanted)));
        }
    }
}
