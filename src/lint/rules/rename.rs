//! Gives another name or schema to what code may name.
//!
//! ```sql
//! ALTER TABLE shop.orders RENAME TO purchases;
//! ```
//!
//! # Why
//!
//! Code that uses the old name fails from that moment on, and there is no moment at which all of it uses the new one.
//!
//! # Instead
//!
//! Leave something under the old name until nothing uses it: a view for a table, in the same transaction. For a column, add the new one, keep both filled, and drop the old one later.
//!
//! ```sql
//! BEGIN;
//! ALTER TABLE shop.orders RENAME TO purchases;
//! CREATE VIEW shop.orders AS SELECT * FROM shop.purchases;
//! COMMIT;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule =
    Rule { name: "rename", level: Level::Warning, destructive: false, check: Check::Statement(check), source: include_str!("rename.rs") };

fn check(facts: &Facts, later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::Rename { what, name, to } => {
            let replaced = name.as_ref().is_some_and(|name| later.iter().any(|later| later.creates.contains(name)));
            (!replaced).then(|| hit(format!("code that names {what} fails: it becomes {to}")))
        }
        _ => None,
    })
}
