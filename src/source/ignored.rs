//! What `[ignore]` leaves out of a catalog: objects that match, with all that belongs to them.

use std::collections::BTreeSet;

use crate::config::Ignore;
use crate::model::{Catalog, Entry, Key, ObjectId};
use crate::object::Kind;

/// Takes out of a catalog what the patterns match, and what belongs to that: parts, satellites, and what is in a schema that is
/// left out. Returns what was taken out.
///
/// # Errors
/// Objects that stay and need one that is left out, in words: neither could be rebuilt without the other.
pub fn strip(catalog: &mut Catalog, patterns: &[Ignore]) -> Result<BTreeSet<ObjectId>, Vec<String>> {
    if patterns.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut out: BTreeSet<ObjectId> = catalog.iter().map(|(id, _)| id).filter(|id| is_ignored(id, patterns)).cloned().collect();
    loop {
        let more: Vec<ObjectId> =
            catalog.iter().filter(|(id, entry)| !out.contains(*id) && belongs(id, entry, &out)).map(|(id, _)| id.clone()).collect();
        if more.is_empty() {
            break;
        }
        out.extend(more);
    }
    for id in &out {
        catalog.remove(id);
    }
    let mut torn = Vec::new();
    for (id, entry) in catalog.iter() {
        torn.extend(entry.needs.iter().filter(|need| out.contains(*need)).map(|need| format!("{id} needs {need}")));
    }
    if torn.is_empty() { Ok(out) } else { Err(torn) }
}

fn belongs(id: &ObjectId, entry: &Entry, out: &BTreeSet<ObjectId>) -> bool {
    let below = [&entry.parent, &entry.auto].into_iter().flatten().any(|above| out.contains(above));
    below || id.schema().is_some_and(|schema| out.contains(&ObjectId::global(Kind::Schema, schema.clone())))
}

fn is_ignored(id: &ObjectId, patterns: &[Ignore]) -> bool {
    id.kind.can_be_left_out() && name(id).is_some_and(|name| patterns.iter().any(|pattern| pattern.matches(id.kind, &name)))
}

/// The dotted name without quotes, and without the arguments of routines.
fn name(id: &ObjectId) -> Option<String> {
    match &id.key {
        Key::Global(name) => Some(name.as_str().to_owned()),
        Key::OnRelation(relation, name) => Some([relation.schema.as_str(), relation.name.as_str(), name.as_str()].join(".")),
        _ => id.qname().map(|name| [name.schema.as_str(), name.name.as_str()].join(".")),
    }
}
