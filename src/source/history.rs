//! Which statements of schema files are about which objects, and what was said of each object from its beginning.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::digest::Digest;
use super::files::{SchemaFiles, SchemaStatement};
use super::interpret;
use crate::model::{Catalog, Key, ObjectId};
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
    /// In the order in which they were told.
    order: Vec<usize>,
    /// By statement.
    digests: Vec<Digest>,
    touched: Vec<BTreeSet<ObjectId>>,
    touching: FxHashMap<ObjectId, Vec<usize>>,
    /// Objects by the names under which statements may mean them.
    called: FxHashMap<String, Vec<ObjectId>>,
}

impl History {
    /// That of some files, while their statements are told in an [order](interpret::order) that works; `None` where the interpreter does not
    /// understand them, or a statement is about whatever is there.
    #[tracing::instrument(level = "debug", name = "history", skip_all)]
    pub fn of(files: &SchemaFiles, major: u32, mut next: impl FnMut(usize)) -> Option<Self> {
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
        let mut order = Vec::with_capacity(files.statements.len());
        let told = |index| {
            order.push(index);
            next(index);
        };
        let mut catalog = interpret::order(files, start, told, watch)?;
        complete(&mut catalog);
        // What is copied (LIKE, COPY, %TYPE) changes with what it was copied from, though nothing else is said of it.
        let made: Vec<(ObjectId, Digest)> = catalog.scan().map(|(id, entry)| (id.clone(), Digest::of_object(&entry.object))).collect();
        for (id, object) in made {
            let tale = tales.of.entry(id).or_default();
            *tale = tale.and(&object.bytes());
        }
        let mut called: FxHashMap<String, Vec<ObjectId>> = FxHashMap::default();
        for (id, name) in touching.keys().filter_map(|id| Some((id, name_of(id)?))) {
            called.entry(name).or_default().push(id.clone());
        }
        Some(Self { tales, catalog, order, digests, touched, touching, called })
    }

    /// The statements, in the order in which they were told.
    pub fn sequence(&self) -> Vec<Digest> {
        self.order.iter().filter_map(|index| self.digests.get(*index)).copied().collect()
    }

    /// The statements about some objects, in the order in which all were told, with those about all that these statements touch and need, with
    /// what is said of it elsewhere (owners, privileges, defaults), and about all that they could mean by the names and the types that they use.
    pub fn statements(&self, files: &SchemaFiles, ids: impl IntoIterator<Item = ObjectId>) -> Vec<usize> {
        let mut chosen = Chosen::default();
        chosen.open.extend(self.called.get("").into_iter().flatten().cloned());
        chosen.open.extend(ids.into_iter().chain([ObjectId::of(Kind::Comment, interpret::public()), interpret::public()]));
        chosen.open.extend(self.touching.keys().filter(|id| id.kind.is_chosen_by_types()).cloned());
        while let Some(id) = chosen.open.pop() {
            if chosen.seen.insert(id.clone()) {
                self.choose(files, &id, &mut chosen);
            }
        }
        self.order.iter().copied().filter(|index| chosen.statements.contains(index)).collect()
    }

    fn choose(&self, files: &SchemaFiles, id: &ObjectId, Chosen { statements, words: known, open, .. }: &mut Chosen) {
        let about = [Kind::Owner, Kind::Privileges, Kind::Default, Kind::OwnedBy].map(|kind| ObjectId::of(kind, id.clone()));
        open.extend(about.into_iter().filter(|about| self.touching.contains_key(about)));
        for index in self.touching.get(id).into_iter().flatten().filter(|index| statements.insert(**index)) {
            open.extend(self.touched.get(*index).into_iter().flatten().cloned());
            let text = files.statements.get(*index).map(|statement| files.text(statement)).unwrap_or_default();
            for word in words(text) {
                open.extend(self.called.get(&word).into_iter().flatten().filter(|_| !known.contains(&word)).cloned());
                known.insert(word);
            }
        }
        let Some(entry) = self.catalog.get(id) else { return };
        open.extend(entry.needs.iter().chain(&entry.auto).cloned());
        // A child has all that its parent has.
        let parent = entry.object.inherits_from().and_then(|name| self.catalog.relation(name));
        open.extend(parent.into_iter().flat_map(|(parent, _)| self.catalog.descendants(parent)));
    }
}

/// What is chosen, and what it leads to.
#[derive(Default)]
struct Chosen {
    statements: FxHashSet<usize>,
    words: FxHashSet<String>,
    seen: FxHashSet<ObjectId>,
    open: Vec<ObjectId>,
}

/// Of the name under which statements about other objects can mean it, the first of its [`words`]; empty where it has none.
fn name_of(id: &ObjectId) -> Option<String> {
    match &id.key {
        Key::InSchema(name) | Key::Routine(name, _) => Some(words(name.name.as_str()).next().unwrap_or_default()),
        _ => None,
    }
}

/// What of a text could be names, or parts of names, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    // NAMEDATALEN of src/include/pg_config_manual.h, less the 0 at the end: longer names are cut.
    const LONGEST: usize = 63;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let cut = |word: &str| {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        word[..ends.take_while(|end| *end <= LONGEST).last().unwrap_or_default()].to_lowercase()
    };
    text.split(move |c| !is_part(c)).filter(|word| !word.is_empty()).map(cut)
}

/// What a statement says, under the settings in force.
fn digest(files: &SchemaFiles, statement: &SchemaStatement) -> Digest {
    let texts = statement.environment.values().map(String::as_str).chain([files.text(statement)]);
    texts.fold(Digest::default(), |digest, text| digest.and(text.as_bytes()))
}
