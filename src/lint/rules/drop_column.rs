//! Drops a column that holds values.
//!
//! ```sql
//! ALTER TABLE shop.orders DROP COLUMN note;
//! ```
//!
//! # Why
//!
//! All its values are gone, and code that still names it fails: instances of the old release run until the new one has replaced them all.
//!
//! # Instead
//!
//! Release code that does not name the column first, and drop it in a later release; `trueup apply --allow-destructive` backs the table up.
//!
//! ```sql
//! ALTER TABLE shop.orders ALTER COLUMN note DROP NOT NULL;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "drop-column",
    level: Level::Error,
    destructive: true,
    check: Check::Statement(check),
    source: include_str!("drop_column.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::DropColumn(table, column) if facts.losses().next().is_some() => {
            Some(hit(format!("drops column {column} of {table} with all its values")))
        }
        _ => None,
    })
}
