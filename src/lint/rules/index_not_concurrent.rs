//! Builds, rebuilds or drops an index of an existing table without CONCURRENTLY.
//!
//! ```sql
//! CREATE INDEX orders_placed_at_idx ON shop.orders (placed_at);
//! ```
//!
//! # Why
//!
//! CREATE INDEX and REINDEX keep writers out for as long as the build takes (ShareLock); DROP INDEX waits for every query of the table, and everybody else waits behind it.
//!
//! # Instead
//!
//! Use CONCURRENTLY, outside of a transaction block. On a partitioned table, CREATE INDEX ON ONLY it, build the partitions' indexes concurrently, and attach them.
//!
//! ```sql
//! CREATE INDEX CONCURRENTLY orders_placed_at_idx ON shop.orders (placed_at);
//! ```
//!
//! ```sql
//! CREATE TABLE shop.carts (id bigint, placed_at timestamptz);
//! CREATE INDEX carts_placed_at_idx ON shop.carts (placed_at);
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::model::LockMode;
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "index-not-concurrent",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("index_not_concurrent.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::CreateIndex { relation, concurrent: false } if facts.holds(relation, LockMode::Share) => {
            Some(hit(format!("writers of {relation} wait until the index is built")))
        }
        Action::Reindex(what) => Some(hit(format!("writers wait while the indexes of {what} are built again, and some readers too"))),
        // Short by itself: worth a look.
        Action::DropIndex(index) if !facts.step.locks.is_empty() => {
            Some(hit(format!("everybody waits who uses the table of {index}, while it waits for its lock")).level(Level::Warning))
        }
        _ => None,
    })
}
