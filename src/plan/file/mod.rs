//! Plan files: ordinary SQL that psql can run, with structured comments that trueup reads.
//!
//! Every line that begins with `-- trueup` is trueup's. The header is `-- trueup: key value` lines; `session` is followed by
//! SET statements, `begin transaction N` by BEGIN, `commit transaction N` by COMMIT, and `step N (..): words` by lines with
//! the step's facts and then by its SQL, which goes on until the next such line. SQL that itself holds such lines (in a
//! string, or in a function body) is preceded by the number of its lines, so that nothing in it can be taken for trueup's.

mod names;
mod read;
mod reseal;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use read::{Parsed, read};
pub use reseal::reseal;
pub use write::{write, write_unsealed};

use crate::model::{Hazard, Step, hex};

/// The version of the format that this trueup writes and reads.
pub const FORMAT: u32 = 1;

/// What every line of trueup's begins with.
const MARK: &str = "-- trueup: ";

/// Which way a plan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Forward.
    Up,
    /// Back.
    Down,
}

impl Direction {
    /// As file names have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Nothing is known that could.
    Low,
    /// Something blocks, breaks, or assumes something of rows.
    Medium,
    /// Rows or values are lost.
    High,
}

impl Risk {
    /// The risk of some steps.
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        steps.into_iter().map(Self::of_step).max().unwrap_or(Self::Low)
    }

    fn of_step(step: &Step) -> Self {
        let worst = step.hazards.iter().map(|hazard| match hazard {
            Hazard::Loss(_) => Self::High,
            Hazard::Assumes(_) | Hazard::Breaks(_) | Hazard::Blocks(_) => Self::Medium,
        });
        let rewrites = if step.rewrites.is_empty() { Self::Low } else { Self::Medium };
        worst.max().unwrap_or(Self::Low).max(rewrites)
    }

    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Risk {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Low, Self::Medium, Self::High].into_iter().find(|risk| risk.name() == text).ok_or(())
    }
}

/// The head of a plan file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Header {
    /// The number in the file's name.
    pub number: u32,
    /// The name in the file's name.
    pub name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// The hash of the plan before it; `None` for the first. A down file has none.
    pub parent: Option<String>,
    /// Fingerprint of the catalog that it starts from, where that is known.
    pub from: Option<String>,
    /// Fingerprint of the catalog that it ends at, where that is known.
    pub to: Option<String>,
    /// The server major that it was made for.
    pub server: Option<u32>,
    /// What the proof said, in words. Empty where there was none to speak of.
    pub proof: String,
    /// How much can go wrong.
    pub risk: Risk,
    /// The checksum that the file states; `None` where it was never sealed (`trueup new`).
    pub checksum: Option<String>,
}

impl Header {
    /// `NNNN_name`.
    pub fn id(&self) -> String {
        format!("{:04}_{}", self.number, self.name)
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        format!("{}.{}.sql", self.id(), self.direction)
    }
}

/// A step in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanStep {
    /// Counted from 1.
    pub number: u32,
    /// What it does.
    #[serde(flatten)]
    pub step: Step,
    /// The transaction that it is part of, counted from 1.
    pub group: Option<u32>,
    /// How long it will take, where statistics tell.
    pub estimate: Option<Duration>,
    /// What it cannot bring back, in words (down files).
    pub irretrievable: Vec<String>,
    /// Lint rules that are silent about it.
    pub allowed: Vec<Allowed>,
}

/// A lint rule that is silent about a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Allowed {
    /// The rule.
    pub rule: String,
    /// Why; may be empty.
    pub reason: String,
}

impl PlanStep {
    /// A step in its place; its SQL without the white space and the semicolon around it.
    pub fn new(number: u32, mut step: Step, group: Option<u32>) -> Self {
        let sql = step.sql.trim_matches(is_space);
        step.sql = sql.strip_suffix(';').map_or(sql, |sql| sql.trim_end_matches(is_space)).to_owned();
        Self { number, step, group, estimate: None, irretrievable: Vec::new(), allowed: Vec::new() }
    }
}

/// A plan file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanFile {
    /// Its head.
    pub header: Header,
    /// Settings for the session, each a name and the SQL of its value, on one line.
    pub session: Vec<(String, String)>,
    /// Its steps in order.
    pub steps: Vec<PlanStep>,
}

impl PlanFile {
    /// The steps in the pieces that are run as one: a transaction, or a step outside of any.
    pub fn units(&self) -> impl Iterator<Item = &[PlanStep]> {
        self.steps.chunk_by(|a, b| a.group.is_some() && a.group == b.group)
    }

    /// Steps that destroy rows or values.
    pub fn losses(&self) -> impl Iterator<Item = &PlanStep> {
        self.steps.iter().filter(|step| step.step.loses())
    }
}

/// What PostgreSQL's scanner takes for white space (src/backend/parser/scan.l).
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// Whether a line would be taken for one of trueup's: generous, so that what was mistyped is an error and not a comment.
fn looks_like_ours(line: &str) -> bool {
    let Some(comment) = line.trim_start_matches(is_space).strip_prefix("--") else { return false };
    comment.trim_start_matches('-').trim_start_matches(is_space).get(..6).is_some_and(|word| word.eq_ignore_ascii_case("trueup"))
}

/// Whether a text says that it is a plan file.
pub fn is_plan(text: &str) -> bool {
    text.lines().any(|line| line.strip_prefix(MARK).is_some_and(|rest| rest.starts_with("plan format ")))
}

/// Hex SHA-256 of a plan file's text without its checksum line.
pub fn checksum(text: &str) -> String {
    let own = |line: &str, key: &str| line.strip_prefix(MARK).is_some_and(|rest| rest.starts_with(key));
    let mut hash = Sha256::new();
    // The header ends where the first step or transaction begins; only there is a checksum line one.
    let mut in_header = true;
    for line in text.split_inclusive('\n') {
        in_header &= !(own(line, "step ") || own(line, "begin "));
        if !(in_header && own(line, "checksum ")) {
            hash.update(line.as_bytes());
        }
    }
    hex(&hash.finalize())
}
