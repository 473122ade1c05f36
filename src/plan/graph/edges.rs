//! Why one statement comes before another.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::{Builder, Places, Why};
use crate::diff::{Action, inheriting};
use crate::model::{Catalog, Entry, ObjectId, Pair, QName};
use crate::object::table::logged;
use crate::object::{Change, Kind, Object, Slot, column_list, family, privileges};

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
                let columns = relations.into_iter().flat_map(|relation| self.pair.to.children(relation));
                edges.extend(columns.filter_map(|column| places.makes.get(column)).map(|node| (*node, user, Why::Wanted)));
            }
        }
        self.edges_of_rows(id, places, edges);
        self.edges_of_lists(id, places, edges);
        self.edges_of_way(id, places, edges);
        self.edges_of_release(id, places, edges);
        self.edges_of_coming_back(id, places, edges);
        self.edges_of_letting_go(id, places, edges);
        if id.kind.is_dotted() && *action == Action::Create {
            self.edges_of_place(id, places, edges);
        }
        let altered = |(first, then): &(ObjectId, ObjectId)| Some((*places.alters.get(first)?, *places.alters.get(then)?, Why::Needed));
        edges.extend(logged::in_order(id, self.pair).iter().filter_map(altered));
        self.edges_of_detached(id, places, edges);
        if id.kind.is_heritable() && !id.kind.is_code() {
            self.edges_of_shared(id, places, edges);
        }
        if id.kind.is_granted() {
            self.edges_of_grantors(id, places, edges);
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
            edges.extend(places.removes.get(&other).map(|gone| (*gone, node, Why::Needed)));
            edges.extend(places.makes.get(&other).map(|made| (node, *made, Why::Needed)));
        }
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

    fn changes_by_itself(&self, id: &ObjectId, places: &Places) -> bool {
        let implied = matches!(self.action(id), Some(Action::Implied(_)));
        !implied && (places.makes.contains_key(id) || places.alters.contains_key(id))
    }

    fn changes_in_place(&self, id: &ObjectId) -> bool {
        matches!(self.action(id), Some(Action::Change(Change::InPlace(_))))
    }

    /// While a table inherits, statements on the parent reach it: what differs between the two changes while it does not.
    fn edges_of_link(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let ends = |catalog: &Catalog| -> Vec<ObjectId> {
            let Some(entry) = catalog.get(id) else { return Vec::new() };
            let parent = entry.object.inherits_from().and_then(|name| catalog.relation(name)).map(|(parent, _)| parent.clone());
            entry.parent.iter().cloned().chain(parent).collect()
        };
        let parts = |tables: &[ObjectId]| -> BTreeSet<ObjectId> {
            let children =
                |id: &ObjectId| -> Vec<ObjectId> { [self.pair.from, self.pair.to].iter().flat_map(|c| c.children(id)).cloned().collect() };
            let direct: Vec<ObjectId> = tables.iter().flat_map(children).collect();
            // the NOT NULL of a column hangs on the column
            let deeper: Vec<ObjectId> = direct.iter().flat_map(children).collect();
            direct
                .into_iter()
                .chain(deeper)
                .filter(|part| {
                    part.kind.is_heritable() && (part.kind.is_dotted() || !matches!(self.action(part), Some(Action::Implied(_))))
                })
                .collect()
        };
        // Columns must agree; constraints may have reasons of their own to come later.
        let why = |part: &ObjectId| if part.kind.is_dotted() { Why::Needed } else { Why::Wanted };
        if let Some(made) = places.makes.get(id) {
            self.edges_of_bound(id, *made, places, edges);
            self.edges_of_parents(id, *made, places, edges);
            self.edges_of_heritage(id, *made, places, edges);
            self.edges_of_coming(id, *made, places, edges);
            let taken = Object::taken_by(id, &self.cx);
            edges.extend(taken.iter().filter_map(|part| places.removes.get(part)).map(|gone| (*gone, *made, Why::Needed)));
            // Nothing changes what is inherited (a NOT NULL cannot be renamed).
            let fixed = |part: &ObjectId| places.alters.contains_key(part) && self.pair.to.object(part).is_some_and(Object::inherited);
            let waits = |part: &ObjectId| self.pair.to.get(part).is_some_and(|entry| entry.wants.contains(id));
            for part in parts(&ends(self.pair.to)).into_iter().filter(|part| !waits(part)) {
                let why = if fixed(&part) { Why::Needed } else { why(&part) };
                // What goes and never was the parent's does not matter to it.
                let parent = self.pair.to.object(id).and_then(Object::inherits_from);
                let removed =
                    places.removes.get(&part).filter(|_| parent.is_some_and(|name| self.pair.from.contains(&part.moved_to(name))));
                // What it copies changes with its copies, which are there by then.
                let copied = places
                    .alters
                    .get(&part)
                    .filter(|_| self.is_copied(&part, id, self.pair.to) && self.is_copied(&part, id, self.pair.from));
                edges.extend(copied.map(|altered| (*made, *altered, Why::Released)));
                let nodes = [places.makes.get(&part), places.alters.get(&part).filter(|_| copied.is_none())].into_iter().flatten();
                edges.extend(nodes.chain(removed).map(|node| (*node, *made, why)));
            }
        }
        self.edges_of_moved(id, places, edges);
        if let Some(removed) = places.removes.get(id) {
            self.edges_of_references(id, *removed, places, edges);
            // What comes and never becomes the parent's does not matter to it.
            let parent = self.pair.from.object(id).and_then(Object::inherits_from);
            let matters =
                |part: &ObjectId| self.pair.from.contains(part) || parent.is_none_or(|name| self.pair.to.contains(&part.moved_to(name)));
            for part in parts(&ends(self.pair.from)).into_iter().filter(matters) {
                // A copy that is no object (of a foreign key, in partitions) goes only while it is one, or with the parent itself; where the
                // parent goes and the partition stays, DETACH says what it leaves behind.
                let by_itself = || !self.goes_with_table(&part, places);
                let stays = parent.is_some_and(|name| family::stays(name, &self.cx));
                let has_copy = self.is_copied(&part, id, self.pair.from) && (stays || self.child_goes(id) && by_itself());
                edges.extend(places.removes.get(&part).filter(|_| has_copy).map(|gone| (*gone, *removed, Why::Released)));
                let nodes = [&places.alters, &places.removes].into_iter().filter(|_| !has_copy).chain([&places.makes]);
                edges.extend(nodes.filter_map(|nodes| nodes.get(&part)).map(|node| (*removed, *node, why(&part))));
            }
        }
    }

    /// Whether a partition has it from its parent without being said to.
    fn is_copied(&self, part: &ObjectId, link: &ObjectId, catalog: &Catalog) -> bool {
        let Some(entry) = catalog.get(link).filter(|link| !link.object.can_have_siblings()) else { return false };
        let child = entry.parent.as_ref().and_then(ObjectId::qname);
        let is_parents = entry.object.inherits_from() == part.qname() && !part.kind.is_dotted() && catalog.contains(part);
        // What the link brought is one of those that are objects.
        let is_brought = |part: &ObjectId, own: &Entry| own.auto.as_ref() == Some(part) && own.wants.contains(link);
        let mut own = entry.parent.iter().flat_map(|child| catalog.children(child)).filter_map(|own| catalog.get(own));
        is_parents && child.is_some_and(|child| !catalog.contains(&part.moved_to(child))) && !own.any(|own| is_brought(part, own))
    }

    /// INHERIT puts a parent behind all others.
    fn edges_of_parents(&self, link: &ObjectId, made: NodeIndex, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let place = |link: &ObjectId| self.pair.to.object(link).map(|link| link.beside().0);
        let child = self.pair.to.get(link).and_then(|entry| entry.parent.as_ref());
        let links = child.into_iter().flat_map(|child| self.pair.to.children(child)).filter(|other| other.kind == link.kind);
        let links = links.filter(|other| place(other) < place(link));
        let before = links.filter_map(|other| Some((place(other), *places.makes.get(other)?))).max();
        edges.extend(before.map(|(_, before)| (before, made, Why::Needed)));
    }

    /// A partition's bound may name what the type of a key column has only then: labels of an enum. PostgreSQL records no such dependency.
    fn edges_of_bound(&self, link: &ObjectId, made: NodeIndex, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(parent) = self.pair.to.object(link).filter(|link| !link.can_have_siblings()).and_then(Object::inherits_from) else {
            return;
        };
        let Some((parent, _)) = self.pair.to.relation(parent) else { return };
        let columns = self.pair.to.children(parent).filter(|part| part.kind.is_dotted()).filter_map(|column| self.pair.to.get(column));
        let types = columns.flat_map(|column| &column.needs).filter_map(|need| places.alters.get(need));
        edges.extend(types.map(|changed| (*changed, made, Why::Changed)));
    }

    /// A table that leaves one parent for another comes under the new one first where it can: what it has from both stays inherited. What
    /// nobody passes on becomes the table's own (`attislocal`, `conislocal`), which no statement takes back.
    fn edges_of_moved(&self, link: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let parent = |catalog: &Catalog, link: &ObjectId| {
            catalog.object(link).filter(|link| link.can_have_siblings()).and_then(Object::inherits_from).cloned()
        };
        let Some((made, child)) = places.makes.get(link).zip(self.pair.to.get(link).and_then(|entry| entry.parent.as_ref())) else {
            return;
        };
        let Some(new) = parent(self.pair.to, link).filter(|_| self.cx.stays(child)) else { return };
        // What must change to suit the new parent changes while it has none.
        let changes = |part: &ObjectId| {
            part.kind.is_heritable() && !part.kind.is_code() && self.pair.from.contains(part) && self.changes_by_itself(part, places)
        };
        if self.pair.to.children(child).any(|part| changes(part) || self.pair.to.children(part).any(changes)) {
            return;
        }
        let inherited = |catalog: &Catalog, part: &ObjectId| catalog.object(part).is_some_and(Object::inherited);
        for before in self.pair.from.children(child).filter(|id| id.kind.is_inheritance()) {
            let Some((removed, old)) = places.removes.get(before).zip(parent(self.pair.from, before)) else { continue };
            let mut kept = self.pair.from.children(child).filter(|part| inherited(self.pair.from, part) && inherited(self.pair.to, part));
            if kept.any(|part| self.pair.from.contains(&part.moved_to(&old)) && self.pair.to.contains(&part.moved_to(&new))) {
                edges.push((*made, *removed, Why::Seamless));
            }
        }
    }

    /// What a table has by itself and from a parent as well: ADD COLUMN on the parent merges it with what is there, but not the other way round
    /// (`ATExecAddColumn` of src/backend/commands/tablecmds.c), and the table's own can go only once nobody passes it on.
    fn edges_of_shared(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let own = |catalog: &Catalog| catalog.object(id).is_some_and(|object| !object.inherited());
        let of_parents = |catalog: &Catalog, nodes: &BTreeMap<ObjectId, NodeIndex>| -> Vec<NodeIndex> {
            let links = inheriting(catalog, id).into_iter().filter(|link| self.cx.stays(link));
            let parents = links.filter_map(|link| catalog.object(&link).filter(|link| link.can_have_siblings())?.inherits_from().cloned());
            parents.filter_map(|parent| nodes.get(&id.moved_to(&parent)).copied()).collect()
        };
        if let Some(made) = places.makes.get(id).filter(|_| id.kind.is_dotted() && own(self.pair.to)) {
            edges.extend(of_parents(self.pair.to, &places.makes).into_iter().map(|above| (*made, above, Why::Needed)));
        }
        if let Some(removed) = places.removes.get(id).filter(|_| own(self.pair.from)) {
            edges.extend(of_parents(self.pair.from, &places.removes).into_iter().map(|above| (above, *removed, Why::Needed)));
        }
        // What only the table keeps becomes its own before it changes, and is what the parent shall have before that has it.
        if let Some(altered) = places.alters.get(id).filter(|_| id.kind.is_dotted()) {
            edges.extend(of_parents(self.pair.from, &places.removes).into_iter().map(|above| (above, *altered, Why::Needed)));
            edges.extend(of_parents(self.pair.to, &places.makes).into_iter().map(|above| (*altered, above, Why::Needed)));
        }
        self.edges_of_named(id, places, edges);
        self.edges_of_birth(id, places, edges);
    }

    /// What a new table has from its parents stands behind what these have, unless it must not find it there.
    fn edges_of_birth(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some((made, object)) = places.makes.get(id).zip(self.pair.to.object(id)).filter(|(_, object)| object.inherited()) else {
            return;
        };
        let Some((table, _)) = id.qname().and_then(|name| self.pair.to.relation(name)).filter(|(table, _)| !self.cx.stays(table)) else {
            return;
        };
        if id.kind.is_dotted() || !table.qname().is_some_and(|name| family::inherits_plainly(name, self.pair.to)) {
            return;
        }
        let above = self.source(self.pair.to, id).and_then(|above| places.makes.get(&above));
        let later = object.comes_down_later();
        let birth = places.makes.get(table).filter(|_| later).zip(above).map(|(birth, above)| (*birth, *above));
        let after = above.filter(|_| !later).map(|above| (*above, *made));
        edges.extend(birth.or(after).filter(|(first, then)| first != then).map(|(first, then)| (first, then, Why::Needed)));
    }

    /// What is inherited before or afterwards, but has another of its name that is not: the one goes with what the parent had, and what the
    /// parent gets meets none of its name.
    fn edges_of_named(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(removed) = places.removes.get(id).filter(|_| self.action(id) == Some(&Action::Rebuild) && !id.kind.is_dotted()) else {
            return;
        };
        let inherited = |catalog: &Catalog| catalog.object(id).is_some_and(Object::inherited);
        let above = |catalog: &Catalog, nodes: &BTreeMap<ObjectId, NodeIndex>| -> Vec<NodeIndex> {
            let links = inheriting(catalog, id).into_iter().filter(|link| self.cx.stays(link));
            links.filter_map(|link| nodes.get(&id.moved_to(catalog.object(&link)?.inherits_from()?)).copied()).collect()
        };
        match (inherited(self.pair.from), inherited(self.pair.to)) {
            (true, false) => edges.extend(above(self.pair.from, &places.removes).into_iter().map(|gone| (gone, *removed, Why::Needed))),
            (false, true) => edges.extend(above(self.pair.to, &places.makes).into_iter().map(|made| (*removed, made, Why::Needed))),
            _ => {}
        }
    }

    /// What a table inherits before and afterwards, though from another parent, must not go with what the former parent has. What changes
    /// there changes before two pass it on, which only a statement on both could change.
    fn edges_of_heritage(&self, link: &ObjectId, made: NodeIndex, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(child) = self.pair.to.get(link).and_then(|entry| entry.parent.as_ref()) else { return };
        let Some(new) = self.pair.to.object(link).filter(|link| link.can_have_siblings()).and_then(Object::inherits_from) else { return };
        let inherited = |part: &&ObjectId| [self.pair.from, self.pair.to].iter().all(|c| c.object(part).is_some_and(Object::inherited));
        let direct = || self.pair.from.children(child).filter(|part| part.kind.is_heritable());
        let parts = direct().chain(direct().flat_map(|part| self.pair.from.children(part).filter(|part| part.kind.is_heritable())));
        for part in parts.filter(inherited).filter(|part| self.pair.from.contains(&part.moved_to(new))) {
            for link in inheriting(self.pair.from, part) {
                let Some(parent) = self.pair.from.object(&link).and_then(Object::inherits_from) else { continue };
                let above = part.moved_to(parent);
                edges.extend(places.removes.get(&above).map(|gone| (made, *gone, Why::Seamless)));
                edges.extend(places.alters.get(&above).map(|changed| (*changed, made, Why::Wanted)));
            }
        }
    }

    /// What a table inherited, or had attached when it came under its parent, can be touched by itself only once it no longer inherits.
    fn edges_of_detached(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(entry) = self.pair.from.get(id) else { return };
        let Some(touched) = places.removes.get(id).or_else(|| places.alters.get(id)) else { return };
        let inherited = if entry.object.inherited() { inheriting(self.pair.from, id) } else { Vec::new() };
        for link in inherited.iter().chain(entry.wants.iter().filter(|want| want.kind.is_inheritance())) {
            edges.extend(places.removes.get(link).map(|node| (*node, *touched, Why::Needed)));
        }
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
