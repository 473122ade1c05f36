//! ALTER TABLE statements on one table, with the locks that they take.

use crate::model::{LockMode, ObjectId, QName, Step};
use crate::object::{Cx, Kind, Object};

/// Writes ALTER TABLE for one table.
pub struct AlterTable<'a> {
    table: &'a QName,
    stays: bool,
    foreign: bool,
}

impl<'a> AlterTable<'a> {
    /// For the table of that name.
    pub fn new(table: &'a QName, cx: &Cx<'_>) -> Self {
        let id = ObjectId::in_schema(Kind::Table, table.clone());
        let foreign = matches!(cx.to.object(&id), Some(Object::Table(table)) if table.foreign.is_some());
        Self { table, stays: cx.stays(&id), foreign }
    }

    /// Whether the table was there before, and may hold rows and have users.
    pub const fn stays(&self) -> bool {
        self.stays
    }

    /// The action on this table and on those that inherit from it.
    pub fn all(&self, mode: LockMode, action: &str, summary: impl Into<String>) -> Step {
        self.locked(Step::new(format!("ALTER TABLE {} {action}", self.table), summary), mode)
    }

    /// The action on this table alone.
    pub fn only(&self, mode: LockMode, action: &str, summary: impl Into<String>) -> Step {
        self.locked(Step::new(format!("ALTER TABLE ONLY {} {action}", self.table), summary), mode)
    }

    /// The step with a lock on the table, if the table was there before.
    pub fn locked(&self, step: Step, mode: LockMode) -> Step {
        if self.stays { step.lock(self.table, mode) } else { step }
    }

    /// The step with a table rewrite under the lock, if there is anything to rewrite.
    pub fn rewriting(&self, step: Step, why: &str) -> Step {
        // The rows of a foreign table are not written from here.
        if !self.stays || self.foreign {
            return step;
        }
        let blocks = crate::model::Hazard::Blocks(format!("writes {} anew under AccessExclusive: {why}", self.table));
        step.rewrite(self.table).scan(self.table).hazard(blocks)
    }
}
