//! Adds a CHECK or FOREIGN KEY to an existing table and validates it at once.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
//! ```
//!
//! # Why
//!
//! All rows are read under the lock that the new constraint takes: a CHECK keeps everybody out meanwhile, a FOREIGN KEY keeps the writers of both tables out.
//!
//! # Instead
//!
//! Add it NOT VALID, which is quick and holds for new rows, and VALIDATE it in a later transaction, which lets readers and writers through. A constraint of a new column is added after the column, in the same way.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
//! ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_total_check;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::model::LockMode;
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "constraint-without-not-valid",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("constraint_without_not_valid.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::AddConstraint { relation, form, inline } if facts.holds(relation, LockMode::ShareRowExclusive) => {
            let who = if *form == "CHECK" || *inline { "readers and writers" } else { "writers" };
            Some(hit(format!("{who} of {relation} wait while the {form} reads all its rows")))
        }
        _ => None,
    })
}
