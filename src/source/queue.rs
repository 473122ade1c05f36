//! Whose turn it is among statements in any order: what waits for a name comes again once something of that name is made.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::model::{Key, ObjectId};
use crate::object::DdlError;

/// Statements by their numbers: those to be tried, and those that wait.
pub(super) struct Queue {
    open: VecDeque<usize>,
    /// By the name that each waits for. Statements are tried again once per turn at most for any other reason.
    waiting: HashMap<String, BTreeSet<usize>>,
    turn: usize,
    /// Whether a statement was done in this turn.
    moved: bool,
}

impl Queue {
    /// All statements, to be tried in the order in which they stand.
    pub fn new(count: usize) -> Self {
        Self { open: (0..count).collect(), waiting: HashMap::new(), turn: 0, moved: false }
    }

    /// The next one to be tried; `None` where all are done, or those that are left wait for what nothing makes.
    pub fn next(&mut self) -> Option<usize> {
        if self.open.is_empty() && self.moved {
            self.open = std::mem::take(&mut self.waiting).into_values().flatten().collect();
            self.open.make_contiguous().sort_unstable();
            self.turn += 1;
            self.moved = false;
        }
        self.open.pop_front()
    }

    /// Puts one aside that misses something; gives the number of the turn.
    pub fn wait(&mut self, index: usize, error: &DdlError) -> usize {
        self.waiting.entry(missed(error).unwrap_or_default()).or_default().insert(index);
        self.turn
    }

    /// One is done and made these objects: who waits for them comes next.
    pub fn made(&mut self, made: &[ObjectId]) {
        self.moved = true;
        if self.waiting.is_empty() {
            return;
        }
        let mut woken = BTreeSet::new();
        for name in made.iter().filter(|id| !id.kind.is_dotted()).flat_map(names) {
            woken.extend(self.waiting.remove(&name).unwrap_or_default());
        }
        for index in woken.into_iter().rev() {
            self.open.push_front(index);
        }
    }

    /// Whether all are done.
    pub fn is_done(&self) -> bool {
        self.open.is_empty() && self.waiting.is_empty()
    }

    /// Those that still wait.
    pub fn rest(self) -> BTreeSet<usize> {
        self.waiting.into_values().flatten().collect()
    }
}

/// The name that an error misses, as statements write it: with its schema or without.
fn missed(error: &DdlError) -> Option<String> {
    match error {
        // Columns share few names among many tables.
        DdlError::Missing { what, .. } if *what == "column" => None,
        DdlError::Missing { name, .. } => Some(name.split('(').next().unwrap_or_default().to_owned()),
        _ => None,
    }
}

/// How statements may write the name of an object.
fn names(id: &ObjectId) -> Vec<String> {
    match &id.key {
        Key::Global(name) => vec![name.quoted()],
        Key::InSchema(name) | Key::Routine(name, _) => vec![name.to_string(), name.name.quoted()],
        Key::OnRelation(..) => vec![id.spelled()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::QName;
    use crate::object::Kind;

    #[test]
    fn what_waits_comes_as_soon_as_it_can() {
        let mut queue = Queue::new(4);
        let missing = |name: &str| DdlError::Missing { what: "relation", name: name.to_owned() };
        let table = ObjectId::in_schema(Kind::Table, QName::new("s", "T"));
        assert_eq!(queue.next(), Some(0));
        queue.wait(0, &missing("s.\"T\""));
        assert_eq!(queue.next(), Some(1));
        queue.wait(1, &missing("absent"));
        assert_eq!(queue.next(), Some(2));
        queue.made(&[table]);
        assert_eq!((queue.next(), queue.next()), (Some(0), Some(3)));
        queue.made(&[]);
        assert_eq!(queue.next(), Some(1));
        queue.wait(1, &missing("absent"));
        assert_eq!((queue.next(), queue.is_done()), (None, false));
    }
}
