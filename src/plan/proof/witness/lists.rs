//! Lists of column names behind an alias in FROM (`t AS x (a, b)`, and whatever function gives rows), which the server prints by the places
//! of the columns: two databases that have these in another order are compared by what each column is called.

use std::collections::BTreeSet;

use super::{Photograph, RowAddress};
use crate::analyze::{by_column as list_by_column, spelled};
use crate::model::{QName, quote_ident};
use crate::object::column_list::{given_back, may_have};
use crate::object::expressions::parse;
use crate::sql::literal::{items, names, string_node};
use crate::sql::protobuf::{Alias, JoinExpr, RangeFunction, RangeVar};
use crate::sql::walk::{NodeMut, Walk, clear_positions};
use crate::sql::{Name, Node, NodeEnum};

/// Whether two texts are the same but for the places that columns have in such lists, each by the photograph that it is from.
pub(super) fn same(left: (&str, &Photograph), right: (&str, &Photograph)) -> bool {
    may_have(left.0) && may_have(right.0) && by_column(left).is_some_and(|tree| Some(tree) == by_column(right))
}

/// The tree of a text, with the lists by column.
fn by_column((text, photograph): (&str, &Photograph)) -> Option<Node> {
    let mut tree = parse(text)?;
    clear_positions(&mut tree);
    tree.walk_mut(&mut |node: NodeMut<'_>| {
        match node {
            NodeMut::RangeVar(relation) => {
                let order = of_relation(photograph, relation);
                relation.alias.as_mut().into_iter().for_each(|alias| respell(alias, order.as_deref()));
            }
            NodeMut::JoinExpr(join) => {
                let order = of_join(photograph, join);
                join.alias.as_mut().into_iter().for_each(|alias| respell(alias, order.as_deref()));
            }
            NodeMut::RangeFunction(function) => {
                let order = returned(photograph, function);
                respell(function.alias.get_or_insert_default(), order.as_deref());
            }
            _ => {}
        }
        true
    });
    Some(tree)
}

/// The columns of a relation in their order, as the witness spells them.
fn order(photograph: &Photograph, relation: &str) -> Option<Vec<String>> {
    let address = RowAddress::new("pg_class", relation);
    Some(photograph.rows.get(&address)?.get("order of columns")?.split(", ").map(str::to_owned).collect())
}

fn of_relation(photograph: &Photograph, relation: &RangeVar) -> Option<Vec<String>> {
    order(photograph, &QName::new(relation.schemaname.as_str(), relation.relname.as_str()).to_string())
}

/// The columns of what is joined, those of the left side first; not where USING merges some.
fn of_join(photograph: &Photograph, join: &JoinExpr) -> Option<Vec<String>> {
    if join.is_natural || !join.using_clause.is_empty() {
        return None;
    }
    let mut columns = of_item(photograph, join.larg.as_deref()?)?;
    columns.extend(of_item(photograph, join.rarg.as_deref()?)?);
    Some(columns)
}

/// The columns of an item of FROM, as they are called behind it.
fn of_item(photograph: &Photograph, item: &Node) -> Option<Vec<String>> {
    let (columns, alias) = match item.node.as_ref()? {
        NodeEnum::RangeVar(relation) => (of_relation(photograph, relation)?, relation.alias.as_ref()),
        NodeEnum::RangeFunction(function) => (returned(photograph, function)?, function.alias.as_ref()),
        NodeEnum::JoinExpr(join) => (of_join(photograph, join)?, join.alias.as_ref()),
        _ => return None,
    };
    let mut given = alias.map(|alias| names(&alias.colnames)).unwrap_or_default().into_iter();
    Some(columns.into_iter().map(|column| given.next().map_or(column, |name| quote_ident(&name))).collect())
}

/// The columns of what a function gives, where all of its name give the same.
fn returned(photograph: &Photograph, function: &RangeFunction) -> Option<Vec<String>> {
    let [only] = function.functions.as_slice() else { return None };
    let Some(NodeEnum::FuncCall(call)) = items(only).first().and_then(|node| node.node.as_ref()) else { return None };
    let name = Name::of(&call.funcname)?;
    if name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog") {
        let mut columns = order(photograph, &taken(&name.name, call.args.first()?)?)?;
        columns.extend(function.ordinality.then(|| "ordinality".to_owned()));
        return Some(columns);
    }
    let start = format!("{}(", QName::new(name.schema?.as_str(), name.name.as_str()));
    let first = RowAddress::new("pg_proc", &start);
    let named =
        photograph.rows.range(first..).take_while(|(address, _)| address.catalog == "pg_proc" && address.object.starts_with(&start));
    let types: BTreeSet<Option<&str>> = named.map(|(_, row)| row.get("prorettype")).collect();
    let mut columns = match types.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(only)] => order(photograph, only)?,
        _ => return None,
    };
    columns.extend(function.ordinality.then(|| "ordinality".to_owned()));
    Some(columns)
}

/// The type whose columns a function of `pg_catalog` gives, where a cast says it.
fn taken(name: &str, argument: &Node) -> Option<String> {
    let said = |node: &Node| match &node.node {
        Some(NodeEnum::TypeCast(cast)) => spelled(cast.type_name.as_ref()?),
        _ => None,
    };
    let of = match &argument.node {
        Some(NodeEnum::AArrayExpr(array)) => format!("{}[]", said(array.elements.first()?)?),
        _ => said(argument)?,
    };
    given_back(name, of)
}

/// What is called otherwise than the column is, by the column.
fn respell(alias: &mut Alias, order: Option<&[String]>) {
    let given = names(&alias.colnames);
    let Some(order) = order.filter(|order| order.len() >= given.len()) else { return };
    let called = list_by_column(order, given.iter().map(|given| quote_ident(given)));
    alias.colnames = called.iter().map(|name| string_node(name)).collect();
}
