//! What makes two spellings one: the canonical form of expressions and queries, for when no server has made both sides alike.
//!
//! A tree is brought to the form that says least: aliases are numbers, syntax that stands for operators and functions is written as
//! such, and a cast goes where the same operator or function would be chosen without it (`analyze::overload`), so that it says
//! nothing. What is left decides equality. It is never run.

mod calls;
mod expr;
mod literal;
mod tree;
mod typing;

use std::collections::BTreeMap;

use pg_query::{Node, NodeEnum};

use crate::analyze::types::Type;
use crate::analyze::{Analyzer, Attr, Scope};
use crate::model::{Catalog, Key, ObjectId};
use crate::object::Kind;
use crate::object::expressions::{Place, parse, places, spell, view_query};
use crate::sql::walk::{NodeMut, Walk, clear_positions};
use crate::sql::{self, protobuf};
use tree::Canon;

/// Sets the canonical form of every expression of a catalog.
pub fn canonicalize(catalog: &mut Catalog) {
    let outputs = view_outputs(catalog);
    let mut keys: Vec<(ObjectId, Vec<String>)> = Vec::new();
    for (id, entry) in catalog.iter() {
        let mut object = entry.object.clone();
        let exprs = object.exprs();
        if exprs.is_empty() {
            continue;
        }
        let places = places(catalog, id, &entry.object);
        let texts = exprs.iter().enumerate().map(|(at, expr)| {
            let mut place = places.get(at).cloned().unwrap_or_default();
            if id.kind == Kind::ViewColumn {
                place.assigned = view_column_type(&outputs, id);
            }
            canonical(catalog, &outputs, &place, &expr.sql)
        });
        keys.push((id.clone(), texts.collect()));
    }
    let mut keys: BTreeMap<ObjectId, Vec<String>> = keys.into_iter().collect();
    for (id, entry) in catalog.iter_mut() {
        if let Some(keys) = keys.remove(id) {
            for (expr, key) in entry.object.exprs().into_iter().zip(keys) {
                expr.set_key(key);
            }
        }
    }
}

/// The type of a view's column, which its default is made to.
fn view_column_type(outputs: &BTreeMap<ObjectId, Vec<Attr>>, id: &ObjectId) -> Option<String> {
    let views = [Kind::View, Kind::MaterializedView].map(|kind| Some(ObjectId::in_schema(kind, id.qname()?.clone())));
    let attrs = views.into_iter().flatten().find_map(|view| outputs.get(&view))?;
    attrs.iter().find(|attr| id.name().is_some_and(|name| name.as_str() == attr.name))?.type_name.clone()
}

/// The canonical form of one text; itself where it is none that the parser takes.
fn canonical(catalog: &Catalog, outputs: &BTreeMap<ObjectId, Vec<Attr>>, place: &Place<'_>, text: &str) -> String {
    let Some(mut tree) = parse(text) else { return text.to_owned() };
    clear_positions(&mut tree);
    let mut analyzer = Analyzer::new(catalog, &place.scope, Canon::new(catalog, matches!(place.scope, Scope::Rows(_))));
    analyzer.outputs = Some(outputs);
    analyzer.query(&mut tree);
    tree::select_values(&mut tree);
    if let Some(type_name) = &place.assigned {
        analyzer.hook.assign(&mut tree, type_name);
    }
    if let Some(names) = &place.columns {
        tree::name_targets(&mut tree, names);
    }
    finish(&mut tree);
    // Not every tree has a spelling, and the tree itself will do.
    spell(&tree).unwrap_or_else(|_| serde_json::to_string(&tree).unwrap_or_else(|_| text.to_owned()))
}

/// What the analysis of types tells of a tree whose names are written out.
#[derive(Debug, Default)]
pub struct Typed {
    /// The columns that a query gives, with their types.
    pub output: Option<Vec<Attr>>,
    /// The functions of the catalog that are called.
    pub called: Vec<ObjectId>,
}

/// Finds the types in a tree, and what only they can tell.
pub fn typed(catalog: &Catalog, outputs: &BTreeMap<ObjectId, Vec<Attr>>, scope: &Scope<'_>, tree: &Node) -> Typed {
    let mut tree = tree.clone();
    clear_positions(&mut tree);
    let mut analyzer = Analyzer::new(catalog, scope, Canon::new(catalog, matches!(scope, Scope::Rows(_))));
    analyzer.outputs = Some(outputs);
    let output = analyzer.query(&mut tree);
    let called = analyzer.hook.called.iter().flat_map(|(name, types)| {
        let declared = move |id: &&ObjectId| matches!(&id.key, Key::Routine(_, own) if own.iter().map(|of| Type::displayed(of)).eq(types.iter().cloned()));
        catalog.routines_named(name).find(declared)
    });
    Typed { output, called: called.cloned().collect() }
}

/// What is the same for every tree: no positions, no `pg_catalog`, one form of types.
fn finish(tree: &mut Node) {
    tree.walk_mut(&mut |mut node: NodeMut<'_>| {
        node.clear_positions();
        match node {
            NodeMut::RangeVar(relation) if relation.schemaname == "pg_catalog" => relation.schemaname.clear(),
            NodeMut::RangeFunction(function) => function.lateral = false,
            NodeMut::TypeName(name) => one_type(name),
            NodeMut::CollateClause(collate) => drop_schema(&mut collate.collname),
            NodeMut::RowExpr(row) => row.row_format = protobuf::CoercionForm::CoerceImplicitCast.into(),
            _ => {}
        }
        true
    });
}

fn drop_schema(names: &mut Vec<Node>) {
    if names.len() > 1 && names.first().and_then(sql::literal::string) == Some("pg_catalog") {
        names.remove(0);
    }
}

fn one_type(name: &mut protobuf::TypeName) {
    name.typemod = -1;
    // Only so are the fields of an interval written.
    if name.names.last().and_then(sql::literal::string) == Some("interval") && !name.typmods.is_empty() {
        return;
    }
    drop_schema(&mut name.names);
    let of_catalog = name.names.len() == 1;
    let internal = name.names.first().and_then(sql::literal::string).unwrap_or_default().to_owned();
    let mut array = !name.array_bounds.is_empty();
    if let (true, Some(element)) = (of_catalog, internal.strip_prefix('_').filter(|element| sql::types::is_builtin_type(element))) {
        name.names = vec![tree::string_node(element)];
        array = true;
    }
    if array {
        name.array_bounds = vec![Node { node: Some(NodeEnum::Integer(protobuf::Integer { ival: -1 })) }];
    }
    if of_catalog && internal == "numeric" && name.typmods.len() == 1 {
        name.typmods.push(literal::integer_node(0));
    }
}

/// What views give, with the types that the analysis finds, those that others are made of first.
fn view_outputs(catalog: &Catalog) -> BTreeMap<ObjectId, Vec<Attr>> {
    let mut outputs = BTreeMap::new();
    let mut open = Vec::new();
    for (id, entry) in catalog.iter() {
        if view_query(&entry.object).is_some() {
            visit(catalog, id, &mut outputs, &mut open);
        }
    }
    outputs
}

fn visit(catalog: &Catalog, id: &ObjectId, outputs: &mut BTreeMap<ObjectId, Vec<Attr>>, open: &mut Vec<ObjectId>) {
    if outputs.contains_key(id) || open.contains(id) {
        return;
    }
    let Some(entry) = catalog.get(id) else { return };
    let Some((query, names)) = view_query(&entry.object) else { return };
    open.push(id.clone());
    for need in &entry.needs {
        visit(catalog, need, outputs, open);
    }
    open.pop();
    let known = crate::analyze::attributes(catalog, id);
    if let Some(known) = known.filter(|known| known.iter().all(|attr| attr.type_name.is_some())) {
        outputs.insert(id.clone(), known);
        return;
    }
    let Some(mut tree) = parse(query) else { return };
    clear_positions(&mut tree);
    let mut analyzer = Analyzer::new(catalog, &Scope::Query, Canon::new(catalog, false));
    analyzer.outputs = Some(outputs);
    let found = analyzer.query(&mut tree);
    if let Some(mut attrs) = found {
        for (attr, name) in attrs.iter_mut().zip(names) {
            attr.name.clone_from(&name);
        }
        outputs.insert(id.clone(), attrs);
    }
}

#[cfg(test)]
mod tests;
