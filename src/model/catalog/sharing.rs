//! Catalogs of one database share the entries in which they agree, so that these need not be looked at again.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Catalog, Entry};
use crate::model::id::ObjectId;

impl Entry {
    /// Whether another one has the same place among the same others.
    fn has_edges_of(&self, other: &Self) -> bool {
        self.parent == other.parent && self.auto == other.auto && self.needs == other.needs && self.wants == other.wants
    }
}

impl Catalog {
    /// What is another object in the other one, or only in one of the two.
    pub fn differing(&self, other: &Self) -> BTreeSet<ObjectId> {
        self.ids().chain(other.ids()).filter(|id| self.object(id) != other.object(id)).cloned().collect()
    }

    /// Whether it has this very entry: neither it nor whoever else has it has changed it since.
    pub(super) fn has(&self, id: &ObjectId, entry: &Arc<Entry>) -> bool {
        self.entries.get(id).is_some_and(|own| Arc::ptr_eq(own, entry))
    }

    /// Of what the other has no [very same](Self::has) entry, in the order of identities.
    pub fn unshared(&self, other: &Self) -> Vec<ObjectId> {
        let mut found: Vec<ObjectId> =
            self.entries.par_iter().filter(|(id, entry)| !other.has(id, entry)).map(|(id, _)| id.clone()).collect();
        found.sort();
        found
    }

    /// What is the same in the other, as equality of objects has it.
    pub fn same(&self, other: &Self) -> FxHashSet<ObjectId> {
        let equal = |own: &Arc<Entry>, entry: &Arc<Entry>| Arc::ptr_eq(own, entry) || own.object == entry.object;
        let same = |(id, entry): &(&ObjectId, &Arc<Entry>)| other.entries.get(*id).is_some_and(|own| equal(own, entry));
        self.entries.par_iter().filter(same).map(|(id, _)| id.clone()).collect::<Vec<_>>().into_iter().collect()
    }

    /// All objects, in no order.
    pub fn scan(&self) -> impl ParallelIterator<Item = (&ObjectId, &Entry)> {
        self.entries.par_iter().map(|(id, entry)| (id, entry.as_ref()))
    }

    /// Takes over what another catalog has of that identity, if it has it.
    pub fn adopt(&mut self, other: &Self, id: &ObjectId) {
        if let Some(entry) = other.entries.get(id) {
            self.put(id.clone(), Arc::clone(entry));
        }
    }

    /// Takes over what another catalog, in the same spelling, has where it is the same, so that neither has to be looked at again.
    pub fn share(&mut self, other: &Self) {
        self.entries.par_iter_mut().for_each(|(id, own)| {
            let Some(entry) = other.entries.get(id) else { return };
            if !Arc::ptr_eq(own, entry) && own.has_edges_of(entry) && own.object.is_exactly(&entry.object) {
                *own = Arc::clone(entry);
            }
        });
    }

    /// Takes over the spelling of objects that another catalog has too and that are the same there.
    pub fn respell(&mut self, other: &Self, is_same: impl Fn(&ObjectId, &Entry) -> bool + Sync) {
        self.entries.par_iter_mut().for_each(|(id, own)| {
            let Some(entry) = other.entries.get(id) else { return };
            if Arc::ptr_eq(own, entry) || !is_same(id, own) {
                return;
            }
            if own.has_edges_of(entry) {
                *own = Arc::clone(entry);
            } else {
                Arc::make_mut(own).object = entry.object.clone();
            }
        });
    }
}
