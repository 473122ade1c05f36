//! Operators. Key: `Key::Routine` with the types of both operands, `NONE` for the left one of a prefix operator. A shell, which
//! stands for a commutator or negator that nobody has defined yet, is no object.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Key, ObjectId, Pair, QName, Step};

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The function behind it.
    pub function: QName,
    /// COMMUTATOR.
    pub commutator: Option<QName>,
    /// NEGATOR.
    pub negator: Option<QName>,
    /// Whether the commutator is a shell, made because this operator names it.
    pub commutator_is_shell: bool,
    /// Whether the negator is a shell.
    pub negator_is_shell: bool,
    /// RESTRICT.
    pub restrict: Option<QName>,
    /// JOIN.
    pub join: Option<QName>,
    /// HASHES.
    pub hashes: bool,
    /// MERGES.
    pub merges: bool,
}

/// `s.+`: the name of an operator is never quoted.
pub fn spelled(name: &QName) -> String {
    format!("{}.{}", name.schema, name.name.as_str())
}

fn reference(name: Option<&QName>) -> Option<String> {
    name.map(|name| format!("OPERATOR({})", spelled(name)))
}

fn peer(name: &QName, operands: &[String]) -> ObjectId {
    ObjectId { kind: Kind::Operator, key: Key::Routine(name.clone(), operands.to_vec()) }
}

/// Whether PostgreSQL makes a link to a commutator or negator by itself: both ends change when the other one comes or goes
/// (`OperatorUpd` in src/backend/catalog/pg_operator.c).
fn follows(from: Option<&QName>, to: Option<&QName>, operands: &[String], cx: &Cx<'_>) -> bool {
    let goes = |old: &QName| !cx.stays(&peer(old, operands));
    let comes = |new: &QName| !cx.stays(&peer(new, operands));
    from == to || from.is_none_or(goes) && to.is_none_or(comes)
}

impl ObjectDef for Operator {
    const KIND: Kind = Kind::Operator;
    const QUERY: &'static str = include_str!("operator.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let operands = vec![row.get("left_type")?, row.get("right_type")?];
        let id = ObjectId { kind: Kind::Operator, key: Key::Routine(row.qname("nspname", "oprname")?, operands) };
        let object = Self {
            function: row.qname("code_schema", "code_name")?,
            commutator: row.opt_qname("commutator_schema", "commutator_name")?,
            negator: row.opt_qname("negator_schema", "negator_name")?,
            commutator_is_shell: row.get("commutator_is_shell")?,
            negator_is_shell: row.get("negator_is_shell")?,
            restrict: row.opt_qname("restrict_schema", "restrict_name")?,
            join: row.opt_qname("join_schema", "join_name")?,
            hashes: row.get("oprcanhash")?,
            merges: row.get("oprcanmerge")?,
        };
        Ok(Some(Found::new(id, object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        // Shells come by themselves.
        let Self { function, commutator, negator, commutator_is_shell: _, negator_is_shell: _, restrict, join, hashes, merges } = self;
        let Key::Routine(name, operands) = &id.key else { return Vec::new() };
        let operand = |n: usize| operands.get(n).filter(|operand| *operand != "NONE").cloned();
        let mut clauses = vec![plain::definition([
            ("FUNCTION", Some(function.to_string())),
            ("LEFTARG", operand(0)),
            ("RIGHTARG", operand(1)),
            ("COMMUTATOR", reference(commutator.as_ref())),
            ("NEGATOR", reference(negator.as_ref())),
            ("RESTRICT", restrict.as_ref().map(QName::to_string)),
            ("JOIN", join.as_ref().map(QName::to_string)),
        ])];
        clauses.extend(hashes.then(|| "HASHES".to_owned()));
        clauses.extend(merges.then(|| "MERGES".to_owned()));
        plain::create(id, format!("CREATE OPERATOR {} ({})", spelled(name), clauses.join(", ")))
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { function, commutator, negator, commutator_is_shell, negator_is_shell, restrict, join, hashes, merges } = pair.to;
        let Key::Routine(_, operands) = &id.key else { return Change::Replace };
        let from = pair.from;
        let turned: Vec<String> = operands.iter().rev().cloned().collect();
        let linked = follows(from.commutator.as_ref(), commutator.as_ref(), &turned, cx)
            && follows(from.negator.as_ref(), negator.as_ref(), operands, cx);
        // A shell is filled by defining it, but what is dropped leaves none.
        let emptied = *commutator_is_shell && !from.commutator_is_shell || *negator_is_shell && !from.negator_is_shell;
        if emptied || from.function != *function || from.hashes != *hashes || from.merges != *merges || !linked {
            return Change::Replace;
        }
        let changed = |key, from: &Option<QName>, to: &Option<QName>| {
            (from != to).then(|| format!("{key} = {}", to.as_ref().map_or_else(|| "NONE".to_owned(), QName::to_string)))
        };
        let clauses: Vec<String> =
            [changed("RESTRICT", &from.restrict, restrict), changed("JOIN", &from.join, join)].into_iter().flatten().collect();
        if clauses.is_empty() {
            return Change::InPlace(Vec::new());
        }
        Change::InPlace(vec![plain::change(id, &format!("SET ({})", clauses.join(", ")))])
    }

    /// The shells that it left behind go too, unless someone has filled them.
    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let mut steps = plain::drop(id);
        let Key::Routine(_, operands) = &id.key else { return steps };
        let turned: Vec<String> = operands.iter().rev().cloned().collect();
        let commutator = self.commutator.as_ref().filter(|_| self.commutator_is_shell).map(|name| peer(name, &turned));
        let negator = self.negator.as_ref().filter(|_| self.negator_is_shell).map(|name| peer(name, operands));
        let shells: BTreeSet<ObjectId> = commutator.into_iter().chain(negator).collect();
        steps.extend(shells.iter().filter(|shell| !cx.to.contains(shell)).flat_map(plain::drop));
        steps
    }

    stands_alone!(keeping drop);
}
