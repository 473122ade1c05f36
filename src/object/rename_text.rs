//! What a rename means for expressions and queries that name the object: PostgreSQL stores them by OID, so that they follow.

use std::collections::BTreeSet;

use pg_query::protobuf::{Alias, ColumnRef, FuncCall, RangeVar, ResTarget, SelectStmt, TypeName};
use pg_query::{Node, NodeEnum};

use super::expressions::{Place, parse, places, spell};
use super::{DdlError, Kind, Object};
use crate::analyze::{Analyzer, Attr, Found, Hook, Scope, Source, label};
use crate::model::{Catalog, Expr, Ident, Key, ObjectId, QName};
use crate::sql::literal::{names, string, string_node};
use crate::sql::parse_qualified_name;
use crate::sql::walk::{NodeMut, Walk};

/// The objects whose expressions name `from`, as they are when it is called `to`.
///
/// # Errors
/// Where an expression cannot follow.
pub fn followers(catalog: &Catalog, from: &ObjectId, to: &ObjectId) -> Result<Vec<(ObjectId, Object)>, DdlError> {
    let mut followers = Vec::new();
    for (id, entry) in catalog.iter() {
        let named = entry.needs.contains(from) || entry.wants.contains(from);
        if !named && !needs_part(entry.needs.iter(), from) && !names_column(entry.needs.iter(), from) {
            continue;
        }
        let mut object = entry.object.clone();
        let exprs = object.exprs();
        let places = places(catalog, id, &entry.object, exprs.len());
        let mut changed = false;
        for (at, expr) in exprs.into_iter().enumerate() {
            let place = places.get(at).cloned().unwrap_or_default();
            if let Some(text) = renamed(catalog, &place, &expr.sql, from, to)? {
                *expr = Expr::new(text);
                changed = true;
            }
        }
        if changed {
            followers.push((id.clone(), object));
        }
    }
    Ok(followers)
}

/// Who needs a column names the relation too.
fn needs_part<'a>(mut needs: impl Iterator<Item = &'a ObjectId>, from: &ObjectId) -> bool {
    let Key::InSchema(relation) = &from.key else { return false };
    Kind::RELATIONS.contains(&from.kind) && needs.any(|need| matches!(&need.key, Key::OnRelation(of, _) if of == relation))
}

/// A column of a view is no object where nothing is said of it: who needs the view may name it.
fn names_column<'a>(mut needs: impl Iterator<Item = &'a ObjectId>, from: &ObjectId) -> bool {
    from.kind == Kind::ViewColumn
        && needs.any(|need| matches!(need.kind, Kind::View | Kind::MaterializedView) && need.qname() == from.qname())
}

/// The text with the new name; `None` where it does not name the object.
fn renamed(catalog: &Catalog, place: &Place<'_>, text: &str, from: &ObjectId, to: &ObjectId) -> Result<Option<String>, DdlError> {
    let Some(mut tree) = parse(text) else { return Ok(None) };
    let mut analyzer = Analyzer::new(catalog, &place.scope, Renamer::new(from, to, &place.scope));
    analyzer.query(&mut tree);
    let Renamer { mut changed, joined, .. } = analyzer.hook;
    if joined {
        return Err(DdlError::Unsupported(format!("RENAME of {}, by which a query joins with USING", from.spelled())));
    }
    tree.walk_mut(&mut |node: NodeMut<'_>| {
        changed |= match node {
            NodeMut::RangeVar(relation) => rename_relation(relation, from, to),
            NodeMut::TypeName(name) => rename_type(name, from, to),
            NodeMut::FuncCall(call) => rename_function(call, from, to),
            NodeMut::TypeCast(cast) => match (&cast.type_name, cast.arg.as_deref_mut()) {
                (Some(of), Some(argument)) if names(&of.names).last().is_some_and(|of| of == "regclass") => {
                    rename_literal(argument, from, to)
                }
                _ => false,
            },
            _ => false,
        };
        true
    });
    Ok(if changed { Some(spell(&tree)?) } else { None })
}

/// The qualified names of an object that lies in a schema.
fn qnames<'a>(from: &'a ObjectId, to: &'a ObjectId) -> Option<(&'a QName, &'a QName)> {
    match (&from.key, &to.key) {
        (Key::InSchema(old), Key::InSchema(new)) | (Key::Routine(old, _), Key::Routine(new, _)) => Some((old, new)),
        _ => None,
    }
}

fn rename_relation(relation: &mut RangeVar, from: &ObjectId, to: &ObjectId) -> bool {
    let Some((old, new)) = qnames(from, to).filter(|_| Kind::RELATIONS.contains(&from.kind)) else { return false };
    let found = relation.schemaname == old.schema.as_str() && relation.relname == old.name.as_str();
    if found {
        new.schema.as_str().clone_into(&mut relation.schemaname);
        new.name.as_str().clone_into(&mut relation.relname);
    }
    found
}

fn rename_list(list: &mut Vec<Node>, old: &QName, new: &QName) -> bool {
    let found = matches!(names(list).as_slice(), [schema, name] if schema == old.schema.as_str() && name == old.name.as_str());
    if found {
        *list = [&new.schema, &new.name].map(name_node).into();
    }
    found
}

fn rename_type(name: &mut TypeName, from: &ObjectId, to: &ObjectId) -> bool {
    let Some((old, new)) = qnames(from, to).filter(|_| Kind::TYPES.contains(&from.kind)) else { return false };
    rename_list(&mut name.names, old, new)
}

fn rename_function(call: &mut FuncCall, from: &ObjectId, to: &ObjectId) -> bool {
    let Some((old, new)) = qnames(from, to).filter(|_| matches!(from.key, Key::Routine(..))) else { return false };
    rename_list(&mut call.funcname, old, new)
}

fn rename_literal(argument: &mut Node, from: &ObjectId, to: &ObjectId) -> bool {
    let Some((old, new)) = qnames(from, to).filter(|_| Kind::RELATIONS.contains(&from.kind)) else { return false };
    let found = string(argument).and_then(parse_qualified_name).is_some_and(|parts| parts == [old.schema.as_str(), old.name.as_str()]);
    if let (true, Some(NodeEnum::AConst(constant))) = (found, argument.node.as_mut()) {
        let text = pg_query::protobuf::String { sval: new.to_string() };
        constant.val = Some(pg_query::protobuf::a_const::Val::Sval(text));
    }
    found
}

fn name_node(name: &Ident) -> Node {
    string_node(name.as_str())
}

/// Renames columns, and what qualifies columns of a relation that has no alias.
struct Renamer<'a> {
    from: &'a ObjectId,
    to: &'a ObjectId,
    /// Whether the expression is about the columns of the relation.
    subject: bool,
    /// The relation in FROM, without alias.
    sources: BTreeSet<usize>,
    changed: bool,
    joined: bool,
}

impl<'a> Renamer<'a> {
    fn new(from: &'a ObjectId, to: &'a ObjectId, scope: &Scope<'_>) -> Self {
        let subject = matches!(scope, Scope::Table(id) if *id == from);
        Self { from, to, subject, sources: BTreeSet::new(), changed: false, joined: false }
    }

    fn is_relation(&self) -> bool {
        Kind::RELATIONS.contains(&self.from.kind)
    }

    fn is_it(&self, attr: &Attr) -> bool {
        attr.id.as_ref() == Some(self.from)
    }

    fn last(&mut self, fields: &mut [Node]) {
        if let (Some(last), Some(name)) = (fields.last_mut(), self.to.name()) {
            *last = name_node(name);
            self.changed = true;
        }
    }

    /// `table.column` becomes `new.column`.
    fn qualifier(&mut self, column: &mut ColumnRef, whole: bool) {
        let (Some(old), Some(new)) = (self.from.name(), self.to.name()) else { return };
        let fields = names(&column.fields);
        let at =
            if whole && fields.last().is_some_and(|last| last != "*") { fields.len().checked_sub(1) } else { fields.len().checked_sub(2) };
        let Some(at) = at.filter(|at| fields.get(*at).is_some_and(|field| field == old.as_str())) else { return };
        // A schema before it goes: the name alone will do.
        column.fields.drain(..at);
        column.fields[0] = name_node(new);
        self.changed = true;
    }
}

impl Hook for Renamer<'_> {
    fn column(&mut self, column: &mut ColumnRef, found: &Found) {
        match found {
            Found::Attr { attr, .. } if self.is_it(attr) => self.last(&mut column.fields),
            Found::Attr { source: Some(number), .. } | Found::System { source: Some(number), .. } | Found::Unknown(Some(number), _)
                if self.sources.contains(number) =>
            {
                self.qualifier(column, false);
            }
            Found::Attr { source: None, .. } | Found::System { source: None, .. } if self.subject => self.qualifier(column, false),
            Found::Row(Some(number), _) if self.sources.contains(number) => self.qualifier(column, true),
            _ => {}
        }
    }

    fn assigned(&mut self, target: &mut ResTarget, found: &Found) {
        if let (Found::Attr { attr, .. }, Some(name)) = (found, self.to.name())
            && self.is_it(attr)
        {
            name.as_str().clone_into(&mut target.name);
            self.changed = true;
        }
    }

    fn using(&mut self, _: &mut String, left: &Attr, right: &Attr) {
        self.joined |= self.is_it(left) || self.is_it(right);
    }

    fn source(&mut self, alias: &mut Option<Alias>, source: &Source) {
        let (Some(number), Some(name), true) = (source.number, self.from.qname(), self.is_relation()) else { return };
        let same = source.schema.as_deref() == Some(name.schema.as_str()) && source.alias.as_deref() == Some(name.name.as_str());
        if alias.is_none() && same {
            self.sources.insert(number);
        }
    }

    fn selected(&mut self, stmt: &mut SelectStmt, output: Option<&[Attr]>, _of_set: bool) {
        // What a query gives keeps its name.
        for (node, attr) in stmt.target_list.iter_mut().zip(output.unwrap_or_default()) {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() else { continue };
            if target.name.is_empty() && target.val.as_deref().is_some_and(|value| label(value) != attr.name) {
                target.name.clone_from(&attr.name);
            }
        }
    }
}
