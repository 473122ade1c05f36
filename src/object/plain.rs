//! What kinds share that stand alone in the graph: no expressions, and mostly no names in common with other kinds.

use super::comment::address_in_words;
use crate::model::{ObjectId, Step, quote_literal};

/// The answers of [`ObjectDef`](super::ObjectDef) that follow from standing alone: what it needs is named by identity only, so
/// that it stays through every change of that, and is rebuilt with what is rebuilt. `keeping` are those that a kind answers for itself:
/// how it goes, and which names it takes that others may want.
macro_rules! stands_alone {
    () => {
        fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
            plain::drop(id)
        }

        stands_alone!(keeping drop);
    };
    (keeping drop) => {
        fn slots(&self, _: &ObjectId) -> Vec<Slot> {
            Vec::new()
        }

        stands_alone!(keeping drop, slots);
    };
    (keeping drop, slots) => {
        fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
            false
        }

        fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
            None
        }

        fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
            true
        }

        fn inherited(&self) -> bool {
            false
        }

        fn exprs(&mut self) -> Vec<&mut Expr> {
            Vec::new()
        }
    };
}
pub(super) use stands_alone;

/// The one statement that creates it.
pub fn create(id: &ObjectId, sql: String) -> Vec<Step> {
    vec![Step::new(sql, format!("create {}", address_in_words(id)))]
}

/// The one statement that drops it.
pub fn drop(id: &ObjectId) -> Vec<Step> {
    vec![Step::new(format!("DROP {}", id.address()), format!("drop {}", address_in_words(id)))]
}

/// A statement that changes it: what stands behind `ALTER <kind> <name>`.
pub fn change(id: &ObjectId, clause: &str) -> Step {
    Step::new(format!("ALTER {} {clause}", id.address()), format!("change {}", address_in_words(id)))
}

/// `key = value, ..` of the clauses that are given.
pub fn definition<'a>(clauses: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    clauses.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?))).collect::<Vec<_>>().join(", ")
}

/// A literal, where there is a text.
pub fn literal(text: Option<&String>) -> Option<String> {
    text.map(|text| quote_literal(text))
}

/// TRUE, where a flag differs from its default of false.
pub fn flag(set: bool) -> Option<String> {
    set.then(|| "TRUE".to_owned())
}
