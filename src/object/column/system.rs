//! The columns that every table has beside its own. They are no objects of the catalog, but things are said of them: who may read them.

use crate::model::ObjectId;
use crate::object::Kind;

/// By their numbers, from -1 down (`SysAtt` of src/backend/catalog/heap.c).
const NAMES: [&str; 6] = ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"];

/// Whether a column of that name is one.
pub fn is_system(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Its identity by its name, where the relation has it.
pub fn system_column(relation: &ObjectId, name: &str) -> Option<ObjectId> {
    let kind = match relation.kind {
        Kind::Table => Kind::Column,
        Kind::MaterializedView => Kind::ViewColumn,
        _ => return None,
    };
    Some(ObjectId::on(kind, relation.qname()?.clone(), name)).filter(|_| is_system(name))
}

/// Its identity by its number.
pub fn numbered(relation: &ObjectId, number: i32) -> Option<ObjectId> {
    let at = usize::try_from((-1_i32).checked_sub(number)?).ok()?;
    system_column(relation, NAMES.get(at)?)
}
