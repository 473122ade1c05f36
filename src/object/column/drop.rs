//! DROP COLUMN.

use super::{AlterTable, Column, Hazard, LockMode, Object, ObjectId, Step};
use crate::model::{Ident, QName};
use crate::object::{Cx, inheritance};

/// Drops a column of a table, and of those that inherit it from there.
pub(super) fn drop(column: &Column, id: &ObjectId, (table, name): (&QName, &Ident), cx: &Cx<'_>) -> Vec<Step> {
    let heirs: Vec<&QName> = inheritance::children(cx.from, table)
        .into_iter()
        .filter(|(link, _)| cx.stays(link))
        .map(|(_, link)| &link.child)
        .filter(|heir| matches!(cx.from.object(&id.moved_to(heir)), Some(Object::Column(below)) if below.inherited))
        .collect();
    // What comes anew there comes anew below.
    let keeps = |heir: &QName| cx.stays(&id.moved_to(heir));
    let at = AlterTable::new(table, cx);
    let (action, summary) = (format!("DROP COLUMN {name}"), format!("drop column {table}.{name}"));
    // Without ONLY it goes below too; with it, it becomes the children's own (docs: ALTER TABLE, Notes).
    let apart = heirs.iter().any(|heir| keeps(heir));
    let step = if apart { at.only(LockMode::AccessExclusive, &action, summary) } else { at.all(LockMode::AccessExclusive, &action, summary) };
    let mut steps = vec![warned(step, column, id, cx)];
    for heir in heirs.into_iter().filter(|heir| apart && !keeps(heir)) {
        let below = id.moved_to(heir);
        if let Some(Object::Column(inherited)) = cx.from.object(&below) {
            steps.extend(drop(inherited, &below, (heir, name), cx));
        }
    }
    steps
}

fn warned(step: Step, column: &Column, id: &ObjectId, cx: &Cx<'_>) -> Step {
    let step = step.hazard(Hazard::Breaks(format!("code that names {}", id.spelled())));
    // Values that are computed from other columns come back by themselves, unless nothing computes them any more.
    let stays_computed = match cx.to.object(id) {
        Some(Object::Column(column)) => column.generated.is_some(),
        _ => true,
    };
    let derived = column.generated.is_some() && stays_computed;
    if derived { step } else { step.hazard(Hazard::Loss(format!("all values of {}", id.spelled()))) }
}
