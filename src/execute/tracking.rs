//! The tracking schema `trueup`, kept by trueup's own plans.

use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::run::{self, Journal};
use super::{Event, Limits};
use crate::error::{Error, Exit};
use crate::plan::folder::{Folder, Plan};
use crate::report::Diagnostic;
use crate::source::connect::Connection;

/// The name of the tracking schema, which no schema file manages.
pub const SCHEMA: &str = "trueup";

/// The desired state of the tracking schema.
pub const DESIRED: &str = include_str!("../../schema/trueup.sql");

const PLANS: &[[(&str, &str); 2]] = &[[
    ("0001_tracking.up.sql", include_str!("../../plans/0001_tracking.up.sql")),
    ("0001_tracking.down.sql", include_str!("../../plans/0001_tracking.down.sql")),
]];

/// What every comment on the tracking schema begins with; its version follows.
const MARK: &str = "Records of trueup. Version ";

/// The embedded plans.
///
/// # Errors
/// Never in a release: tests hold the plans.
pub fn plans() -> Result<Folder, Error> {
    Folder::of_texts(PLANS)
}

/// The version of the tracking schema here; `None` where there is none. The schema says so itself, in its comment.
///
/// # Errors
/// Where a schema of that name is somebody else's, or was made by a newer trueup.
pub async fn version(connection: &Connection) -> Result<Option<u32>, Error> {
    let row = connection
        .client
        .query_opt(
            "SELECT pg_catalog.obj_description(n.oid, 'pg_namespace') FROM pg_catalog.pg_namespace n WHERE n.nspname = $1",
            &[&SCHEMA],
        )
        .await
        .map_err(|error| Error::server("cannot look for the tracking schema", Exit::ApplyFailed, &error))?;
    let Some(row) = row else { return Ok(None) };
    let comment: Option<String> = row.get(0);
    let version =
        comment.as_deref().and_then(|text| text.strip_prefix(MARK)).and_then(|rest| rest.trim_end_matches('.').parse::<u32>().ok());
    let Some(version) = version else {
        return Err(Error::usage(
            Diagnostic::error(format!("there is a schema {SCHEMA} that trueup did not make"))
                .because(format!("trueup keeps its records in a schema {SCHEMA}, and knows its own by the comment on it, '{MARK}NNNN.'"))
                .help("rename that schema, or put the comment back where it was lost"),
        ));
    };
    let newest = plans()?.head().map_or(0, Plan::number);
    if version > newest {
        return Err(Error::usage(
            Diagnostic::error(format!("the tracking schema is at version {version}; this trueup knows versions up to {newest}"))
                .help("use the trueup that made it, or a newer one"),
        ));
    }
    Ok(Some(version))
}

/// Makes the tracking schema, or brings it to the version of this trueup. The migration lock must be held.
///
/// # Errors
/// Where the rights do not reach.
pub async fn install(connection: &Connection, limits: Limits, listen: &dyn Fn(&Event<'_>)) -> Result<(), Error> {
    let here = version(connection).await?.unwrap_or(0);
    let folder = plans()?;
    for plan in folder.plans.iter().filter(|plan| plan.number() > here) {
        let quiet = |_: &Event<'_>| {};
        let runner = run::Runner { connection, limits, listen: &quiet, journal: Journal::none(), parsed: &plan.up };
        if let Err(failure) = runner.all().await {
            return Err(explain(connection, failure));
        }
        listen(&Event::Tracking { version: plan.number() });
    }
    Ok(())
}

fn explain(connection: &Connection, failure: run::Failure) -> Error {
    let denied = failure.is(&SqlState::INSUFFICIENT_PRIVILEGE);
    let mut error = failure.into_error("cannot make the tracking schema", Exit::ApplyFailed);
    if let Some(first) = error.diagnostics.first_mut().filter(|_| denied) {
        first.help = Some(format!(
            "GRANT CREATE ON DATABASE {} TO {}, or let a role that may create schemas run trueup init",
            crate::model::quote_ident(&connection.server.database),
            crate::model::quote_ident(&connection.server.current_user)
        ));
    }
    error
}

/// Sets the tracking up anew; the old rows are kept in tables beside the new ones. Returns how those are named: the table's
/// name and this ending.
///
/// # Errors
/// Where the rights do not reach.
pub async fn reinstall(connection: &Connection, limits: Limits, listen: &dyn Fn(&Event<'_>)) -> Result<String, Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot set the tracking schema up anew", Exit::ApplyFailed, &error);
    let client = &connection.client;
    // A database's own clock: names must not depend on where trueup runs.
    let row =
        client.query_one("SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS')", &[]).await;
    let ending = format!("_before_{}", row.map_err(failed)?.get::<_, String>(0));
    let old = format!("{SCHEMA}{ending}");
    client.batch_execute(&format!("ALTER SCHEMA {SCHEMA} RENAME TO {old}")).await.map_err(failed)?;
    if let Err(error) = install(connection, limits, listen).await {
        let restored = client.batch_execute(&format!("ALTER SCHEMA {old} RENAME TO {SCHEMA}")).await;
        tracing::debug!(?restored, "put the old tracking schema back");
        return Err(error);
    }
    const TABLES: &str = "SELECT pg_catalog.quote_ident(c.relname), \
        pg_catalog.quote_ident(CASE WHEN c.relname ~ '_before_[0-9]+$' THEN c.relname ELSE c.relname || $2 END) \
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname";
    let rows = client.query(TABLES, &[&old, &ending]).await.map_err(failed)?;
    let mut script = String::from("BEGIN;");
    for row in rows {
        let (table, kept): (String, String) = (row.get(0), row.get(1));
        script.push_str(&format!("CREATE TABLE {SCHEMA}.{kept} AS TABLE {old}.{table};"));
    }
    script.push_str(&format!("DROP SCHEMA {old} CASCADE; COMMIT"));
    if let Err(error) = client.batch_execute(&script).await {
        let undone = client.batch_execute("ROLLBACK").await;
        tracing::debug!(?undone, "rolled back");
        return Err(failed(error));
    }
    Ok(ending)
}

/// What steps of the tracking plans wait for at most: they touch nothing that others use.
pub const LIMITS: Limits = Limits {
    lock_timeout: Duration::from_secs(30),
    step_lock_timeout: Duration::from_secs(5),
    statement_timeout: Duration::ZERO,
    retries: 3,
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_embedded_plans_are_a_sealed_chain() {
        let folder = plans().unwrap();
        for plan in folder.sound().unwrap() {
            assert!(!plan.up.is_edited(), "{}", plan.id());
            assert!(plan.down.as_ref().is_some_and(|down| !down.is_edited()), "{}", plan.id());
        }
        let newest = folder.head().unwrap().version();
        assert!(DESIRED.contains(&format!("'{MARK}{newest}.'")));
    }
}
