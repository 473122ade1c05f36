//! Cannot be taken back: the down file is missing, brings nothing back, or says what it cannot bring back.
//!
//! ```sql
//! -- 0001_orders.up.sql
//! CREATE TABLE shop.orders (id bigint);
//! ```
//!
//! # Why
//!
//! When a release must be taken back in a hurry, the way back has to be there already, and tried.
//!
//! # Instead
//!
//! Write the down file that undoes the up file; `trueup plan` makes and proves both.
//!
//! ```sql
//! -- 0001_orders.up.sql
//! CREATE TABLE shop.orders (id bigint);
//! -- 0001_orders.down.sql
//! DROP TABLE shop.orders;
//! ```

use super::{Check, Hit, Pair, Rule};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "no-way-back",
    level: Level::Warning,
    destructive: false,
    check: Check::Pair(check),
    source: include_str!("no_way_back.rs"),
};

fn check(pair: &Pair) -> Vec<Hit> {
    match pair {
        Pair { changes: 0, .. } => Vec::new(),
        Pair { back: None, .. } => vec![Hit::at("there is no down file", 0)],
        Pair { back: Some(0), .. } => vec![Hit::at("the down file brings nothing back", 0)],
        Pair { .. } => Vec::new(),
    }
}
