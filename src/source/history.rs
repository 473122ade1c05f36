//! Which statements of schema files are about which objects, and what was said of each object from its beginning.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::digest::Digest;
use super::files::{SchemaFiles, SchemaStatement};
use super::interpret;
use crate::model::{Catalog, ObjectId};
use crate::object::{Kind, complete};

/// What was said of the objects of schema files.
#[derive(Clone, Debug, Default)]
pub struct Tales {
    /// Of each object: the statements that touched it, in their order, and what the interpreter makes of them.
    pub of: FxHashMap<ObjectId, Digest>,
    /// What changed nothing where it stands.
    pub idle: Digest,
}

impl Tales {
    /// That of all of them.
    pub fn digest(&self) -> Digest {
        let each = self.of.par_iter().map(|(id, tale)| Digest::of_id(id).and(&tale.bytes()));
        each.reduce(Digest::default, Digest::mixed).mixed(self.idle)
    }
}

/// What the interpreter knows of schema files: it says what is said of what, never what comes of it.
pub struct History {
    /// What was said of each object.
    pub tales: Tales,
    /// What the interpreter makes of the files.
    pub catalog: Catalog,
    /// By statement.
    touched: Vec<BTreeSet<ObjectId>>,
    touching: FxHashMap<ObjectId, Vec<usize>>,
}

impl History {
    /// That of some files, while their statements are told in an [order](interpret::order) that works; `None` where the interpreter does not
    /// understand them, or a statement is about whatever is there.
    #[tracing::instrument(level = "debug", name = "history", skip_all)]
    pub fn of(files: &SchemaFiles, major: u32, next: impl FnMut(usize)) -> Option<Self> {
        let start = interpret::new_database(major);
        if !files.said.wholesale.is_empty() || files.said.default_privileges || files.statements.iter().any(|one| one.about_database) {
            interpret::order(files, start, next, |_, _| {});
            return None;
        }
        let digests: Vec<Digest> = files.statements.par_iter().map(|statement| digest(files, statement)).collect();
        let mut tales = Tales::default();
        let mut touched = vec![BTreeSet::new(); files.statements.len()];
        let mut touching: FxHashMap<ObjectId, Vec<usize>> = FxHashMap::default();
        let watch = |index: usize, catalog: &Catalog| {
            let (Some(digest), Some(place)) = (digests.get(index), touched.get_mut(index)) else { return };
            *place = catalog.touched();
            if place.is_empty() {
                *place = catalog.written();
            }
            for id in place.iter() {
                let tale = tales.of.entry(id.clone()).or_default();
                *tale = tale.and(&digest.bytes());
                touching.entry(id.clone()).or_default().push(index);
            }
            if place.is_empty() {
                tales.idle = tales.idle.and(&digest.bytes());
            }
        };
        let mut catalog = interpret::order(files, start, next, watch)?;
        complete(&mut catalog);
        // What is copied (LIKE, COPY, %TYPE) changes with what it was copied from, though nothing else is said of it.
        let made: Vec<(ObjectId, Digest)> = catalog.scan().map(|(id, entry)| (id.clone(), Digest::of_object(&entry.object))).collect();
        for (id, object) in made {
            let tale = tales.of.entry(id).or_default();
            *tale = tale.and(&object.bytes());
        }
        Some(Self { tales, catalog, touched, touching })
    }

    /// The statements about some objects, with those about all that these statements touch and need, with
    /// what is said of it elsewhere: owners, privileges, defaults.
    pub fn statements(&self, ids: impl IntoIterator<Item = ObjectId>) -> BTreeSet<usize> {
        let mut chosen = BTreeSet::new();
        let mut seen = FxHashSet::default();
        let public = [ObjectId::of(Kind::Comment, interpret::public()), interpret::public()];
        let mut open: Vec<ObjectId> = ids.into_iter().chain(public).collect();
        while let Some(id) = open.pop() {
            let about = [Kind::Owner, Kind::Privileges, Kind::Default, Kind::OwnedBy].map(|kind| ObjectId::of(kind, id.clone()));
            open.extend(about.into_iter().filter(|about| self.touching.contains_key(about)));
            if !seen.insert(id.clone()) {
                continue;
            }
            for index in self.touching.get(&id).into_iter().flatten() {
                if chosen.insert(*index) {
                    open.extend(self.touched.get(*index).into_iter().flatten().cloned());
                }
            }
            if let Some(entry) = self.catalog.get(&id) {
                open.extend(entry.needs.iter().chain(&entry.auto).cloned());
            }
        }
        chosen
    }
}

/// What a statement says, under the settings in force.
fn digest(files: &SchemaFiles, statement: &SchemaStatement) -> Digest {
    let texts = statement.environment.values().map(String::as_str).chain([files.text(statement)]);
    texts.fold(Digest::default(), |digest, text| digest.and(text.as_bytes()))
}
