//! Texts that are written alike and do not mean the same: which function or operator of a name is called is a matter of which there are
//! (`func_get_detail` of src/backend/parser/parse_func.c), so that one that comes or goes changes what others say.

use std::collections::BTreeMap;

use super::typed;
use crate::model::{Catalog, Entry, IdSet, ObjectId, Otherwise, Pair};
use crate::object::expressions::{parse, places};
use crate::object::routine::Body;
use crate::object::{Kind, Object};

/// Sets apart from what is written alike what calls another function or operator, since one has come, gone or changed, or may do so.
pub fn tell_apart(from: &Catalog, to: &mut Catalog) {
    let pair = Pair::new(from, &*to);
    let casts = other_casts(pair);
    let others: Vec<(ObjectId, Otherwise)> =
        to.unshared(from).into_iter().filter_map(|id| Some((id.clone(), otherwise(pair, &id, casts)?))).collect();
    for (id, otherwise) in others {
        let Some(entry) = to.get_mut(&id) else { continue };
        entry.object.exprs().into_iter().for_each(|expr| expr.tell_apart(otherwise));
    }
}

/// Whether there are casts on one side that are not on the other, or are done at other times: what a call takes by itself hangs on them.
fn other_casts(pair: Pair<&Catalog>) -> bool {
    let turned = |(one, other): (&Catalog, &Catalog)| one.of_kind(Kind::Cast).any(|(id, entry)| other.object(id) != Some(&entry.object));
    turned((pair.from, pair.to)) || turned((pair.to, pair.from))
}

/// Whether the same words call another thing; `None` where they call the same.
fn otherwise(pair: Pair<&Catalog>, id: &ObjectId, casts: bool) -> Option<Otherwise> {
    let (was, is) = (pair.from.get(id)?, pair.to.get(id)?);
    if !same_words(&was.object, &is.object) {
        return None;
    }
    let turns = |was: &IdSet, is: &IdSet| {
        // One that stays may get defaults, and be called with fewer arguments.
        let comes_or_goes = |id: &ObjectId| id.kind.is_overloaded() && (casts || pair.from.object(id) != pair.to.object(id));
        // What is called by another name, is so by a cast.
        let has_its_name = |all: &IdSet, id: &ObjectId| all.iter().any(|other| other.is_overload_of(id));
        let mut turned = was.difference(is).map(|id| (id, is)).chain(is.difference(was).map(|id| (id, was)));
        turned.any(|(id, others)| comes_or_goes(id) && has_its_name(others, id))
    };
    if turns(&was.needs, &is.needs) && was.wants.iter().chain(&is.wants).all(|want| !want.kind.is_overloaded()) {
        return Some(Otherwise::Surely);
    }
    (turns(&called(was), &called(is))).then_some(Otherwise::Possibly)
}

/// Whether two versions are written with the same words, of which the canonical form may say already that they do not mean the same.
fn same_words(was: &Object, is: &Object) -> bool {
    let (mut was, mut is) = (was.clone(), is.clone());
    let (was, is) = (was.exprs(), is.exprs());
    was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| was == is || was.placeless() == is.placeless())
}

/// Whether what is wanted of an object would call an overload that goes, as long as that is there, or may do so.
pub fn still_calls(pair: Pair<&Catalog>, id: &ObjectId, gone: &ObjectId) -> bool {
    let (Some(object), Some(name)) = (pair.to.object(id), gone.name()) else { return false };
    let mut copy = object.clone();
    let exprs = copy.exprs();
    let places = places(pair.to, id, object, exprs.len());
    exprs.iter().zip(&places).filter(|(expr, _)| expr.sql.contains(name.as_str())).any(|(expr, place)| {
        let Some(tree) = parse(&expr.sql) else { return true };
        let called = typed(pair.from, &BTreeMap::new(), &place.scope, &tree).called;
        called.contains(gone) || called.iter().all(|other| other.qname() != gone.qname())
    })
}

/// Whether it calls another overload than it did, which may give another type.
pub fn calls_another(pair: Pair<&Catalog>, id: &ObjectId) -> bool {
    let (Some(was), Some(is)) = (pair.from.get(id), pair.to.get(id)) else { return false };
    let mut left = was.needs.difference(&is.needs);
    left.any(|left| is.needs.iter().any(|other| other.is_overload_of(left)))
}

/// What it calls, or may call.
fn called(entry: &Entry) -> IdSet {
    // Nobody decides what the words of a body mean before it runs.
    let is_text = match &entry.object {
        Object::Function(function) => !matches!(function.body, Body::Sql(_)),
        Object::Procedure(procedure) => !matches!(procedure.body, Body::Sql(_)),
        _ => false,
    };
    let wants = entry.wants.iter().filter(|_| !is_text);
    entry.needs.iter().chain(wants).filter(|id| id.kind.is_overloaded()).cloned().collect()
}
