//! Runs in a transaction block what PostgreSQL refuses there.
//!
//! ```sql
//! BEGIN;
//! CREATE INDEX CONCURRENTLY orders_placed_at_idx ON shop.orders (placed_at);
//! COMMIT;
//! ```
//!
//! # Why
//!
//! It fails with "cannot run inside a transaction block", and all that the transaction did is rolled back.
//!
//! # Instead
//!
//! Run it by itself, between transactions; in a plan, as a step with no transaction.
//!
//! ```sql
//! CREATE INDEX CONCURRENTLY orders_placed_at_idx ON shop.orders (placed_at);
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "concurrent-in-transaction",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("concurrent_in_transaction.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::NoTransaction(form) if facts.in_transaction => Some(hit(format!("{form} cannot run in a transaction block"))),
        _ => None,
    })
}
