//! An index with another definition: the old one serves, and keeps rows unique, until the new one is built.

use super::Index;
use crate::model::{LockMode, ObjectId, Pair, QName, Step, Transaction};
use crate::object::constraint::{Constraint, key};
use crate::object::{Change, Cx, Kind, aside};

/// The change, where the old one can wait under another name. One that failed is of no use to anybody, and those of partitions belong to
/// that of the partitioned table.
pub fn change(id: &ObjectId, pair: Pair<&Index>, cx: &Cx<'_>) -> Option<Change> {
    let name = id.qname()?;
    let is_plain = |index: &Index| index.valid && !index.partitioned;
    let is_attached = [cx.from, cx.to].iter().any(|catalog| catalog.get(id).is_some_and(|entry| entry.auto.is_some()));
    let can_wait = pair.to.stays(cx) && pair.from.relation == pair.to.relation && is_plain(pair.from) && is_plain(pair.to);
    if !cx.online || !can_wait || is_attached || key::is_needed(id, cx) {
        return None;
    }
    let relation = &pair.from.relation;
    let old = aside::free(name, aside::OLD, |candidate| is_taken(candidate, relation, cx));
    let gone = Step::new(format!("DROP INDEX CONCURRENTLY {old}"), format!("drop the old index {name} of {relation}"))
        .lock(relation, LockMode::ShareUpdateExclusive)
        .transaction(Transaction::None);
    Some(Change::Swap { aside: super::rename(id, &old.name).into_iter().collect(), gone: vec![gone] })
}

/// Whether an index of a table cannot have the name.
pub fn is_taken(name: &QName, table: &QName, cx: &Cx<'_>) -> bool {
    let relations = Kind::RELATIONS.iter().map(|kind| ObjectId::in_schema(*kind, name.clone()));
    let mut ids = relations.chain([Constraint::named_id(table, &name.name)]);
    ids.any(|id| cx.from.contains(&id) || cx.to.contains(&id))
}
