//! Conditions of DO blocks that ask whether something is not there yet: `IF NOT EXISTS (SELECT .. FROM pg_type WHERE typname = 'x')`,
//! `IF to_regclass('x') IS NULL`. Where nothing at all has the name that is asked for, they hold, whatever else they say.

use crate::analyze::is_relation_of_system;
use crate::model::{Catalog, Ident, ObjectId};
use crate::object::{Kind, extension};
use crate::sql::literal::{names, string};
use crate::sql::protobuf::{AExprKind, BoolExprType, JoinType, NullTestType, SelectStmt, SetOperation, SubLinkType};
use crate::sql::{self, Node, NodeEnum};

/// What must not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A type of this name.
    Type(String),
    /// A relation of this name.
    Relation(String),
    /// A constraint of this name.
    Constraint(String),
    /// A trigger or policy of this name.
    OnRelation(String),
    /// A column of this name on a relation of that name.
    Column { relation: String, column: String },
}

impl Guard {
    /// Reads a condition; `None` where it is another.
    pub fn read(condition: &str) -> Option<Self> {
        match sql::parse_expr(condition).ok()?.node? {
            NodeEnum::BoolExpr(not) if not.boolop() == BoolExprType::NotExpr => Self::of_exists(not.args.first()?),
            NodeEnum::NullTest(test) if test.nulltesttype() == NullTestType::IsNull => Self::of_call(test.arg.as_deref()?),
            _ => None,
        }
    }

    fn of_exists(node: &Node) -> Option<Self> {
        let Some(NodeEnum::SubLink(link)) = &node.node else { return None };
        match &link.subselect.as_ref()?.node {
            Some(NodeEnum::SelectStmt(select)) if link.sub_link_type() == SubLinkType::ExistsSublink => Self::of_query(select),
            _ => None,
        }
    }

    fn of_call(node: &Node) -> Option<Self> {
        let Some(NodeEnum::FuncCall(call)) = &node.node else { return None };
        let name = sql::parse_qualified_name(string(call.args.first()?)?)?.pop()?;
        match names(&call.funcname).pop()?.as_str() {
            "to_regclass" => Some(Self::Relation(name)),
            "to_regtype" => Some(Self::Type(name)),
            _ => None,
        }
    }

    /// One thing that every row of the query must be called, whatever else is asked of it: only inner joins, and AND.
    fn of_query(select: &SelectStmt) -> Option<Self> {
        let is_plain = select.op() == SetOperation::SetopNone
            && select.group_clause.is_empty()
            && select.having_clause.is_none()
            && select.with_clause.is_none()
            && !select.target_list.iter().any(aggregates)
            && select.from_clause.iter().all(is_inner);
        let asked = equalities(select.where_clause.as_deref().filter(|_| is_plain)?);
        let value = |fields: &[&str]| asked.iter().find(|(field, _)| fields.contains(&field.as_str())).map(|(_, value)| value.clone());
        let relation =
            || value(&["relname", "table_name", "tablename", "viewname", "matviewname", "indexname", "sequencename", "sequence_name"]);
        if let Some(column) = value(&["column_name"]) {
            return Some(Self::Column { relation: value(&["table_name"])?, column });
        }
        value(&["conname", "constraint_name"])
            .map(Self::Constraint)
            .or_else(|| value(&["tgname", "trigger_name", "polname", "policyname"]).map(Self::OnRelation))
            .or_else(|| value(&["typname"]).map(Self::Type))
            .or_else(|| relation().map(Self::Relation))
    }

    /// Whether nothing of the name can be there.
    pub fn holds(&self, catalog: &Catalog) -> bool {
        let mut extensions = catalog.of_kind(Kind::Extension).filter_map(|(id, _)| id.name());
        if !extensions.all(|name| extension::members_known(name.as_str())) {
            return false;
        }
        match self {
            Self::Type(name) => {
                let brought = name.starts_with('_') || sql::types::is_builtin_type(name) || !extension::type_providers(name).is_empty();
                !brought && no_relation(name, catalog)
            }
            // Sequences of identity columns are parts of these here.
            Self::Relation(name) => !name.ends_with("_seq") && no_relation(name, catalog),
            // Partitions have copies of constraints, since 18 each NOT NULL has a name, and so have the checks of information_schema.
            Self::Constraint(name) => {
                let generated = ["_not_null", "_domain_check", "yes_or_no_check"].iter().any(|end| name.ends_with(end));
                !generated && is_free(name, catalog) && catalog.of_kind(Kind::Inheritance).next().is_none()
            }
            Self::OnRelation(name) => is_free(name, catalog) && catalog.of_kind(Kind::Inheritance).next().is_none(),
            Self::Column { relation, column } => {
                let column = Ident::new(column);
                let is_it =
                    |(id, _): (&ObjectId, _)| id.qname().is_some_and(|of| of.name.as_str() == relation) && id.name() == Some(&column);
                let views = [Kind::View, Kind::MaterializedView].into_iter().flat_map(|kind| catalog.of_kind(kind));
                !is_systems(relation)
                    && !catalog.of_kind(Kind::Column).any(is_it)
                    && !views.map(|(id, _)| id).any(|id| id.name().is_some_and(|name| name.as_str() == relation))
            }
        }
    }
}

fn no_relation(name: &str, catalog: &Catalog) -> bool {
    !is_systems(name) && extension::relation_providers(name).is_empty() && is_free(name, catalog)
}

fn is_systems(relation: &str) -> bool {
    relation.starts_with("pg_") || is_relation_of_system("information_schema", relation)
}

/// Whether no object of any kind, in any schema, has that name.
fn is_free(name: &str, catalog: &Catalog) -> bool {
    let name = Ident::new(name);
    !catalog.ids().any(|id| id.name() == Some(&name))
}

fn aggregates(target: &Node) -> bool {
    match &target.node {
        Some(NodeEnum::ResTarget(target)) => target.val.as_deref().is_some_and(aggregates),
        Some(NodeEnum::AConst(_) | NodeEnum::ColumnRef(_) | NodeEnum::AStar(_)) => false,
        _ => true,
    }
}

fn is_inner(item: &Node) -> bool {
    match &item.node {
        Some(NodeEnum::RangeVar(_)) => true,
        Some(NodeEnum::JoinExpr(join)) => {
            join.jointype() == JoinType::JoinInner && [&join.larg, &join.rarg].into_iter().all(|side| side.as_deref().is_some_and(is_inner))
        }
        _ => false,
    }
}

/// What stands beside AND as `field = 'value'`.
fn equalities(condition: &Node) -> Vec<(String, String)> {
    match &condition.node {
        Some(NodeEnum::BoolExpr(and)) if and.boolop() == BoolExprType::AndExpr => and.args.iter().flat_map(equalities).collect(),
        Some(NodeEnum::AExpr(expr)) if expr.kind() == AExprKind::AexprOp && names(&expr.name).pop().as_deref() == Some("=") => {
            let sides = expr.lexpr.as_deref().zip(expr.rexpr.as_deref());
            let pair = |(field, value): (&Node, &Node)| match &field.node {
                Some(NodeEnum::ColumnRef(column)) => names(&column.fields).pop().zip(string(value).map(str::to_owned)),
                _ => None,
            };
            sides.and_then(|(left, right)| pair((left, right)).or_else(|| pair((right, left)))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
