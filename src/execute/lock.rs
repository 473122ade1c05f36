//! The migration lock: a session advisory lock, so that it dies with its session. The row in `trueup.lock` only tells who.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::{Event, TOOL_VERSION, host_name};
use crate::error::{Error, Exit};
use crate::report::Diagnostic;
use crate::source::connect::{ConnectSettings, Connection, connect};

/// The two keys of the advisory lock: `true` and `up` in ASCII.
pub const KEYS: (i32, i32) = (0x7472_7565, 0x7570);

const HEARTBEAT: Duration = Duration::from_secs(10);

/// Who holds the migration lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Holder {
    /// The server process of its session.
    pub pid: i32,
    /// Its user.
    pub user: Option<String>,
    /// The machine that trueup runs on there.
    pub host: Option<String>,
    /// The name of its program.
    pub application: Option<String>,
    /// What it does.
    pub action: Option<String>,
    /// Since when, in UTC.
    pub since: Option<String>,
    /// Seconds since it last gave a sign of life.
    pub heartbeat_age: Option<i64>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "server process {}", self.pid)?;
        if let Some(user) = &self.user {
            write!(f, ", user {user}")?;
        }
        if let Some(host) = &self.host {
            write!(f, ", on {host}")?;
        }
        if let Some(action) = &self.action {
            write!(f, ", {action}")?;
        }
        if let Some(since) = &self.since {
            write!(f, ", since {since}")?;
        }
        Ok(())
    }
}

/// The lock, held by the session that took it. It must be [released](Self::release): there is no telling the server
/// anything in a destructor.
#[derive(Debug)]
pub struct MigrationLock {
    heartbeat: Option<JoinHandle<()>>,
}

impl MigrationLock {
    /// Takes the lock, waiting for it where it is held.
    ///
    /// # Errors
    /// [`Exit::Locked`], naming the holder, where it was not to be had in time.
    pub async fn acquire(connection: &Connection, at_most: Duration, listen: &dyn Fn(&Event<'_>)) -> Result<Self, Error> {
        let client = &connection.client;
        let began = Instant::now();
        let mut pause = Duration::from_millis(50);
        let mut told = false;
        // Asked for again and again rather than waited for: a waiting statement holds a snapshot, for which the holder's
        // CREATE INDEX CONCURRENTLY would wait in turn (docs: "Building Indexes Concurrently").
        loop {
            let row = client
                .query_one("SELECT pg_catalog.pg_try_advisory_lock($1, $2)", &[&KEYS.0, &KEYS.1])
                .await
                .map_err(|error| Error::server("cannot take the migration lock", Exit::Locked, &error))?;
            if row.get::<_, bool>(0) {
                return Ok(Self { heartbeat: None });
            }
            let left = at_most.saturating_sub(began.elapsed());
            if !told || left.is_zero() {
                let holder = holder(client).await?;
                if left.is_zero() {
                    return Err(not_in_time(at_most, holder.as_ref()));
                }
                listen(&Event::WaitingForLock { holder: holder.as_ref(), at_most });
                told = true;
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Says in `trueup.lock` who holds it, and keeps saying so from a session of its own. The tracking tables must be there.
    ///
    /// # Errors
    /// Where the row cannot be written.
    pub async fn announce(&mut self, connection: &Connection, settings: &ConnectSettings, action: &str) -> Result<(), Error> {
        connection
            .client
            .execute(
                "INSERT INTO trueup.lock AS l (id, pid, held_by, application_host, action, since, heartbeat) \
                 VALUES (1, pg_catalog.pg_backend_pid(), SESSION_USER, $1, $2, pg_catalog.clock_timestamp(), pg_catalog.clock_timestamp()) \
                 ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, held_by = excluded.held_by, application_host = excluded.application_host, \
                 action = excluded.action, since = excluded.since, heartbeat = excluded.heartbeat",
                &[&host_name(), &action],
            )
            .await
            .map_err(|error| Error::server("cannot write to trueup.lock", Exit::ApplyFailed, &error))?;
        let row = connection.client.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).await;
        let pid: i32 = row.map_err(|error| Error::server("cannot take the migration lock", Exit::Locked, &error))?.get(0);
        self.heartbeat = Some(tokio::spawn(beat(settings.with_application_name("trueup heartbeat"), pid)));
        Ok(())
    }

    /// Gives the lock back. What fails here fails because the session is gone, and the lock with it.
    pub async fn release(self, connection: &Connection) {
        if let Some(heartbeat) = self.heartbeat {
            heartbeat.abort();
            let cleared = connection.client.execute("DELETE FROM trueup.lock WHERE pid = pg_catalog.pg_backend_pid()", &[]).await;
            tracing::debug!(?cleared, "cleared trueup.lock");
        }
        let released = connection.client.query("SELECT pg_catalog.pg_advisory_unlock($1, $2)", &[&KEYS.0, &KEYS.1]).await;
        tracing::debug!(ok = released.is_ok(), "released the migration lock");
    }
}

/// Gives signs of life. Its session is opened when the first one is due: most runs are over before.
async fn beat(settings: ConnectSettings, pid: i32) {
    let mut session = None;
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if session.is_none() {
            session = connect(&settings).await.ok();
        }
        let Some(open) = &session else { continue };
        let told = open.client.execute("UPDATE trueup.lock SET heartbeat = pg_catalog.clock_timestamp() WHERE pid = $1", &[&pid]).await;
        if told.is_err() {
            session = None;
        }
    }
}

fn not_in_time(waited: Duration, holder: Option<&Holder>) -> Error {
    let seconds = waited.as_secs_f64();
    let message = match holder {
        Some(holder) => format!("the migration lock was not to be had within {seconds} s: it is held by {holder}"),
        None => format!("the migration lock was not to be had within {seconds} s"),
    };
    Error::new(
        Exit::Locked,
        Diagnostic::error(message).help("wait for it and try again, or raise --lock-timeout; trueup lock status shows the holder"),
    )
}

/// Who holds the lock, if anybody does.
///
/// # Errors
/// Where the server does not answer.
pub async fn holder(client: &Client) -> Result<Option<Holder>, Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot see who holds the migration lock", Exit::Unreachable, &error);
    // pg_locks shows the two-key form as classid and objid, with objsubid 2 (docs: "pg_locks").
    let (class, object) = (KEYS.0.cast_unsigned(), KEYS.1.cast_unsigned());
    let row = client
        .query_opt(
            "SELECT l.pid, a.usename::pg_catalog.text, a.application_name, \
             pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' \
             FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2 AND l.objsubid = 2 \
             AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) LIMIT 1",
            &[&class, &object],
        )
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let mut holder = Holder {
        pid: row.get(0),
        user: row.get(1),
        host: None,
        application: row.get(2),
        action: None,
        since: row.get(3),
        heartbeat_age: None,
    };
    // The tracking tables may not be there yet, or not be ours to read.
    let said = client
        .query_opt(
            "SELECT held_by, application_host, action, pg_catalog.to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', \
             EXTRACT(epoch FROM pg_catalog.clock_timestamp() - heartbeat)::pg_catalog.int8 FROM trueup.lock WHERE pid = $1",
            &[&holder.pid],
        )
        .await;
    if let Ok(Some(row)) = said {
        holder.user = row.get(0);
        holder.host = row.get(1);
        holder.action = row.get(2);
        holder.since = row.get(3);
        holder.heartbeat_age = row.get(4);
    }
    Ok(Some(holder))
}

/// Ends the session that holds the lock, with an audit entry.
///
/// # Errors
/// Where the rights do not reach (`pg_signal_backend`).
pub async fn release_by_force(client: &Client, holder: &Holder) -> Result<(), Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot end the session that holds the lock", Exit::ApplyFailed, &error);
    client.execute("SELECT pg_catalog.pg_terminate_backend($1)", &[&holder.pid]).await.map_err(failed)?;
    client
        .execute(
            "INSERT INTO trueup.audit (application_host, action, outcome, detail, tool_version) VALUES ($1, 'lock release --force', 'done', $2, $3)",
            &[&host_name(), &format!("ended {holder}"), &TOOL_VERSION],
        )
        .await
        .map_err(|error| Error::server("the session was ended, but trueup.audit cannot be written", Exit::ApplyFailed, &error))?;
    Ok(())
}
