//! Where the canonical form cannot decide: two that differ only in what it may have failed to make alike.
//!
//! What a literal of a type looks like only the type's own input function knows; a cast that goes without saying can be told only
//! where all types are known; a name is qualified only where it is found. Two texts that are the same but for these may mean the
//! same. They are never taken for the same, but a plan that changes the one to the other says so.

use pg_query::protobuf::{JsonOutput, a_const};
use pg_query::{Node, NodeEnum};
use rustc_hash::FxHashSet;

use super::form::Form;
use super::forms;
use super::literal::is_undecided;
use super::range::is_range;
use crate::model::{Catalog, ObjectId, Otherwise, Pair};
use crate::object::Object;
use crate::sql::literal::{names, string, string_node};
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// The objects whose two versions may differ in spelling alone. Both catalogs have their canonical forms.
pub fn possibly_cosmetic(pair: Pair<&Catalog>) -> Vec<ObjectId> {
    let differs = |id: &ObjectId| matches!((pair.from.object(id), pair.to.object(id)), (Some(present), Some(wanted)) if present != wanted);
    let differing: FxHashSet<ObjectId> = pair.to.unshared(pair.from).into_iter().filter(differs).collect();
    let forms = |catalog: &Catalog| forms(catalog, |id| differing.contains(id));
    let (present, wanted) = (forms(pair.from), forms(pair.to));
    let is_cosmetic = |id: &&ObjectId| match (pair.from.object(id), pair.to.object(id), present.get(id), wanted.get(id)) {
        (Some(from), Some(to), Some(present), Some(wanted)) => differ_in_spelling(Pair::new(from, to), Pair::new(present, wanted)),
        _ => false,
    };
    let mut cosmetic: Vec<ObjectId> = differing.iter().filter(is_cosmetic).cloned().collect();
    cosmetic.sort_unstable();
    cosmetic
}

fn differ_in_spelling(pair: Pair<&Object>, forms: Pair<&Vec<Form>>) -> bool {
    let (mut present, mut wanted) = (pair.from.clone(), pair.to.clone());
    let exprs = present.exprs().into_iter().zip(wanted.exprs());
    for ((present, wanted), (form, other)) in exprs.zip(forms.from.iter().zip(forms.to)) {
        if present != wanted && !wanted.is_told_apart(Otherwise::Surely) && alike(form, other) {
            *wanted = present.clone();
        }
    }
    present == wanted
}

/// Whether two canonical forms say the same but for what may have been left in them.
fn alike(one: &Form, other: &Form) -> bool {
    match (one, other) {
        (Form::Tree(one), Form::Tree(other)) => Coarse::of(one).is_like(&Coarse::of(other)),
        (Form::PartitionKey(one, exprs), Form::PartitionKey(other, others)) => {
            one == other && exprs.len() == others.len() && exprs.iter().zip(others).all(|(one, other)| alike(one, other))
        }
        // Of what the parser does not take nobody can say anything.
        (Form::Text(_), _) | (_, Form::Text(_)) => true,
        (Form::PartitionKey(..), Form::Tree(_)) | (Form::Tree(_), Form::PartitionKey(..)) => false,
    }
}

/// A tree without its constants, and what these say in their order; nothing of which only a server can tell what they say.
struct Coarse {
    tree: Node,
    literals: Vec<Option<String>>,
}

impl Coarse {
    /// Of a form, with more left out than means nothing for certain.
    fn of(tree: &Node) -> Self {
        let mut tree = tree.clone();
        let mut literals = Literals::default();
        tree.walk_mut(&mut literals);
        Self { tree, literals: literals.0 }
    }

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

/// Whether values of the type are written with other words than they are read: the corners of a box change places.
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
    type_name.contains("range") && !is_range(type_name) || TYPES.contains(&type_name)
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::object::expressions::Place;

    fn form(text: &str) -> Form {
        Form::of(&Catalog::empty(18), &BTreeMap::new(), &Place::default(), text)
    }

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
            assert!(alike(&form(one), &form(other)), "{one} / {other}");
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
            assert!(!alike(&form(one), &form(other)), "{one} / {other}");
        }
    }
}
