//! Lists of column names behind an alias in FROM: `t AS x (a, b)`.
//!
//! They name columns by their places, and those of a table that stays are not where schema files have them: what is added comes last. So what
//! such a list says is kept by column too ([`Expr::placeless`]), which decides equality, and the list is written by the places that the
//! columns have where the statement runs. The server writes a list for every function in FROM, whatever its columns are called
//! (`set_relation_column_names` of src/backend/utils/adt/ruleutils.c); where it says just that, it is left out.

use std::collections::BTreeSet;

use pg_query::protobuf::{Alias, ColumnRef};
use pg_query::{Node, NodeEnum};
use rayon::prelude::*;

use super::Object;
use super::expressions::{Place, parse, places, spell, view_query};
use super::routine::{Body, sql_body_of_tree};
use crate::analyze::{Analyzer, Attr, Found, Hook, Scope, Source, by_place, spelled};
use crate::model::{Catalog, Expr, ObjectId};
use crate::sql::Name;
use crate::sql::literal::{names, string_node};
use crate::sql::walk::clear_positions;

/// Puts the lists of all queries in the order that the columns have in the catalog, and leaves out those that say nothing.
pub fn settle(catalog: &mut Catalog) {
    catalog.replace(respelled(catalog, settle_one));
}

/// The relations and types whose columns the lists of an object name by their places.
pub fn relations(catalog: &Catalog, id: &ObjectId) -> BTreeSet<ObjectId> {
    let Some(object) = catalog.object(id).filter(|object| stands_in(object)) else { return BTreeSet::new() };
    let mut copy = object.clone();
    let exprs = copy.exprs();
    let places = places(catalog, id, object, exprs.len());
    let lists = exprs.iter().zip(&places).filter_map(|(expr, place)| with_lists(catalog, place, &expr.sql, Aim::Shorter));
    lists.flat_map(|(_, lists)| lists.relations).collect()
}

/// Takes lists by their places again: their columns get other names. Whether there are any.
pub fn forget(catalog: &mut Catalog) -> bool {
    let found = respelled(catalog, |catalog, place, expr| {
        let has_places = expr.has_places();
        settle_one(catalog, place, expr);
        *expr = Expr::new(std::mem::take(&mut expr.sql));
        has_places
    });
    let any = !found.is_empty();
    catalog.replace(found);
    any
}

/// An expression or query that was just made, as the columns stand now.
pub fn settled(catalog: &Catalog, scope: &Scope<'_>, mut expr: Expr) -> Expr {
    if may_have(&expr.sql) {
        settle_one(catalog, &Place { scope: scope.clone(), ..Place::default() }, &mut expr);
    }
    expr
}

/// The objects whose expressions a change makes others.
fn respelled(catalog: &Catalog, change: impl Fn(&Catalog, &Place<'_>, &mut Expr) -> bool + Sync) -> Vec<(ObjectId, Object)> {
    let may_have_some = catalog.scan().filter(|(_, entry)| may_stand_in(&entry.object));
    let changed = may_have_some.filter_map(|(id, entry)| {
        let mut object = entry.object.clone();
        let exprs = object.exprs();
        let places = places(catalog, id, &entry.object, exprs.len());
        let changed = exprs.into_iter().zip(&places).fold(false, |changed, (expr, place)| change(catalog, place, expr) || changed);
        changed.then(|| (id.clone(), object))
    });
    changed.collect()
}

/// Whether there is a list in an object that says something.
pub fn stands_in(object: &Object) -> bool {
    match object {
        Object::View(view) => view.query.has_places(),
        Object::MaterializedView(view) => view.query.has_places(),
        Object::Function(function) => matches!(&function.body, Body::Sql(body) if body.has_places()),
        Object::Procedure(procedure) => matches!(&procedure.body, Body::Sql(body) if body.has_places()),
        Object::Rule(_) | Object::Policy(_) => object.clone().exprs().iter().any(|expr| expr.has_places()),
        _ => false,
    }
}

/// Whether there may be such a list in an object, which only queries have.
fn may_stand_in(object: &Object) -> bool {
    let in_expr = |expr: &Expr| expr.has_places() || may_have(&expr.sql);
    match object {
        Object::View(_) | Object::MaterializedView(_) => view_query(object).is_some_and(|(query, _)| may_have(query)),
        Object::Function(function) => matches!(&function.body, Body::Sql(body) if in_expr(body)),
        Object::Procedure(procedure) => matches!(&procedure.body, Body::Sql(body) if in_expr(body)),
        Object::Rule(_) | Object::Policy(_) => object.clone().exprs().into_iter().any(|expr| in_expr(expr)),
        _ => false,
    }
}

/// Whether a text has a name and a parenthesis behind another name, AS or ORDINALITY, or a parenthesis. No other words are written so but
/// those of types.
pub fn may_have(text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || !byte.is_ascii() || matches!(byte, b'_' | b'$' | b'"');
    text.match_indices('(').any(|(at, _)| {
        let before = &text[..at];
        let name = if before.ends_with('"') {
            before[..at - 1].rfind(" \"").map(|start| &before[..start])
        } else {
            before
                .rfind(|c: char| c.is_ascii() && !is_name(c as u8))
                .filter(|_| before.bytes().last().is_some_and(is_name))
                .and_then(|space| before[space..].starts_with([' ', '\n']).then(|| &before[..space]))
        };
        name.is_some_and(|behind| {
            behind.bytes().last().is_some_and(|byte| is_name(byte) || byte == b')')
                || behind.ends_with(" AS")
                || behind.ends_with(" ORDINALITY")
        })
    })
}

/// The type whose columns a function of `pg_catalog` gives that takes it, by its first argument.
pub fn given_back(function: &str, of: String) -> Option<String> {
    match function {
        "unnest" => of.strip_suffix("[]").map(str::to_owned),
        "json_populate_record" | "json_populate_recordset" | "jsonb_populate_record" | "jsonb_populate_recordset" => Some(of),
        _ => None,
    }
}

/// What becomes of the lists of a tree.
#[derive(Clone, Copy, PartialEq)]
enum Aim {
    /// The names at its end that the columns have anyway are left out.
    Shorter,
    /// By column.
    ByColumn,
    /// By place, from one by column.
    ByPlace,
}

struct Lists<'a> {
    catalog: &'a Catalog,
    aim: Aim,
    changed: bool,
    /// Whether there are any that say something.
    any: bool,
    /// What has the columns.
    relations: BTreeSet<ObjectId>,
    /// The types of columns that are named, by the position that leads to them.
    types: Vec<String>,
}

impl Hook for Lists<'_> {
    fn column(&mut self, column: &mut ColumnRef, found: &Found) {
        let Found::Attr { attr: Attr { type_name: Some(of), .. }, .. } = found else { return };
        self.types.push(of.clone());
        column.location = i32::try_from(self.types.len()).unwrap_or_default();
    }

    /// Of what functions take that give the columns of their argument's type, so far as it is told without finding overloads.
    fn type_of(&mut self, node: &Node) -> Option<String> {
        match node.node.as_ref()? {
            NodeEnum::ColumnRef(column) => self.types.get(usize::try_from(column.location).ok()?.checked_sub(1)?).cloned(),
            NodeEnum::TypeCast(cast) => spelled(cast.type_name.as_ref()?),
            NodeEnum::AArrayExpr(array) => Some(format!("{}[]", self.type_of(array.elements.first()?)?)),
            NodeEnum::FuncCall(call) => {
                let Name { schema, name } = Name::of(&call.funcname)?;
                if schema.is_some_and(|schema| schema != "pg_catalog") {
                    return None;
                }
                let of = self.type_of(call.args.first()?)?;
                given_back(&name, of).filter(|_| name != "unnest" || call.args.len() == 1)
            }
            _ => None,
        }
    }

    fn listed(&mut self, alias: &mut Alias, source: &Source) {
        if self.aim == Aim::ByPlace && source.is_of_columns() {
            let plain: Vec<&str> = source.attrs.iter().flatten().map(|attr| attr.name.as_str()).collect();
            alias.colnames = nodes(&by_place(&plain, &names(&alias.colnames)));
        }
    }

    fn source(&mut self, alias: &mut Option<Alias>, source: &Source) {
        let Some(alias) = alias.as_mut().filter(|alias| !alias.colnames.is_empty() && source.is_of_columns()) else { return };
        let said = source.said();
        self.any |= said > 0;
        let columns = source.attrs.iter().flatten().filter_map(|attr| attr.id.as_ref());
        self.relations.extend(columns.filter_map(|column| self.catalog.get(column)?.parent.clone()).filter(|_| said > 0));
        match self.aim {
            Aim::Shorter => {
                self.changed |= said < alias.colnames.len();
                alias.colnames.truncate(said);
            }
            Aim::ByColumn => alias.colnames = nodes(&source.called()),
            Aim::ByPlace => {}
        }
    }
}

fn nodes(names: &[String]) -> Vec<Node> {
    names.iter().map(|name| string_node(name)).collect()
}

/// The text with its lists made otherwise, whether that changed any, and whether there are any that say something.
fn with_lists<'c>(catalog: &'c Catalog, place: &Place<'_>, text: &str, aim: Aim) -> Option<(Expr, Lists<'c>)> {
    let mut tree = parse(text)?;
    clear_positions(&mut tree);
    let lists = Lists { catalog, aim, changed: false, any: false, relations: BTreeSet::new(), types: Vec::new() };
    let mut analyzer = Analyzer::new(catalog, &place.scope, lists);
    analyzer.query(&mut tree);
    let expr = match &tree.node {
        Some(NodeEnum::List(_) | NodeEnum::ReturnStmt(_)) => sql_body_of_tree(tree).ok()?,
        _ => Expr::new(spell(&tree).ok()?),
    };
    Some((expr, analyzer.hook))
}

/// Brings the lists of one expression in order; whether that changes it.
fn settle_one(catalog: &Catalog, place: &Place<'_>, expr: &mut Expr) -> bool {
    let had_places = expr.has_places();
    if !had_places && !may_have(&expr.sql) {
        return false;
    }
    let aim = if had_places { Aim::ByPlace } else { Aim::Shorter };
    let Some((settled, found)) = with_lists(catalog, place, expr.placeless(), aim) else { return false };
    if !found.any && !found.changed && !had_places {
        return false;
    }
    let by_column = if found.any { with_lists(catalog, place, &settled.sql, Aim::ByColumn) } else { None };
    let settled = settled.placed(by_column.map(|(by_column, _)| by_column.key().to_owned()), expr);
    let before = std::mem::replace(expr, settled);
    before.sql != expr.sql || before.placeless() != expr.placeless() || before.has_places() != expr.has_places()
}
