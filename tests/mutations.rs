//! Without a server, two meanings are never taken for one: every expression and query of `grammar-tests/canon` is changed in every place
//! by a little, and its canonical form must change with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::agree::said;
use trueup::canon::{canonicalize, canonicalize_some};
use trueup::model::{Catalog, ObjectId};
use trueup::object::expressions::{parse, spell};
use trueup::source::files::{self, SourceFile};
use trueup::sql::literal::{names, string};
use trueup::sql::protobuf::{self, AExprKind, BoolExprType, JoinType, SetOperation, SortByDir, SortByNulls, a_const};
use trueup::sql::walk::{NodeMut, VisitorMut, Walk};
use trueup::sql::{Node, NodeEnum};

/// Changes the place of a number, or counts the places.
struct Mutation {
    place: usize,
    seen: usize,
    done: Option<String>,
    /// Columns that something else can be put for.
    columns: Vec<String>,
}

impl Mutation {
    fn here(&mut self) -> bool {
        self.seen += 1;
        self.seen == self.place + 1
    }

    fn note(&mut self, what: impl Into<String>) {
        self.done = Some(what.into());
    }
}

fn text(text: &str) -> Node {
    Node { node: Some(NodeEnum::String(protobuf::String { sval: text.to_owned() })) }
}

fn other_operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "=" => "<>",
        "<>" => "=",
        "<" => "<=",
        ">" => ">=",
        "<=" => "<",
        ">=" => ">",
        "+" => "-",
        "-" => "+",
        "*" => "/",
        "/" => "*",
        "~~" => "~~*",
        "~~*" => "~~",
        "!~~" => "~~",
        "~" => "~*",
        "->" => "->>",
        "->>" => "->",
        "@>" => "<@",
        "&&" => "@>",
        _ => return None,
    })
}

fn other_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "lower" => "upper",
        "upper" => "lower",
        "min" => "max",
        "max" => "min",
        "sum" => "avg",
        "avg" => "sum",
        "now" => "clock_timestamp",
        "btrim" => "ltrim",
        "ltrim" => "rtrim",
        "rank" => "dense_rank",
        "round" => "trunc",
        _ => return None,
    })
}

impl VisitorMut for Mutation {
    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        if self.done.is_some() {
            return false;
        }
        match node {
            // Not every number is a mask of fields that the deparser knows.
            NodeMut::TypeName(name) if names(&name.names).iter().any(|name| name == "interval") => return false,
            NodeMut::AConst(constant) if !constant.isnull && self.here() => self.constant(constant),
            NodeMut::AExpr(expr) => self.operator(expr),
            NodeMut::BoolExpr(expr) if expr.boolop() != BoolExprType::NotExpr && self.here() => {
                let other = if expr.boolop() == BoolExprType::AndExpr { BoolExprType::OrExpr } else { BoolExprType::AndExpr };
                expr.set_boolop(other);
                self.note("AND for OR");
            }
            NodeMut::NullTest(test) if self.here() => {
                test.nulltesttype = 3 - test.nulltesttype;
                self.note("IS NOT NULL for IS NULL");
            }
            NodeMut::BooleanTest(test) if self.here() => {
                test.booltesttype = 1 + test.booltesttype % 6;
                self.note("another test of truth");
            }
            NodeMut::JoinExpr(join) if self.here() => {
                let other = if join.jointype() == JoinType::JoinLeft { JoinType::JoinRight } else { JoinType::JoinLeft };
                if join.is_natural || !join.using_clause.is_empty() || join.quals.is_some() {
                    join.set_jointype(other);
                    self.note("another join");
                }
            }
            NodeMut::SortBy(sort) => self.sort(sort),
            NodeMut::SelectStmt(select) => self.select(select),
            NodeMut::CollateClause(collate) if self.here() => {
                collate.collname = vec![text("ucs_basic")];
                self.note("another collation");
            }
            NodeMut::MinMaxExpr(expr) if self.here() => {
                expr.op = 3 - expr.op;
                self.note("LEAST for GREATEST");
            }
            NodeMut::TypeCast(cast) if self.here() => self.cast(cast),
            NodeMut::ColumnRef(column) => self.column(column),
            NodeMut::FuncCall(call) => self.call(call),
            other => self.clause(other),
        }
        self.done.is_none()
    }
}

impl Mutation {
    fn cast(&mut self, cast: &mut protobuf::TypeCast) {
        if let Some(name) = cast.type_name.as_mut().filter(|name| names(&name.names).pop().is_none_or(|last| last != "macaddr")) {
            name.names = vec![text("pg_catalog"), text("macaddr")];
            name.typmods.clear();
            self.note("another cast");
        }
    }

    fn clause(&mut self, node: NodeMut<'_>) {
        match node {
            NodeMut::WindowDef(window) if !window.partition_clause.is_empty() && self.here() => {
                window.partition_clause.clear();
                self.note("no PARTITION BY");
            }
            NodeMut::LockingClause(lock) if self.here() => {
                lock.strength = if lock.strength == 3 { 5 } else { 3 };
                self.note("another lock");
            }
            NodeMut::CommonTableExpr(cte) if self.here() => {
                cte.ctematerialized = 1 + cte.ctematerialized % 3;
                self.note("MATERIALIZED");
            }
            NodeMut::GroupingSet(set) if (3..=4).contains(&set.kind) && self.here() => {
                set.kind = 7 - set.kind;
                self.note("CUBE for ROLLUP");
            }
            _ => {}
        }
    }

    fn constant(&mut self, constant: &mut protobuf::AConst) {
        match &mut constant.val {
            Some(a_const::Val::Ival(number)) => number.ival += 1,
            Some(a_const::Val::Fval(number)) => number.fval.insert(usize::from(number.fval.starts_with('-')), '7'),
            // The first letter is all that "char" takes.
            Some(a_const::Val::Sval(text)) => text.sval.insert(0, 'q'),
            Some(a_const::Val::Boolval(value)) => value.boolval = !value.boolval,
            Some(a_const::Val::Bsval(bits)) => bits.bsval.push('1'),
            None => return,
        }
        self.note("another constant");
    }

    fn operator(&mut self, expr: &mut protobuf::AExpr) {
        use AExprKind as Is;
        let other = match expr.kind() {
            Is::AexprOpAny => Is::AexprOpAll,
            Is::AexprOpAll => Is::AexprOpAny,
            Is::AexprBetween => Is::AexprNotBetween,
            Is::AexprNotBetween => Is::AexprBetweenSym,
            Is::AexprBetweenSym => Is::AexprBetween,
            Is::AexprDistinct => Is::AexprNotDistinct,
            Is::AexprNotDistinct => Is::AexprDistinct,
            same => same,
        };
        if other != expr.kind() && self.here() {
            expr.set_kind(other);
            if let Is::AexprBetween | Is::AexprNotBetween | Is::AexprBetweenSym = other {
                let word = match other {
                    Is::AexprBetween => "BETWEEN",
                    Is::AexprNotBetween => "NOT BETWEEN",
                    _ => "BETWEEN SYMMETRIC",
                };
                expr.name = vec![text(word)];
            }
            return self.note("another comparison");
        }
        let name = names(&expr.name).pop().unwrap_or_default();
        let plain = matches!(expr.kind(), Is::AexprOp | Is::AexprOpAny | Is::AexprOpAll | Is::AexprIn | Is::AexprLike | Is::AexprIlike);
        let Some(other) = other_operator(&name).filter(|_| plain && expr.lexpr.is_some()) else { return };
        if matches!(expr.kind(), Is::AexprLike | Is::AexprIlike) {
            return;
        }
        if self.here() {
            expr.name.pop();
            expr.name.push(text(other));
            self.note(format!("{other} for {name}"));
        }
        // What is on one side goes to the other.
        if matches!(expr.kind(), Is::AexprOp) && expr.lexpr != expr.rexpr && self.done.is_none() && self.here() {
            std::mem::swap(&mut expr.lexpr, &mut expr.rexpr);
            self.note("sides changed");
        }
    }

    fn sort(&mut self, sort: &mut protobuf::SortBy) {
        if sort.sortby_dir() != SortByDir::SortbyUsing && self.here() {
            let other = if sort.sortby_dir() == SortByDir::SortbyDesc { SortByDir::SortbyAsc } else { SortByDir::SortbyDesc };
            sort.set_sortby_dir(other);
            return self.note("the other direction");
        }
        if self.here() {
            let descending = sort.sortby_dir() == SortByDir::SortbyDesc || names(&sort.use_op) == [">"];
            let first = match sort.sortby_nulls() {
                SortByNulls::SortbyNullsFirst => true,
                SortByNulls::SortbyNullsLast => false,
                _ => descending,
            };
            sort.set_sortby_nulls(if first { SortByNulls::SortbyNullsLast } else { SortByNulls::SortbyNullsFirst });
            self.note("nulls at the other end");
        }
    }

    fn select(&mut self, select: &mut protobuf::SelectStmt) {
        if select.op() != SetOperation::SetopNone {
            if self.here() {
                select.all = !select.all;
                return self.note("ALL");
            }
            if self.here() {
                let other = if select.op() == SetOperation::SetopUnion { SetOperation::SetopIntersect } else { SetOperation::SetopUnion };
                select.set_op(other);
                self.note("another set operation");
            }
            return;
        }
        if select.distinct_clause.is_empty() && select.values_lists.is_empty() && !select.target_list.is_empty() && self.here() {
            select.distinct_clause = vec![Node { node: None }];
            return self.note("DISTINCT");
        }
        if select.where_clause.is_some() && self.here() {
            select.where_clause = None;
            return self.note("no WHERE");
        }
        if select.limit_count.is_some() && !select.sort_clause.is_empty() && self.here() {
            select.limit_option = if select.limit_option == 2 { 3 } else { 2 };
            self.note("WITH TIES");
        }
    }

    fn column(&mut self, column: &mut protobuf::ColumnRef) {
        let Some(name) = column.fields.last().and_then(string).map(str::to_owned) else { return };
        let Some(other) = self.columns.iter().find(|other| **other != name).cloned() else { return };
        if self.here() {
            column.fields.pop();
            column.fields.push(text(&other));
            self.note(format!("column {other} for {name}"));
        }
    }

    fn call(&mut self, call: &mut protobuf::FuncCall) {
        let name = names(&call.funcname).pop().unwrap_or_default();
        if let Some(other) = other_function(&name).filter(|_| call.funcname.len() == 1)
            && self.here()
        {
            call.funcname = vec![text(other)];
            return self.note(format!("{other} for {name}"));
        }
        let named = call.args.iter().any(|arg| matches!(arg.node, Some(NodeEnum::NamedArgExpr(_))));
        let plain = call.funcformat() == protobuf::CoercionForm::CoerceExplicitCall;
        if plain && call.args.len() > 1 && !named && !call.func_variadic && call.args[0] != call.args[1] && self.here() {
            call.args.swap(0, 1);
            return self.note("arguments changed");
        }
        if (call.agg_distinct || !call.agg_order.is_empty()) && self.here() {
            call.agg_distinct = !call.agg_distinct;
            return self.note("DISTINCT in an aggregate");
        }
        if call.agg_filter.is_some() && self.here() {
            call.agg_filter = None;
            self.note("no FILTER");
        }
    }
}

/// The names of all columns in a tree.
fn columns(tree: &Node) -> Vec<String> {
    let mut tree = tree.clone();
    let mut found = BTreeSet::new();
    tree.walk_mut(&mut |node: NodeMut<'_>| {
        if let NodeMut::ColumnRef(column) = node {
            found.extend(column.fields.last().and_then(string).map(str::to_owned));
        }
        true
    });
    found.into_iter().collect()
}

fn key(catalog: &Catalog, id: &ObjectId, at: usize) -> String {
    let mut object = catalog.object(id).unwrap().clone();
    object.exprs()[at].key().to_owned()
}

/// All changes of one expression that are not seen; how many were made.
fn unseen(catalog: &Catalog, id: &ObjectId, at: usize, unseen: &mut Vec<String>) -> usize {
    let mut object = catalog.object(id).unwrap().clone();
    let before = object.exprs()[at].sql.clone();
    let Some(tree) = parse(&before) else { return 0 };
    let (all, mut made) = (columns(&tree), 0);
    for place in 0.. {
        let mut changed = tree.clone();
        let mut mutation = Mutation { place, seen: 0, done: None, columns: all.clone() };
        changed.walk_mut(&mut mutation);
        let Some(what) = mutation.done else {
            if mutation.seen <= place {
                break;
            }
            continue;
        };
        let Ok(after) = spell(&changed) else { continue };
        if after == before {
            continue;
        }
        let mut other = catalog.clone();
        other.get_mut(id).unwrap().object.exprs()[at].sql.clone_from(&after);
        canonicalize_some(&mut other, |each| each == id);
        made += 1;
        if key(&other, id, at) == key(catalog, id, at) {
            unseen.push(format!("{id}: {what}\n  {before}\n  {after}"));
        }
    }
    made
}

#[test]
fn every_change_is_seen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar-tests/canon");
    let wanted = std::env::var("MUTATIONS").unwrap_or_default();
    let (mut all, mut made) = (Vec::new(), 0);
    for file in
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.display().to_string().contains(&wanted))
    {
        let name = file.file_name().unwrap().display().to_string();
        let text = std::fs::read_to_string(&file).unwrap();
        let parsed = files::parse(vec![SourceFile { path: name.clone(), text }]).unwrap_or_else(|error| panic!("{error}"));
        let mut catalog = said(&parsed, 18).unwrap_or_else(|error| panic!("{name}: {error}"));
        canonicalize(&mut catalog);
        let objects: Vec<(ObjectId, usize)> =
            catalog.iter().map(|(id, entry)| (id.clone(), entry.object.clone().exprs().len())).filter(|(_, count)| *count > 0).collect();
        for (id, count) in objects {
            for at in 0..count {
                made += unseen(&catalog, &id, at, &mut all);
            }
        }
    }
    println!("{made} changes");
    assert!(made > 1000 || !wanted.is_empty(), "only {made} changes were made");
    assert!(all.is_empty(), "{} of {made} changes are not seen:\n{}", all.len(), all.join("\n"));
}
