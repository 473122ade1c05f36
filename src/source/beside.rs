//! A second session that reads the same snapshot: printing expressions and queries is half of what a server does for a reading, and can be
//! done beside the other half.

use std::iter;

use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{Client, Row};

use super::connect::Connection;
use super::pipeline::sent;
use crate::model::quote_literal;

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

    /// One, and where it puts its answers.
    pub fn somebody() -> (UnboundedSender<Vec<Row>>, Self) {
        let (give, take) = unbounded_channel();
        (give, Self(Some(take)))
    }

    /// The next answer.
    pub async fn next(&mut self) -> Option<Vec<Row>> {
        self.0.as_mut()?.recv().await
    }
}

/// Asks queries in a transaction of the second session that `begin` begins. Whatever fails is left to the first one, which finds no answer.
pub async fn answer(client: &Client, begin: &str, queries: &[String], give: UnboundedSender<Vec<Row>>) {
    if let Err(error) = ask(client, begin, queries, &give).await {
        tracing::debug!(%error, "no second session");
    }
    // What was begun is ended, whatever became of it; where that fails too, the session is lost anyway.
    let _lost = client.batch_execute("ROLLBACK").await;
}

async fn ask(client: &Client, begin: &str, queries: &[String], give: &UnboundedSender<Vec<Row>>) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(begin).await?;
    let statements = try_join_all(queries.iter().map(|query| client.prepare(query))).await?;
    let answers: Vec<_> = statements.iter().map(|statement| sent(client.query_raw(statement, iter::empty::<i32>()))).collect();
    for rows in answers {
        let rows = rows.await?.try_collect::<Vec<Row>>().await?;
        if give.send(rows).is_err() {
            break;
        }
    }
    Ok(())
}

/// A second session, and how a transaction of it begins that sees what the transaction at hand sees. `begin` is how that one has begun.
/// None where the server does not give the snapshot away, as standbys do not, or there is no second session.
///
/// # Errors
/// Where the server is lost.
pub async fn beside<'a>(connection: &'a Connection, begin: &str) -> Result<Option<(&'a Client, String)>, tokio_postgres::Error> {
    const QUERY: &str = "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_export_snapshot() END";
    let Some(twin) = connection.twin().await else { return Ok(None) };
    let rows = connection.client.query_typed(QUERY, &[]).await?;
    let snapshot: Option<String> = rows.first().map_or(Ok(None), |row| row.try_get(0))?;
    let importing = |snapshot: String| {
        // It is to be the first thing in the transaction.
        let import = format!("READ ONLY; SET TRANSACTION SNAPSHOT {};", quote_literal(&snapshot));
        (twin, begin.replacen("READ ONLY;", &import, 1))
    };
    Ok(snapshot.map(importing))
}
