//! A catalog as schema files: one text, or a folder per schema and kind with a file for each object and all that belongs to it.

use std::collections::BTreeMap;

use super::graph;
use super::order;
use super::steps::StepsError;
use crate::diff;
use crate::model::{Catalog, Key, ObjectId, Pair};

/// Statements that make a catalog of an empty database, each with the object that it is written with.
///
/// # Errors
/// Where a kind knows no statement for an object, or objects need each other in a way that nothing breaks.
pub fn statements(empty: &Catalog, catalog: &Catalog) -> Result<Vec<(ObjectId, String)>, StepsError> {
    let pair = Pair::new(empty, catalog);
    let delta = diff::delta(pair, false)?;
    let graph = graph::build(pair, &delta, false)?;
    let nodes = order::order(graph);
    Ok(nodes
        .into_iter()
        .flat_map(|node| {
            let home = home(catalog, &node.id);
            node.steps.into_iter().map(move |step| (home.clone(), step.sql)).collect::<Vec<_>>()
        })
        .collect())
}

/// The object that something is a part or satellite of, at the top.
fn home(catalog: &Catalog, id: &ObjectId) -> ObjectId {
    let mut at = id;
    while let Some(entry) = catalog.get(at).filter(|entry| !waits_for_link(at, &entry.wants)) {
        // The index of a partition is written with the partition, not with the index that it is attached to.
        match entry.parent.as_ref().or_else(|| entry.auto.as_ref().filter(|above| catalog.contains(above))) {
            Some(above) => at = above,
            None => break,
        }
    }
    at.clone()
}

/// Whether a part of a table must come after another one has become its partition.
fn waits_for_link<'a>(id: &ObjectId, wants: impl IntoIterator<Item = &'a ObjectId>) -> bool {
    id.kind.is_heritable() && wants.into_iter().any(|want| want.kind.is_inheritance())
}

/// The file of an object: `schema/kind/name.sql`; what has no schema in `kind/name.sql`.
pub fn path(id: &ObjectId) -> String {
    // Neither a path of several parts nor a hidden file, whatever the name is.
    let clean = |name: &str| -> String {
        let safe = |(at, c): (usize, char)| if c.is_alphanumeric() || matches!(c, '_' | '-') || c == '.' && at > 0 { c } else { '_' };
        name.chars().enumerate().map(safe).collect()
    };
    let kind = id.kind.name();
    match (&id.key, id.qname()) {
        // Files are read by their paths, so that this comes after all tables and partitions.
        _ if id.kind.is_heritable() => format!("zz_{kind}.sql"),
        (_, Some(name)) => format!("{}/{kind}/{}.sql", clean(name.schema.as_str()), clean(name.name.as_str())),
        (Key::Global(name), None) => format!("{kind}/{}.sql", clean(name.as_str())),
        // Files are read by their paths: default privileges come after all that they were not for.
        (Key::DefaultPrivileges(..), None) => format!("zz_{kind}.sql"),
        _ => format!("{kind}.sql"),
    }
}

/// All statements as one script. Bodies of routines may name what comes later, as in the output of pg_dump.
pub fn script(statements: &[(ObjectId, String)]) -> String {
    let all = statements.iter().map(|(_, sql)| format!("{sql};\n\n"));
    std::iter::once("SET check_function_bodies = off;\n\n".to_owned()).chain(all).collect()
}

/// Every file of the layout with its text.
pub fn files(statements: &[(ObjectId, String)]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (id, sql) in statements {
        let text = files.entry(path(id)).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(sql);
        text.push_str(";\n");
    }
    files
}
