//! Where the canonical form cannot decide: two that differ only in what it may have failed to make alike.
//!
//! What a literal of a type looks like only the type's own input function knows; a cast that goes without saying can be told only
//! where all types are known; a name is qualified only where it is found. Two texts that are the same but for these may mean the
//! same. They are never taken for the same, but a plan that changes the one to the other says so.

use std::cell::RefCell;

use pg_query::protobuf::{JsonOutput, a_const};
use pg_query::{Node, NodeEnum};

use super::datetime::{is_moment, written};
use crate::model::{Catalog, ObjectId, Otherwise, Pair};
use crate::object::Object;
use crate::object::expressions::parse;
use crate::object::table::partition;
use crate::sql::literal::{names, string, string_node};
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// The objects whose two versions may differ in spelling alone. Both catalogs have their canonical forms.
pub fn possibly_cosmetic(pair: Pair<&Catalog>) -> Vec<ObjectId> {
    let is_cosmetic = |id: &ObjectId| match (pair.from.object(id), pair.to.object(id)) {
        (Some(present), Some(wanted)) => present != wanted && differ_in_spelling(present, wanted),
        _ => false,
    };
    pair.to.unshared(pair.from).into_iter().filter(is_cosmetic).collect()
}

fn differ_in_spelling(present: &Object, wanted: &Object) -> bool {
    let (mut present, mut wanted) = (present.clone(), wanted.clone());
    for (present, wanted) in present.exprs().into_iter().zip(wanted.exprs()) {
        if present != wanted && !wanted.is_told_apart(Otherwise::Surely) && alike(present.key(), wanted.key()) {
            *wanted = present.clone();
        }
    }
    present == wanted
}

/// Whether two canonical forms say the same but for what may have been left in them.
fn alike(one: &str, other: &str) -> bool {
    if let (Some((one, exprs)), Some((other, others))) = (coarse_key(one), coarse_key(other)) {
        let pairs = || exprs.iter().zip(&others);
        return one == other && exprs.len() == others.len() && pairs().all(|pair| matches!(pair, (Some(a), Some(b)) if a.is_like(b)));
    }
    match (coarse(one), coarse(other)) {
        (Some(one), Some(other)) => one.is_like(&other),
        // A form that the parser does not take is a tree that had no spelling.
        _ => true,
    }
}

/// The same of a partition key, which is no expression: its columns mean what they say.
fn coarse_key(key: &str) -> Option<(String, Vec<Option<Coarse>>)> {
    let exprs = RefCell::new(Vec::new());
    let rest = partition::respelled(key, |expr| {
        exprs.borrow_mut().push(coarse(expr));
        "_".to_owned()
    })?;
    Some((rest, exprs.into_inner()))
}

/// A form from which more is left out than means nothing for certain.
fn coarse(key: &str) -> Option<Coarse> {
    let mut tree = parse(key)?;
    let mut literals = Literals::default();
    tree.walk_mut(&mut literals);
    Some(Coarse { tree, literals: literals.0 })
}

/// A tree without its constants, and what these say in their order; nothing of which only a server can tell what they say.
struct Coarse {
    tree: Node,
    literals: Vec<Option<String>>,
}

impl Coarse {
    fn is_like(&self, other: &Self) -> bool {
        let alike = |(one, other): (&Option<String>, &Option<String>)| one.is_none() || other.is_none() || one == other;
        self.tree == other.tree && self.literals.len() == other.literals.len() && self.literals.iter().zip(&other.literals).all(alike)
    }
}

#[derive(Default)]
struct Literals(Vec<Option<String>>);

impl VisitorMut for Literals {
    fn replace(&mut self, node: &mut NodeEnum) {
        loop {
            let inner = match node {
                NodeEnum::TypeCast(cast) => {
                    let to = cast.type_name.as_ref().and_then(|name| Some((names(&name.names).pop()?, !name.array_bounds.is_empty())));
                    if let (Some((to, array)), Some(NodeEnum::AConst(constant))) = (to, cast.arg.as_mut().and_then(|arg| arg.node.as_mut()))
                        && let Some(a_const::Val::Sval(text)) = &constant.val
                        && (writes_otherwise(&to) || is_undecided(&text.sval, &to, array))
                    {
                        constant.val = None;
                        self.0.push(None);
                    }
                    cast.arg.take()
                }
                NodeEnum::CollateClause(collate) => collate.arg.take(),
                _ => None,
            };
            match inner.and_then(|inner| inner.node) {
                Some(inner) => *node = inner,
                None => return,
            }
        }
    }

    fn enter(&mut self, mut node: NodeMut<'_>) -> bool {
        node.clear_positions();
        match node {
            NodeMut::AConst(constant) => {
                let said = constant.val.take().map(|value| match value {
                    a_const::Val::Sval(text) => text.sval,
                    a_const::Val::Ival(number) => number.ival.to_string(),
                    a_const::Val::Fval(number) => number.fval,
                    a_const::Val::Boolval(value) => value.boolval.to_string(),
                    a_const::Val::Bsval(bits) => bits.bsval,
                });
                self.0.extend(said.map(|said| Some(words(&said))));
            }
            NodeMut::FuncCall(call) => {
                last(&mut call.funcname);
                call.funcformat = 0;
                call.func_variadic = false;
            }
            NodeMut::ColumnRef(column) => last(&mut column.fields),
            NodeMut::AExpr(expr) => last(&mut expr.name),
            NodeMut::RangeVar(relation) => relation.schemaname.clear(),
            NodeMut::ResTarget(target) => target.name.clear(),
            NodeMut::SortBy(sort) => last(&mut sort.use_op),
            NodeMut::JsonObjectConstructor(object) => unsay(&mut object.output),
            NodeMut::JsonArrayConstructor(array) => unsay(&mut array.output),
            NodeMut::JsonAggConstructor(aggregate) => unsay(&mut aggregate.output),
            NodeMut::JsonFuncExpr(function) => forget(function.pathspec.as_deref_mut()),
            NodeMut::JsonTablePathSpec(path) => forget(path.string.as_deref_mut()),
            _ => {}
        }
        true
    }
}

/// JSON or JSONB is what goes in, of which the type may not be known.
fn unsay(output: &mut Option<JsonOutput>) {
    let of = output.as_ref().and_then(|output| output.type_name.as_ref()).and_then(|name| names(&name.names).pop());
    if of.is_some_and(|of| of == "json" || of == "jsonb") {
        *output = None;
    }
}

/// A path, which the server writes with other words.
fn forget(path: Option<&mut Node>) {
    if let Some(NodeEnum::AConst(constant)) = path.and_then(|path| path.node.as_mut()) {
        constant.val = None;
    }
}

/// The last part of a name.
fn last(parts: &mut Vec<Node>) {
    if let (true, Some(name)) = (parts.iter().all(|part| string(part).is_some()), names(parts).last()) {
        *parts = vec![string_node(name)];
    }
}

/// Whether values of the type are written with other words than they are read: `[1,5]` is `[1,6)`, and the corners of a box change places.
fn writes_otherwise(type_name: &str) -> bool {
    const TYPES: &[&str] = &[
        "box",
        "circle",
        "cube",
        "geography",
        "geometry",
        "hstore",
        "jsonpath",
        "line",
        "lseg",
        "path",
        "polygon",
        "tsquery",
        "tsvector",
        "xml",
    ];
    type_name.contains("range") || TYPES.contains(&type_name)
}

/// Whether it is a moment or a span of time of which only the server can tell how it writes it.
fn is_undecided(text: &str, type_name: &str, array: bool) -> bool {
    match type_name {
        // Quotes, and words that are neither of these.
        of if array => (is_moment(of) || of == "interval") && text.contains(|c: char| c == '"' || c.is_ascii_alphabetic()),
        of if is_moment(of) => written(text, of).as_deref() != Some(text),
        "interval" => super::interval::written(text).as_deref() != Some(text),
        _ => false,
    }
}

/// What a literal says, as far as types agree on it: its words and numbers.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = |word: &'_ str| word.trim_start_matches('0').to_owned();
    let mut words: Vec<String> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(plain).collect();
    // Midnight goes without saying.
    while words.len() > 1 && words.last().is_some_and(String::is_empty) {
        words.pop();
    }
    // A text of nothing but signs says just these.
    if words.is_empty() { text.to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_server_can_tell_is_alike() {
        for (one, other) in [
            ("f(a)", "s.f(a)"),
            ("a = 'x'::s.t", "a = 'x'"),
            ("'{1, 2}'::s.box", "'{1,2}'::s.box"),
            ("'2020-1-1'::s.day", "'2020-01-01'::s.day"),
            ("a > 1", "a > '1'::s.number"),
            ("SELECT t1.a FROM s.x t1", "SELECT a FROM x t1"),
            ("'[1,5]'::int4range", "'[1,6)'::int4range"),
            ("JSON_ARRAY(a)", "JSON_ARRAY(a RETURNING jsonb)"),
            ("JSON_EXISTS(a, '$.b[1 to 2]')", "JSON_EXISTS(a, '$.\"b\"[1 to 2]')"),
            ("'2020-01-01 00:00'::s.moment", "'2020-1-1'::s.moment"),
            ("RANGE (a, s.f(b))", "RANGE (a, f(b))"),
            ("'now'::timestamptz", "'2020-01-01 00:00:00+00'::timestamptz"),
            ("a > '1/8/1999'::date", "a > '1999-01-08'::date"),
            ("'{now}'::date[]", "'{2020-01-01}'::date[]"),
        ] {
            assert!(alike(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn what_says_something_else_is_not() {
        for (one, other) in [
            ("f(a)", "g(a)"),
            ("a > 1", "a > 2"),
            ("a > 1", "a >= 1"),
            ("'x'", "'y'::s.t"),
            ("a", "b"),
            ("a AND b", "a OR b"),
            ("SELECT a FROM x", "SELECT a FROM x WHERE b"),
            ("'%'", "'_'"),
            ("a > 0", "a > 1"),
            ("'2020-01-02'::date", "'2020-01-01'::date"),
            ("a < 'now'::date", "a > '2020-01-01'::date"),
            ("'2 days'::interval", "'3 days'::interval"),
            ("f('now'::date, 1)", "f('2020-01-01'::date, 2)"),
            ("LIST (a)", "LIST (b)"),
            ("RANGE (a)", "LIST (a)"),
            ("HASH (f(a))", "HASH (g(a))"),
        ] {
            assert!(!alike(one, other), "{one} / {other}");
        }
    }
}
