//! A second session that reads the same snapshot: printing expressions and queries is half of what a server does for a reading, and can be
//! done beside the other half.

use std::iter;
use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{Client, Row};

use super::connect::{ConnectSettings, connect};
use super::pipeline::sent;

/// What every reading begins with: one snapshot for all; texts come out the same whatever the database's settings are.
pub const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; \
    SET LOCAL quote_all_identifiers = off; SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content'; \
    SET LOCAL statement_timeout = 0; SET LOCAL jit = off";

/// The answers of a second session, in the order of the queries. Where it cannot be had, or ends, there are no more.
pub struct Beside(Option<UnboundedReceiver<Vec<Row>>>);

impl Beside {
    /// None at all.
    pub const fn nobody() -> Self {
        Self(None)
    }

    /// Whether there never was one.
    pub const fn is_nobody(&self) -> bool {
        self.0.is_none()
    }

    /// Opens a session as the first was opened, and asks the queries in the first's snapshot. Whatever fails is left to the first one.
    pub fn ask(settings: Arc<ConnectSettings>, snapshot: String, queries: Vec<String>) -> Self {
        let (give, take) = unbounded_channel();
        tokio::spawn(async move {
            let Ok(connection) = connect(&settings).await else { return };
            if let Err(error) = answer(&connection.client, &snapshot, &queries, &give).await {
                tracing::debug!(%error, "no second session");
            }
        });
        Self(Some(take))
    }

    /// The next answer.
    pub async fn next(&mut self) -> Option<Vec<Row>> {
        self.0.as_mut()?.recv().await
    }
}

async fn answer(
    client: &Client,
    snapshot: &str,
    queries: &[String],
    give: &UnboundedSender<Vec<Row>>,
) -> Result<(), tokio_postgres::Error> {
    let snapshot = crate::model::quote_literal(snapshot);
    client.batch_execute(&BEGIN.replacen("READ ONLY;", &format!("READ ONLY; SET TRANSACTION SNAPSHOT {snapshot};"), 1)).await?;
    let statements = try_join_all(queries.iter().map(|query| client.prepare(query))).await?;
    let answers: Vec<_> = statements.iter().map(|statement| sent(client.query_raw(statement, iter::empty::<i32>()))).collect();
    for rows in answers {
        let rows = rows.await?.try_collect::<Vec<Row>>().await?;
        if give.send(rows).is_err() {
            break;
        }
    }
    client.batch_execute("ROLLBACK").await
}

/// The name of the snapshot of the transaction at hand, where the server gives it away: standbys do not.
///
/// # Errors
/// Where the server is lost.
pub async fn snapshot(client: &Client) -> Result<Option<String>, tokio_postgres::Error> {
    const QUERY: &str = "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_export_snapshot() END";
    client.query_typed(QUERY, &[]).await?.first().map_or(Ok(None), |row| row.try_get(0))
}
