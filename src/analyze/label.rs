//! What an output column is called that has no name: `FigureColname` of src/backend/parser/parse_target.c.

use pg_query::protobuf::{AExprKind, JsonExprOp, MinMaxOp, SqlValueFunctionOp, SubLinkType, XmlExprOp};
use pg_query::{Node, NodeEnum};

use crate::sql::literal::names;

/// The name of a column that nothing names.
pub const UNNAMED: &str = "?column?";

/// The name that an expression gives to its column.
pub fn label(node: &Node) -> String {
    figure_name(node).unwrap_or_else(|| UNNAMED.to_owned())
}

/// The same, where there is one. `FigureIndexColname` asks the same for the name of an index.
pub fn figure_name(node: &Node) -> Option<String> {
    figure(node).map(|(name, _)| name)
}

fn strong(name: &str) -> Option<(String, u8)> {
    Some((name.to_owned(), 2))
}

/// The name and how good it is: 1 for the type of a cast, 2 for a real name.
fn figure(node: &Node) -> Option<(String, u8)> {
    let last = |fields: &[Node]| names(fields).into_iter().rfind(|name| name != "*").map(|name| (name, 2));
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(column) => last(&column.fields),
        NodeEnum::AIndirection(indirection) => last(&indirection.indirection).or_else(|| indirection.arg.as_deref().and_then(figure)),
        NodeEnum::FuncCall(call) => last(&call.funcname),
        NodeEnum::AExpr(expr) if expr.kind() == AExprKind::AexprNullif => strong("nullif"),
        NodeEnum::TypeCast(cast) => {
            let inner = cast.arg.as_deref().and_then(figure).filter(|(_, strength)| *strength > 1);
            inner.or_else(|| Some((names(&cast.type_name.as_ref()?.names).pop()?, 1)))
        }
        NodeEnum::CollateClause(collate) => figure(collate.arg.as_deref()?),
        NodeEnum::GroupingFunc(_) => strong("grouping"),
        NodeEnum::MergeSupportFunc(_) => strong("merge_action"),
        NodeEnum::SubLink(link) => match link.sub_link_type() {
            SubLinkType::ExistsSublink => strong("exists"),
            SubLinkType::ArraySublink => strong("array"),
            SubLinkType::ExprSublink => match link.subselect.as_deref()?.node.as_ref()? {
                NodeEnum::SelectStmt(select) => match select.target_list.first()?.node.as_ref()? {
                    NodeEnum::ResTarget(target) if !target.name.is_empty() => strong(&target.name),
                    NodeEnum::ResTarget(target) => figure(target.val.as_deref()?),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        },
        NodeEnum::CaseExpr(case) => {
            let inner = case.defresult.as_deref().and_then(figure).filter(|(_, strength)| *strength > 1);
            inner.or_else(|| Some(("case".to_owned(), 1)))
        }
        NodeEnum::AArrayExpr(_) => strong("array"),
        NodeEnum::RowExpr(_) => strong("row"),
        NodeEnum::CoalesceExpr(_) => strong("coalesce"),
        NodeEnum::MinMaxExpr(expr) => strong(if expr.op() == MinMaxOp::IsGreatest { "greatest" } else { "least" }),
        NodeEnum::SqlvalueFunction(function) => value_function(function.op()).and_then(strong),
        NodeEnum::XmlExpr(expr) => xml(expr.op()).and_then(strong),
        NodeEnum::XmlSerialize(_) => strong("xmlserialize"),
        other => json(other).and_then(strong),
    }
}

/// The word of CURRENT_DATE and its kin.
pub const fn value_function(op: SqlValueFunctionOp) -> Option<&'static str> {
    use SqlValueFunctionOp as Op;
    Some(match op {
        Op::SvfopCurrentDate => "current_date",
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => "current_time",
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => "current_timestamp",
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => "localtime",
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => "localtimestamp",
        Op::SvfopCurrentRole => "current_role",
        Op::SvfopCurrentUser => "current_user",
        Op::SvfopUser => "user",
        Op::SvfopSessionUser => "session_user",
        Op::SvfopCurrentCatalog => "current_catalog",
        Op::SvfopCurrentSchema => "current_schema",
        Op::SqlvalueFunctionOpUndefined => return None,
    })
}

const fn xml(op: XmlExprOp) -> Option<&'static str> {
    Some(match op {
        XmlExprOp::IsXmlconcat => "xmlconcat",
        XmlExprOp::IsXmlelement => "xmlelement",
        XmlExprOp::IsXmlforest => "xmlforest",
        XmlExprOp::IsXmlparse => "xmlparse",
        XmlExprOp::IsXmlpi => "xmlpi",
        XmlExprOp::IsXmlroot => "xmlroot",
        XmlExprOp::IsXmlserialize => "xmlserialize",
        _ => return None,
    })
}

fn json(node: &NodeEnum) -> Option<&'static str> {
    Some(match node {
        NodeEnum::JsonParseExpr(_) => "json",
        NodeEnum::JsonScalarExpr(_) => "json_scalar",
        NodeEnum::JsonSerializeExpr(_) => "json_serialize",
        NodeEnum::JsonObjectConstructor(_) => "json_object",
        NodeEnum::JsonArrayConstructor(_) | NodeEnum::JsonArrayQueryConstructor(_) => "json_array",
        NodeEnum::JsonObjectAgg(_) => "json_objectagg",
        NodeEnum::JsonArrayAgg(_) => "json_arrayagg",
        NodeEnum::JsonFuncExpr(expr) => match expr.op() {
            JsonExprOp::JsonExistsOp => "json_exists",
            JsonExprOp::JsonQueryOp => "json_query",
            JsonExprOp::JsonValueOp => "json_value",
            _ => return None,
        },
        _ => return None,
    })
}
