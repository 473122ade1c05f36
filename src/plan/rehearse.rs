//! Running steps on a scratch database.

use thiserror::Error;
use tokio_postgres::Client;

use crate::model::{Step, Transaction};
use crate::object::subscription;

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

/// Runs steps in order, those that can in transactions.
///
/// # Errors
/// The first that the server refuses.
pub async fn run(client: &Client, steps: &[Step]) -> Result<(), Refused> {
    let mut open = false;
    for (index, step) in steps.iter().enumerate() {
        let failed = |error: &tokio_postgres::Error| refusal(index, step, error);
        if open && step.transaction != Transaction::Shared {
            client.batch_execute("COMMIT").await.map_err(|error| failed(&error))?;
            open = false;
        }
        if !open && step.transaction != Transaction::None {
            client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
            open = true;
        }
        let sql = subscription::harmless(&step.sql).map_err(|error| told(index, step, error.to_string()))?;
        client.batch_execute(&sql).await.map_err(|error| failed(&error))?;
    }
    if let (true, Some(last)) = (open, steps.last()) {
        client.batch_execute("COMMIT").await.map_err(|error| refusal(steps.len() - 1, last, &error))?;
    }
    Ok(())
}

fn refusal(index: usize, step: &Step, error: &tokio_postgres::Error) -> Refused {
    let message = error.as_db_error().map_or_else(
        || error.to_string(),
        |refused| [Some(refused.message()), refused.detail(), refused.hint()].into_iter().flatten().collect::<Vec<_>>().join(". "),
    );
    told(index, step, message)
}

fn told(index: usize, step: &Step, message: String) -> Refused {
    Refused { number: index + 1, summary: step.summary.clone(), sql: step.sql.clone(), message }
}
