//! Adds a UNIQUE, PRIMARY KEY or EXCLUDE constraint to an existing table and builds its index meanwhile.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_number_key UNIQUE (number);
//! ```
//!
//! # Why
//!
//! The index is built under AccessExclusiveLock: nobody reads or writes the table meanwhile.
//!
//! # Instead
//!
//! Build a unique index concurrently, and make it the constraint USING INDEX, which is quick. A primary key wants its columns NOT NULL before. EXCLUDE has no such way: add it to a new table, or in a maintenance window.
//!
//! ```sql
//! CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON shop.orders (number);
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::model::LockMode;
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "key-under-lock",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("key_under_lock.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::AddKey { relation, form } if facts.holds(relation, LockMode::AccessExclusive) => {
            let found = hit(format!("readers and writers of {relation} wait until the index of the {form} constraint is built"));
            Some(if *form == "EXCLUDE" { found.level(Level::Warning) } else { found })
        }
        _ => None,
    })
}
