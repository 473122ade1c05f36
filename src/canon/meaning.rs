//! Texts that are written alike and do not mean the same: which function or operator of a name is called is a matter of which there are
//! (`func_get_detail` of src/backend/parser/parse_func.c), so that one that comes or goes changes what others say.

use crate::model::{Catalog, Entry, IdSet, ObjectId, Otherwise, Pair};
use crate::object::Object;
use crate::object::routine::Body;

/// Sets apart from what is written alike what calls another function or operator, since one has come or gone, or may do so.
pub fn tell_apart(from: &Catalog, to: &mut Catalog) {
    let others: Vec<(ObjectId, Otherwise)> =
        to.unshared(from).into_iter().filter_map(|id| Some((id.clone(), otherwise(Pair::new(from, to), &id)?))).collect();
    for (id, otherwise) in others {
        let Some(entry) = to.get_mut(&id) else { continue };
        entry.object.exprs().into_iter().for_each(|expr| expr.tell_apart(otherwise));
    }
}

/// Whether what is written alike calls another thing; `None` where it calls the same.
fn otherwise(pair: Pair<&Catalog>, id: &ObjectId) -> Option<Otherwise> {
    let (was, is) = (pair.from.get(id)?, pair.to.get(id)?);
    if was.object != is.object {
        return None;
    }
    let turns = |was: &IdSet, is: &IdSet| {
        let comes_or_goes = |id: &ObjectId| id.kind.is_overloaded() && pair.from.contains(id) != pair.to.contains(id);
        // What is called by another name, is so by a cast.
        let has_its_name = |all: &IdSet, id: &ObjectId| all.iter().any(|other| other.kind.is_overloaded() && other.qname() == id.qname());
        let mut turned = was.difference(is).map(|id| (id, is)).chain(is.difference(was).map(|id| (id, was)));
        turned.any(|(id, others)| comes_or_goes(id) && has_its_name(others, id))
    };
    if turns(&was.needs, &is.needs) && was.wants.iter().chain(&is.wants).all(|want| !want.kind.is_overloaded()) {
        return Some(Otherwise::Surely);
    }
    (turns(&called(was), &called(is))).then_some(Otherwise::Possibly)
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
