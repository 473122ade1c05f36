//! The one model: a set of objects with identities and dependency edges.

mod fingerprint;
mod order;
mod sharing;
mod users;

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, Serializer};

use super::id::{Key, ObjectId};
use super::ident::QName;
use super::idset::IdSet;
use crate::object::{Kind, Object};
use order::Order;
pub use users::Dependents;
use users::Users;

/// Where in the schema files an object was said, for diagnostics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Path of the file as it was given.
    pub file: Arc<str>,
    /// Byte offset of the statement in it.
    pub start: usize,
    /// Byte offset behind the statement.
    pub end: usize,
}

/// One object with its place among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is.
    pub object: Object,
    /// What it is a part or satellite of: dropped with it, named through it.
    pub parent: Option<ObjectId>,
    /// What PostgreSQL drops it with although it is no part of it (a sequence owned by a column).
    pub auto: Option<ObjectId>,
    /// What must exist before it: `pg_depend`, or what the interpreter resolved. The parent is always among them.
    pub needs: IdSet,
    /// What should exist before it if it can be had: names in string bodies of routines. Orders, never forbids.
    pub wants: IdSet,
    /// Where it was written.
    pub origin: Option<Origin>,
}

impl Entry {
    /// An entry without edges but to its parent.
    pub fn new(object: impl Into<Object>, parent: Option<ObjectId>) -> Self {
        Self { object: object.into(), needs: parent.iter().cloned().collect(), parent, auto: None, wants: IdSet::new(), origin: None }
    }

    /// The same with further needs.
    pub fn needing(mut self, needs: impl IntoIterator<Item = ObjectId>) -> Self {
        self.needs.extend(needs);
        self
    }
}

/// A whole schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Stored")]
pub struct Catalog {
    /// Server major that the catalog is for or from: 14 to 18.
    pub major: u32,
    order: Order,
    /// Copies of a catalog share what neither has changed.
    entries: FxHashMap<ObjectId, Arc<Entry>>,
    children: FxHashMap<ObjectId, IdSet>,
    /// What has a name in a schema, of all kinds.
    named: FxHashMap<QName, IdSet>,
    /// Constraints by schema and name.
    constraints: FxHashMap<QName, IdSet>,
    /// Links of inheritance by the parent table.
    inheritors: FxHashMap<QName, IdSet>,
    users: Users,
    journal: Journal,
}

/// What was there before each change since [`Catalog::begin`]. It is no part of what a catalog is.
#[derive(Clone, Debug, Default)]
struct Journal(Option<Vec<(ObjectId, Option<Arc<Entry>>)>>);

impl PartialEq for Journal {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Journal {}

/// A catalog as it is stored: JSON takes no maps with keys that are not strings.
#[derive(Deserialize)]
struct Stored {
    major: u32,
    objects: Vec<(ObjectId, Entry)>,
}

impl From<Stored> for Catalog {
    fn from(stored: Stored) -> Self {
        let mut catalog = Self::empty(stored.major);
        for (id, entry) in stored.objects {
            catalog.insert(id, entry);
        }
        catalog
    }
}

impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct View<'a> {
            major: u32,
            objects: Vec<(&'a ObjectId, &'a Entry)>,
        }
        View { major: self.major, objects: self.iter().collect() }.serialize(serializer)
    }
}

/// Frees what nobody needs any more, beside whatever comes next: a catalog is many small pieces.
pub fn discard(thing: impl Send + 'static) {
    rayon::spawn(move || drop(thing));
}

impl Catalog {
    /// Nothing at all.
    pub fn empty(major: u32) -> Self {
        Self { major, ..Self::default() }
    }

    /// From here on changes can be taken back.
    pub fn begin(&mut self) {
        self.journal.0 = Some(Vec::new());
    }

    /// Changes stay; gives what is new.
    pub fn commit(&mut self) -> Vec<ObjectId> {
        let changes = self.journal.0.take().unwrap_or_default();
        changes.into_iter().filter(|(id, before)| before.is_none() && self.contains(id)).map(|(id, _)| id).collect()
    }

    /// What has come, gone or become another since [`begin`](Self::begin).
    pub fn touched(&self) -> BTreeSet<ObjectId> {
        let changes = self.journal.0.iter().flatten();
        let differs = |(id, before): &&(ObjectId, Option<Arc<Entry>>)| before.as_ref().map(|entry| &entry.object) != self.object(id);
        changes.filter(differs).map(|(id, _)| id.clone()).collect()
    }

    /// What was written since [`begin`](Self::begin), even if it is the same as before.
    pub fn written(&self) -> BTreeSet<ObjectId> {
        self.journal.0.iter().flatten().map(|(id, _)| id.clone()).collect()
    }

    /// Takes back all changes since [`begin`](Self::begin).
    pub fn roll_back(&mut self) {
        for (id, before) in self.journal.0.take().unwrap_or_default().into_iter().rev() {
            match before {
                Some(entry) => {
                    self.put(id, entry);
                }
                None => {
                    self.remove(&id);
                }
            }
        }
    }

    fn note(&mut self, id: &ObjectId) {
        if let Some(journal) = &mut self.journal.0 {
            journal.push((id.clone(), self.entries.get(id).cloned()));
        }
    }

    /// Adds or replaces an object; gives back what was there.
    pub fn insert(&mut self, id: ObjectId, mut entry: Entry) -> Option<Entry> {
        entry.needs.remove(&id);
        entry.needs.extend(entry.parent.clone());
        self.put(id, Arc::new(entry)).map(Arc::unwrap_or_clone)
    }

    fn put(&mut self, id: ObjectId, entry: Arc<Entry>) -> Option<Arc<Entry>> {
        self.note(&id);
        self.users.touch(&id);
        if let Some(parent) = &entry.parent {
            self.children.entry(parent.clone()).or_default().insert(id.clone());
        }
        let name = entry.object.constraint_name(&id);
        let above = entry.object.inherits_from().cloned();
        let before = self.entries.insert(id.clone(), Arc::clone(&entry));
        match &before {
            Some(before) => self.forget_name(&id, before),
            None => {
                self.order.insert(id.clone());
                if let Key::InSchema(name) | Key::Routine(name, _) = &id.key {
                    self.named.entry(name.clone()).or_default().insert(id.clone());
                }
            }
        }
        if let Some(name) = name {
            self.constraints.entry(name).or_default().insert(id.clone());
        }
        if let Some(above) = above {
            self.inheritors.entry(above).or_default().insert(id.clone());
        }
        if let Some(old) = before.as_ref().and_then(|entry| entry.parent.as_ref())
            && entry.parent.as_ref() != Some(old)
            && let Some(siblings) = self.children.get_mut(old)
        {
            siblings.remove(&id);
        }
        before
    }

    fn forget_name(&mut self, id: &ObjectId, entry: &Entry) {
        if let Some(name) = entry.object.constraint_name(id)
            && let Some(named) = self.constraints.get_mut(&name)
        {
            named.remove(id);
        }
        if let Some(above) = entry.object.inherits_from()
            && let Some(links) = self.inheritors.get_mut(above)
        {
            links.remove(id);
        }
    }

    /// The links by which tables inherit from this one.
    pub fn inheritors(&self, parent: &QName) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.inheritors.get(parent).into_iter().flatten().filter_map(|id| self.entry(id))
    }

    /// The constraints of that name in a schema, each of another table or domain.
    pub fn constraints_named(&self, name: &QName) -> impl Iterator<Item = &ObjectId> {
        self.constraints.get(name).into_iter().flatten()
    }

    /// Takes an object out, and only it.
    pub fn remove(&mut self, id: &ObjectId) -> Option<Entry> {
        self.note(id);
        let entry = self.entries.remove(id)?;
        self.order.remove(id);
        if let Key::InSchema(name) | Key::Routine(name, _) = &id.key
            && let Some(named) = self.named.get_mut(name)
        {
            named.remove(id);
        }
        self.forget_name(id, &entry);
        if let Some(parent) = &entry.parent
            && let Some(siblings) = self.children.get_mut(parent)
        {
            siblings.remove(id);
            if siblings.is_empty() {
                self.children.remove(parent);
            }
        }
        Some(Arc::unwrap_or_clone(entry))
    }

    /// Whether it is there.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.entries.contains_key(id)
    }

    /// The object with its edges.
    pub fn get(&self, id: &ObjectId) -> Option<&Entry> {
        self.entries.get(id).map(Arc::as_ref)
    }

    fn entry(&self, id: &ObjectId) -> Option<(&ObjectId, &Entry)> {
        self.entries.get_key_value(id).map(|(id, entry)| (id, entry.as_ref()))
    }

    /// The object with its edges, to change it in place. Parents are changed by `insert` only.
    pub fn get_mut(&mut self, id: &ObjectId) -> Option<&mut Entry> {
        self.note(id);
        self.users.touch(id);
        self.entries.get_mut(id).map(Arc::make_mut)
    }

    /// Puts other objects in the place of those that are there, with the edges that these have.
    pub fn replace(&mut self, objects: impl IntoIterator<Item = (ObjectId, Object)>) {
        for (id, object) in objects {
            if let Some(entry) = self.get_mut(&id) {
                entry.object = object;
            }
        }
    }

    /// All identities in their order.
    pub fn ids(&self) -> impl Iterator<Item = &ObjectId> {
        self.order.iter()
    }

    /// Changes in place all objects that fit, in no order.
    pub fn change_all(&mut self, fits: impl Fn(&ObjectId, &Entry) -> bool, mut change: impl FnMut(&ObjectId, &mut Entry)) {
        let ids: Vec<ObjectId> = self.entries.iter().filter(|(id, entry)| fits(id, entry)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            if let Some(entry) = self.get_mut(&id) {
                change(&id, entry);
            }
        }
    }

    /// The object alone.
    pub fn object(&self, id: &ObjectId) -> Option<&Object> {
        self.entries.get(id).map(|entry| &entry.object)
    }

    /// All objects in the order of their identities.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.ids().filter_map(|id| self.entry(id))
    }

    /// Parts and satellites of an object, in the order of their identities.
    pub fn children(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.children.get(id).into_iter().flatten()
    }

    /// Parts and satellites of an object of one kind.
    pub fn children_of(&self, id: &ObjectId, kind: Kind) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.children(id).filter(move |child| child.kind == kind).filter_map(|child| self.entry(child))
    }

    /// Parts, their parts, and all satellites of them.
    pub fn descendants(&self, id: &ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let mut open: Vec<&ObjectId> = self.children(id).collect();
        while let Some(next) = open.pop() {
            found.push(next.clone());
            open.extend(self.children(next));
        }
        found
    }

    /// The relation of that name, whatever kind of relation it is: tables, views, indexes, sequences share one namespace.
    pub fn relation(&self, name: &QName) -> Option<(&ObjectId, &Entry)> {
        self.first_named(name, Kind::RELATIONS)
    }

    /// The type of that name, whatever kind of type it is. Relations with a row type count.
    pub fn type_named(&self, name: &QName) -> Option<(&ObjectId, &Entry)> {
        self.first_named(name, Kind::TYPES)
    }

    fn first_named(&self, name: &QName, kinds: &[Kind]) -> Option<(&ObjectId, &Entry)> {
        let named = self.named.get(name)?;
        kinds.iter().find_map(|kind| named.iter().find(|id| id.kind == *kind)).and_then(|id| self.entry(id))
    }

    /// The routines of that name, whatever their arguments.
    pub fn routines_named(&self, name: &QName) -> impl Iterator<Item = &ObjectId> {
        self.named(name, Kind::ROUTINES)
    }

    /// What of these kinds has that name in its schema, in the order of identities.
    pub fn named<'a>(&'a self, name: &QName, kinds: &'a [Kind]) -> impl Iterator<Item = &'a ObjectId> {
        self.named.get(name).into_iter().flatten().filter(|id| kinds.contains(&id.kind))
    }

    /// All objects of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.order.of_kind(kind).filter_map(|id| self.entry(id))
    }

    /// How many objects.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
