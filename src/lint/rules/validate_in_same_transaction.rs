//! Validates a constraint in the transaction that added it.
//!
//! ```sql
//! BEGIN;
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
//! ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_total_check;
//! COMMIT;
//! ```
//!
//! # Why
//!
//! The strong lock of ADD CONSTRAINT is held until the transaction ends, so that everybody waits for the validation after all.
//!
//! # Instead
//!
//! Commit before VALIDATE CONSTRAINT.
//!
//! ```sql
//! BEGIN;
//! ALTER TABLE shop.orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
//! COMMIT;
//! ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_total_check;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "validate-in-same-transaction",
    level: Level::Error,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("validate_in_same_transaction.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::Validate { relation, name, same_transaction: true } if facts.scans(relation) => {
            Some(hit(format!("validates {name} of {relation} under the lock that adding it took")))
        }
        _ => None,
    })
}
