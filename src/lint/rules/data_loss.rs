//! Loses values in another way than by dropping a table or column: schemas with all that is in them, narrower types, values of sequences.
//!
//! ```sql
//! DROP SCHEMA shop CASCADE;
//! ```
//!
//! # Why
//!
//! What is lost comes back from a backup alone.
//!
//! # Instead
//!
//! Say object by object what is to go, and keep values that may still be wanted under another name until nobody has asked for them.
//!
//! ```sql
//! DROP SCHEMA shop RESTRICT;
//! ```

use super::{Check, Hit, Rule};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "data-loss",
    level: Level::Error,
    destructive: true,
    check: Check::Statement(check),
    source: include_str!("data_loss.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    let told = |words: &str| {
        facts.actions.iter().any(|(action, _)| match action {
            Action::DropTable(table) | Action::Empty(table, _) => words == format!("all rows of {table}"),
            Action::DropColumn(table, _) => words.starts_with(&format!("all values of {table}.")),
            _ => false,
        })
    };
    // Plans may say it in words of their own.
    let others = |(action, _): &&(Action, usize)| matches!(action, Action::DropTable(_) | Action::Empty(..) | Action::DropColumn(..));
    if facts.losses().count() <= facts.actions.iter().filter(others).count() {
        return Vec::new();
    }
    facts.losses().filter(|words| !told(words)).map(|words| Hit::at(format!("loses {words}"), facts.span.start)).collect()
}
