//! Adds a column to an existing table that must not be null, and that nothing fills.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD COLUMN currency text NOT NULL;
//! ```
//!
//! # Why
//!
//! It fails as soon as the table has a row: the new column would be null in it. It may well pass on an empty test database.
//!
//! # Instead
//!
//! Give it a DEFAULT, which is quick for a constant; or add it without NOT NULL, fill the rows in batches, and set it NOT NULL afterwards.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::model::LockMode;
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "required-column",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("required_column.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::AddColumn { relation, column, required: true, .. } if facts.holds(relation, LockMode::AccessExclusive) => {
            Some(hit(format!("fails if {relation} has rows: column {column} must not be null, and nothing fills it")))
        }
        _ => None,
    })
}
