//! A catalog as schema files: one text, or a folder per schema and kind with a file for each object and all that belongs to it.

mod arrange;
mod text;
mod update;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;

pub use arrange::{Arrangement, LATER, MAIN, arrange};
pub use update::{Layout, Texts, update};

use super::graph::{self, Deed};
use super::order;
use super::steps::StepsError;
use crate::diff;
use crate::model::{Catalog, Key, ObjectId, Pair};
use crate::object::family::waits_for_link;
use crate::object::makeable;

/// A statement of a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The object that it is written with.
    pub home: ObjectId,
    /// What it makes.
    pub makes: BTreeSet<ObjectId>,
    /// The statement, without semicolon.
    pub sql: String,
    /// Numbers of the statements that must come before it.
    pub after: Vec<usize>,
}

/// Statements that make a catalog of an empty database, in an order in which a server takes them.
///
/// # Errors
/// Where a kind knows no statement for an object, or objects need each other in a way that nothing breaks.
pub fn statements(empty: &Catalog, catalog: &Catalog) -> Result<Vec<Written>, StepsError> {
    let catalog = &*makeable(catalog);
    let pair = Pair::new(empty, catalog);
    let delta = diff::delta(pair, false)?;
    let graph = graph::build(pair, &delta, false)?;
    let mut before: BTreeMap<(ObjectId, Deed), Vec<(ObjectId, Deed)>> = BTreeMap::new();
    for (index, node) in graph.node_indices().filter_map(|index| Some((index, graph.node_weight(index)?))) {
        let above = graph.neighbors_directed(index, Direction::Incoming).filter_map(|above| graph.node_weight(above));
        before.entry((node.id.clone(), node.deed)).or_default().extend(above.map(|above| (above.id.clone(), above.deed)));
    }
    let mut written: Vec<Written> = Vec::new();
    let mut numbers: BTreeMap<(ObjectId, Deed), Vec<usize>> = BTreeMap::new();
    for node in order::order(graph) {
        let home = home(catalog, &node.id);
        let place = (node.id.clone(), node.deed);
        let above = before.remove(&place).unwrap_or_default();
        let mut after: Vec<usize> = above.iter().filter_map(|above| numbers.get(above)).flatten().copied().collect();
        let makes: BTreeSet<ObjectId> = node.with.into_iter().chain([node.id]).collect();
        for step in node.steps {
            let number = written.len();
            written.push(Written { home: home.clone(), makes: makes.clone(), sql: step.sql, after: after.clone() });
            numbers.entry(place.clone()).or_default().push(number);
            after.push(number);
        }
    }
    Ok(written)
}

/// The object that something is a part or satellite of, at the top.
fn home(catalog: &Catalog, id: &ObjectId) -> ObjectId {
    let mut at = id;
    // What must come after a table has become a partition stands by itself.
    while let Some(entry) = catalog.get(at).filter(|entry| !(at.kind.is_heritable() && waits_for_link(entry))) {
        // The index of a partition is written with the partition, not with the index that it is attached to.
        match entry.parent.as_ref().or_else(|| entry.auto.as_ref().filter(|above| catalog.contains(above))) {
            Some(above) => at = above,
            None => break,
        }
    }
    at.clone()
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

/// What a dump begins with: bodies of routines may name what comes later, as in the output of pg_dump.
const BEGINNING: &str = "SET check_function_bodies = off;\n\n";

/// All statements as one script.
pub fn script(statements: &[Written]) -> String {
    let all = statements.iter().map(|written| format!("{};\n\n", written.sql));
    std::iter::once(BEGINNING.to_owned()).chain(all).collect()
}

/// Every file of the layout with its text, and the main file, by which psql loads the others in order.
pub fn files(statements: &[Written]) -> BTreeMap<String, String> {
    let arrangement = arrange(statements);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (written, file) in statements.iter().zip(&arrangement.places) {
        let text = files.entry(file.clone()).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&written.sql);
        text.push_str(";\n");
    }
    files.insert(MAIN.to_owned(), main(&arrangement.files));
    files
}

/// The main file: all others, in an order in which psql can load them.
pub fn main(files: &[String]) -> String {
    let lines = files.iter().map(|file| format!("\\ir {file}\n"));
    let beginning = format!("-- Everything, in an order in which psql takes it: psql -v ON_ERROR_STOP=1 -f {MAIN}\n{BEGINNING}");
    std::iter::once(beginning).chain(lines).collect()
}
