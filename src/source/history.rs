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
        let mut touched = vec![BTreeSet::new(); files.statements.len()];
        let watch = |index: usize, catalog: &Catalog| {
            let Some(place) = touched.get_mut(index) else { return };
            *place = catalog.touched();
            if place.is_empty() {
                *place = catalog.written();
            }
        };
        let mut order = Vec::with_capacity(files.statements.len());
        let told = |index| {
            order.push(index);
            next(index);
        };
        let mut catalog = interpret::order(files, start, told, watch)?;
        complete(&mut catalog);
        let mut history =
            Self { tales: Tales::default(), catalog, order, touched, touching: FxHashMap::default(), called: FxHashMap::default() };
        history.index();
        history.tales = history.told(files);
        Some(history)
    }

    fn index(&mut self) {
        for index in &self.order {
            for id in self.touched.get(*index).into_iter().flatten() {
                self.touching.entry(id.clone()).or_default().push(*index);
            }
        }
        for (id, name) in self.touching.keys().filter_map(|id| Some((id, name_of(id)?))) {
            self.called.entry(name).or_default().push(id.clone());
        }
        self.called.values_mut().for_each(|ids| ids.sort());
    }

    fn told(&self, files: &SchemaFiles) -> Tales {
        let mut tales = Tales::default();
        let made = Made::of(self);
        let digests: Vec<Digest> = files.statements.par_iter().enumerate().map(|(index, one)| made.digest(index, files, one)).collect();
        for index in &self.order {
            let (Some(digest), Some(touched)) = (digests.get(*index), self.touched.get(*index)) else { continue };
            for id in touched {
                let tale = tales.of.entry(id.clone()).or_default();
                *tale = tale.and(&digest.bytes());
            }
            if touched.is_empty() {
                tales.idle = tales.idle.and(&digest.bytes());
            }
        }
        // What is copied (LIKE, COPY, %TYPE) changes with what it was copied from, though nothing else is said of it.
        let objects = self.catalog.scan().map(|(id, entry)| (id.clone(), Digest::of_object(&entry.object)));
        for (id, object) in objects.collect::<Vec<(ObjectId, Digest)>>() {
            let tale = tales.of.entry(id).or_default();
            *tale = tale.and(&object.bytes());
        }
        tales
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

/// When objects were made: a statement means what is there when it is run.
struct Made<'a> {
    history: &'a History,
    /// By statement, when it was told.
    position: FxHashMap<usize, usize>,
    /// When something came that statements can use without naming it, with the digest of all of that up to then.
    unnamed: Vec<(usize, Digest)>,
}

impl<'a> Made<'a> {
    fn of(history: &'a History) -> Self {
        let position: FxHashMap<usize, usize> = history.order.iter().enumerate().map(|(position, index)| (*index, position)).collect();
        let first = |id: &ObjectId| history.touching.get(id).and_then(|all| position.get(all.first()?)).copied();
        let unnamed = history.touching.keys().filter(|id| id.kind.is_chosen_by_types());
        let mut unnamed: Vec<(usize, &ObjectId)> = unnamed.filter_map(|id| Some((first(id)?, id))).collect();
        unnamed.sort();
        let all = unnamed.into_iter().scan(Digest::default(), |all, (made, id)| {
            *all = all.and(id.address().as_bytes());
            Some((made, *all))
        });
        Self { history, position, unnamed: all.collect() }
    }

    fn is_before(&self, id: &ObjectId, position: usize) -> bool {
        let first = self.history.touching.get(id).and_then(|all| all.first());
        first.and_then(|index| self.position.get(index)).is_some_and(|first| *first < position)
    }

    /// What a statement says, under the settings in force, and what of that which it could mean is there by then.
    fn digest(&self, index: usize, files: &SchemaFiles, statement: &SchemaStatement) -> Digest {
        let text = files.text(statement);
        let texts = statement.environment.values().map(String::as_str).chain([text]);
        let said = texts.fold(Digest::default(), |digest, text| digest.and(text.as_bytes()));
        let Some(position) = self.position.get(&index).copied() else { return said };
        let words: BTreeSet<String> = words(text).collect();
        let there = words.iter().flat_map(|word| self.history.called.get(word)).flatten().filter(|id| self.is_before(id, position));
        let unnamed = self.unnamed.partition_point(|(made, _)| *made < position).checked_sub(1).and_then(|last| self.unnamed.get(last));
        let said = unnamed.map_or(said, |(_, all)| said.and(&all.bytes()));
        there.fold(said, |digest, id| digest.and(id.address().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::files::{SourceFile, parse};

    fn of(text: &str) -> History {
        let files = parse(vec![SourceFile { path: "a.sql".to_owned(), text: text.to_owned() }]).unwrap();
        History::of(&files, 17, |_| {}).unwrap()
    }

    fn differing(before: &str, now: &str) -> Vec<String> {
        let (before, now) = (of(before).tales, of(now).tales);
        let differs = |id: &&ObjectId| before.of.get(*id) != now.of.get(*id);
        let found: BTreeSet<String> = before.of.keys().chain(now.of.keys()).filter(differs).map(ToString::to_string).collect();
        found.into_iter().collect()
    }

    #[test]
    fn names_are_found_among_words_as_the_server_cuts_them() {
        let long = "x".repeat(70);
        let found: Vec<String> = words(&format!("SELECT \"Odd name\"(a.{long}) -- ü")).collect();
        assert_eq!(found, ["select", "odd", "name", "a", &"x".repeat(63), "ü"]);
    }

    #[test]
    fn an_object_differs_where_another_thing_is_said_of_it() {
        let (one, two) = ("CREATE TABLE a (x int);", "CREATE TABLE b (y int);");
        assert!(differing(&format!("{one}{two}"), &format!("{two}{one}")).is_empty());
        let altered = differing(&format!("{one}{two}"), &format!("{one}{two} ALTER TABLE b SET (fillfactor = 50);"));
        assert_eq!(altered, ["TABLE public.b"]);
    }

    #[test]
    fn what_is_there_when_a_statement_is_run_is_part_of_its_story() {
        let ground = "CREATE TABLE t (n int); CREATE FUNCTION g(numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';";
        let (view, other) = ("CREATE VIEW v AS SELECT g(n) FROM t;", "CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 2';");
        let moved = differing(&format!("{ground}{view}{other}"), &format!("{ground}{other}{view}"));
        assert!(moved.contains(&"VIEW public.v".to_owned()), "{moved:?}");
    }
}
