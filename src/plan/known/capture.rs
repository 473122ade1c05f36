//! New names that old statements could mean, and names that PostgreSQL would choose otherwise.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::analyze::overload::is_builtin_operator;
use crate::model::{Catalog, Ident, Key, ObjectId, Pair};
use crate::object::{Kind, Slot};
use crate::sql::is_builtin_function;
use crate::sql::types::is_builtin_type;

/// Whether what differs can change what statements about other objects mean: it is found by types alone, or came or went under a name that
/// something else has too, in another schema or with other arguments, or has with a number behind it, as `ChooseRelationName` of
/// src/backend/commands/indexcmds.c gives it to what finds its name taken.
/// `members` are the names of what extensions have.
pub fn possible(changed: &BTreeSet<ObjectId>, pair: Pair<&Catalog>, members: &FxHashSet<Ident>) -> bool {
    let came_or_went = || changed.iter().filter(|id| pair.from.contains(id) != pair.to.contains(id));
    if changed.iter().any(|id| id.kind.is_chosen_by_types()) || came_or_went().any(|id| id.kind == Kind::Schema) {
        return true;
    }
    let names: FxHashSet<Ident> = came_or_went().flat_map(|id| [pair.from, pair.to].map(|catalog| called(id, catalog))).flatten().collect();
    if names.iter().any(|name| members.contains(name)) {
        return true;
    }
    let is_builtin = |name: &Ident| {
        let name = name.as_str();
        is_builtin_function(name) || is_builtin_operator(name) || is_builtin_type(name) || name.starts_with("pg_")
    };
    let is_another = |id: &ObjectId| {
        let is_numbered = |name: &Ident| is_named_by_postgres(id.kind) && stems(name).any(|stem| names.contains(&stem));
        !changed.contains(id) && called(id, pair.from).iter().any(|name| names.contains(name) || is_numbered(name))
    };
    names.iter().any(is_builtin) || !names.is_empty() && pair.from.scan().any(|(id, _)| is_another(id))
}

/// The names under which it is found in the schemas of `search_path`, its own and those of what stands behind it; and what a constraint
/// is called, which PostgreSQL chooses so that no other one in the schema is called so.
fn called(id: &ObjectId, catalog: &Catalog) -> Vec<Ident> {
    let slots = catalog.object(id).map(|object| object.slots(id)).unwrap_or_default();
    let taken = slots.into_iter().filter_map(|slot| match slot {
        Slot::Relation(name) | Slot::Type(name) | Slot::Routine(name, _) => Some(name.name),
        Slot::Within(..) => None,
    });
    let own = match &id.key {
        Key::InSchema(name) | Key::Routine(name, _) => Some(name.name.clone()),
        _ => None,
    };
    let constraint = catalog.object(id).and_then(|object| object.constraint_name(id)).map(|name| name.name);
    taken.chain(own).chain(constraint).collect()
}

/// The name without the last of its digits, without the last two of them, ..
fn stems(name: &Ident) -> impl Iterator<Item = Ident> {
    let text = name.as_str();
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (1..=digits).filter_map(move |count| text.get(..text.len() - count)).map(Ident::new)
}

const fn is_named_by_postgres(kind: Kind) -> bool {
    matches!(kind, Kind::Index | Kind::Constraint | Kind::Sequence | Kind::Column | Kind::Statistics)
}
