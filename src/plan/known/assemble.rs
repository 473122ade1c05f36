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

impl Known {
    /// Takes in what some files make. What `live` has just so need not be kept.
    pub fn of(catalog: &Catalog, live: &Catalog, tales: &Tales, extensions: String, in_parts: u32) -> Self {
        let objects = catalog.scan().map(|(id, entry)| (Digest::of_id(id), Digest::of_object(&entry.object)));
        let mut rows: FxHashMap<Digest, Row> =
            objects.map(|(id, object)| (id, Row { tale: Digest::default(), object })).collect::<Vec<_>>().into_iter().collect();
        let told: Vec<(Digest, Digest)> = tales.of.par_iter().map(|(id, tale)| (Digest::of_id(id), *tale)).collect();
        for (id, tale) in told {
            rows.entry(id).or_default().tale = tale;
        }
        let others = catalog.unshared(live).into_iter().filter_map(|id| {
            let entry = catalog.get(&id)?;
            let is_same = live.get(&id).is_some_and(|own| own.object == entry.object && own.object.beside() == entry.object.beside());
            (!is_same).then(|| (id, entry.clone()))
        });
        Self { rows, entries: others.collect(), idle: tales.idle, extensions, in_parts }
    }

    /// What the files made before.
    ///
    /// # Errors
    /// Where there was something that has no name any more.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn assemble(&self, live: &Catalog, history: &History) -> Result<Assembled, Whole> {
        if self.idle != history.tales.idle {
            return Err(Whole::because("statements differ that do nothing by themselves"));
        }
        let mut left = self.rows.clone();
        let mut catalog = live.clone();
        let mut differing: BTreeSet<ObjectId> = BTreeSet::new();
        for (id, entry) in &self.entries {
            catalog.insert(id.clone(), entry.clone());
        }
        let present = |(id, entry): (&ObjectId, &Entry)| (id.clone(), Digest::of_id(id), Digest::of_object(&entry.object));
        for (id, name, object) in catalog.scan().map(present).collect::<Vec<_>>() {
            let row = left.remove(&name).unwrap_or_default();
            if row.object != object {
                catalog.remove(&id);
            }
            let is_lost = row.object != object && row.object != Digest::default();
            if is_lost || row.tale != history.tales.of.get(&id).copied().unwrap_or_default() {
                differing.insert(id);
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
