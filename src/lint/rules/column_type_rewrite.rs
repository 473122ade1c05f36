//! Changes the type of a column so that the table is, or may be, written anew.
//!
//! ```sql
//! ALTER TABLE shop.orders ALTER COLUMN id TYPE bigint;
//! ```
//!
//! # Why
//!
//! The table and all its indexes are written anew under AccessExclusiveLock: nobody reads or writes it meanwhile. Only some changes are spared that, such as varchar(n) to a longer one or to text, and numeric to more digits of the same scale.
//!
//! # Instead
//!
//! Add a column of the new type, keep it filled by a trigger, fill the old rows in batches, and swap the names; or change the type in a maintenance window.
//!
//! ```sql
//! ALTER TABLE shop.orders ADD COLUMN id_new bigint;
//! ```

use super::{Check, Hit, Rule, each, hit};
use crate::lint::facts::{Action, Facts};
use crate::report::Level;

pub(super) const RULE: Rule = Rule {
    name: "column-type-rewrite",
    level: Level::Warning,
    destructive: false,
    check: Check::Statement(check),
    source: include_str!("column_type_rewrite.rs"),
};

fn check(facts: &Facts, _later: &[Facts]) -> Vec<Hit> {
    each(facts, |action| match action {
        Action::AlterType { relation, column, likely_kept } if facts.rewrites(relation) => {
            let found = hit(format!("readers and writers of {relation} wait while it is written anew with another type for {column}"));
            // Most of these come from a type that is stored alike.
            Some(if facts.derived && *likely_kept { found.level(Level::Note) } else { found })
        }
        _ => None,
    })
}
