//! The columns of relations, and of what functions in FROM give.

use pg_query::protobuf::{FuncCall, RangeFunction, TypeName};
use pg_query::{Node, NodeEnum};

use super::scope::Attr;
use super::types::Type;
use super::{column_id, extensions, overload};
use crate::model::{Catalog, Entry, ObjectId, QName};
use crate::object::routine::{Argument, Mode};
use crate::object::view::{Output, OutputColumn};
use crate::object::{Kind, Object};
use crate::sql::literal::items;
use crate::sql::{Name, parse_qualified_name, types};

/// The relation of a name that is written out in full.
pub fn relation_of(catalog: &Catalog, schema: &str, name: &str) -> Option<ObjectId> {
    catalog.relation(&QName::new(schema, name)).map(|(id, _)| id.clone())
}

/// The columns of a relation or composite type in order; `None` where the catalog does not know them.
pub fn attributes(catalog: &Catalog, relation: &ObjectId) -> Option<Vec<Attr>> {
    match catalog.object(relation)? {
        Object::Table(_) => Some(columns(catalog, relation, Kind::Column)),
        Object::Composite(_) => Some(columns(catalog, relation, Kind::Attribute)),
        Object::View(view) => outputs(relation, &view.columns),
        Object::MaterializedView(view) => outputs(relation, &view.columns),
        Object::Sequence(_) => Some(of_sequence()),
        _ => None,
    }
}

/// The columns that every sequence has.
pub fn of_sequence() -> Vec<Attr> {
    let attr = |name: &str, type_name: &str| Attr::new(name, Some(type_name.to_owned()));
    vec![attr("last_value", "bigint"), attr("log_cnt", "bigint"), attr("is_called", "boolean")]
}

fn outputs(view: &ObjectId, output: &Output) -> Option<Vec<Attr>> {
    let attr = |column: &OutputColumn| Attr {
        id: column_id(view, column.name.as_str()),
        ..Attr::new(column.name.as_str(), column.type_name.as_ref().map(|type_name| type_name.0.clone()))
    };
    (!output.0.is_empty()).then(|| output.0.iter().map(attr).collect())
}

fn columns(catalog: &Catalog, relation: &ObjectId, kind: Kind) -> Vec<Attr> {
    let mut found: Vec<(i32, Attr)> = catalog
        .children_of(relation, kind)
        .filter_map(|(id, entry)| {
            let (position, type_name) = match &entry.object {
                Object::Column(column) => (column.position.0, &column.type_name.0),
                Object::Attribute(attribute) => (attribute.position.0, &attribute.type_name.0),
                _ => return None,
            };
            let name = id.name()?.as_str().to_owned();
            Some((position, Attr { name, id: Some(id.clone()), type_name: Some(type_name.clone()) }))
        })
        .collect();
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, attr)| attr).collect()
}

/// The fields of a composite type, or the columns of a relation whose rows the type has.
pub fn fields_of_type(catalog: &Catalog, type_name: &str) -> Option<Vec<Attr>> {
    attributes(catalog, type_called(catalog, type_name)?.0)
}

/// The type of a name that is written out.
pub fn type_called<'c>(catalog: &'c Catalog, type_name: &str) -> Option<(&'c ObjectId, &'c Entry)> {
    let parts = parse_qualified_name(type_name)?;
    let [schema, name] = parts.as_slice() else { return None };
    catalog.type_named(&QName::new(schema.as_str(), name.as_str()))
}

/// The columns of functions in FROM; `alias` is the name that is given to the whole.
pub fn function_columns(catalog: &Catalog, item: &RangeFunction, alias: Option<&str>) -> Option<Vec<Attr>> {
    let mut attrs = Vec::new();
    for function in &item.functions {
        let (call, definitions) = match items(function) {
            [call, definitions] => (call, Some(definitions)),
            [call] => (call, None),
            _ => return None,
        };
        let inner = definitions.map(items).unwrap_or_default();
        let definitions = if inner.iter().any(|node| matches!(node.node, Some(NodeEnum::ColumnDef(_)))) { inner } else { &item.coldeflist };
        if definitions.iter().any(|node| node.node.is_some()) {
            attrs.extend(definitions.iter().filter_map(definition));
        } else {
            let alias = if item.functions.len() == 1 { alias } else { None };
            attrs.extend(called(catalog, call, alias)?);
        }
    }
    if item.ordinality {
        attrs.push(Attr::new("ordinality", Some("bigint".to_owned())));
    }
    Some(attrs)
}

fn definition(node: &Node) -> Option<Attr> {
    let Some(NodeEnum::ColumnDef(column)) = &node.node else { return None };
    Some(Attr::new(column.colname.as_str(), column.type_name.as_ref().and_then(spelled)))
}

/// As `format_type` spells it.
pub fn spelled(name: &TypeName) -> Option<String> {
    let spelling = types::spell(name).ok()?;
    Some(spelling.builtin().unwrap_or_else(|| spelling.qualified(spelling.schema.as_deref().unwrap_or_default())))
}

fn called(catalog: &Catalog, node: &Node, alias: Option<&str>) -> Option<Vec<Attr>> {
    let Some(NodeEnum::FuncCall(call)) = &node.node else {
        // CURRENT_USER and its kin, casts: one column.
        let name = alias.map_or_else(|| super::label(node), str::to_owned);
        return Some(vec![Attr::new(name, None)]);
    };
    let Name { schema, name } = Name::of(&call.funcname)?;
    let scalar = |type_name: Option<String>| vec![Attr::new(alias.unwrap_or(&name), type_name)];
    let Some(schema) = schema.filter(|schema| schema != "pg_catalog") else {
        return builtin(&name, call, alias);
    };
    let own = catalog.routines_named(&QName::new(schema.as_str(), name.as_str())).find_map(|id| match catalog.object(id) {
        Some(Object::Function(function)) if takes(&function.arguments, call) => Some(function),
        _ => None,
    });
    let Some(function) = own else {
        let columns = extensions::columns(catalog, &schema, &name, call.args.len())?;
        return Some(if columns.is_empty() { scalar(None) } else { known_columns(columns) });
    };
    let outputs: Vec<&Argument> = function.arguments.iter().filter(|argument| argument.mode.is_output()).collect();
    match outputs.as_slice() {
        [] => match composite(catalog, &function.returns) {
            Some(id) => attributes(catalog, &id),
            None if function.returns.ends_with("record") => None,
            None => Some(scalar(Some(function.returns.trim_start_matches("SETOF ").to_owned()))),
        },
        // A single OUT argument makes a scalar, and its name wins over the alias (`chooseScalarFunctionAlias`, parse_relation.c).
        [one] if one.mode != Mode::Table => {
            let name = one.name.as_ref().map_or_else(|| alias.unwrap_or(&name), |name| name.as_str());
            Some(vec![Attr::new(name, Some(one.type_name.0.clone()))])
        }
        _ => Some(
            outputs
                .iter()
                .enumerate()
                .map(|(at, argument)| {
                    let name = argument.name.as_ref().map_or_else(|| format!("column{}", at + 1), |name| name.as_str().to_owned());
                    Attr::new(name, Some(argument.type_name.0.clone()))
                })
                .collect(),
        ),
    }
}

fn takes(arguments: &[Argument], call: &FuncCall) -> bool {
    let inputs = || arguments.iter().filter(|argument| argument.mode.is_input());
    let all = inputs().count();
    let needed = inputs().filter(|argument| argument.default.is_none()).count();
    let variadic = inputs().any(|argument| argument.mode == Mode::Variadic);
    (needed..=all).contains(&call.args.len()) || variadic && call.args.len() + 1 >= all
}

/// The relation or composite type that a function returns rows of.
pub(super) fn composite(catalog: &Catalog, returns: &str) -> Option<ObjectId> {
    let (id, entry) = type_called(catalog, returns.trim_start_matches("SETOF "))?;
    matches!(entry.object, Object::Table(_) | Object::View(_) | Object::MaterializedView(_) | Object::Composite(_)).then(|| id.clone())
}

/// The columns of functions of `pg_catalog`: those that give several are known by name, and of the others only some give one.
fn builtin(name: &str, call: &FuncCall, alias: Option<&str>) -> Option<Vec<Attr>> {
    let single = |type_name| Some(vec![Attr::new(alias.unwrap_or(name), type_name)]);
    match name {
        "generate_series" => single(None),
        // Elements may be rows, which give several columns; those of arrays of PostgreSQL's own types are none.
        "unnest" if call.args.len() == 1 && call.args.first().is_some_and(is_plain_array) => single(None),
        "unnest" if call.args.len() > 1 && call.args.iter().all(is_plain_array) => {
            Some(call.args.iter().map(|_| Attr::new(name, None)).collect())
        }
        _ => {
            let columns = overload::builtin_columns(name, call.args.len())?;
            if columns.is_empty() {
                return single(None);
            }
            Some(known_columns(columns))
        }
    }
}

fn known_columns(columns: Vec<(&str, Type)>) -> Vec<Attr> {
    columns.into_iter().map(|(name, of)| Attr::new(name, Some(of.display()))).collect()
}

fn is_plain_array(node: &Node) -> bool {
    match &node.node {
        Some(NodeEnum::TypeCast(cast)) => {
            cast.type_name.as_ref().and_then(|name| types::spell(name).ok()).is_some_and(|spelling| spelling.builtin().is_some())
        }
        Some(NodeEnum::AArrayExpr(array)) => array.elements.iter().all(|element| match &element.node {
            Some(NodeEnum::AConst(_)) => true,
            Some(NodeEnum::TypeCast(_)) => is_plain_array(element),
            _ => false,
        }),
        Some(NodeEnum::FuncCall(call)) => Name::of(&call.funcname)
            .is_some_and(|name| matches!(name.name.as_str(), "string_to_array" | "regexp_split_to_array" | "regexp_matches")),
        _ => false,
    }
}
