//! Drops a table that holds rows.
//!
//! ```sql
//! DROP TABLE shop.orders;
//! ```
//!
//! # Why
//!
//! All its rows are gone, and code that still uses it fails. Only a backup brings them back.
//!
//! # Instead
//!
//! Rename the table in one release and drop it in a later one, when nothing has asked for it; `trueup apply --allow-destructive` backs its
//! rows up first.
//!
//! ```sql
//! CREATE TABLE shop.scratch (id bigint);
//! DROP TABLE shop.scratch;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "drop-table",
    level: Level::Error,
    destructive: true,
    check: Check::Statement(check),
    source: include_str!("drop_table.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::DropTable(table) if facts.losses().next().is_some() => Some(hit(format!("drops table {table} with all its rows"))),
        _ => None,
    })
}
