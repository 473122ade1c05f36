//! Operators. Key: `Key::Routine` with the types of both operands, `NONE` for the left one of a prefix operator. A shell, which
//! stands for a commutator or negator that nobody has defined yet, is no object.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterOperatorStmt, DefElem, ObjectType};
use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::plain_interpret::{function, parts_of, split};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, address, rename};
use crate::model::{Expr, Key, ObjectId, Pair, QName, Step};
use crate::sql::literal;

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
    ObjectId::new(Kind::Operator, Key::Routine(name.clone(), operands.to_vec()))
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
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_operator", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let operands = vec![row.get("left_type")?, row.get("right_type")?];
        let id = ObjectId::new(Kind::Operator, Key::Routine(row.qname("nspname", "oprname")?, operands));
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

    fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
        let functions = [&mut self.function].into_iter().chain(&mut self.restrict).chain(&mut self.join);
        rename::follow(Kind::Function, functions, from, to);
        let (Key::Routine(_, operands), Some(new)) = (&id.key, to.qname()) else { return };
        let turned: Vec<String> = operands.iter().rev().cloned().collect();
        for (link, operands) in [(&mut self.commutator, turned.as_slice()), (&mut self.negator, operands.as_slice())] {
            if let Some(name) = link.as_mut().filter(|name| peer(name, operands) == *from) {
                name.clone_from(new);
            }
        }
    }

    stands_alone!(keeping drop);
}

/// ALTER OPERATOR .. SET.
///
/// # Errors
/// Where the operator, or a function or operator that it shall have, does not exist.
pub fn interpret_alter(stmt: &AlterOperatorStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(named) = &stmt.opername else { return Err(DdlError::Unsupported("ALTER OPERATOR without a name".to_owned())) };
    let node = pg_query::Node { node: Some(NodeEnum::ObjectWithArgs(named.clone())) };
    let id = address::resolve(session, ObjectType::ObjectOperator, &node)?;
    let mut entry = session.catalog.get(&id).cloned().ok_or_else(|| DdlError::Missing { what: "operator", name: id.spelled() })?;
    let Object::Operator(operator) = &mut entry.object else { return Ok(()) };
    for option in literal::def_elems(&stmt.options) {
        match option.defname.as_str() {
            "restrict" => operator.restrict = estimator(option, session, &mut entry.needs)?,
            "join" => operator.join = estimator(option, session, &mut entry.needs)?,
            "commutator" => operator.commutator = partner(option, session),
            "negator" => operator.negator = partner(option, session),
            "hashes" => operator.hashes = literal::flag(option)?,
            "merges" => operator.merges = literal::flag(option)?,
            other => return Err(DdlError::Invalid(format!("operator attribute \"{other}\" cannot be changed"))),
        }
    }
    let (made, Key::Routine(name, operands)) = (operator.clone(), &id.key) else { return Ok(()) };
    session.catalog.insert(id.clone(), entry);
    let [left, right] = operands.as_slice() else { return Ok(()) };
    link(&made, name, [left, right], session);
    Ok(())
}

fn estimator(option: &DefElem, session: &Session, needs: &mut crate::model::IdSet) -> Result<Option<QName>, DdlError> {
    let Some(node) = option.arg.as_deref() else { return Ok(None) };
    let (name, own) = function(&parts_of(node), session)?;
    needs.extend(own);
    Ok(Some(name))
}

fn partner(option: &DefElem, session: &Session) -> Option<QName> {
    let parts = option.arg.as_deref().map(parts_of).unwrap_or_default();
    let (schema, name) = split(&parts);
    let there = |name: &QName| session.catalog.named(name, &[Kind::Operator]).next().is_some();
    session.candidates(schema, name).into_iter().find(there).or_else(|| Some(QName::new("pg_catalog", name)))
}

/// The partner gets it for its own (`OperatorUpd`).
fn link(made: &Operator, name: &QName, [left, right]: [&String; 2], session: &mut Session) {
    let turned = [right.clone(), left.clone()];
    let straight = [left.clone(), right.clone()];
    if let Some(partner) = made.commutator.as_ref().map(|partner| peer(partner, &turned))
        && let Some(Object::Operator(partner)) = session.catalog.get_mut(&partner).map(|entry| &mut entry.object)
    {
        partner.commutator = Some(name.clone());
    }
    if let Some(partner) = made.negator.as_ref().map(|partner| peer(partner, &straight))
        && let Some(Object::Operator(partner)) = session.catalog.get_mut(&partner).map(|entry| &mut entry.object)
    {
        partner.negator = Some(name.clone());
    }
}
