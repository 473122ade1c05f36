//! What a failed CREATE INDEX CONCURRENTLY leaves behind.

use std::borrow::Cow;

use crate::model::{Catalog, Entry, ObjectId};
use crate::object::{Kind, Object};

/// Whether it is one that never came to be valid. One of a partitioned table is only incomplete.
fn is_failed(entry: &Entry) -> bool {
    matches!(&entry.object, Object::Index(index) if !index.valid && !index.partitioned)
}

/// A catalog as statements can make it: without indexes that failed, and what is said of them. Dumps leave these out too
/// (`getIndexes` of src/bin/pg_dump/pg_dump.c).
pub fn without_failed(catalog: &Catalog) -> Cow<'_, Catalog> {
    let failed: Vec<ObjectId> = catalog.of_kind(Kind::Index).filter(|(_, entry)| is_failed(entry)).map(|(id, _)| id.clone()).collect();
    if failed.is_empty() {
        return Cow::Borrowed(catalog);
    }
    let mut sound = catalog.clone();
    for id in failed.iter().flat_map(|id| catalog.descendants(id).into_iter().chain([id.clone()])) {
        sound.remove(&id);
    }
    Cow::Owned(sound)
}

/// Tells of a copy that statements made, in which some names are others by now, what failed in the original.
pub fn keep_failed(original: &Catalog, copy: &mut Catalog, named: impl Fn(&ObjectId) -> ObjectId) {
    for (id, entry) in original.of_kind(Kind::Index).filter(|(_, entry)| is_failed(entry)) {
        let Some(table) = entry.parent.as_ref().map(&named) else { continue };
        // It has the schema of its table.
        let copied = copy.children_of(&table, Kind::Index).map(|(copied, _)| copied).find(|copied| copied.name() == id.name()).cloned();
        if let Some(Object::Index(index)) = copied.and_then(|id| copy.get_mut(&id)).map(|entry| &mut entry.object) {
            index.valid = false;
        }
    }
}
