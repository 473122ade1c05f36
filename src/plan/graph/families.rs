//! Why one statement comes before another in tables that inherit, and in partitions: statements on a parent reach its children.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::{Builder, Places, Why};
use crate::diff::{Action, inheriting};
use crate::model::{Catalog, Entry, ObjectId};
use crate::object::{Object, family};

impl Builder<'_> {
    /// While a table inherits, statements on the parent reach it: what differs between the two changes while it does not.
    pub(super) fn edges_of_link(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
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
    pub(super) fn edges_of_shared(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let own = |catalog: &Catalog| catalog.object(id).is_some_and(|object| !object.inherited());
        let of_parents = |catalog: &Catalog, nodes: &BTreeMap<ObjectId, NodeIndex>| -> Vec<NodeIndex> {
            let links = inheriting(catalog, id).into_iter().filter(|link| self.cx.stays(link));
            let parents = links.filter_map(|link| catalog.object(&link).filter(|link| link.can_have_siblings())?.inherits_from().cloned());
            parents.filter_map(|parent| nodes.get(&id.moved_to(&parent)).copied()).collect()
        };
        if let Some(made) = places.makes.get(id).filter(|_| id.kind.is_dotted() && own(self.pair.to)) {
            edges.extend(of_parents(self.pair.to, &places.makes).into_iter().map(|above| (*made, above, Why::Needed)));
        }
        // What comes down from a parent under another name would be in its place.
        if let Some(made) = places.makes.get(id).filter(|_| own(self.pair.to)) {
            let links = inheriting(self.pair.to, id).into_iter().filter(|link| self.cx.stays(link));
            let parents = links.filter_map(|link| self.pair.to.object(&link).and_then(Object::inherits_from));
            let above = parents.map(|parent| id.moved_to(parent)).filter(|above| Object::are_named_apart(id, above, self.pair.to));
            edges.extend(above.filter_map(|above| places.makes.get(&above)).map(|above| (*made, *above, Why::Needed)));
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
    pub(super) fn edges_of_detached(&self, id: &ObjectId, places: &Places, edges: &mut Vec<(NodeIndex, NodeIndex, Why)>) {
        let Some(entry) = self.pair.from.get(id) else { return };
        let Some(touched) = places.removes.get(id).or_else(|| places.alters.get(id)) else { return };
        let inherited = if entry.object.inherited() { inheriting(self.pair.from, id) } else { Vec::new() };
        for link in inherited.iter().chain(entry.wants.iter().filter(|want| want.kind.is_inheritance())) {
            edges.extend(places.removes.get(link).map(|node| (*node, *touched, Why::Needed)));
        }
    }
}
