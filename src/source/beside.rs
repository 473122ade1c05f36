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

/// Asks queries in the transaction of the second session. Whatever fails is left to the first one, which finds no answer.
pub async fn answer(client: &Client, queries: &[String], give: UnboundedSender<Vec<Row>>) {
    if let Err(error) = ask(client, queries, &give).await {
        tracing::debug!(%error, "no second session");
    }
    end(client).await;
}

/// Ends what [`beside`] began, whatever became of it; where that fails too, the session is lost, and the first one does without.
pub async fn end(client: &Client) {
    let _lost = client.batch_execute("ROLLBACK").await;
}

async fn ask(client: &Client, queries: &[String], give: &UnboundedSender<Vec<Row>>) -> Result<(), tokio_postgres::Error> {
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

/// A second session, in a transaction that sees what the transaction at hand sees. `begin` is how that one has begun. None where the server
/// does not give the snapshot away, as standbys do not, or there is no second session.
///
/// # Errors
/// Where the server is lost.
pub async fn beside<'a>(connection: &'a Connection, begin: &str) -> Result<Option<&'a Client>, tokio_postgres::Error> {
    const QUERY: &str = "SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_export_snapshot() END";
    let Some(twin) = connection.twin().await else { return Ok(None) };
    let rows = connection.client.query_typed(QUERY, &[]).await?;
    let Some(snapshot) = rows.first().map_or(Ok(None), |row| row.try_get::<_, Option<String>>(0))? else { return Ok(None) };
    // It is to be the first thing in the transaction.
    let import = format!("READ ONLY; SET TRANSACTION SNAPSHOT {};", quote_literal(&snapshot));
    if let Err(error) = twin.batch_execute(&begin.replacen("READ ONLY;", &import, 1)).await {
        tracing::debug!(%error, "no second session");
        end(twin).await;
        return Ok(None);
    }
    Ok(Some(twin))
}
