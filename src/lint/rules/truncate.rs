//! Empties a table, by TRUNCATE or by DELETE without WHERE.
//!
//! ```sql
//! TRUNCATE shop.orders CASCADE;
//! ```
//!
//! # Why
//!
//! All rows are gone; with CASCADE, those of every table with a foreign key to it too.
//!
//! # Instead
//!
//! Delete the rows that are meant, in batches, by a condition that says which those are.
//!
//! ```sql
//! DELETE FROM shop.orders WHERE placed_at < date '2020-01-01';
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule =
    Rule { name: "truncate", level: Level::Error, destructive: true, check: Check::Statement(check), source: include_str!("truncate.rs") };

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::Empty(table, form) if facts.losses().next().is_some() => Some(hit(format!("removes all rows of {table} by {form}"))),
        _ => None,
    })
}
