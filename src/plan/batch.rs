//! Steps into transactions.

use crate::model::{Phase, Step, Transaction};
use crate::plan::file::PlanStep;

/// Numbers ordered steps and gives each its transaction: `Shared` joins the one that is open, `Fresh` begins one, `None`
/// ends it and stands outside.
pub fn batch(steps: Vec<Step>) -> Vec<PlanStep> {
    let mut groups = 0;
    let mut open = false;
    let mut numbered = Vec::with_capacity(steps.len());
    for (number, mut step) in (1..).zip(steps) {
        let group = match step.transaction {
            Transaction::None => {
                open = false;
                None
            }
            Transaction::Shared | Transaction::Fresh => {
                if !open || step.transaction == Transaction::Fresh {
                    groups += 1;
                }
                open = true;
                Some(groups)
            }
        };
        step.phase = Phase::Main;
        numbered.push(PlanStep::new(number, step, group));
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_begins_and_none_stands_alone() {
        use Transaction::{Fresh, None, Shared};
        let groups = |kinds: &[Transaction]| -> Vec<Option<u32>> {
            batch(kinds.iter().map(|kind| Step::new("SELECT 1", "x").transaction(*kind)).collect())
                .into_iter()
                .map(|step| step.group)
                .collect()
        };
        assert_eq!(groups(&[Shared, Shared, Fresh, Shared]), [Some(1), Some(1), Some(2), Some(2)]);
        assert_eq!(
            groups(&[None, Shared, None, None, Fresh, Fresh]),
            [Option::None, Some(1), Option::None, Option::None, Some(2), Some(3)]
        );
    }
}
