//! Owners. Key: `Key::Of(target)`; parent: the target.
//!
//! What has no owner of its own (indexes, constraints, triggers) or must have its table's (owned and identity sequences)
//! has no such object. Where the schema files say nothing of an owner, there is none on their side; whoever merges both sides
//! keeps the present one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::comment::address_in_words;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Ident, LockMode, ObjectId, Pair, Step};

/// An owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The role.
    pub role: Ident,
}

fn set(id: &ObjectId, role: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let Some(target) = id.target() else { return Vec::new() };
    let step = Step::new(format!("ALTER {} OWNER TO {role}", target.address()), format!("give {} to {role}", address_in_words(target)));
    let is_relation = Kind::RELATIONS.contains(&target.kind) && cx.stays(target);
    vec![match target.qname() {
        Some(relation) if is_relation => step.lock(relation, LockMode::AccessExclusive),
        _ => step,
    }]
}

impl ObjectDef for Owner {
    const KIND: Kind = Kind::Owner;
    const QUERY: &'static str = include_str!("owner.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Found::satellite(Kind::Owner, Self { role: row.ident("role")? }, row).map(Some)
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { role } = self;
        set(id, role, cx)
    }

    fn drop(&self, _: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        Vec::new()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { role } = pair.to;
        Change::InPlace(set(id, role, cx))
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

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}
