//! Sets a column NOT NULL so that all rows are read under the strongest lock.
//!
//! ```sql
//! ALTER TABLE shop.orders ALTER COLUMN note SET NOT NULL;
//! ```
//!
//! # Why
//!
//! SET NOT NULL takes AccessExclusiveLock and reads the table from start to end, unless a validated CHECK already says that the column is not null.
//!
//! # Instead
//!
//! Before PostgreSQL 18, add a CHECK (column IS NOT NULL) NOT VALID, validate it in a later transaction, SET NOT NULL, and drop the CHECK. From 18 on, ADD CONSTRAINT name NOT NULL column NOT VALID, and validate that.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_note_set CHECK (note IS NOT NULL) NOT VALID;
//! ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_note_set;
//! ALTER TABLE shop.orders ALTER COLUMN note SET NOT NULL;
//! ALTER TABLE shop.orders DROP CONSTRAINT orders_note_set;
//! ```
//!
//! ```sql
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_note_set NOT NULL note NOT VALID;
//! ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_note_set;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "not-null-scan",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("not_null_scan.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::SetNotNull { relation, column } if facts.scans(relation) => {
            Some(hit(format!("readers and writers of {relation} wait while all its rows are searched for a null {column}")))
        }
        _ => None,
    })
}
