//! The identities of a catalog in their order, which is worked out where somebody asks for it: that takes many comparisons of names.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::model::id::ObjectId;
use crate::object::Kind;

/// Identities by kind; the order of kinds comes before that of names. It follows from what a catalog holds.
#[derive(Clone, Debug)]
pub(super) struct Order(Vec<OfKind>);

/// Those of one kind.
#[derive(Debug, Default)]
struct OfKind {
    sorted: OnceLock<Vec<ObjectId>>,
    /// What is not sorted yet, as long as nothing is.
    pending: Mutex<Pending>,
}

#[derive(Clone, Debug, Default)]
struct Pending {
    sorted: Vec<ObjectId>,
    fresh: Vec<ObjectId>,
    /// What is among both and should not be.
    gone: FxHashSet<ObjectId>,
}

impl Pending {
    fn into_sorted(self) -> Vec<ObjectId> {
        let Self { mut sorted, mut fresh, mut gone } = self;
        if !gone.is_empty() {
            fresh.retain(|id| !gone.remove(id));
        }
        if are_few(&sorted, gone.len()) {
            for id in gone {
                if let Ok(place) = sorted.binary_search(&id) {
                    sorted.remove(place);
                }
            }
        } else {
            sorted.retain(|id| !gone.contains(id));
        }
        if are_few(&sorted, fresh.len()) {
            for id in fresh {
                let place = sorted.partition_point(|other| *other < id);
                sorted.insert(place, id);
            }
        } else {
            sorted.append(&mut fresh);
            sorted.par_sort();
        }
        sorted
    }
}

/// Whether to move all that is behind each is less work than to look at all once.
const fn are_few(sorted: &[ObjectId], count: usize) -> bool {
    const FEW: usize = 64;
    count < FEW && count < sorted.len()
}

impl OfKind {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        // A thread that panicked has left what was there: nothing can fail between two changes.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sorted(&self) -> &[ObjectId] {
        if let Some(sorted) = self.sorted.get() {
            return sorted;
        }
        let pending = self.lock().clone();
        // Nothing is held while it is sorted: a thread that waits for the others takes up whatever is to be done, which may ask too.
        let found = pending.into_sorted();
        let mut pending = self.lock();
        // Whoever finds nothing pending finds it sorted.
        let sorted = self.sorted.get_or_init(|| found);
        *pending = Pending::default();
        sorted
    }

    fn pending(&mut self) -> &mut Pending {
        let pending = self.pending.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(sorted) = self.sorted.take() {
            pending.sorted = sorted;
        }
        pending
    }
}

impl Clone for OfKind {
    fn clone(&self) -> Self {
        // As it is: a copy may never be asked.
        let pending = self.lock();
        match self.sorted.get() {
            Some(sorted) => Self { sorted: sorted.clone().into(), pending: Mutex::default() },
            None => Self { sorted: OnceLock::new(), pending: Mutex::new(pending.clone()) },
        }
    }
}

impl Default for Order {
    fn default() -> Self {
        Self(Kind::ALL.iter().map(|_| OfKind::default()).collect())
    }
}

impl PartialEq for Order {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Order {}

impl Order {
    /// Adds one that is not there.
    pub(super) fn insert(&mut self, id: ObjectId) {
        if let Some(of_kind) = self.0.get_mut(id.kind as usize) {
            let pending = of_kind.pending();
            if !pending.gone.remove(&id) {
                pending.fresh.push(id);
            }
        }
    }

    /// Takes out one that is there.
    pub(super) fn remove(&mut self, id: &ObjectId) {
        if let Some(of_kind) = self.0.get_mut(id.kind as usize) {
            of_kind.pending().gone.insert(id.clone());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ObjectId> {
        self.0.iter().flat_map(OfKind::sorted)
    }

    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &ObjectId> {
        self.0.get(kind as usize).into_iter().flat_map(OfKind::sorted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_whenever_asked() {
        let id = |name: &str| ObjectId::global(Kind::Schema, name);
        let names = |order: &Order| order.iter().filter_map(|id| Some(id.name()?.to_string())).collect::<String>();
        let mut order = Order::default();
        for name in ["c", "a", "d"] {
            order.insert(id(name));
        }
        order.remove(&id("d"));
        assert_eq!(names(&order), "ac");
        order.insert(id("b"));
        order.insert(ObjectId::global(Kind::Extension, "x"));
        order.remove(&id("a"));
        assert_eq!(names(&order.clone()), names(&order));
        assert_eq!(order.of_kind(Kind::Schema).count(), 2);
        for number in 0..40 {
            order.insert(id(&format!("n{number:02}")));
            assert!(order.iter().is_sorted(), "{number}");
        }
        // Again and again, of what is sorted and of what is not yet.
        for name in ["b", "n07", "n07", "z"] {
            order.insert(id("z"));
            order.remove(&id(name));
            order.insert(id(name));
            order.remove(&id("z"));
            assert_eq!((order.iter().count(), order.iter().is_sorted()), (43, true), "{name}");
        }
        for number in 0..40 {
            order.remove(&id(&format!("n{number:02}")));
        }
        assert_eq!(names(&order), "bcx");
    }

    #[test]
    fn copies_are_whole_whenever_they_are_made() {
        let id = |number: i32| ObjectId::global(Kind::Schema, format!("n{number}").as_str());
        for _ in 0..50 {
            let mut order = Order::default();
            (0..3000).for_each(|number| order.insert(id(number)));
            let count = |order: &Order| order.of_kind(Kind::Schema).count();
            let (asked, copied) = rayon::join(|| count(&order), || count(&order.clone()));
            assert_eq!((asked, copied), (3000, 3000));
        }
    }
}
