//! The columns of PostgreSQL's own relations. Which there are differs from major to major, so that they are never all that there is.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::types::Type;

const COLUMNS: &str = include_str!("builtin/columns.txt");

/// Columns by their names.
pub type Columns = FxHashMap<&'static str, Type>;

static RELATION: LazyLock<FxHashMap<&str, FxHashMap<&str, Columns>>> = LazyLock::new(|| {
    let mut all: FxHashMap<&str, FxHashMap<&str, Columns>> = FxHashMap::default();
    for line in COLUMNS.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [schema, relation, columns] = fields.as_slice() else { continue };
        let columns = columns.split(' ').filter_map(|column| column.rsplit_once(':')).map(|(name, of)| (name, Type::internal(of)));
        // Those of `pg_stats` are of any type.
        all.entry(*schema).or_default().entry(*relation).or_default().extend(columns.filter(|(_, of)| !of.is_polymorphic()));
    }
    all
});

/// The columns that are known of a relation of the system.
pub fn columns(schema: &str, relation: &str) -> Option<&'static Columns> {
    RELATION.get(if schema.is_empty() { "pg_catalog" } else { schema })?.get(relation)
}

/// Whether that schema of the system has such a relation.
pub fn is_relation_of_system(schema: &str, relation: &str) -> bool {
    columns(schema, relation).is_some()
}
