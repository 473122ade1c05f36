//! What makes two spellings one: the canonical form of expressions and queries, for when no server has made both sides alike.
//!
//! A tree is brought to the form that says least: aliases are numbers, syntax that stands for operators and functions is written as
//! such, and a cast goes where the same operator or function would be chosen without it (`analyze::overload`), so that it says
//! nothing. What is left decides equality. It is never run.

mod array;
mod calls;
mod choice;
mod coerced;
mod cosmetic;
mod datetime;
mod expr;
mod form;
mod function;
mod interval;
mod json;
mod literal;
mod meaning;
mod needs;
mod path;
mod range;
mod row;
mod setting;
mod tree;
mod typing;
mod variadic;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pg_query::{Node, NodeEnum};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::types::Type;
use crate::analyze::{Analyzer, Attr, Scope};
use crate::model::{Catalog, Entry, Expr, Key, ObjectId};
use crate::object::expressions::{Place, parse, places, view_query};
use crate::object::{Kind, Object};
use crate::sql::walk::{NodeMut, NodeRef, Walk, clear_positions};
use crate::sql::{self, protobuf};
pub use choice::{Decided, Unseen, choose, mark};
pub use coerced::casts;
pub use cosmetic::possibly_cosmetic;
pub use datetime::written as moment;
use form::Form;
pub use interval::written as interval;
pub use meaning::{calls_another, still_calls, tell_apart};
use setting::Setting;
use tree::Canon;
pub use typing::names_no_operator;

/// Sets the canonical form of every expression of a catalog.
#[tracing::instrument(level = "debug", skip_all)]
pub fn canonicalize(catalog: &mut Catalog) {
    canonicalize_some(catalog, |_| true);
}

/// Sets the canonical form of the expressions that may have another one than in the catalog of which this one was made and which has
/// canonical forms: those of what was changed, and of what needs that, however far.
pub fn canonicalize_changes(catalog: &mut Catalog, base: &Catalog) {
    let changed = changes(catalog, base);
    canonicalize_some(catalog, |id| changed.contains(id));
}

/// What differs from the catalog of which this one was made, and what needs that, however far.
pub fn changes(catalog: &mut Catalog, base: &Catalog) -> FxHashSet<ObjectId> {
    let mut found: FxHashSet<ObjectId> = catalog.unshared(base).into_iter().chain(base.unshared(catalog)).collect();
    // A relation is changed with its columns.
    let columns = found.iter().filter(|id| id.kind.is_dotted()).flat_map(|id| [catalog.get(id), base.get(id)]);
    let relations: Vec<ObjectId> = columns.filter_map(|entry| entry?.parent.clone()).collect();
    found.extend(relations);
    let mut open: Vec<ObjectId> = found.iter().cloned().collect();
    while let Some(id) = open.pop() {
        open.extend(catalog.users(&id).into_iter().filter(|user| found.insert(user.clone())));
    }
    found
}

/// Sets the canonical form of the expressions of some objects.
pub fn canonicalize_some(catalog: &mut Catalog, wanted: impl Fn(&ObjectId) -> bool + Sync) {
    for (id, keys) in keys(catalog, wanted) {
        if let Some(entry) = catalog.get_mut(&id) {
            set_keys(&mut entry.object, keys);
        }
    }
}

/// Some objects in canonical form, those alone that are not in it already.
pub fn canonical_objects(catalog: &Catalog, wanted: impl Fn(&ObjectId) -> bool + Sync) -> FxHashMap<ObjectId, Object> {
    let in_form = |(id, keys): (ObjectId, Vec<Arc<str>>)| {
        let mut object = catalog.object(&id)?.clone();
        set_keys(&mut object, keys);
        Some((id, object))
    };
    keys(catalog, wanted).into_iter().filter_map(in_form).collect()
}

fn set_keys(object: &mut Object, keys: Vec<Arc<str>>) {
    for (expr, key) in object.exprs().into_iter().zip(keys) {
        expr.set_key(key);
    }
}

/// The canonical forms of the expressions of those objects that have others.
fn keys(catalog: &Catalog, wanted: impl Fn(&ObjectId) -> bool + Sync) -> Vec<(ObjectId, Vec<Arc<str>>)> {
    let mut entries: Vec<(&ObjectId, &Entry)> = catalog.scan().filter(|(id, _)| wanted(id)).collect();
    entries.par_sort_unstable_by_key(|(id, _)| *id);
    let outputs = view_outputs(catalog, &entries);
    let known = Known::default();
    entries.par_iter().filter_map(|(id, entry)| Some(((*id).clone(), keys_of(catalog, (&outputs, &known), id, entry)?))).collect()
}

/// The canonical forms themselves, of the expressions of some objects.
fn forms(catalog: &Catalog, wanted: impl Fn(&ObjectId) -> bool + Sync) -> FxHashMap<ObjectId, Vec<Form>> {
    let entries: Vec<(&ObjectId, &Entry)> = catalog.scan().filter(|(id, _)| wanted(id)).collect();
    let outputs = view_outputs(catalog, &entries);
    let of = |(id, entry)| {
        (ObjectId::clone(id), in_place(catalog, &outputs, id, entry, |place, expr| Form::of(catalog, &outputs, place, &expr.sql)))
    };
    entries.into_iter().map(of).collect()
}

/// What becomes of each expression of an object, in its place.
fn in_place<T>(
    catalog: &Catalog,
    outputs: &BTreeMap<ObjectId, Vec<Attr>>,
    id: &ObjectId,
    entry: &Entry,
    mut make: impl FnMut(&Place<'_>, &Expr) -> T,
) -> Vec<T> {
    if matches!(&entry.object, Object::Column(column) if column.generated.is_none()) {
        return Vec::new(); // most of all objects, and not worth a copy
    }
    let mut object = entry.object.clone();
    let exprs = object.exprs();
    if exprs.is_empty() {
        return Vec::new();
    }
    let places = placed(catalog, outputs, id, &entry.object, exprs.len());
    places.iter().zip(exprs).map(|(place, expr)| make(place, expr)).collect()
}

/// The keys of canonical forms that were found already.
type Known = Mutex<FxHashMap<Setting, Arc<str>>>;

/// The canonical forms of an object's expressions, unless it has none or has these already.
fn keys_of(
    catalog: &Catalog,
    (outputs, known): (&BTreeMap<ObjectId, Vec<Attr>>, &Known),
    id: &ObjectId,
    entry: &Entry,
) -> Option<Vec<Arc<str>>> {
    let mut news = false;
    let key_of = |place: &Place<'_>, expr: &Expr| {
        let Some(setting) = Setting::of(catalog, place, &expr.sql) else {
            return Form::of(catalog, outputs, place, &expr.sql).key().into();
        };
        let found = known.lock().unwrap_or_else(PoisonError::into_inner).get(&setting).cloned();
        found.unwrap_or_else(|| {
            let key: Arc<str> = Form::of(catalog, outputs, place, &expr.sql).key().into();
            known.lock().unwrap_or_else(PoisonError::into_inner).insert(setting, Arc::clone(&key));
            key
        })
    };
    let keys = in_place(catalog, outputs, id, entry, |place, expr| {
        let key: Arc<str> = key_of(place, expr);
        news |= *expr.key() != *key;
        key
    });
    news.then_some(keys)
}

/// The places of the expressions of an object, of which there are `count`.
fn placed<'a>(
    catalog: &'a Catalog,
    outputs: &BTreeMap<ObjectId, Vec<Attr>>,
    id: &'a ObjectId,
    object: &'a Object,
    count: usize,
) -> Vec<Place<'a>> {
    let mut places = places(catalog, id, object, count);
    places.resize(count, Place::default());
    if id.kind == Kind::ViewColumn {
        places.iter_mut().for_each(|place| place.assigned = view_column_type(outputs, id));
    }
    places
}

/// The type of a view's column, which its default is made to.
fn view_column_type(outputs: &BTreeMap<ObjectId, Vec<Attr>>, id: &ObjectId) -> Option<String> {
    let views = [Kind::View, Kind::MaterializedView].map(|kind| Some(ObjectId::in_schema(kind, id.qname()?.clone())));
    let attrs = views.into_iter().flatten().find_map(|view| outputs.get(&view))?;
    attrs.iter().find(|attr| id.name().is_some_and(|name| name.as_str() == attr.name))?.type_name.clone()
}

/// A tree in which everything is said by what it means.
struct Analyzed<'a> {
    tree: Node,
    hook: Canon<'a>,
}

/// A text in its place, its casts noted if that is wanted; `None` where it is none that the parser takes.
fn analyzed<'a>(
    catalog: &'a Catalog,
    outputs: &'a BTreeMap<ObjectId, Vec<Attr>>,
    place: &Place<'_>,
    text: &str,
    with_casts: bool,
) -> Option<Analyzed<'a>> {
    let mut tree = parse(text)?;
    clear_positions(&mut tree);
    json::expand_queries(&mut tree);
    tree::select_arms(&mut tree);
    let mut hook = Canon::new(catalog);
    hook.casts = with_casts.then(RefCell::default);
    let mut analyzer = Analyzer::knowing(catalog, Some(outputs), &place.scope, hook);
    analyzer.query(&mut tree);
    tree::select_values(&mut tree);
    if let Some(type_name) = &place.assigned {
        analyzer.hook.assign(&mut tree, type_name);
    }
    if let Some(names) = &place.columns {
        tree::name_targets(&mut tree, names);
    }
    Some(Analyzed { tree, hook: analyzer.hook })
}

/// What the analysis of types tells of a tree whose names are written out.
#[derive(Debug, Default)]
pub struct Typed {
    /// The columns that a query gives, with their types.
    pub output: Option<Vec<Attr>>,
    /// The functions and operators of the catalog that are called.
    pub called: Vec<ObjectId>,
    /// The types of literals, and the fields of composite values.
    pub needs: Vec<ObjectId>,
}

/// Finds the types in a tree, and what only they can tell.
pub fn typed(catalog: &Catalog, outputs: &BTreeMap<ObjectId, Vec<Attr>>, scope: &Scope<'_>, tree: &Node) -> Typed {
    let mut tree = tree.clone();
    clear_positions(&mut tree);
    let mut analyzer = Analyzer::knowing(catalog, Some(outputs), scope, Canon::new(catalog));
    let output = analyzer.query(&mut tree);
    let called = analyzer.hook.called.iter().flat_map(|(name, types)| {
        let same = |own: &[String]| own.iter().filter(|of| *of != "NONE").map(|of| Type::displayed(of)).eq(types.iter().cloned());
        let declared = move |id: &&ObjectId| matches!(&id.key, Key::Routine(_, own) if same(own));
        catalog.routines_named(name).chain(catalog.named(name, &[Kind::Operator])).find(declared)
    });
    let needs = analyzer.hook.needs(&tree);
    Typed { output, called: called.cloned().collect(), needs }
}

/// What is the same for every tree: no positions, no `pg_catalog`, one form of types.
fn finish(tree: &mut Node) {
    let mut queries = FxHashSet::default();
    tree.walk(&mut |node: NodeRef<'_>| {
        if let NodeRef::CommonTableExpr(query) = node {
            queries.insert(query.ctename.clone());
        }
        true
    });
    sql::write_truth_values(tree);
    tree.walk_mut(&mut |mut node: NodeMut<'_>| {
        node.clear_positions();
        match node {
            NodeMut::RangeVar(relation) if relation.schemaname == "pg_catalog" && !queries.contains(&relation.relname) => {
                relation.schemaname.clear();
            }
            NodeMut::SelectStmt(stmt) => row::tell_groups(&mut stmt.group_clause),
            NodeMut::RangeFunction(item) => function::one_form(item),
            NodeMut::RangeTableFunc(function) => function.lateral = false,
            NodeMut::JsonTable(function) => function.lateral = false,
            NodeMut::CteCycleClause(clause) => {
                for mark in [&mut clause.cycle_mark_value, &mut clause.cycle_mark_default].into_iter().flatten() {
                    literal::without_text(mark);
                }
            }
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
        name.names = vec![sql::literal::string_node(element)];
        array = true;
    }
    if array {
        name.array_bounds = vec![Node { node: Some(NodeEnum::Integer(protobuf::Integer { ival: -1 })) }];
    }
    if of_catalog && internal == "numeric" && name.typmods.len() == 1 {
        name.typmods.push(literal::integer_node(0));
    }
}

/// What the views that some objects belong to or need give, with the types that the analysis finds, those that others are made of first.
fn view_outputs(catalog: &Catalog, wanted: &[(&ObjectId, &Entry)]) -> BTreeMap<ObjectId, Vec<Attr>> {
    let mut outputs = BTreeMap::new();
    let mut open = Vec::new();
    for (id, entry) in wanted {
        // Whatever is written about views may name their columns; a query names none of its own.
        for view in entry.parent.iter().chain(entry.needs.iter()).chain(id.target()) {
            visit(catalog, view, &mut outputs, &mut open);
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
    let mut analyzer = Analyzer::new(catalog, &Scope::Query, Canon::new(catalog));
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
