//! The witness: compares two databases system catalog by system catalog, every column of every row.
//!
//! It knows nothing of the planner's model. What is read is what the server says that its catalogs hold: the columns come from
//! `pg_attribute`, what their OIDs and column numbers stand for from `pg_get_catalog_foreign_keys()`, the addresses that replace them from
//! `pg_identify_object`. What does not count is listed with reasons in `rules.rs` and `catalogs.rs`, and nowhere else.
//! Objects that belong to an extension, and parts of them, are compared only by their membership and by privileges altered since.

mod address;
mod catalogs;
mod compare;
mod inherited;
mod lists;
mod packed;
mod privileges;
mod reader;
mod render;
mod respell;
mod rules;
mod scope;
mod values;

use std::collections::BTreeMap;
use std::fmt;

use futures_util::future::{try_join, try_join_all};
use rayon::prelude::*;
use thiserror::Error;
use tokio_postgres::Client;

pub use compare::{Difference, Tolerance, differences, digest, exact_digest};

use address::Names;
use packed::Packed;
use reader::{Reader, Table};
use values::{Text, Values};

use crate::model::{Interned, Interner};
use crate::source::beside::{self, beside};
use crate::source::connect::Connection;

/// Why a database cannot be photographed.
#[derive(Debug, Error)]
pub enum WitnessError {
    /// The server refused, or was lost.
    #[error("reading {catalog}: {source}")]
    Server {
        /// While reading what.
        catalog: String,
        /// What the driver says.
        source: tokio_postgres::Error,
    },
    /// A server whose catalogs are not known.
    #[error("PostgreSQL {0} is not among the versions that can be compared, 14 to 18")]
    Unsupported(i32),
    /// A catalog that is neither compared nor left out for a reason.
    #[error("the system catalog {0} is unknown to this version of trueup")]
    UnknownCatalog(String),
}

impl WitnessError {
    fn of(catalog: &str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |source| Self::Server { catalog: catalog.to_owned(), source }
    }
}

/// Which objects of a database are photographed.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Schemas that are left out with everything in them.
    pub exclude_schemas: Vec<String>,
    /// Objects that are left out with their parts, by catalog and OID.
    pub left_out: Vec<(u32, u32)>,
}

impl Default for Scope {
    /// Everything but the tracking schema.
    fn default() -> Self {
        Self { exclude_schemas: vec!["trueup".to_owned()], left_out: Vec::new() }
    }
}

/// A row of a system catalog, by the address of what it describes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAddress {
    /// The catalog.
    pub catalog: &'static str,
    /// The object's identity, as `pg_identify_object` spells it where the row is an object.
    pub object: Interned<str>,
}

impl RowAddress {
    /// What is called so in a catalog.
    pub fn new(catalog: &'static str, object: &str) -> Self {
        static KNOWN: Interner<str> = Interner::new();
        Self { catalog, object: KNOWN.get(object) }
    }
}

impl fmt::Display for RowAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.catalog, &*self.object)
    }
}

/// What a column is about, where a [`Tolerance`] asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Aspect {
    Other,
    Owner,
    Privileges,
    ColumnOrder,
    Contents,
    /// Whether a table has by itself too what it inherits.
    Own,
}

/// A column that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Column {
    name: String,
    aspect: Aspect,
}

/// The columns of rows of a catalog.
type Columns = Interned<[Column]>;

fn columns(columns: Vec<Column>) -> Columns {
    static KNOWN: Interner<[Column]> = Interner::new();
    KNOWN.get(columns)
}

/// The compared columns of a catalog row. Null is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotographedRow {
    columns: Columns,
    values: Values,
}

impl PhotographedRow {
    /// Columns with their values, as text with every OID replaced by an address.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.columns.iter().map(|column| column.name.as_str()).zip(self.values.iter())
    }

    /// The value of a column; `None` for null, and where there is no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.columns().find(|(name, _)| *name == column).and_then(|(_, value)| value)
    }
}

/// All rows of a database's catalogs that users made.
#[derive(Clone, Debug)]
pub struct Photograph {
    /// Major version of the server.
    pub major: i32,
    /// The rows.
    pub rows: BTreeMap<RowAddress, PhotographedRow>,
    /// What this role may not read: `catalog.column`, or a catalog.
    pub hidden: Vec<String>,
}

impl Photograph {
    /// The rows of it that are about what another one has rows about.
    pub fn of_those_of(&self, other: &Self) -> Self {
        let rows = other.rows.keys().filter_map(|address| self.rows.get_key_value(address));
        let rows = rows.map(|(address, row)| (address.clone(), row.clone())).collect();
        Self { major: self.major, rows, hidden: self.hidden.clone() }
    }
}

/// Reads the catalogs in one snapshot: a few set-based queries, pipelined.
///
/// The session must not be in a transaction: one is begun here, and rolled back. A second session takes its part where it can be had.
///
/// # Errors
/// Where the server refuses or is lost, or is of an unknown version.
pub async fn photograph(connection: &Connection, scope: &Scope) -> Result<Photograph, WitnessError> {
    const BEGIN: &str = include_str!("witness/session.sql");
    let client = &connection.client;
    client.batch_execute(BEGIN).await.map_err(WitnessError::of("the session"))?;
    let twin = beside(connection, BEGIN).await.map_err(WitnessError::of("the session"))?;
    let photograph = read(client, twin, scope).await;
    if let Some(twin) = twin {
        beside::end(twin).await;
    }
    let end = client.batch_execute("ROLLBACK").await.map_err(WitnessError::of("the session"));
    photograph.and_then(|photograph| end.map(|()| photograph))
}

/// About half of what the server does for a photograph.
const BESIDE: [&str; 6] = ["pg_attrdef", "pg_class", "pg_constraint", "pg_index", "pg_rewrite", "pg_type"];

async fn read(client: &Client, twin: Option<&Client>, scope: &Scope) -> Result<Photograph, WitnessError> {
    let major = major(client).await?;
    let survey = reader::survey(client).await?;
    survey.check()?;
    let reads = |reader: &Reader| twin.filter(|_| BESIDE.contains(&reader.catalog.name)).unwrap_or(client);
    let reading = survey.readers().into_iter().map(|reader| (reads(&reader), reader)).map(|(client, reader)| reader.read(client));
    let ((tables, edges), (out, altered)) = try_join(
        try_join(try_join_all(reading), address::edges(client)),
        try_join(scope::hidden_schemas(client, scope), privileges::altered(client, &survey)),
    )
    .await?;
    let mut names = Names::collect(&survey, &tables);
    names.ask(client, &tables, &edges).await?;
    names.complete(&tables);
    let out = scope::Outside::new((out, &scope.left_out), &survey, &tables, &edges);
    let mut rows = rendered(&tables, &names, &out);
    rows.extend(address::edge_rows(&edges, &names, &out));
    rows.extend(altered);
    // What the server sent takes as much room again as what is made of it.
    drop(names);
    drop((tables, edges));
    Ok(Photograph { major, rows: numbered(rows).into_iter().collect(), hidden: survey.hidden() })
}

async fn major(client: &Client) -> Result<i32, WitnessError> {
    let sql = "SELECT pg_catalog.current_setting('server_version_num')::int4 / 10000";
    let row = client.query_one(sql, &[]).await.map_err(WitnessError::of("server_version_num"))?;
    let major = row.try_get(0).map_err(WitnessError::of("server_version_num"))?;
    if (14..=18).contains(&major) { Ok(major) } else { Err(WitnessError::Unsupported(major)) }
}

/// What is compared of the rows of all tables.
fn rendered(tables: &[Table], names: &Names<'_>, out: &scope::Outside) -> Vec<(RowAddress, PhotographedRow)> {
    let parts = tables.par_iter().flat_map(|table| table.parts().par_iter().map(move |rows| (table, rows)));
    parts.flat_map_iter(|(table, rows)| render(table, rows, names, out)).collect()
}

fn render(table: &Table, rows: &Packed, names: &Names<'_>, out: &scope::Outside) -> Vec<(RowAddress, PhotographedRow)> {
    let mut last: Vec<render::Last<'_>> = table.reader.header.iter().map(|_| render::Last::default()).collect();
    let mut text = Text::default();
    let mut rendered = Vec::with_capacity(rows.len());
    for row in table.rows_of(rows) {
        if out.holds(&row) {
            continue;
        }
        let address = RowAddress::new(table.reader.catalog.name, &names.of_row(&row));
        for ((cell, treatment), last) in row.shown().zip(&mut last) {
            last.add(&row, cell, treatment, names, &mut text);
        }
        rendered.push((address, PhotographedRow { columns: table.reader.header.clone(), values: text.values() }));
    }
    rendered
}

/// Rows of one address are told apart by a number, in an order that does not depend on OIDs.
fn numbered(mut rows: Vec<(RowAddress, PhotographedRow)>) -> Vec<(RowAddress, PhotographedRow)> {
    rows.par_sort_unstable_by(|(left, a), (right, b)| left.cmp(right).then_with(|| a.values.cmp(&b.values)));
    let mut last: Option<(RowAddress, usize)> = None;
    for (address, _) in &mut rows {
        let count = match &last {
            Some((same, count)) if same == address => count + 1,
            _ => 1,
        };
        last = Some((address.clone(), count));
        if count > 1 {
            *address = RowAddress::new(address.catalog, &format!("{} ({count})", &*address.object));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_address_are_numbered_by_what_they_say() {
        let header = columns(vec![Column { name: "x".to_owned(), aspect: Aspect::Other }]);
        let row = |object: &str, value: Option<&str>| {
            let values = std::iter::once(value).collect();
            (RowAddress::new("pg_class", object), PhotographedRow { columns: header.clone(), values })
        };
        let told = |rows: [Option<&str>; 4]| -> Vec<(String, Option<String>)> {
            let all = numbered(rows.map(|value| row(if value == Some("other") { "u" } else { "t" }, value)).into());
            all.iter().map(|(address, row)| (address.to_string(), row.get("x").map(str::to_owned))).collect()
        };
        let one = told([Some("b"), Some("other"), None, Some("")]);
        assert_eq!(one, told([Some(""), None, Some("b"), Some("other")]));
        assert_eq!(
            one.iter().map(|(address, _)| address.as_str()).collect::<Vec<_>>(),
            ["t", "t (2)", "t (3)", "u"].map(|name| format!("pg_class {name}"))
        );
    }
}
