//! Adds a column whose value is worked out for every row: a volatile default, serial, identity, STORED, or a domain that checks.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
//! ```
//!
//! # Why
//!
//! The table and all its indexes are written anew under AccessExclusiveLock: nobody reads or writes it meanwhile. A constant, now() and other stable defaults need no rewrite.
//!
//! # Instead
//!
//! Add the column without a default, set the default, and fill the rows that were there in batches. Functions that are not PostgreSQL's own are taken to be volatile, as CREATE FUNCTION does.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD COLUMN token uuid;
//! ALTER TABLE shop.orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "column-default-rewrite",
    level: Level::Warning,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("column_default_rewrite.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    let other =
        facts.actions.iter().any(|(action, _)| matches!(action, Action::AlterType { .. } | Action::AddColumn { written: Some(_), .. }));
    each(facts, |action| match action {
        Action::AddColumn { relation, column, written, .. } if facts.rewrites(relation) && (written.is_some() || !other) => {
            let why = written.unwrap_or("every row gets or is checked for its value");
            Some(hit(format!("readers and writers of {relation} wait while it is written anew for column {column}: {why}")))
        }
        _ => None,
    })
}
