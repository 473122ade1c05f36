//! The registry of rules.
//!
//! Errors are what loses rows, what fails, and what blocks although writing it otherwise would not; warnings are what blocks or breaks
//! where avoiding it takes more than another spelling.

mod column_default_rewrite;
mod column_type_rewrite;
mod concurrent_in_transaction;
mod constraint_without_not_valid;
mod data_loss;
mod drop_column;
mod drop_table;
mod index_not_concurrent;
mod key_under_lock;
mod no_way_back;
mod not_null_scan;
mod rename;
mod required_column;
mod truncate;
mod validate_in_same_transaction;

use super::document::Document;
use super::facts::Facts;
use crate::report::Level;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, as hints and settings have it.
    pub name: &'static str,
    /// How bad its findings are, unless settings say otherwise.
    pub level: Level,
    /// Whether it is about lost rows or values: `apply` wants consent.
    pub destructive: bool,
    /// What it looks at.
    pub(super) check: Check,
    /// The file that holds it, documentation first.
    source: &'static str,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// A statement, with those that follow it in its file.
    Statement(fn(&Facts, &[Facts]) -> Vec<Hit>),
    /// A file and its way back.
    Pair(fn(&Pair) -> Vec<Hit>),
}

/// A file and its way back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// Statements that change something.
    pub changes: usize,
    /// Those of the way back; `None` where there is no file.
    pub back: Option<usize>,
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// What is the matter.
    pub message: String,
    /// Where in the text.
    pub at: Option<usize>,
    /// How bad it is, where that is not what the rule says.
    pub level: Option<Level>,
}

impl Hit {
    /// Something at a place.
    pub fn at(message: impl Into<String>, at: usize) -> Self {
        Self { message: message.into(), at: Some(at), level: None }
    }

    /// With a level of its own.
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }
}

impl Rule {
    /// Its documentation.
    pub fn document(&self) -> Document {
        Document::of(self.source)
    }
}

/// All rules, by name.
pub const RULES: &[Rule] = &[
    column_default_rewrite::RULE,
    column_type_rewrite::RULE,
    concurrent_in_transaction::RULE,
    constraint_without_not_valid::RULE,
    data_loss::RULE,
    drop_column::RULE,
    drop_table::RULE,
    index_not_concurrent::RULE,
    key_under_lock::RULE,
    no_way_back::RULE,
    not_null_scan::RULE,
    rename::RULE,
    required_column::RULE,
    truncate::RULE,
    validate_in_same_transaction::RULE,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// What a check of single actions finds in a statement.
fn each(facts: &Facts, look: impl Fn(&super::facts::Action) -> Option<Hit>) -> Vec<Hit> {
    let place = |(action, at): &(super::facts::Action, usize)| Some(Hit { at: Some(*at), ..look(action)? });
    facts.actions.iter().filter_map(place).collect()
}

/// A hit that gets its place from the action.
fn hit(message: impl Into<String>) -> Hit {
    Hit { message: message.into(), at: None, level: None }
}
