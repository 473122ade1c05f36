//! Whether PostgreSQL gives a table a TOAST table: parameters of one that is not there are forgotten.

use crate::model::{ObjectId, TypeName};
use crate::object::column::{Column, split, type_storage};
use crate::object::{Kind, Object, Session};

/// `TOAST_TUPLE_THRESHOLD` of pages of 8 kB.
const THRESHOLD: i64 = 2032;

/// `heapam_relation_needs_toast_table` (src/backend/access/heap/heapam_handler.c), for databases in UTF-8.
pub(super) fn has_toast(table: &ObjectId, session: &Session) -> bool {
    let mut length = 24;
    let mut toastable = false;
    for (id, entry) in session.catalog.children_of(table, Kind::Column) {
        let Object::Column(column) = &entry.object else { continue };
        let Some(size) = maximum_size(id, column, session) else {
            // Lists of unlimited length end the matter, unless their storage forbids it.
            if column.storage.as_deref() != Some("PLAIN") {
                return true;
            }
            continue;
        };
        length += size + 8;
        toastable |= type_storage(&column.type_name) != "PLAIN";
    }
    toastable && length > THRESHOLD
}

/// The most bytes that a value can have; `None` where there is no limit (`type_maximum_size`).
fn maximum_size(id: &ObjectId, column: &Column, session: &Session) -> Option<i64> {
    let mut name: &TypeName = &column.type_name;
    let mut needs = &session.catalog.get(id)?.needs;
    for _ in 0..32 {
        let domain = needs.iter().find(|need| matches!(need.kind, Kind::Domain | Kind::Enum) && need.spelled() == name.0);
        match domain.and_then(|id| session.catalog.get(id)).map(|entry| (&entry.object, entry)) {
            Some((Object::Enum(_), _)) => return Some(4),
            Some((Object::Domain(domain), entry)) => (name, needs) = (&domain.base, &entry.needs),
            _ => break,
        }
    }
    if type_storage(name) == "PLAIN" {
        return Some(16);
    }
    if name.0.ends_with("[]") {
        return None;
    }
    let (base, modifiers) = split(&name.0);
    let limit = modifiers.and_then(|modifiers| modifiers.first().copied())?;
    match base.as_str() {
        "character varying" | "character" => Some(4 * limit + 4),
        "bit" | "bit varying" => Some((limit + 7) / 8 + 8),
        "numeric" => Some(limit / 2 + 12),
        _ => None,
    }
}
