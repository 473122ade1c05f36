//! What a statement does by its form: the facts that the planner gives its steps, for SQL that people wrote.
//!
//! Modes, rewrites and scans are those measured on PostgreSQL 14 to 18 (docs: "Explicit Locking"; ALTER TABLE, Notes). Locks are
//! told of relations that were there before the file, as far as the file shows which those are.

mod column;
mod drop;
mod statement;
mod table;
mod volatile;
mod world;

use std::ops::Range;

pub use world::World;

use crate::model::{Hazard, Ident, Lock, LockMode, QName, Step, Transaction};
use crate::plan::file::PlanStep;
use crate::sql::{self, NodeEnum, ParseError, Statement};

/// One thing that a statement does, for rules to tell statements apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// CREATE INDEX.
    CreateIndex {
        /// On which relation.
        relation: QName,
        /// CONCURRENTLY.
        concurrent: bool,
    },
    /// DROP INDEX without CONCURRENTLY.
    DropIndex(QName),
    /// REINDEX without CONCURRENTLY, of what.
    Reindex(String),
    /// ADD CHECK or FOREIGN KEY that is validated at once.
    AddConstraint {
        /// To which table.
        relation: QName,
        /// `CHECK` or `FOREIGN KEY`.
        form: &'static str,
        /// Part of ADD COLUMN, which takes no NOT VALID.
        inline: bool,
    },
    /// ADD UNIQUE, PRIMARY KEY or EXCLUDE that builds its index.
    AddKey {
        /// To which table.
        relation: QName,
        /// `UNIQUE`, `PRIMARY KEY` or `EXCLUDE`.
        form: &'static str,
    },
    /// VALIDATE CONSTRAINT.
    Validate {
        /// Of which table.
        relation: QName,
        /// Which.
        name: Ident,
        /// In the transaction that added it.
        same_transaction: bool,
    },
    /// SET NOT NULL, or ADD NOT NULL without NOT VALID.
    SetNotNull {
        /// Of which table.
        relation: QName,
        /// Which column.
        column: String,
    },
    /// ALTER COLUMN TYPE.
    AlterType {
        /// Of which table.
        relation: QName,
        /// Which column.
        column: String,
        /// Types that are stored like the new one are common.
        likely_kept: bool,
    },
    /// ADD COLUMN.
    AddColumn {
        /// To which table.
        relation: QName,
        /// Its name.
        column: String,
        /// NOT NULL, and nothing fills it.
        required: bool,
        /// Why every row is written, where it is.
        written: Option<&'static str>,
    },
    /// A new name or schema for something that code names.
    Rename {
        /// What, with its kind.
        what: String,
        /// The relation or type, where something else may take its name.
        name: Option<QName>,
        /// The new name or schema.
        to: String,
    },
    /// DROP TABLE.
    DropTable(QName),
    /// DROP COLUMN of a table.
    DropColumn(QName, String),
    /// TRUNCATE, or DELETE without WHERE.
    Empty(QName, &'static str),
    /// What PostgreSQL refuses in a transaction block.
    NoTransaction(&'static str),
}

/// One statement as rules see it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Number of its step or statement, from 1.
    pub number: u32,
    /// Its bytes in the text that was parsed.
    pub span: Range<usize>,
    /// Locks, scans, rewrites, hazards.
    pub step: Step,
    /// What it does, each with its place in the text.
    pub actions: Vec<(Action, usize)>,
    /// Relations and types that it makes, and names that it gives.
    pub creates: Vec<QName>,
    /// Whether it runs in a transaction block.
    pub in_transaction: bool,
    /// Whether it is BEGIN, COMMIT, SET and the like, which change nothing.
    pub framing: bool,
    /// Whether its SQL alone tells the facts: what tables hold is not known then.
    pub derived: bool,
}

impl Facts {
    /// Whether it locks a relation that was there before so strongly.
    pub fn holds(&self, relation: &QName, mode: LockMode) -> bool {
        self.step.locks.iter().any(|lock| lock.relation == *relation && lock.mode >= mode)
    }

    /// Whether it writes a relation's file anew.
    pub fn rewrites(&self, relation: &QName) -> bool {
        self.step.rewrites.contains(relation)
    }

    /// Whether it reads a relation from start to end.
    pub fn scans(&self, relation: &QName) -> bool {
        self.step.scans.contains(relation)
    }

    /// What is lost, in words.
    pub fn losses(&self) -> impl Iterator<Item = &str> {
        self.step.hazards.iter().filter_map(|hazard| if let Hazard::Loss(words) = hazard { Some(words.as_str()) } else { None })
    }
}

/// The facts of a statement of a file, which the world then has behind it.
pub fn of_statement(number: u32, statement: &Statement, sql: &str, world: &mut World) -> Facts {
    let mut deriver = Deriver { world, step: Step::new(sql, ""), actions: Vec::new(), creates: Vec::new(), at: statement.span.start };
    if let Some(node) = &statement.node.node {
        statement::derive(&mut deriver, node);
    }
    let Deriver { step, actions, creates, .. } = deriver;
    let framing = matches!(statement.node.node, Some(NodeEnum::TransactionStmt(_) | NodeEnum::VariableSetStmt(_)) | None);
    let facts = Facts {
        number,
        span: statement.span.clone(),
        step,
        actions,
        creates,
        in_transaction: world.in_transaction(),
        framing,
        derived: true,
    };
    world.end_statement();
    facts
}

/// The facts of a step of a plan; `stated`: those that the plan tells are believed. A step may hold several statements.
///
/// # Errors
/// SQL that the parser refuses; the position is in the step's SQL.
pub fn of_step(step: &PlanStep, stated: bool, world: &mut World) -> Result<Vec<Facts>, ParseError> {
    world.begin_unit(step.group);
    let statements = sql::parse_script(&step.step.sql)?;
    let facts = statements.iter().map(|statement| {
        let derived = of_statement(step.number, statement, &step.step.sql[statement.span.clone()], world);
        let told = stated && !is_silent(&step.step);
        let facts = if told { step.step.clone() } else { merge(&step.step, derived.step) };
        Facts { in_transaction: derived.in_transaction || step.group.is_some(), step: facts, derived: !told, ..derived }
    });
    Ok(facts.collect())
}

/// The step with the facts of its SQL, where it states none of its own.
///
/// # Errors
/// SQL that the parser refuses.
pub fn complete(step: &PlanStep, world: &mut World) -> Result<PlanStep, ParseError> {
    let mut whole = step.clone();
    if !is_silent(&step.step) {
        of_step(step, true, world)?;
        return Ok(whole);
    }
    for facts in of_step(step, false, world)? {
        for lock in facts.step.locks {
            add_lock(&mut whole.step.locks, lock);
        }
        whole.step.rewrites.extend(facts.step.rewrites);
        whole.step.scans.extend(facts.step.scans);
        whole.step.hazards.extend(facts.step.hazards);
    }
    whole.step.rewrites.sort();
    whole.step.rewrites.dedup();
    whole.step.scans.sort();
    whole.step.scans.dedup();
    Ok(whole)
}

fn is_silent(step: &Step) -> bool {
    step.locks.is_empty() && step.rewrites.is_empty() && step.scans.is_empty() && step.hazards.is_empty()
}

/// What a plan states is measured, and knows the tables; what is derived knows the SQL as it now is.
fn merge(own: &Step, derived: Step) -> Step {
    let mut step = own.clone();
    derived.locks.into_iter().for_each(|lock| add_lock(&mut step.locks, lock));
    step.rewrites.extend(derived.rewrites);
    step.scans.extend(derived.scans);
    let loses = step.loses();
    step.hazards.extend(derived.hazards.into_iter().filter(|hazard| !(loses && matches!(hazard, Hazard::Loss(_)))));
    step
}

fn add_lock(locks: &mut Vec<Lock>, lock: Lock) {
    match locks.iter_mut().find(|held| held.relation == lock.relation) {
        Some(held) => held.mode = held.mode.max(lock.mode),
        None => locks.push(lock),
    }
}

/// Collects the facts of one statement.
struct Deriver<'w> {
    world: &'w mut World,
    step: Step,
    actions: Vec<(Action, usize)>,
    creates: Vec<QName>,
    /// Where what is being looked at stands.
    at: usize,
}

impl Deriver<'_> {
    /// Moves to a node's place, where it has one.
    fn go(&mut self, location: i32) {
        if let Ok(at) = usize::try_from(location)
            && at > 0
        {
            self.at = at;
        }
    }

    fn action(&mut self, action: Action) {
        self.actions.push((action, self.at));
    }

    /// A lock, unless the file itself made the relation: nobody waits for it then.
    fn lock(&mut self, relation: &QName, mode: LockMode) {
        if !self.world.is_new(relation) {
            add_lock(&mut self.step.locks, Lock { relation: relation.clone(), mode });
        }
    }

    fn scan(&mut self, relation: &QName) {
        if !self.world.is_new(relation) && !self.step.scans.contains(relation) {
            self.step.scans.push(relation.clone());
        }
    }

    fn rewrite(&mut self, relation: &QName, why: &str) {
        self.scan(relation);
        if !self.world.is_new(relation) {
            if !self.step.rewrites.contains(relation) {
                self.step.rewrites.push(relation.clone());
            }
            self.hazard(Hazard::Blocks(format!("writes {relation} anew under AccessExclusive: {why}")));
        }
    }

    fn hazard(&mut self, hazard: Hazard) {
        self.step.hazards.push(hazard);
    }

    /// Rows or values of a relation are lost, unless the file itself made it.
    fn lose(&mut self, relation: &QName, what: impl Into<String>) {
        if !self.world.is_new(relation) {
            self.hazard(Hazard::Loss(what.into()));
        }
    }

    fn outside(&mut self, what: &'static str) {
        self.step.transaction = Transaction::None;
        self.action(Action::NoTransaction(what));
    }

    fn create(&mut self, name: QName) {
        self.world.create(name.clone());
        self.creates.push(name);
    }
}
