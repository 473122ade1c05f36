//! Casts. Key: `Key::Two(source type, target type)`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use super::rename::FunctionAs;
use crate::canon;
use crate::model::{Catalog, Entry, Expr, Key, ObjectId, Pair, Step};

/// How a cast is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// WITH FUNCTION, with its argument types.
    Function(String),
    /// WITHOUT FUNCTION.
    Binary,
    /// WITH INOUT.
    InOut,
}

/// A cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// How it is done.
    pub method: Method,
    /// When it is done: `e` only where it is written, `a` in assignments too, `i` everywhere.
    pub context: char,
}

impl Cast {
    /// Whether it is done where nothing asks for it.
    pub const fn is_implicit(&self) -> bool {
        self.context == 'i'
    }
}

impl ObjectDef for Cast {
    const KIND: Kind = Kind::Cast;
    const QUERY: &'static str = include_str!("cast.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_cast", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::new(Kind::Cast, Key::Two(row.get("source")?, row.get("target")?));
        let method = match (row.char("castmethod")?, row.get::<Option<String>>("function")?) {
            ('f', Some(function)) => Method::Function(function),
            ('b', _) => Method::Binary,
            ('i', _) => Method::InOut,
            (other, _) => return Err(ReadError::Unknown { object: id.to_string(), column: "castmethod", value: other.to_string() }),
        };
        Ok(Some(Found::new(id, Self { method, context: row.char("castcontext")? })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { method, context } = self;
        let method = match method {
            Method::Function(function) => format!("WITH FUNCTION {function}"),
            Method::Binary => "WITHOUT FUNCTION".to_owned(),
            Method::InOut => "WITH INOUT".to_owned(),
        };
        let context = match context {
            'a' => " AS ASSIGNMENT",
            'i' => " AS IMPLICIT",
            _ => "",
        };
        plain::create(id, format!("CREATE {} {method}{context}", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if let Method::Function(function) = &mut self.method {
            rename::follow_functions([function], FunctionAs::Signature, from, to);
        }
    }

    stands_alone!();
}

/// Orders what calls the function of a cast, which it may do by the cast, with the cast: nothing else says that it is written so.
pub fn order(catalog: &mut Catalog) {
    let casts = catalog.of_kind(Kind::Cast);
    let functions = casts.filter_map(|(id, entry)| Some((entry.needs.iter().find(|need| need.kind == Kind::Function)?.clone(), id.clone())));
    let by: BTreeMap<ObjectId, ObjectId> = functions.collect();
    if by.is_empty() {
        return;
    }
    let calls = |id: &ObjectId, entry: &Entry| id.kind != Kind::Cast && entry.needs.iter().any(|need| by.contains_key(need));
    catalog.change_all(calls, |_, entry| {
        let casts: Vec<ObjectId> = entry.needs.iter().filter_map(|need| by.get(need)).cloned().collect();
        entry.wants.extend(casts);
    });
}

/// Notes what makes use of casts, as far as types tell: it needs their functions, as PostgreSQL has it, and they are to be there.
pub fn note_uses(catalog: &mut Catalog) {
    for (id, casts) in canon::casts(catalog) {
        let function = |cast: &ObjectId| catalog.get(cast)?.needs.iter().find(|need| need.kind == Kind::Function && **need != id).cloned();
        let functions: Vec<ObjectId> = casts.done.iter().filter_map(function).collect();
        // The function of a cast does not wait for it.
        let serves = |cast: &ObjectId| catalog.get(cast).is_some_and(|entry| entry.needs.contains(&id));
        let all: Vec<ObjectId> = casts.done.into_iter().chain(casts.possible).filter(|cast| !serves(cast)).collect();
        if let Some(entry) = catalog.get_mut(&id) {
            entry.needs.extend(functions);
            entry.wants.extend(all);
        }
    }
}

/// What is done by another function where a cast is, however it is written: it depends on the function, not on the cast
/// (`find_expr_references_walker` of src/backend/catalog/dependency.c), and keeps the one that it was made with.
pub fn done_by_another(id: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let function = |catalog: &Catalog| catalog.get(id)?.needs.iter().find(|need| need.kind == Kind::Function).cloned();
    let (before, after) = (function(cx.from), function(cx.to));
    if before == after {
        return Vec::new();
    }
    // A cast without a function leaves no trace in who uses it.
    let functions = [before, after];
    let turns = |was: &Entry, is: &Entry| functions.iter().flatten().any(|function| was.needs.contains(function) != is.needs.contains(function));
    cx.from.iter().filter(|(user, was)| cx.to.get(user).is_some_and(|is| turns(was, is))).map(|(user, _)| user.clone()).collect()
}
