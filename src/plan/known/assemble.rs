//! A known state, put together again from the live one and what is kept beside it.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::make::Whole;
use super::{Known, Row};
use crate::model::{Catalog, Entry, ObjectId};
use crate::source::digest::Digest;
use crate::source::history::{History, Tales};

/// What the files made before, as far as it can be told.
pub struct Assembled {
    /// The state.
    pub catalog: Catalog,
    /// Of which another thing is said now, and what cannot be told.
    pub differing: BTreeSet<ObjectId>,
}

/// Digests of the identities and the states of objects.
pub struct Digests(FxHashMap<ObjectId, (Digest, Digest)>);

impl Digests {
    /// Those of a catalog.
    #[tracing::instrument(level = "debug", name = "digests", skip_all)]
    pub fn of(catalog: &Catalog) -> Self {
        let all = catalog.scan().map(|(id, entry)| (id.clone(), (Digest::of_id(id), Digest::of_object(&entry.object))));
        Self(all.collect::<Vec<_>>().into_iter().collect())
    }
}

impl Known {
    /// Takes in what some files make. What `live` has just so need not be kept.
    pub fn of(catalog: &Catalog, (live, digests): (&Catalog, &Digests), tales: &Tales, extensions: String, in_parts: u32) -> Self {
        let is_same = |id: &ObjectId, entry: &Entry| live.object(id).is_some_and(|own| own.is_exactly(&entry.object));
        let row = |(id, entry): (&ObjectId, &Entry)| {
            let present = digests.0.get(id).copied();
            let same = present.filter(|_| is_same(id, entry));
            let (name, object) =
                same.unwrap_or_else(|| (present.map_or_else(|| Digest::of_id(id), |(name, _)| name), Digest::of_object(&entry.object)));
            let other = same.is_none().then(|| (id.clone(), entry.clone()));
            (name, Row { tale: tales.of.get(id).copied().unwrap_or_default(), object }, other)
        };
        let mut rows = FxHashMap::default();
        let mut entries = Vec::new();
        for (name, row, other) in catalog.scan().map(row).collect::<Vec<_>>() {
            rows.insert(name, row);
            entries.extend(other);
        }
        let told = tales.of.par_iter().filter(|(id, _)| !catalog.contains(id)).map(|(id, tale)| (Digest::of_id(id), *tale));
        for (name, tale) in told.collect::<Vec<_>>() {
            rows.entry(name).or_default().tale = tale;
        }
        Self { rows, entries, idle: tales.idle, extensions, in_parts }
    }

    /// What the files made before.
    ///
    /// # Errors
    /// Where there was something that has no name any more.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn assemble(&self, live: &Catalog, digests: &Digests, history: &History) -> Result<Assembled, Whole> {
        if self.idle != history.tales.idle {
            return Err(Whole::because("statements differ that do nothing by themselves"));
        }
        let mut left = self.rows.clone();
        let mut catalog = live.clone();
        let mut differing: BTreeSet<ObjectId> = BTreeSet::new();
        let mut present: FxHashMap<&ObjectId, (Digest, Digest)> = digests.0.iter().map(|(id, digests)| (id, *digests)).collect();
        for (id, entry) in &self.entries {
            catalog.insert(id.clone(), entry.clone());
            present.insert(id, (Digest::of_id(id), Digest::of_object(&entry.object)));
        }
        for (id, (name, object)) in present {
            let row = left.remove(&name).unwrap_or_default();
            if row.object != object {
                catalog.remove(id);
            }
            let is_lost = row.object != object && row.object != Digest::default();
            if is_lost || row.tale != history.tales.of.get(id).copied().unwrap_or_default() {
                differing.insert(id.clone());
            }
        }
        let told: Vec<(&ObjectId, Digest, Digest)> =
            history.tales.of.par_iter().filter(|(id, _)| !catalog.contains(id)).map(|(id, tale)| (id, Digest::of_id(id), *tale)).collect();
        for (id, name, tale) in told {
            let row = left.remove(&name);
            if row.is_none_or(|row| row.tale != tale || row.object != Digest::default()) {
                differing.insert(id.clone());
            }
        }
        if left.values().any(|row| row.object != Digest::default()) {
            return Err(Whole::because("something was there that nothing names any more"));
        }
        Ok(Assembled { catalog, differing })
    }
}
