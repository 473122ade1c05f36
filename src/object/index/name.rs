//! The names that PostgreSQL gives to indexes and constraints that have none.

use super::element::{IndexElement, Indexed};
use crate::model::{Ident, QName};
use crate::object::Session;
use crate::sql::{Node, NodeEnum, literal, parse_expr, protobuf};

/// `FigureIndexColname` (src/backend/parser/parse_target.c): what an expression is called in the name of its index.
pub fn figure_name(node: &Node) -> Option<String> {
    figure(node).map(|(name, _)| name)
}

/// The name, and whether it is a good one: that of a type gives way to others.
fn figure(node: &Node) -> Option<(String, bool)> {
    let good = |name: &str| Some((name.to_owned(), true));
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(column) => good(literal::names(&column.fields).iter().rfind(|name| *name != "*")?),
        NodeEnum::AIndirection(indirection) => match literal::names(&indirection.indirection).iter().rfind(|name| *name != "*") {
            Some(name) => good(name),
            None => figure(indirection.arg.as_deref()?),
        },
        NodeEnum::FuncCall(call) => good(literal::names(&call.funcname).last()?),
        NodeEnum::AExpr(expr) if expr.kind() == protobuf::AExprKind::AexprNullif => good("nullif"),
        NodeEnum::TypeCast(cast) => match cast.arg.as_deref().and_then(figure) {
            Some((name, true)) => Some((name, true)),
            other => {
                let name = cast.type_name.as_ref().and_then(|name| literal::names(&name.names).pop());
                name.map(|name| (name, false)).or(other)
            }
        },
        NodeEnum::CollateClause(clause) => figure(clause.arg.as_deref()?),
        NodeEnum::CaseExpr(case) => match case.defresult.as_deref().and_then(figure) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        NodeEnum::AArrayExpr(_) => good("array"),
        NodeEnum::RowExpr(_) => good("row"),
        NodeEnum::CoalesceExpr(_) => good("coalesce"),
        NodeEnum::MinMaxExpr(expr) => good(if expr.op() == protobuf::MinMaxOp::IsGreatest { "greatest" } else { "least" }),
        NodeEnum::XmlSerialize(_) => good("xmlserialize"),
        _ => None,
    }
}

/// `ChooseIndexColumnNames` (src/backend/commands/indexcmds.c): the columns of an index, INCLUDE's too, each name once.
pub fn column_names(elements: &[IndexElement], include: &[Ident]) -> Vec<String> {
    let keys = elements.iter().map(|element| match &element.indexed {
        Indexed::Column(name) => name.as_str().to_owned(),
        Indexed::Expression(expr) => {
            parse_expr(&expr.sql).ok().and_then(|node| figure_name(&node)).unwrap_or_else(|| "expr".to_owned())
        }
    });
    let mut names: Vec<String> = Vec::new();
    for name in keys.chain(include.iter().map(|name| name.as_str().to_owned())) {
        let mut unique = name.clone();
        let mut number = 0;
        while names.contains(&unique) {
            number += 1;
            unique = format!("{name}{number}");
        }
        names.push(unique);
    }
    names
}

/// `ChooseIndexNameAddition`: the columns' names, joined until they are too long.
pub fn addition(names: &[String]) -> String {
    let mut joined = String::new();
    for name in names {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(name);
        if joined.len() > crate::model::ident::MAX_IDENT_BYTES {
            break;
        }
    }
    joined
}

/// `ChooseIndexName`: `table_columns_idx`, `table_columns_key`, `table_pkey`.
pub fn choose(table: &QName, columns: Option<&[String]>, label: &str, is_constraint: bool, session: &Session) -> Ident {
    let second = columns.map(addition);
    Session::choose_name(table.name.as_str(), second.as_deref(), label, |name| {
        session.relation_name_taken(&table.schema, name)
            || is_constraint && session.catalog.constraints_named(&QName::new(table.schema.clone(), name.clone())).next().is_some()
    })
}

/// `ChooseConstraintName` (src/backend/catalog/pg_constraint.c): no other constraint of the schema has the name.
pub fn choose_constraint(table: &QName, second: Option<&str>, label: &str, session: &Session) -> Ident {
    Session::choose_name(table.name.as_str(), second, label, |name| {
        session.catalog.constraints_named(&QName::new(table.schema.clone(), name.clone())).next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expr;

    #[test]
    fn names_are_those_of_the_server() {
        let expression = |text: &str| IndexElement { indexed: Indexed::Expression(Expr::new(text)), ..IndexElement::column("".into()) };
        let elements = [
            expression("a + 1"),
            expression("lower(c)"),
            IndexElement::column("a".into()),
            expression("a + 2"),
            expression("a::text"),
            expression("1::int"),
            expression("CASE WHEN a > 0 THEN 1 END"),
            expression("COALESCE(a, 1)"),
        ];
        let names = column_names(&elements, &["c".into()]);
        assert_eq!(names, ["expr", "lower", "a", "expr1", "a1", "int4", "case", "coalesce", "c"]);
        assert_eq!(addition(&names), "expr_lower_a_expr1_a1_int4_case_coalesce_c");
    }
}
