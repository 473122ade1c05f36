//! The records: rows of `trueup.history`, `trueup.step` and `trueup.audit`.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::{TOOL_VERSION, host_name};
use crate::model::hex;
use crate::plan::file::{Direction, PlanStep};
use crate::plan::folder::Plan;

/// Where a plan stands, as its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Done.
    Applied,
    /// Undone, or never done.
    RolledBack,
    /// Begun, and neither finished nor undone.
    Dirty,
}

/// A row of `trueup.history`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Record {
    /// The number.
    pub version: String,
    /// The name.
    pub name: String,
    /// The checksum of the up file as it was applied.
    pub checksum: String,
    /// Where it stands.
    pub state: State,
    /// The way of the last run.
    pub direction: Direction,
    /// Counts the runs.
    pub run: i32,
    /// Fingerprint that it ends at.
    pub to_fingerprint: Option<String>,
    /// By whom.
    pub applied_by: String,
    /// When the last run began, in UTC.
    pub started_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// How long it took.
    pub duration_seconds: Option<f64>,
    /// What ended it, or is wrong all the same.
    pub error: Option<String>,
}

impl Record {
    /// `NNNN_name`.
    pub fn id(&self) -> String {
        format!("{}_{}", self.version, self.name)
    }
}

/// A step of the last run of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StepRecord {
    /// The number.
    pub number: i32,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// What it does.
    pub summary: String,
    /// SHA-256 of its SQL.
    pub checksum: String,
    /// What ended it.
    pub error: Option<String>,
}

const TIME: &str = "YYYY-MM-DD HH24:MI:SS";

/// Reads `trueup.history`, by version.
///
/// # Errors
/// What the server says.
pub async fn read(client: &Client) -> Result<BTreeMap<String, Record>, tokio_postgres::Error> {
    let rows = client
        .query(
            "SELECT version, name, checksum, state, direction, run, to_fingerprint, applied_by, \
             pg_catalog.to_char(started_at AT TIME ZONE 'UTC', $1), pg_catalog.to_char(finished_at AT TIME ZONE 'UTC', $1), \
             EXTRACT(epoch FROM duration)::pg_catalog.float8, error FROM trueup.history",
            &[&TIME],
        )
        .await?;
    let record = |row: &tokio_postgres::Row| {
        Ok(Record {
            version: row.try_get(0)?,
            name: row.try_get(1)?,
            checksum: row.try_get(2)?,
            state: match row.try_get(3)? {
                "applied" => State::Applied,
                "rolled_back" => State::RolledBack,
                _ => State::Dirty,
            },
            direction: if row.try_get::<_, &str>(4)? == "down" { Direction::Down } else { Direction::Up },
            run: row.try_get(5)?,
            to_fingerprint: row.try_get(6)?,
            applied_by: row.try_get(7)?,
            started_at: row.try_get(8)?,
            finished_at: row.try_get(9)?,
            duration_seconds: row.try_get(10)?,
            error: row.try_get(11)?,
        })
    };
    rows.iter().map(|row| record(row).map(|record: Record| (record.version.clone(), record))).collect()
}

/// The steps of one run of a plan, in order.
///
/// # Errors
/// What the server says.
pub async fn steps(client: &Client, version: &str, run: i32) -> Result<Vec<StepRecord>, tokio_postgres::Error> {
    let rows = client
        .query(
            "SELECT number, state, summary, checksum, error FROM trueup.step WHERE version = $1 AND run = $2 ORDER BY number",
            &[&version, &run],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StepRecord {
                number: row.try_get(0)?,
                state: row.try_get(1)?,
                summary: row.try_get(2)?,
                checksum: row.try_get(3)?,
                error: row.try_get(4)?,
            })
        })
        .collect()
}

/// SHA-256 of a step's SQL.
pub fn step_checksum(step: &PlanStep) -> String {
    hex(&Sha256::digest(step.step.sql.as_bytes()))
}

/// One run of one plan, as it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Which way.
    pub direction: Direction,
    /// Counts the runs of the plan.
    pub run: i32,
}

impl Run<'_> {
    fn step_key(&self, step: &PlanStep) -> (String, i32) {
        (self.plan.version(), i32::try_from(step.number).unwrap_or(i32::MAX))
    }

    /// Records that the run has begun. What the plan is, is written when it goes up.
    pub(super) async fn begin(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        let header = self.plan.header();
        client
            .execute(
                "INSERT INTO trueup.history AS h (version, name, checksum, parent, from_fingerprint, to_fingerprint, state, direction, run, \
                 applied_by, application_host, started_at, wal_position, tool_version) \
                 VALUES ($1, $2, $3, $4, $5, $6, 'dirty', $7, $8, SESSION_USER, $9, pg_catalog.clock_timestamp(), \
                 CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_lsn() END, $10) \
                 ON CONFLICT (version) DO UPDATE SET name = excluded.name, checksum = CASE WHEN excluded.direction = 'up' THEN excluded.checksum ELSE h.checksum END, \
                 parent = excluded.parent, from_fingerprint = excluded.from_fingerprint, to_fingerprint = excluded.to_fingerprint, state = 'dirty', \
                 direction = excluded.direction, run = excluded.run, applied_by = excluded.applied_by, application_host = excluded.application_host, \
                 started_at = CASE WHEN h.run = excluded.run THEN h.started_at ELSE excluded.started_at END, finished_at = NULL, duration = NULL, \
                 wal_position = CASE WHEN h.run = excluded.run THEN h.wal_position ELSE excluded.wal_position END, \
                 tool_version = excluded.tool_version, error = NULL",
                &[
                    &self.plan.version(),
                    &header.name,
                    &self.plan.up.checksum,
                    &header.parent,
                    &header.from,
                    &header.to,
                    &self.direction.name(),
                    &self.run,
                    &host_name(),
                    &TOOL_VERSION,
                ],
            )
            .await?;
        Ok(())
    }

    /// Makes a row for a plan that never came to leave one; a row that is there stays what it says.
    pub(super) async fn begin_unless_recorded(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        let known = client.query_opt("SELECT 1 FROM trueup.history WHERE version = $1", &[&self.plan.version()]).await?;
        if known.is_none() { self.begin(client).await } else { Ok(()) }
    }

    /// Records that a step was begun; kept only where it stands outside of transactions.
    pub(super) async fn step_begins(&self, client: &Client, step: &PlanStep) -> Result<(), tokio_postgres::Error> {
        self.step(client, step, "running", None, None).await
    }

    /// Records that a step is done.
    pub(super) async fn step_ends(
        &self,
        client: &Client,
        step: &PlanStep,
        elapsed: std::time::Duration,
    ) -> Result<(), tokio_postgres::Error> {
        self.step(client, step, "done", Some(elapsed.as_secs_f64()), None).await
    }

    /// Records that a step failed.
    pub(super) async fn step_failed(&self, client: &Client, step: &PlanStep, error: &str) -> Result<(), tokio_postgres::Error> {
        self.step(client, step, "failed", None, Some(error)).await
    }

    async fn step(
        &self,
        client: &Client,
        step: &PlanStep,
        state: &str,
        seconds: Option<f64>,
        error: Option<&str>,
    ) -> Result<(), tokio_postgres::Error> {
        let (version, number) = self.step_key(step);
        client
            .execute(
                "INSERT INTO trueup.step AS s (version, run, number, direction, state, summary, checksum, started_at, finished_at, duration, error) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, pg_catalog.clock_timestamp() - COALESCE(pg_catalog.make_interval(secs => $8), '0'), \
                 CASE WHEN $5 = 'running' THEN NULL ELSE pg_catalog.clock_timestamp() END, pg_catalog.make_interval(secs => $8), $9) \
                 ON CONFLICT (version, run, number) DO UPDATE SET state = excluded.state, summary = excluded.summary, checksum = excluded.checksum, \
                 started_at = excluded.started_at, finished_at = excluded.finished_at, duration = excluded.duration, error = excluded.error",
                &[&version, &self.run, &number, &self.direction.name(), &state, &step.step.summary, &step_checksum(step), &seconds, &error],
            )
            .await?;
        Ok(())
    }

    /// Records that the run is done.
    pub(super) async fn end(&self, client: &Client) -> Result<(), tokio_postgres::Error> {
        let state = match self.direction {
            Direction::Up => "applied",
            Direction::Down => "rolled_back",
        };
        self.settle(client, state, None).await?;
        self.audit(client, "done", None).await
    }

    /// Records where the plan stands, without any step having been run.
    pub(super) async fn stands(&self, client: &Client, state: &str) -> Result<(), tokio_postgres::Error> {
        self.settle(client, state, None).await
    }

    /// Records that the run failed, and in which state it leaves the plan.
    pub(super) async fn fail(&self, client: &Client, state: State, error: &str) -> Result<(), tokio_postgres::Error> {
        let state = match state {
            State::Applied => "applied",
            State::RolledBack => "rolled_back",
            State::Dirty => "dirty",
        };
        self.settle(client, state, Some(error)).await?;
        self.audit(client, "failed", Some(error)).await
    }

    /// Records what the database came to be, where the plan could not tell.
    pub(super) async fn ends_at(&self, client: &Client, fingerprint: Option<&str>) -> Result<(), tokio_postgres::Error> {
        client
            .execute("UPDATE trueup.history SET to_fingerprint = $2 WHERE version = $1", &[&self.plan.version(), &fingerprint])
            .await
            .map(|_| ())
    }

    async fn settle(&self, client: &Client, state: &str, error: Option<&str>) -> Result<(), tokio_postgres::Error> {
        client
            .execute(
                "UPDATE trueup.history SET state = $2, error = $3, finished_at = pg_catalog.clock_timestamp(), \
                 duration = pg_catalog.clock_timestamp() - started_at WHERE version = $1",
                &[&self.plan.version(), &state, &error],
            )
            .await?;
        Ok(())
    }

    async fn audit(&self, client: &Client, outcome: &str, detail: Option<&str>) -> Result<(), tokio_postgres::Error> {
        let action = match self.direction {
            Direction::Up => "apply",
            Direction::Down => "down",
        };
        audit(client, action, Some(&self.plan.version()), outcome, detail).await
    }
}

/// Writes an entry of `trueup.audit`.
///
/// # Errors
/// What the server says.
pub async fn audit(
    client: &Client,
    action: &str,
    version: Option<&str>,
    outcome: &str,
    detail: Option<&str>,
) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "INSERT INTO trueup.audit (application_host, action, version, outcome, detail, tool_version) VALUES ($1, $2, $3, $4, $5, $6)",
            &[&host_name(), &action, &version, &outcome, &detail, &TOOL_VERSION],
        )
        .await?;
    Ok(())
}

/// Keeps the catalog that a run left behind, in place of the one before.
///
/// # Errors
/// What the server says.
pub async fn keep_catalog(
    client: &Client,
    plan: &Plan,
    direction: Direction,
    fingerprint: &str,
    content: &[u8],
) -> Result<(), tokio_postgres::Error> {
    client
        .execute(
            "INSERT INTO trueup.catalog AS c (version, direction, fingerprint, content) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE \
             SET version = excluded.version, direction = excluded.direction, fingerprint = excluded.fingerprint, \
             content = excluded.content, taken_at = pg_catalog.clock_timestamp()",
            &[&plan.version(), &direction.name(), &fingerprint, &content],
        )
        .await
        .map(|_| ())
}

/// The catalog that the last run left behind, with the plan and the way that it went.
///
/// # Errors
/// What the server says; there must be a tracking schema.
pub async fn kept_catalog(client: &Client) -> Result<Option<(String, Vec<u8>)>, tokio_postgres::Error> {
    let row = client.query_opt("SELECT version || ' ' || direction, content FROM trueup.catalog", &[]).await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}
