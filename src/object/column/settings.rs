//! What ALTER COLUMN sets beside the type: storage, compression, statistics target, options.

use super::Column;
use crate::model::{Ident, LockMode, ObjectId, Options, Pair, Step, TypeName, option_changes};
use crate::object::Cx;
use crate::object::foreign_options::ForeignOptions;
use crate::object::table::AlterTable;

/// The settings of a column.
#[derive(Clone, Default)]
pub struct Settings {
    /// Where it is not the type's.
    pub storage: Option<String>,
    /// Where one is set.
    pub compression: Option<Ident>,
    /// Where one is set.
    pub statistics: Option<i32>,
    /// `n_distinct` and the like.
    pub options: Options,
    /// OPTIONS of a foreign table's column.
    pub foreign_options: ForeignOptions,
}

impl Settings {
    /// Those of a column.
    pub fn of(column: &Column) -> Self {
        Self {
            storage: column.storage.clone(),
            compression: column.compression.clone(),
            statistics: column.statistics,
            options: column.options.clone(),
            foreign_options: column.foreign_options.clone(),
        }
    }

    /// What a column has once its definition was executed: before 16 the definition cannot say the storage.
    pub fn defined(column: &Column, cx: &Cx<'_>) -> Self {
        Self {
            storage: column.storage.clone().filter(|_| cx.major() >= 16),
            compression: column.compression.clone(),
            foreign_options: column.foreign_options.clone(),
            ..Self::default()
        }
    }

    /// What is left of them when the column gets another type (`ATExecAlterColumnType` in src/backend/commands/tablecmds.c).
    pub fn retyped(self) -> Self {
        Self { storage: None, compression: None, ..self }
    }
}

/// The statements that make the wanted settings of the present ones. Each table has its own, so they are for it alone.
pub fn changes(id: &ObjectId, type_name: &TypeName, pair: Pair<&Settings>, cx: &Cx<'_>) -> Vec<Step> {
    let Some((table, name)) = id.qname().zip(id.name()) else { return Vec::new() };
    let Settings { storage, compression, statistics, options, foreign_options } = pair.to;
    let at = AlterTable::new(table, cx);
    let alter = |mode, action: &str, what: &str| {
        at.only(mode, &format!("ALTER COLUMN {name} {action}"), format!("change the {what} of {table}.{name}"))
    };
    let mut steps = Vec::new();
    if pair.from.storage != *storage {
        let word = match storage {
            Some(storage) => storage.as_str(),
            None if cx.major() >= 16 => "DEFAULT",
            None => type_storage(type_name),
        };
        steps.push(alter(LockMode::AccessExclusive, &format!("SET STORAGE {word}"), "storage"));
    }
    if pair.from.compression != *compression {
        let method = compression.as_ref().map_or_else(|| "default".to_owned(), Ident::quoted);
        steps.push(alter(LockMode::AccessExclusive, &format!("SET COMPRESSION {method}"), "compression"));
    }
    if pair.from.statistics != *statistics {
        // SET STATISTICS DEFAULT came with 17; -1 says the same in every version.
        let target = statistics.unwrap_or(-1);
        steps.push(alter(LockMode::ShareUpdateExclusive, &format!("SET STATISTICS {target}"), "statistics target"));
    }
    let (set, reset) = option_changes(Pair::new(&pair.from.options, options));
    let lists = [set.map(|list| format!("SET ({list})")), reset.map(|list| format!("RESET ({list})"))];
    steps.extend(lists.iter().flatten().map(|action| alter(LockMode::ShareUpdateExclusive, action, "options")));
    let clause = ForeignOptions::changes(Pair::new(&pair.from.foreign_options, foreign_options));
    steps.extend(clause.iter().map(|action| alter(LockMode::AccessExclusive, action, "foreign options")));
    steps
}

/// `pg_type.typstorage`, as far as the name tells. Types of a fixed length can have no other.
pub(in crate::object) fn type_storage(type_name: &TypeName) -> &'static str {
    const PLAIN: &[&str] = &[
        "smallint", "integer", "bigint", "real", "double", "boolean", "date", "time", "timestamp", "interval", "uuid", "oid", "money",
        "name", "\"char\"", "point", "line", "lseg", "box", "circle", "macaddr", "macaddr8", "tsquery", "xid", "cid", "tid", "pg_lsn",
    ];
    match type_name.0.split(['(', ' ']).next().unwrap_or_default() {
        _ if type_name.0.ends_with("[]") => "EXTENDED",
        "numeric" | "inet" | "cidr" => "MAIN",
        base if PLAIN.contains(&base) => "PLAIN",
        _ => "EXTENDED",
    }
}
