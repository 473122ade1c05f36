//! Running the steps of one plan file.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::{Client, Error as PgError};

use super::history::Run;
use super::recognise::{Trace, trace};
use super::{Blocker, Event, Limits};
use crate::error::{Error, Exit, is_lost};
use crate::model::{LockMode, Step};
use crate::plan::file::{Parsed, PlanStep};
use crate::report::Diagnostic;
use crate::source::connect::Connection;
use crate::sql::{NodeEnum, Statement, parse_script};

/// Where a run is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Journal<'a>(Option<Run<'a>>);

impl<'a> Journal<'a> {
    /// Nowhere: the tracking tables themselves are being made.
    pub const fn none() -> Self {
        Self(None)
    }

    /// In the tracking tables.
    pub const fn of(run: Run<'a>) -> Self {
        Self(Some(run))
    }
}

/// What an earlier, interrupted run of the same plan left.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Steps that are recorded as done.
    pub done: BTreeSet<u32>,
    /// Steps outside of transactions that were begun and not recorded as done.
    pub begun: BTreeSet<u32>,
}

/// Runs the steps of one plan file.
pub struct Runner<'a> {
    /// The session.
    pub connection: &'a Connection,
    /// How long to wait.
    pub limits: Limits,
    /// Told what goes on.
    pub listen: &'a dyn Fn(&Event<'_>),
    /// Where it is recorded.
    pub journal: Journal<'a>,
    /// The plan file.
    pub parsed: &'a Parsed,
}

/// Why a plan did not come to its end.
#[derive(Debug)]
pub struct Failure {
    /// The step.
    pub step: Option<PlanStep>,
    /// What the server or the connection says.
    pub error: PgError,
    /// Whether the step may have left something, because no transaction could undo it.
    pub leaves_traces: bool,
    tries: u32,
    blockers: Vec<Blocker>,
    place: Option<crate::report::Place>,
}

impl Failure {
    /// Whether the server gave this code.
    pub fn is(&self, code: &SqlState) -> bool {
        self.error.code() == Some(code)
    }

    /// Whether the session is gone.
    pub fn is_lost(&self) -> bool {
        is_lost(&self.error)
    }

    /// What the server says, on one line.
    pub fn text(&self) -> String {
        let message = Diagnostic::from_server("", &self.error);
        let message = message.message.trim_start_matches(": ").to_owned();
        match &self.step {
            Some(step) => format!("step {} ({}): {message}", step.number, step.step.summary),
            None => message,
        }
    }

    /// The error for a person.
    pub fn into_error(self, during: &str, exit: Exit) -> Error {
        let mut diagnostic = match &self.step {
            Some(step) => Diagnostic::from_server(&format!("{during}: step {} ({}) failed", step.number, step.step.summary), &self.error),
            None => Diagnostic::from_server(during, &self.error),
        };
        if let Some(place) = self.place {
            diagnostic = diagnostic.at(place);
        }
        if self.tries > 1 {
            diagnostic = diagnostic.because(format!("it was tried {} times", self.tries));
        }
        for blocker in &self.blockers {
            diagnostic = diagnostic.because(describe(blocker));
        }
        if diagnostic.help.is_none() && self.error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) {
            diagnostic = diagnostic.help("wait until those sessions are done and try again, or allow more retries");
        }
        Error::new(if is_lost(&self.error) { Exit::Unreachable } else { exit }, diagnostic)
    }
}

/// A session on another's lock, in words.
pub fn describe(blocker: &Blocker) -> String {
    let mut text = format!("server process {} has a lock there", blocker.pid);
    if let Some(user) = &blocker.user {
        text = format!("{text}: user {user}");
    }
    if let Some(application) = blocker.application.as_ref().filter(|name| !name.is_empty()) {
        text = format!("{text}, {application}");
    }
    if let (Some(state), Some(seconds)) = (&blocker.state, blocker.seconds) {
        text = format!("{text}, {state}, in a transaction for {seconds} s");
    }
    text
}

type StepError = (Option<PlanStep>, PgError);

impl Runner<'_> {
    const fn client(&self) -> &Client {
        &self.connection.client
    }

    /// Runs every step.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn all(&self) -> Result<(), Failure> {
        self.rest(&Progress::default()).await
    }

    /// Runs the steps that an interrupted run has left.
    ///
    /// # Errors
    /// The first step that fails.
    pub async fn rest(&self, progress: &Progress) -> Result<(), Failure> {
        let plan = &self.parsed.plan;
        let settings = |verb: &str, with: bool| {
            let one = |(name, value): &(String, String)| if with { format!("{verb} {name} = {value}") } else { format!("{verb} {name}") };
            plan.session.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        self.client().batch_execute(&settings("SET", true)).await.map_err(|error| self.failure(None, error))?;
        let ran = self.units(progress).await;
        let reset = self.client().batch_execute(&settings("RESET", false)).await;
        ran?;
        reset.map_err(|error| self.failure(None, error))
    }

    async fn units(&self, progress: &Progress) -> Result<(), Failure> {
        let todo: Vec<&[PlanStep]> =
            self.parsed.plan.units().filter(|unit| !unit.iter().all(|step| progress.done.contains(&step.number))).collect();
        if todo.is_empty() {
            return self.transaction(&[], true).await;
        }
        for (index, unit) in todo.iter().enumerate() {
            let last = index + 1 == todo.len();
            match unit {
                [step] if step.group.is_none() => self.alone(step, last, progress.begun.contains(&step.number)).await?,
                unit => self.transaction(unit, last).await?,
            }
        }
        Ok(())
    }

    /// Steps and the records of them in one transaction, again where a lock was not to be had.
    async fn transaction(&self, unit: &[PlanStep], last: bool) -> Result<(), Failure> {
        let mut tries = 1;
        loop {
            let Err((step, error)) = self.try_transaction(unit, last).await else { return Ok(()) };
            // The session may be gone, and the transaction with it.
            let undone = self.client().batch_execute("ROLLBACK").await;
            tracing::debug!(ok = undone.is_ok(), "rolled back");
            tries = self.again_or_fail(step, error, tries, false).await?;
        }
    }

    async fn try_transaction(&self, unit: &[PlanStep], last: bool) -> Result<(), StepError> {
        let client = self.client();
        let begin =
            format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {}", self.timeouts("SET LOCAL", self.limits.step_lock_timeout));
        client.batch_execute(&begin).await.map_err(|error| (None, error))?;
        if let Some(run) = &self.journal.0 {
            run.begin(client).await.map_err(|error| (None, error))?;
        }
        for step in unit {
            let failed = |error| (Some(step.clone()), error);
            (self.listen)(&Event::StepBegins { step });
            let began = Instant::now();
            client.batch_execute(&step.step.sql).await.map_err(failed)?;
            let elapsed = began.elapsed();
            if let Some(run) = &self.journal.0 {
                run.step_ends(client, step, elapsed).await.map_err(failed)?;
            }
            (self.listen)(&Event::StepEnds { step, elapsed });
        }
        if let (Some(run), true) = (&self.journal.0, last) {
            run.end(client).await.map_err(|error| (None, error))?;
        }
        // Deferred constraints speak up here; the last step is as good a suspect as any.
        client.batch_execute("COMMIT").await.map_err(|error| (unit.last().cloned(), error))
    }

    /// A step that is refused in a transaction: recorded before, run, recorded after.
    async fn alone(&self, step: &PlanStep, last: bool, interrupted: bool) -> Result<(), Failure> {
        let failed = |error| self.failure(Some(step.clone()), error);
        let statements = parse_script(&step.step.sql).unwrap_or_default();
        let mut tries = 1;
        let mut resumed = interrupted;
        loop {
            self.record(step, None, false).await.map_err(failed)?;
            let began = Instant::now();
            let outcome = self.try_alone(step, &statements, resumed).await;
            match outcome {
                Ok(()) => {
                    let elapsed = began.elapsed();
                    self.record(step, Some(elapsed), last).await.map_err(failed)?;
                    (self.listen)(&Event::StepEnds { step, elapsed });
                    return Ok(());
                }
                Err(error) => {
                    let cleaned = self.clean_up(&statements, &error).await;
                    resumed = !cleaned;
                    tries = self.again_or_fail(Some(step.clone()), error, tries, !cleaned).await?;
                }
            }
        }
    }

    async fn try_alone(&self, step: &PlanStep, statements: &[Statement], resumed: bool) -> Result<(), PgError> {
        let client = self.client();
        (self.listen)(&Event::StepBegins { step });
        client.batch_execute(&self.timeouts("SET", lock_timeout_alone(&step.step, self.limits))).await?;
        for statement in statements {
            let found = if resumed { trace(client, &statement.node).await? } else { Trace::None };
            let sql = &step.step.sql[statement.span.clone()];
            match found {
                Trace::Finished => (self.listen)(&Event::StepFound { step }),
                Trace::Complete(completion) => client.batch_execute(&completion).await?,
                Trace::Clean(cleaning) => {
                    client.batch_execute(&cleaning).await?;
                    client.batch_execute(sql).await?;
                }
                Trace::None => client.batch_execute(sql).await?,
            }
        }
        client.batch_execute("RESET lock_timeout; RESET statement_timeout").await
    }

    /// Takes away what a failed statement has left. Says whether nothing is left then.
    async fn clean_up(&self, statements: &[Statement], error: &PgError) -> bool {
        let reset = self.client().batch_execute("RESET lock_timeout; RESET statement_timeout").await;
        // What was there before is not ours to take away.
        let foreign = matches!(error.code(), Some(&SqlState::DUPLICATE_TABLE | &SqlState::DUPLICATE_OBJECT));
        let [statement] = statements else { return false };
        if reset.is_err() {
            return false;
        }
        if foreign {
            return true;
        }
        match trace(self.client(), &statement.node).await {
            Ok(Trace::Clean(cleaning)) => self.client().batch_execute(&cleaning).await.is_ok(),
            Ok(Trace::None) => true,
            Ok(Trace::Finished | Trace::Complete(_)) | Err(_) => false,
        }
    }

    async fn record(&self, step: &PlanStep, done: Option<Duration>, last: bool) -> Result<(), PgError> {
        let Some(run) = &self.journal.0 else { return Ok(()) };
        let client = self.client();
        client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        let written = async {
            match done {
                None => {
                    run.begin(client).await?;
                    run.step_begins(client, step).await
                }
                Some(elapsed) => {
                    run.step_ends(client, step, elapsed).await?;
                    if last { run.end(client).await } else { Ok(()) }
                }
            }
        };
        let written: Result<(), PgError> = written.await;
        client.batch_execute(if written.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
        written
    }

    /// Pauses where another try may help, and says which one that is.
    async fn again_or_fail(&self, step: Option<PlanStep>, error: PgError, tries: u32, leaves_traces: bool) -> Result<u32, Failure> {
        let passing = matches!(
            error.code(),
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE)
        );
        let blockers = match &step {
            Some(step) if passing => self.blockers(&step.step).await,
            _ => Vec::new(),
        };
        match &step {
            Some(step) if passing && tries <= self.limits.retries => {
                let pause = pause(tries);
                let because = error.as_db_error().map_or("", |db| db.message());
                (self.listen)(&Event::TryAgain { step, attempt: tries + 1, pause, because, blockers: &blockers });
                tokio::time::sleep(pause).await;
                Ok(tries + 1)
            }
            _ => Err(Failure { tries, blockers, leaves_traces, ..self.failure(step, error) }),
        }
    }

    fn failure(&self, step: Option<PlanStep>, error: PgError) -> Failure {
        let place = step.as_ref().map(|step| {
            let position = error.as_db_error().and_then(|db| db.position());
            let offset = match position {
                // Characters, counted from 1 (docs: "Error and Notice Message Fields").
                Some(ErrorPosition::Original(at)) => {
                    let at = usize::try_from(*at).unwrap_or(1).saturating_sub(1);
                    step.step.sql.char_indices().nth(at).map_or(0, |(byte, _)| byte)
                }
                _ => 0,
            };
            self.parsed.place(step.number, offset)
        });
        Failure { step, error, leaves_traces: false, tries: 1, blockers: Vec::new(), place }
    }

    fn timeouts(&self, verb: &str, lock_timeout: Duration) -> String {
        format!(
            "{verb} lock_timeout = {}; {verb} statement_timeout = {}",
            lock_timeout.as_millis(),
            self.limits.statement_timeout.as_millis()
        )
    }

    /// Who holds locks on the relations that a step locks.
    async fn blockers(&self, step: &Step) -> Vec<Blocker> {
        let relations: Vec<String> = step.locks.iter().map(|lock| lock.relation.to_string()).collect();
        let rows = self
            .client()
            .query(
                "SELECT DISTINCT a.pid, a.usename::pg_catalog.text, a.application_name, a.state, \
                 EXTRACT(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.int8 \
                 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid AND a.datname = pg_catalog.current_database() \
                 WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid() \
                 AND l.relation = ANY (SELECT pg_catalog.to_regclass(name)::pg_catalog.oid FROM pg_catalog.unnest($1::pg_catalog.text[]) name) \
                 ORDER BY 1 LIMIT 5",
                &[&relations],
            )
            .await
            .unwrap_or_default();
        let blocker = |row: &tokio_postgres::Row| Blocker {
            pid: row.get(0),
            user: row.get(1),
            application: row.get(2),
            state: row.get(3),
            seconds: row.get(4),
        };
        rows.iter().map(blocker).collect()
    }
}

/// A step that takes nothing stronger than ShareUpdateExclusive lets readers and writers through, and so does its waiting:
/// CREATE INDEX CONCURRENTLY must outwait every transaction that is open, and to give up early would only waste its work.
fn lock_timeout_alone(step: &Step, limits: Limits) -> Duration {
    let harmless = !step.locks.is_empty() && step.locks.iter().all(|lock| lock.mode <= LockMode::ShareUpdateExclusive);
    if harmless { Duration::ZERO } else { limits.step_lock_timeout }
}

/// 0.2 s, then twice as long each time, up to 15 s.
fn pause(tries: u32) -> Duration {
    Duration::from_millis(200).saturating_mul(1 << (tries - 1).min(10)).min(Duration::from_secs(15))
}

/// Whether the SQL of each step is something that can run where it stands.
///
/// # Errors
/// SQL that does not parse; statements that would end the transaction that records the step.
pub fn check(parsed: &Parsed) -> Result<(), Error> {
    for step in &parsed.plan.steps {
        let at = |offset: usize| parsed.place(step.number, offset);
        let statements = parse_script(&step.step.sql).map_err(|error| {
            Error::usage(Diagnostic::error(error.message).at(at(error.position.unwrap_or(0))).help("correct the plan file"))
        })?;
        let ending = statements.iter().find(|statement| matches!(statement.node.node, Some(NodeEnum::TransactionStmt(_))));
        if let Some(statement) = ending {
            return Err(Error::usage(
                Diagnostic::error(format!("step {} begins or ends a transaction by itself", step.number))
                    .at(at(statement.span.start))
                    .help("split it into steps: those between 'begin transaction' and 'commit transaction' share one"),
            ));
        }
    }
    Ok(())
}
