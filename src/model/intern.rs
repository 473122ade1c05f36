//! Values that are kept once: equal ones are one in memory, so that they are copied, found and told apart without a look at them.
//!
//! None is forgotten: a run looks at a few states of one database, and counting who still has which would cost more than all of them take.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// A value that is kept. The order is that of values.
#[derive(Debug)]
pub struct Interned<T: ?Sized + 'static>(&'static T);

/// What is kept of one type, by hashes.
pub struct Interner<T: ?Sized + 'static>(LazyLock<[Mutex<Known<T>>; SHARDS]>);

/// Values with their hashes: a table that grows need not look at its values again, wherever they are.
type Known<T> = HashTable<(u64, &'static T)>;

const SHARDS: usize = 32;

impl<T: ?Sized + Eq + Hash> Interner<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(LazyLock::new(|| std::array::from_fn(|_| Mutex::default())))
    }

    /// The one that is equal, which is kept from now on if there was none.
    pub fn get(&self, value: impl Borrow<T> + Into<Box<T>>) -> Interned<T> {
        let hash = FxBuildHasher.hash_one(value.borrow());
        // By bits of the hash that tables make no use of: the lowest ones say where in a table, the highest seven tell apart what is there.
        let shard = (hash >> 52) as usize;
        // A thread that panicked has left the table as it was, or with one more in it.
        let mut known = self.0[shard % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, same)) = known.find(hash, |(other, known)| *other == hash && **known == *value.borrow()) {
            return Interned(same);
        }
        let new: &'static T = Box::leak(value.into());
        known.insert_unique(hash, (hash, new), |(hash, _)| *hash);
        Interned(new)
    }
}

impl<T: ?Sized> Interned<T> {
    /// Where it is in memory: the same for equal ones, in an order that means nothing.
    pub fn place(&self) -> usize {
        std::ptr::from_ref(self.0).addr()
    }
}

impl<T: ?Sized> Clone for Interned<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T: ?Sized> Deref for Interned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<T: ?Sized> PartialEq for Interned<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<T: ?Sized> Eq for Interned<T> {}

impl<T: ?Sized> Hash for Interned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place().hash(state);
    }
}

impl<T: ?Sized + Ord> PartialOrd for Interned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized + Ord> Ord for Interned<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_are_one() {
        static NAMES: Interner<str> = Interner::new();
        let [a, b, other] = ["a", &String::from("a"), "b"].map(|name| NAMES.get(name));
        assert!(a == b && a.place() == b.place() && a != other && a < other);
    }
}
