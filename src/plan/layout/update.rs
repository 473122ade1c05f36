//! Bringing schema files up to what a database is: statements that still say the same stay as they are, with their comments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::arrange::{LATER, MAIN, arrange_in};
use super::text::{self, Edit};
use super::{Written, path};
use crate::model::ObjectId;
use crate::source::files::SchemaFiles;

/// What schema files say, statement by statement.
pub struct Layout<'a> {
    /// The files.
    pub files: &'a SchemaFiles,
    /// By statement, what it makes, changes or drops.
    pub touched: &'a [BTreeSet<ObjectId>],
    /// The folder that new files go to.
    pub root: &'a Path,
    /// The file that everything new goes to, where there is to be one only.
    pub single: Option<&'a str>,
}

/// Texts by path; none for a file that goes.
pub type Texts = BTreeMap<String, Option<String>>;

/// What becomes of the files so that they say what the statements of a dump say of the objects that differ.
pub fn update(layout: &Layout<'_>, differing: &BTreeSet<ObjectId>, dump: &[Written]) -> Texts {
    if differing.is_empty() {
        return Texts::new();
    }
    let update = Update::new(layout, dump);
    let main = update.main();
    let mut names = update.names();
    let mut open = differing.clone();
    if main.is_some() {
        let arrangement = arrange_in(dump, &names);
        for (number, place) in arrangement.places.iter().enumerate() {
            let later = place == LATER;
            let at = update.by_id(&dump[number].makes);
            if at.iter().any(|statement| (update.file_of(*statement) == LATER) != later) {
                open.extend(dump[number].makes.iter().cloned());
            }
        }
        names = arrangement.places;
    }
    let (stale, chosen) = update.spread(open);
    let mut texts = update.texts(&stale, &chosen, &names);
    if let Some(main) = main {
        let arrangement = arrange_in(dump, &names);
        let gone = |name: &str| texts.get(&update.full(name)).is_some_and(Option::is_none);
        let files: Vec<String> = arrangement.files.into_iter().filter(|name| name != MAIN && !gone(name)).collect();
        let before = &layout.files.files[main];
        let after = text::includes_again(&before.text, &files, gone);
        if after != before.text {
            texts.insert(before.path.clone(), Some(after));
        }
    }
    texts
}

struct Update<'a> {
    layout: &'a Layout<'a>,
    dump: &'a [Written],
    /// The statements of the files that have to do with an object.
    statements: BTreeMap<&'a ObjectId, Vec<usize>>,
    /// The statements of the dump that make it.
    makers: BTreeMap<&'a ObjectId, Vec<usize>>,
    /// By object at the top, the last statement about it or its parts in the file that has the first.
    anchors: BTreeMap<&'a ObjectId, usize>,
}

impl<'a> Update<'a> {
    fn new(layout: &'a Layout<'a>, dump: &'a [Written]) -> Self {
        let mut update = Self { layout, dump, statements: BTreeMap::new(), makers: BTreeMap::new(), anchors: BTreeMap::new() };
        for (number, ids) in layout.touched.iter().enumerate() {
            ids.iter().for_each(|id| update.statements.entry(id).or_default().push(number));
        }
        for (number, written) in dump.iter().enumerate() {
            written.makes.iter().for_each(|id| update.makers.entry(id).or_default().push(number));
        }
        for (number, ids) in layout.touched.iter().enumerate() {
            let homes: BTreeSet<&ObjectId> =
                ids.iter().filter_map(|id| update.makers.get(id)?.first()).map(|maker| &dump[*maker].home).collect();
            for home in homes {
                let anchor = *update.anchors.entry(home).or_insert(number);
                if update.file_index(anchor) == update.file_index(number) {
                    update.anchors.insert(home, number.max(anchor));
                }
            }
        }
        update
    }

    fn file_index(&self, statement: usize) -> usize {
        self.layout.files.statements.get(statement).map_or(usize::MAX, |statement| statement.file)
    }

    /// The file of a statement, by its name below the root.
    fn file_of(&self, statement: usize) -> &str {
        let file = self.layout.files.files.get(self.file_index(statement)).map_or("", |file| file.path.as_str());
        Path::new(file).strip_prefix(self.layout.root).ok().and_then(Path::to_str).unwrap_or(file)
    }

    fn full(&self, name: &str) -> String {
        let known = self.layout.files.files.iter().any(|file| file.path == name);
        if known { name.to_owned() } else { self.layout.root.join(name).display().to_string() }
    }

    /// The main file, where there is one.
    fn main(&self) -> Option<usize> {
        let main = self.full(MAIN);
        self.layout.files.files.iter().position(|file| file.path == main)
    }

    fn by_id(&self, ids: &BTreeSet<ObjectId>) -> BTreeSet<usize> {
        ids.iter().filter_map(|id| self.statements.get(id)).flatten().copied().collect()
    }

    /// The file of each statement of the dump: where people have it, else where its object is, else where a dump puts it.
    fn names(&self) -> Vec<String> {
        let name = |written: &Written| {
            let there = self.by_id(&written.makes).into_iter().map(|statement| self.file_of(statement)).find(|file| *file != LATER);
            let home = || self.anchors.get(&written.home).map(|statement| self.file_of(*statement)).filter(|file| *file != LATER);
            there.or_else(home).or(self.layout.single).map_or_else(|| path(&written.home), str::to_owned)
        };
        self.dump.iter().map(name).collect()
    }

    /// The statements that no longer say what is so, and those of the dump that do instead: what makes the one anew says all that the
    /// other said.
    fn spread(&self, open: BTreeSet<ObjectId>) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let (mut stale, mut chosen) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = open.clone();
        let mut open: Vec<ObjectId> = open.into_iter().collect();
        while let Some(id) = open.pop() {
            let mut more: Vec<&ObjectId> = Vec::new();
            for statement in self.statements.get(&id).into_iter().flatten() {
                if stale.insert(*statement) {
                    more.extend(&self.layout.touched[*statement]);
                }
            }
            for maker in self.makers.get(&id).into_iter().flatten() {
                if chosen.insert(*maker) {
                    more.extend(&self.dump[*maker].makes);
                }
            }
            for id in more {
                if seen.insert(id.clone()) {
                    open.push(id.clone());
                }
            }
        }
        (stale, chosen)
    }

    /// The texts of the files that change.
    fn texts(&self, stale: &BTreeSet<usize>, chosen: &BTreeSet<usize>, names: &[String]) -> Texts {
        let mut edits: BTreeMap<usize, Edit> =
            stale.iter().map(|statement| (*statement, Edit { replaces: true, ..Edit::default() })).collect();
        let mut appended: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for number in chosen {
            let (written, name) = (&self.dump[*number], &names[*number]);
            let overlap = |statement: &usize| self.layout.touched[*statement].intersection(&written.makes).count();
            let in_place = self.by_id(&written.makes).into_iter().filter(|at| stale.contains(at) && self.file_of(*at) == name);
            let place = in_place.max_by_key(|at| (overlap(at), std::cmp::Reverse(*at)));
            let anchor = || self.anchors.get(&written.home).copied().filter(|at| self.file_of(*at) == name);
            match place.or_else(anchor) {
                Some(at) => edits.entry(at).or_default().statements.push(written.sql.clone()),
                None => appended.entry(self.full(name)).or_default().push(&written.sql),
            }
        }
        let mut texts = Texts::new();
        for (index, file) in self.layout.files.files.iter().enumerate() {
            let own = self.layout.files.statements.iter().enumerate().filter(|(_, statement)| statement.file == index);
            let own = own.filter_map(|(number, statement)| Some((statement.span.clone(), edits.remove(&number)?)));
            let mut after = text::edited(&file.text, &own.collect::<Vec<_>>());
            for sql in appended.remove(&file.path).unwrap_or_default() {
                text::append(&mut after, sql);
            }
            if after != file.text {
                texts.insert(file.path.clone(), (!after.trim().is_empty()).then_some(after));
            }
        }
        for (name, statements) in appended {
            let mut text = String::new();
            statements.into_iter().for_each(|sql| text::append(&mut text, sql));
            texts.insert(name, Some(text));
        }
        texts
    }
}
