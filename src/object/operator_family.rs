//! Operator families. Key: `Key::Routine` with the access method in place of types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::operator_member::{self, Member};
use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Ident, Key, ObjectId, Pair, QName, Step};

/// An operator family with the members that belong to no class of it: operators on two types, and what an index can do without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamily {
    /// In their own order.
    pub members: Vec<Member>,
}

/// The identity of an operator family or class.
pub fn identity(kind: Kind, name: QName, method: &Ident) -> ObjectId {
    ObjectId::new(kind, Key::Routine(name, vec![method.quoted()]))
}

fn add(id: &ObjectId, members: &[&Member]) -> Option<Step> {
    let clauses: Vec<String> = members.iter().map(|member| member.clause()).collect();
    (!clauses.is_empty()).then(|| plain::change(id, &format!("ADD\n    {}", clauses.join(",\n    "))))
}

impl ObjectDef for OperatorFamily {
    const KIND: Kind = Kind::OperatorFamily;
    const QUERY: &'static str = include_str!("operator_family.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_opfamily", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = identity(Kind::OperatorFamily, row.qname("nspname", "opfname")?, &row.ident("amname")?);
        let members = operator_member::read(row, &id)?;
        Ok(Some(Found::new(id, Self { members })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { members } = self;
        let create = plain::create(id, format!("CREATE {}", id.address()));
        create.into_iter().chain(add(id, &members.iter().collect::<Vec<_>>())).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { members } = pair.to;
        let gone: Vec<String> = pair.from.members.iter().filter(|member| !members.contains(member)).map(Member::place).collect();
        let new: Vec<&Member> = members.iter().filter(|member| !pair.from.members.contains(member)).collect();
        let drop = (!gone.is_empty()).then(|| plain::change(id, &format!("DROP\n    {}", gone.join(",\n    "))));
        Change::InPlace(drop.into_iter().chain(add(id, &new)).collect())
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        self.members.iter_mut().for_each(|member| member.renamed(from, to));
    }

    stands_alone!();
}
