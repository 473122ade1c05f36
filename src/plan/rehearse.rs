//! Running steps on a scratch database.

use std::borrow::Cow;

use futures_util::future::BoxFuture;
use thiserror::Error;
use tokio_postgres::Client;

use crate::model::{Step, Transaction};
use crate::object::subscription;
use crate::source::block;
use crate::source::pipeline::sent;

/// What every session that runs a plan sets: bodies of routines may name what comes later, as in pg_dump's output.
pub const SESSION: &str = "SET check_function_bodies = off; SET client_min_messages = warning";

/// A step that the server refuses.
#[derive(Debug, Error)]
#[error("step {number} ({summary}) fails: {message}\n  {sql}")]
pub struct Refused {
    /// Its number, from 1.
    pub number: usize,
    /// What it was to do.
    pub summary: String,
    /// Its statement.
    pub sql: String,
    /// What the server says.
    pub message: String,
}

/// Runs steps in order, those that can in transactions. Those of one transaction are sent without waiting for each other's end.
///
/// # Errors
/// The first that the server refuses.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn run(client: &Client, steps: &[Step]) -> Result<(), Refused> {
    let mut open: Vec<Sent<'_>> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let is_open = !open.is_empty();
        if is_open && step.transaction != Transaction::Shared {
            send(client, "COMMIT".into(), index - 1, &mut open);
            answers(steps, std::mem::take(&mut open)).await?;
        }
        if open.is_empty() && step.transaction != Transaction::None {
            send(client, "BEGIN".into(), index, &mut open);
        }
        // A scratch server has the roles that are named, and may be somebody's.
        if block::is_about_roles(&step.sql) {
            continue;
        }
        match subscription::harmless(&step.sql) {
            Ok(sql) => send(client, sql, index, &mut open),
            Err(error) => {
                // What is wrong with an earlier step comes first.
                answers(steps, open).await?;
                return Err(told(index, step, error.to_string()));
            }
        }
        if step.transaction == Transaction::None {
            answers(steps, std::mem::take(&mut open)).await?;
        }
    }
    if !open.is_empty() {
        send(client, "COMMIT".into(), steps.len() - 1, &mut open);
    }
    answers(steps, open).await
}

/// A statement under way: the number of its step, and its answer.
type Sent<'a> = (usize, BoxFuture<'a, Result<(), tokio_postgres::Error>>);

fn send<'a>(client: &'a Client, sql: Cow<'a, str>, index: usize, open: &mut Vec<Sent<'a>>) {
    open.push((index, sent(async move { client.batch_execute(&sql).await })));
}

/// Waits for the answers. After the first that is an error the server refuses all others up to COMMIT.
async fn answers(steps: &[Step], open: Vec<Sent<'_>>) -> Result<(), Refused> {
    let mut first = None;
    for (index, answer) in open {
        if let (Err(error), Some(step)) = (answer.await, steps.get(index)) {
            first.get_or_insert_with(|| refusal(index, step, &error));
        }
    }
    first.map_or(Ok(()), Err)
}

fn refusal(index: usize, step: &Step, error: &tokio_postgres::Error) -> Refused {
    told(index, step, message(error))
}

/// What the server says, with what it knows about it.
pub fn message(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |refused| [Some(refused.message()), refused.detail(), refused.hint()].into_iter().flatten().collect::<Vec<_>>().join(". "),
    )
}

fn told(index: usize, step: &Step, message: String) -> Refused {
    Refused { number: index + 1, summary: step.summary.clone(), sql: step.sql.clone(), message }
}
