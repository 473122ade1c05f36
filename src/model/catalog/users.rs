//! Who needs whom: dependency edges the other way round.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Catalog, Entry};
use crate::model::id::ObjectId;

/// Who may need whom: found when it is first asked for, and from then on kept so that nobody is missing; who needs it no longer is told by
/// the entries. Copies share it. It is no part of what a catalog is.
#[derive(Clone, Debug, Default)]
pub(super) struct Users {
    known: Option<Arc<Known>>,
    /// What changed since.
    touched: Vec<ObjectId>,
    /// Who is needed by what changed since.
    since: FxHashMap<ObjectId, Vec<ObjectId>>,
    /// The same with what changed since, found when a catalog that stays as it is is asked.
    settled: OnceLock<Box<Self>>,
}

/// What is needed and by whom, in the order of places in memory of the former.
#[derive(Debug)]
struct Known(Vec<(ObjectId, ObjectId)>);

type Entries = FxHashMap<ObjectId, Arc<Entry>>;

impl Known {
    fn of(entries: &Entries) -> Self {
        let edges = |(id, entry): (&'_ ObjectId, &'_ Arc<Entry>)| needs(entry).map(|need| (need.clone(), id.clone())).collect::<Vec<_>>();
        let mut edges: Vec<(ObjectId, ObjectId)> = entries.par_iter().flat_map_iter(edges).collect();
        edges.par_sort_unstable_by_key(|(need, _)| need.place());
        Self(edges)
    }

    fn users(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let first = self.0.partition_point(|(need, _)| need.place() < id.place());
        self.0.iter().skip(first).take_while(move |(need, _)| need == id).map(|(_, user)| user)
    }
}

fn needs(entry: &Entry) -> impl Iterator<Item = &ObjectId> {
    entry.needs.iter().chain(&entry.auto)
}

impl Users {
    pub(super) fn touch(&mut self, id: &ObjectId) {
        self.settled.take();
        if self.known.is_some() {
            self.touched.push(id.clone());
        }
    }

    const fn is_settled(&self) -> bool {
        self.known.is_some() && self.touched.is_empty()
    }

    /// What is known of a catalog with these entries.
    fn settled(&self, entries: &Entries) -> &Self {
        let find = || {
            let mut users = Self { settled: OnceLock::new(), ..self.clone() };
            users.know(entries);
            Box::new(users)
        };
        if self.is_settled() { self } else { self.settled.get_or_init(find) }
    }

    fn know(&mut self, entries: &Entries) {
        if self.known.is_none() {
            *self = Self { known: Some(Arc::new(Known::of(entries))), ..Self::default() };
        }
        for id in std::mem::take(&mut self.touched) {
            for need in entries.get(&id).into_iter().flat_map(|entry| needs(entry)) {
                self.since.entry(need.clone()).or_default().push(id.clone());
            }
        }
    }

    /// Who may need it, in the order of identities.
    fn of(&self, id: &ObjectId) -> Vec<&ObjectId> {
        let known = self.known.iter().flat_map(|known| known.users(id));
        let mut users: Vec<&ObjectId> = known.chain(self.since.get(id).into_iter().flatten()).collect();
        users.sort();
        users.dedup();
        users
    }
}

/// Who needs whom in a catalog that stays as it is.
#[derive(Clone, Copy)]
pub struct Dependents<'a> {
    catalog: &'a Catalog,
    users: &'a Users,
}

impl<'a> Dependents<'a> {
    /// Who needs an object, in the order of their identities.
    pub fn of<'id>(&self, id: &'id ObjectId) -> impl Iterator<Item = &'a ObjectId> + use<'a, 'id> {
        let catalog = self.catalog;
        let still = move |user: &&ObjectId| catalog.entries.get(*user).is_some_and(|entry| entry.needs.contains(id));
        self.users.of(id).into_iter().filter(still)
    }
}

impl PartialEq for Users {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Users {}

impl Catalog {
    /// Finds out who needs whom, for this catalog and the copies that are made of it.
    pub fn know_users(&mut self) {
        self.users.know(&self.entries);
    }

    /// The same, by what is known of a catalog that is the same in most.
    pub fn know_users_of(&mut self, other: &Self) {
        if other.users.known.is_some() {
            self.users = Users { touched: self.unshared(other), ..other.users.clone() };
        }
        self.know_users();
    }

    /// Who needs an object, or goes with it although it is no part of it, in the order of their identities.
    pub fn users(&mut self, id: &ObjectId) -> Vec<ObjectId> {
        self.know_users();
        let still = |user: &&ObjectId| self.entries.get(*user).is_some_and(|entry| needs(entry).any(|need| need == id));
        self.users.of(id).into_iter().filter(still).cloned().collect()
    }

    /// Who needs whom, the other way round.
    pub fn dependents(&self) -> Dependents<'_> {
        Dependents { catalog: self, users: self.users.settled(&self.entries) }
    }
}
