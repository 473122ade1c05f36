//! What planning comes to, with a server or without.

use super::merge::LeftAlone;
use super::proof::Verdict;
use crate::model::{Catalog, Pair, Step};

/// A plan, as far as it is worked out.
#[derive(Debug)]
pub struct Made {
    /// The catalog before.
    pub from: Catalog,
    /// The catalog wanted.
    pub to: Catalog,
    /// The way there.
    pub up: Vec<Step>,
    /// The way back.
    pub down: Vec<Step>,
    /// What the proof said.
    pub verdict: Verdict,
    /// Which of the catalogs is in a server's own spelling, so that the database is found to be that one by its fingerprint.
    pub exact: Pair<bool>,
    /// The fingerprint of the catalog before, where there was time to work it out beside the plan.
    pub fingerprint: Option<String>,
    /// What stays as it is because nothing was said of it.
    pub left_alone: LeftAlone,
}

impl Made {
    /// Whether both sides are the same.
    pub fn is_empty(&self) -> bool {
        self.up.is_empty() && self.down.is_empty()
    }
}
