//! Functions in FROM: ROWS FROM and what can be said without it.

use pg_query::protobuf::{List, RangeFunction};
use pg_query::{Node, NodeEnum};

use super::tree::catalog_name;
use crate::sql::literal::{items, names};

/// One form of what stands in FROM: each array of `unnest` by itself (`transformRangeFunction` of src/backend/parser/parse_clause.c), and the
/// columns of a single function behind its alias, by the names that this gives them (`get_from_clause_item` of
/// src/backend/utils/adt/ruleutils.c).
pub fn one_form(item: &mut RangeFunction) {
    // What more than one function is behind it says as much.
    (item.lateral, item.is_rowsfrom) = (false, false);
    if item.coldeflist.is_empty() {
        item.functions = item.functions.iter().flat_map(|function| apart(function).unwrap_or_else(|| vec![function.clone()])).collect();
    }
    let [function] = item.functions.as_mut_slice() else { return };
    let Some(NodeEnum::List(function)) = function.node.as_mut() else { return };
    let Some(NodeEnum::List(definitions)) = function.items.get_mut(1).and_then(|definitions| definitions.node.as_mut()) else { return };
    if item.ordinality || !item.coldeflist.is_empty() {
        return;
    }
    item.coldeflist = std::mem::take(&mut definitions.items);
    let given = item.alias.as_ref().map(|alias| names(&alias.colnames)).unwrap_or_default();
    for (definition, name) in item.coldeflist.iter_mut().zip(given) {
        if let Some(NodeEnum::ColumnDef(column)) = definition.node.as_mut() {
            column.colname = name;
        }
    }
    if let Some(definitions) = function.items.get_mut(1) {
        *definitions = Node { node: None };
    }
}

/// `unnest(a, b)` as `unnest(a)` and `unnest(b)`.
fn apart(function: &Node) -> Option<Vec<Node>> {
    let [Node { node: Some(NodeEnum::FuncCall(call)) }, rest @ ..] = items(function) else { return None };
    if catalog_name(&call.funcname) != Some("unnest") || call.args.len() < 2 {
        return None;
    }
    let one = |arg: &Node| {
        let mut single = call.clone();
        single.args = vec![arg.clone()];
        let items = [Node { node: Some(NodeEnum::FuncCall(single)) }].into_iter().chain(rest.iter().cloned()).collect();
        Node { node: Some(NodeEnum::List(List { items })) }
    };
    Some(call.args.iter().map(one).collect())
}
