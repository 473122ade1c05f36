//! The door to a live database: a few set-based queries in one snapshot, sent at once.

use std::collections::VecDeque;
use std::iter;
use std::pin::pin;
use std::time::Instant;

use futures_util::TryStreamExt;
use futures_util::future::{join, try_join_all};
use thiserror::Error;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row, RowStream};

use super::beside::{Beside, answer, beside};
use super::connect::Connection;
use super::present;
use super::reader::Reader;
use crate::config::Ignore;
use crate::model::Catalog;
use crate::object::{CatalogRow, Kind, ReadError, Reading};
use crate::source::pipeline::sent;

/// A database that cannot be read.
#[derive(Debug, Error)]
pub enum LiveError {
    /// The server refused a query, or was lost.
    #[error("cannot read the catalogs: {}", .0.as_db_error().map_or_else(|| .0.to_string(), |e| e.message().to_owned()))]
    Query(#[from] tokio_postgres::Error),
    /// A row that trueup cannot take.
    #[error(transparent)]
    Row(#[from] ReadError),
    /// There are objects of kinds that are not managed.
    #[error("the database holds objects that this version of trueup does not manage: {}. Nothing is skipped silently: drop them, or list them under [ignore] in trueup.toml", .0.join(", "))]
    Unmanaged(Vec<String>),
    /// What is managed needs what `[ignore]` leaves out.
    #[error("[ignore] leaves out what others need: {}. Leave both out, or neither", .0.join("; "))]
    Torn(Vec<String>),
}

/// What is left out of a reading.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Schemas that are not looked at, such as the tracking schema.
    pub exclude_schemas: Vec<String>,
    /// Objects that are left out. Patterns for every kind are also held against the names that `pg_describe_object` gives to
    /// objects of kinds that are not managed.
    pub ignore: Vec<Ignore>,
}

const EDGES: &str = include_str!("live_edges.sql");
const UNMANAGED: &str = include_str!("live_unmanaged.sql");
const RELATIONS: &str = include_str!("live_relations.sql");
const INDEX_PARENTS: &str = include_str!("live_index_parents.sql");
const OPCLASSES: &str = include_str!("live_opclasses.sql");

/// So many rows are looked at together.
const AT_A_TIME: usize = 2048;

/// What every reading begins with: one snapshot for all; texts come out the same whatever the database's settings are.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; \
    SET LOCAL quote_all_identifiers = off; SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content'; \
    SET LOCAL statement_timeout = 0; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0";

/// Takes the lines for other majors out of a query: `-- since N`, `-- until N`.
pub fn for_major(query: &str, major: u32) -> String {
    let keeps = |line: &&str| {
        let Some((_, mark)) = line.rsplit_once("-- ") else { return true };
        let mut words = mark.split_whitespace();
        let (word, number) = (words.next(), words.next().and_then(|number| number.parse::<u32>().ok()));
        match (word, number) {
            (Some("since"), Some(number)) => major >= number,
            (Some("until"), Some(number)) => major <= number,
            _ => true,
        }
    };
    query.lines().filter(keeps).collect::<Vec<_>>().join("\n")
}

/// Reads a whole database by one session.
///
/// # Errors
/// Where the server refuses or is lost, where it holds what trueup does not know, or what it does not manage.
pub async fn read(client: &Client, major: u32, scope: &Scope) -> Result<Catalog, LiveError> {
    let kinds = begin(client).await?;
    read_to_end((client, Beside::nobody()), &kinds, major, scope).await
}

/// Begins, and finds what there may be.
async fn begin(client: &Client) -> Result<Vec<Kind>, LiveError> {
    client.batch_execute(BEGIN).await?;
    Ok(present::kinds(client).await?)
}

/// The same by two sessions, where a second one can be had.
///
/// # Errors
/// As [`read`].
pub async fn read_beside(connection: &Connection, scope: &Scope) -> Result<Catalog, LiveError> {
    let (client, major) = (&connection.client, connection.server.major);
    let kinds = begin(client).await?;
    let Some(twin) = beside(connection, BEGIN).await? else {
        return read_to_end((client, Beside::nobody()), &kinds, major, scope).await;
    };
    let queries: Vec<String> = spelled(&kinds).map(|kind| for_major(kind.query(), major)).collect();
    let (give, take) = Beside::somebody();
    join(read_to_end((client, take), &kinds, major, scope), answer(twin, &queries, give)).await.0
}

#[tracing::instrument(level = "debug", name = "read", skip_all)]
async fn read_to_end((client, beside): (&Client, Beside), kinds: &[Kind], major: u32, scope: &Scope) -> Result<Catalog, LiveError> {
    let began = Instant::now();
    let result = read_in_transaction((client, beside), kinds, major, scope).await;
    let ended = client.batch_execute("ROLLBACK").await;
    let (catalog, _) = result?;
    ended?;
    tracing::debug!(
        objects = catalog.len(),
        milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "read a database"
    );
    Ok(catalog)
}

/// Where in the catalogs the objects are that the scope's patterns leave out: catalog and OID.
///
/// # Errors
/// As [`read`].
pub async fn left_out(client: &Client, major: u32, scope: &Scope) -> Result<Places, LiveError> {
    if scope.ignore.is_empty() {
        return Ok(Vec::new());
    }
    let kinds = begin(client).await?;
    let result = read_in_transaction((client, Beside::nobody()), &kinds, major, scope).await;
    client.batch_execute("ROLLBACK").await?;
    Ok(result?.1)
}

/// Where objects are: catalogs and OIDs.
pub type Places = Vec<(u32, u32)>;

async fn read_in_transaction(
    (client, mut beside): (&Client, Beside),
    kinds: &[Kind],
    major: u32,
    scope: &Scope,
) -> Result<(Catalog, Places), LiveError> {
    let query = |text: &str| for_major(text, major);
    let alone = beside.is_nobody();
    let own: Vec<Kind> = kinds.iter().copied().filter(|kind| alone || !kind.is_spelled()).collect();
    let special = [EDGES, UNMANAGED, RELATIONS, INDEX_PARENTS, OPCLASSES].map(query);
    let queries: Vec<String> = special.into_iter().chain(own.iter().map(|kind| query(kind.query()))).collect();
    let statements = try_join_all(queries.iter().map(|query| client.prepare(query))).await?;
    let mut answers: VecDeque<_> = statements.iter().map(|statement| sent(client.query_raw(statement, iter::empty::<i32>()))).collect();
    // Rows are taken in small numbers, while the server works on the next ones: they are larger than what is made of them.
    let mut next = async || match answers.pop_front() {
        Some(rows) => rows.await.map(Some),
        None => Ok(None),
    };
    let mut reader = Reader::new(scope, major);
    if let Some(edges) = next().await? {
        reader.edges(&edges.try_collect::<Vec<Row>>().await?)?;
    }
    in_parts(next().await?, |rows| reader.refuse_unmanaged(rows)).await?;
    in_parts(next().await?, |rows| Ok(reader.reading.take_relations(rows)?)).await?;
    in_parts(next().await?, |rows| Ok(reader.reading.take_index_parents(rows)?)).await?;
    in_parts(next().await?, |rows| Ok(reader.reading.take_opclasses(rows)?)).await?;
    // Those of which a part may have to be asked for first are held: a further question is answered only once all answers before it have been
    // taken, since the driver reads no further ahead.
    let mut held = Vec::new();
    for kind in own {
        match next().await? {
            Some(rows) if kind.texts().is_some() => held.push((kind, rows.try_collect::<Vec<Row>>().await?)),
            rows => {
                in_parts(rows, |rows| reader.rows(kind, rows)).await?;
                reader.derived(kind);
            }
        }
    }
    for (kind, rows) in held {
        take_all(&mut reader, client, kind, &rows).await?;
    }
    for kind in spelled(kinds).filter(|_| !alone) {
        let rows = match beside.next().await {
            Some(rows) => rows,
            None => client.query(&query(kind.query()), &[]).await?,
        };
        take_all(&mut reader, client, kind, &rows).await?;
    }
    reader.finish()
}

/// The kinds that the second session is asked for.
fn spelled(kinds: &[Kind]) -> impl Iterator<Item = Kind> {
    kinds.iter().copied().filter(|kind| kind.is_spelled())
}

/// Takes in all rows of a kind, and the texts that they want beside.
async fn take_all(reader: &mut Reader<'_>, client: &Client, kind: Kind, rows: &[Row]) -> Result<(), LiveError> {
    take_texts(&mut reader.reading, client, kind, rows).await?;
    for part in rows.chunks(AT_A_TIME) {
        reader.rows(kind, part)?;
    }
    reader.derived(kind);
    Ok(())
}

/// Asks for the texts that rows of a kind want beside.
async fn take_texts(reading: &mut Reading, client: &Client, kind: Kind, rows: &[Row]) -> Result<(), LiveError> {
    let Some(query) = kind.texts() else { return Ok(()) };
    let mut wanted: Vec<u32> = Vec::new();
    for row in rows.iter().map(CatalogRow::new) {
        if kind.needs_text(&row, reading)? {
            wanted.push(row.get("objid")?);
        }
    }
    if !wanted.is_empty() {
        reading.take_texts(&client.query_typed(query, &[(&wanted, Type::OID_ARRAY)]).await?)?;
    }
    Ok(())
}

/// Takes what is answered in parts.
async fn in_parts(rows: Option<RowStream>, mut take: impl FnMut(&[Row]) -> Result<(), LiveError>) -> Result<(), LiveError> {
    let Some(rows) = rows else { return Ok(()) };
    let mut parts = pin!(rows.try_chunks(AT_A_TIME));
    while let Some(part) = parts.try_next().await.map_err(|error| error.1)? {
        take(&part)?;
    }
    Ok(())
}
