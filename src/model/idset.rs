//! A small set of identities in order.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::id::ObjectId;

/// Identities in order, each once. Most objects need two or three others, of which a B-tree would hold room for eleven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<ObjectId>")]
pub struct IdSet(Vec<ObjectId>);

impl IdSet {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one; says whether it is new.
    pub fn insert(&mut self, id: ObjectId) -> bool {
        match self.0.binary_search(&id) {
            Ok(_) => false,
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, id);
                true
            }
        }
    }

    /// Takes one out; says whether it was there.
    pub fn remove(&mut self, id: &ObjectId) -> bool {
        let found = self.0.binary_search(id);
        if let Ok(place) = found {
            self.0.remove(place);
        }
        found.is_ok()
    }

    /// Whether it is there.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.0.binary_search(id).is_ok()
    }

    /// Those that the other has not.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a ObjectId> {
        self.0.iter().filter(|id| !other.contains(id))
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps those alone that fit.
    pub fn retain(&mut self, fits: impl FnMut(&ObjectId) -> bool) {
        self.0.retain(fits);
    }
}

impl Deref for IdSet {
    type Target = [ObjectId];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<Vec<ObjectId>> for IdSet {
    fn from(mut ids: Vec<ObjectId>) -> Self {
        ids.sort();
        ids.dedup();
        Self(ids)
    }
}

impl FromIterator<ObjectId> for IdSet {
    fn from_iter<I: IntoIterator<Item = ObjectId>>(ids: I) -> Self {
        ids.into_iter().collect::<Vec<_>>().into()
    }
}

impl Extend<ObjectId> for IdSet {
    fn extend<I: IntoIterator<Item = ObjectId>>(&mut self, ids: I) {
        for id in ids {
            self.insert(id);
        }
    }
}

impl IntoIterator for IdSet {
    type Item = ObjectId;
    type IntoIter = std::vec::IntoIter<ObjectId>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a IdSet {
    type Item = &'a ObjectId;
    type IntoIter = std::slice::Iter<'a, ObjectId>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Kind;

    #[test]
    fn each_once_and_in_order() {
        let [a, b, c] = ["a", "b", "c"].map(|name| ObjectId::global(Kind::Schema, name));
        let mut set: IdSet = [c.clone(), a.clone(), c.clone()].into_iter().collect();
        assert!(set.insert(b.clone()) && !set.insert(b.clone()) && set.contains(&c));
        assert_eq!(set.iter().collect::<Vec<_>>(), [&a, &b, &c]);
        assert!(set.remove(&b) && !set.remove(&b));
        assert_eq!(set.len(), 2);
    }
}
