//! Where the canonical form cannot decide: two that differ only in what it may have failed to make alike.
//!
//! What a literal of a type looks like only the type's own input function knows; a cast that goes without saying can be told only
//! where all types are known; a name is qualified only where it is found. Two texts that are the same but for these may mean the
//! same. They are never taken for the same, but a plan that changes the one to the other says so.

use std::cell::RefCell;

use pg_query::protobuf::{JsonOutput, a_const};
use pg_query::{Node, NodeEnum};

use crate::model::{Catalog, ObjectId, Pair};
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
        if present != wanted && alike(present.key(), wanted.key()) {
            *wanted = present.clone();
        }
    }
    present == wanted
}

/// Whether two canonical forms say the same but for what may have been left in them.
fn alike(one: &str, other: &str) -> bool {
    if let (Some(one), Some(other)) = (coarse_key(one), coarse_key(other)) {
        return one == other;
    }
    match (coarse(one), coarse(other)) {
        (Some(one), Some(other)) => one == other,
        // A form that the parser does not take is a tree that had no spelling.
        _ => true,
    }
}

/// The same of a partition key, which is no expression: its columns mean what they say.
fn coarse_key(key: &str) -> Option<(String, Vec<Option<Node>>)> {
    let exprs = RefCell::new(Vec::new());
    let rest = partition::respelled(key, |expr| {
        exprs.borrow_mut().push(coarse(expr));
        "_".to_owned()
    })?;
    Some((rest, exprs.into_inner()))
}

/// A form from which more is left out than means nothing for certain.
fn coarse(key: &str) -> Option<Node> {
    let mut tree = parse(key)?;
    tree.walk_mut(&mut Coarse);
    Some(tree)
}

struct Coarse;

impl VisitorMut for Coarse {
    fn replace(&mut self, node: &mut NodeEnum) {
        loop {
            let inner = match node {
                NodeEnum::TypeCast(cast) => {
                    let own = cast.type_name.as_ref().and_then(|name| names(&name.names).pop()).is_some_and(|name| writes_otherwise(&name));
                    if let (true, Some(NodeEnum::AConst(constant))) = (own, cast.arg.as_mut().and_then(|arg| arg.node.as_mut())) {
                        constant.val = None;
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
                if let Some(a_const::Val::Sval(text)) = &mut constant.val {
                    text.sval = words(&text.sval);
                } else if let Some(number) = match &constant.val {
                    Some(a_const::Val::Ival(number)) => Some(number.ival.to_string()),
                    Some(a_const::Val::Fval(number)) => Some(number.fval.clone()),
                    Some(a_const::Val::Boolval(value)) => Some(value.boolval.to_string()),
                    _ => None,
                } {
                    constant.val = Some(a_const::Val::Sval(pg_query::protobuf::String { sval: words(&number) }));
                }
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
            ("LIST (a)", "LIST (b)"),
            ("RANGE (a)", "LIST (a)"),
            ("HASH (f(a))", "HASH (g(a))"),
        ] {
            assert!(!alike(one, other), "{one} / {other}");
        }
    }
}
