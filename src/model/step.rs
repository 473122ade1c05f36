//! Steps of a plan, born with their facts: what they do to which objects, what they lock, scan, rewrite and lose.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ident::{Ident, QName};

/// Table lock modes, weak to strong (docs: "Explicit Locking", table 13.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum LockMode {
    /// Conflicts with AccessExclusive only.
    AccessShare,
    /// Taken by SELECT FOR UPDATE.
    RowShare,
    /// Taken by writers.
    RowExclusive,
    /// Lets readers and writers through.
    ShareUpdateExclusive,
    /// Blocks writers.
    Share,
    /// Blocks writers and itself.
    ShareRowExclusive,
    /// Blocks writers and SELECT FOR UPDATE.
    Exclusive,
    /// Blocks everybody.
    AccessExclusive,
}

impl LockMode {
    /// As `pg_locks.mode` spells it, without `Lock`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShare",
            Self::RowShare => "RowShare",
            Self::RowExclusive => "RowExclusive",
            Self::ShareUpdateExclusive => "ShareUpdateExclusive",
            Self::Share => "Share",
            Self::ShareRowExclusive => "ShareRowExclusive",
            Self::Exclusive => "Exclusive",
            Self::AccessExclusive => "AccessExclusive",
        }
    }

    /// The mode of that name, with or without `Lock`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix("Lock").unwrap_or(name);
        [
            Self::AccessShare,
            Self::RowShare,
            Self::RowExclusive,
            Self::ShareUpdateExclusive,
            Self::Share,
            Self::ShareRowExclusive,
            Self::Exclusive,
            Self::AccessExclusive,
        ]
        .into_iter()
        .find(|mode| mode.name() == name)
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A lock on a relation that existed before the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Lock {
    /// The relation.
    pub relation: QName,
    /// The strongest mode taken on it.
    pub mode: LockMode,
}

/// How a step lives with transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Transaction {
    /// May share a transaction with its neighbours.
    Shared,
    /// In a transaction, but one that begins with it: what came before must be committed (VALIDATE after NOT VALID,
    /// first use of a new enum value).
    Fresh,
    /// Refused inside a transaction block.
    None,
}

/// When a step may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Phase {
    /// Before all that its edges let it: it keeps a watch on other statements no longer (DROP EVENT TRIGGER).
    First,
    /// Where its edges put it.
    Main,
    /// As late as can be: nothing waits for it but steps of the same object (VALIDATE, REFRESH).
    Late,
    /// After all that its edges let it: it keeps a watch on other statements from then on (CREATE EVENT TRIGGER).
    Last,
}

/// Something that a reviewer should know of a step; lint turns these into findings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "hazard", content = "what", rename_all = "snake_case")]
pub enum Hazard {
    /// Rows or values are gone afterwards. What, in words.
    Loss(String),
    /// Fails or changes meaning where rows are not as assumed. What, in words.
    Assumes(String),
    /// Code that runs against the schema may break. What, in words.
    Breaks(String),
    /// Blocks readers or writers for as long as a scan or rewrite takes. What, in words.
    Blocks(String),
}

/// One SQL statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Step {
    /// The statement, without the semicolon.
    pub sql: String,
    /// What it does, in words.
    pub summary: String,
    /// Locks on relations that were there before.
    pub locks: Vec<Lock>,
    /// Relations whose files it writes anew.
    pub rewrites: Vec<QName>,
    /// Relations that it reads from start to end.
    pub scans: Vec<QName>,
    /// What a reviewer should know.
    pub hazards: Vec<Hazard>,
    /// How it lives with transactions.
    pub transaction: Transaction,
    /// When it may come.
    pub phase: Phase,
    /// Why it may change nothing but how something is spelled, where only a server could tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possibly_cosmetic: Option<String>,
    /// The role for which it changes nothing, so that it is left out where that runs the plan.
    #[serde(skip)]
    pub unless_run_by: Option<Ident>,
}

impl Step {
    /// A step that may share a transaction and of which nothing else is known.
    pub fn new(sql: impl Into<String>, summary: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            summary: summary.into(),
            locks: Vec::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            hazards: Vec::new(),
            transaction: Transaction::Shared,
            phase: Phase::Main,
            possibly_cosmetic: None,
            unless_run_by: None,
        }
    }

    /// Whether it changes nothing where the role runs it.
    pub fn is_idle_for(&self, role: &str) -> bool {
        self.unless_run_by.as_ref().is_some_and(|idle| idle.as_str() == role)
    }

    /// With a lock on a relation.
    pub fn lock(mut self, relation: &QName, mode: LockMode) -> Self {
        self.locks.push(Lock { relation: relation.clone(), mode });
        self
    }

    /// Reading a relation from start to end.
    pub fn scan(mut self, relation: &QName) -> Self {
        self.scans.push(relation.clone());
        self
    }

    /// Writing a relation's file anew.
    pub fn rewrite(mut self, relation: &QName) -> Self {
        self.rewrites.push(relation.clone());
        self
    }

    /// With a hazard.
    pub fn hazard(mut self, hazard: Hazard) -> Self {
        self.hazards.push(hazard);
        self
    }

    /// With another way to live with transactions.
    pub fn transaction(mut self, transaction: Transaction) -> Self {
        self.transaction = transaction;
        self
    }

    /// As late as can be.
    pub fn late(self) -> Self {
        self.phase(Phase::Late)
    }

    /// In another phase.
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// Whether it destroys rows or values.
    pub fn loses(&self) -> bool {
        self.hazards.iter().any(|hazard| matches!(hazard, Hazard::Loss(_)))
    }
}
