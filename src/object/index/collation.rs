//! Which collation a key has by itself, so that it need not be said.

use pg_query::NodeEnum;
use pg_query::protobuf::AExprKind;

use crate::analyze::overload::is_builtin_operator;
use crate::analyze::type_called;
use crate::model::{ObjectId, QName};
use crate::object::{Kind, Object, Session};
use crate::sql::walk::{NodeRef, Walk};
use crate::sql::{Name, is_builtin_function, parse_expr};

use super::element::{IndexElement, Indexed};

/// Whether what an element says is the collation that its column or expression has anyway (`pg_get_indexdef_worker`, src/backend/utils/adt/ruleutils.c).
pub fn goes_without_saying(element: &IndexElement, relation: &ObjectId, session: &Session) -> bool {
    let Some(collation) = &element.collation else { return false };
    match &element.indexed {
        Indexed::Column(name) => of_column(relation, name.as_str(), session).as_ref() == Some(collation),
        Indexed::Expression(expr) => *collation == by_default() && is_by_default(&expr.sql, relation, session),
    }
}

fn by_default() -> QName {
    QName::new("pg_catalog", "default")
}

fn of_column(relation: &ObjectId, name: &str, session: &Session) -> Option<QName> {
    let Object::Column(column) = session.catalog.object(&session.find_column(relation, name)?)? else { return None };
    Some(column.collation.clone().unwrap_or_else(|| of_type(&column.type_name.0, session)))
}

/// That of a type as `format_type` spells it; an array has that of its elements.
fn of_type(name: &str, session: &Session) -> QName {
    let name = name.trim_end_matches("[]");
    session.collation_of_type(type_called(&session.catalog, name).map(|(id, _)| id), name)
}

/// Whether an expression has, if any, the database's own collation: whether all its parts have (`assign_collations_walker`,
/// src/backend/parser/parse_collate.c). Of fields, and of functions and operators that are not PostgreSQL's own, it is not known.
fn is_by_default(expr: &str, relation: &ObjectId, session: &Session) -> bool {
    let Ok(node) = parse_expr(expr) else { return false };
    let mut all = true;
    node.walk(&mut |node: NodeRef<'_>| {
        all &= match node {
            NodeRef::CollateClause(_) => false,
            NodeRef::ColumnRef(column) => {
                let name = Name::of(&column.fields);
                name.is_some_and(|name| of_column(relation, &name.name, session) == Some(by_default()))
            }
            NodeRef::TypeCast(cast) => {
                let cast_to = cast.type_name.as_ref().and_then(|name| session.type_without_modifier(name).ok());
                cast_to.is_some_and(|(name, _)| of_type(&name.0, session) == by_default())
            }
            NodeRef::FuncCall(call) => Name::of(&call.funcname).is_some_and(|name| is_systems_own(&name, Kind::Function, session)),
            // What is written without an operator gives truth, or what its arguments are.
            NodeRef::AExpr(call) if call.kind() != AExprKind::AexprOp => true,
            NodeRef::AExpr(call) => Name::of(&call.name).is_some_and(|name| is_systems_own(&name, Kind::Operator, session)),
            // Elements have the collation of their array, fields that of their column.
            NodeRef::AIndirection(of) => of.indirection.iter().all(|step| matches!(step.node, Some(NodeEnum::AIndices(_)))),
            _ => true,
        };
        all
    });
    all
}

/// Whether only a function or an operator of PostgreSQL's own can be meant.
fn is_systems_own(name: &Name, kind: Kind, session: &Session) -> bool {
    let named = match kind {
        Kind::Operator => is_builtin_operator(&name.name),
        _ => is_builtin_function(&name.name),
    };
    let made = |name: &QName| session.catalog.named(name, &[kind]).next().is_some();
    match &name.schema {
        Some(schema) => schema == "pg_catalog",
        None => named && !session.candidates("", &name.name).iter().any(made),
    }
}
