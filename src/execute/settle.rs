//! Records set right by a person's word: without running anything, under the migration lock, with an audit entry.

use super::history::{self, Run};
use super::ledger::{Entry, Ledger, Standing};
use super::lock::MigrationLock;
use super::{Fingerprint, Target, tracking};
use crate::error::{Error, Exit};
use crate::plan::file::Direction;
use crate::plan::folder::{Folder, Plan};
use crate::report::Diagnostic;

fn unwritten(error: &tokio_postgres::Error) -> Error {
    Error::server("cannot write the records of trueup", Exit::ApplyFailed, error)
}

/// Does something under the migration lock, with the tracking tables there.
///
/// # Errors
/// Where the lock is not to be had, and those of the work.
pub async fn under_lock<T, F: Fingerprint>(
    target: &Target<'_, F>,
    action: &str,
    work: impl AsyncFnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let mut lock = MigrationLock::acquire(target.connection, target.limits.lock_timeout, target.listen).await?;
    let done = async {
        tracking::install(target.connection, tracking::LIMITS, target.listen).await?;
        lock.announce(target.connection, target.connect, action).await?;
        work().await
    };
    let done = done.await;
    lock.release(target.connection).await;
    done
}

/// Writes records and the audit entry in one transaction.
async fn write<F: Fingerprint>(
    target: &Target<'_, F>,
    (action, version, detail): (&str, Option<&str>, &str),
    rows: impl AsyncFnOnce() -> Result<(), tokio_postgres::Error>,
) -> Result<(), Error> {
    let client = &target.connection.client;
    client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await.map_err(|error| unwritten(&error))?;
    let written = async {
        rows().await?;
        history::audit(client, action, version, "done", Some(detail)).await
    };
    let written = written.await;
    let ended = client.batch_execute(if written.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
    written.and(ended).map_err(|error| unwritten(&error))
}

/// Keeps what the database is now as what the plan left behind: drift is measured against it.
async fn keep<F: Fingerprint>(target: &Target<'_, F>, plan: &Plan, direction: Direction) -> Result<(), Error> {
    if let Some((fingerprint, content)) = target.fingerprint.observe(target.connection).await? {
        let kept = history::keep_catalog(&target.connection.client, plan, direction, &fingerprint, &content).await;
        kept.map_err(|error| unwritten(&error))?;
    }
    Ok(())
}

fn entry<'a>(ledger: &'a Ledger<'_>, plan: &Plan) -> Option<&'a Entry<'a>> {
    ledger.entries.iter().find(|entry| entry.version == plan.version())
}

/// Settles a dirty plan: as applied, or as taken back.
///
/// # Errors
/// A plan that is not dirty.
pub async fn resolve<F: Fingerprint>(target: &Target<'_, F>, folder: &Folder, name: &str, applied: bool) -> Result<String, Error> {
    let plan = folder.find(name)?;
    let (state, direction) = if applied { ("applied", Direction::Up) } else { ("rolled_back", Direction::Down) };
    under_lock(target, "resolve", async || {
        let ledger = Ledger::read(target.connection, folder, Exit::ApplyFailed).await?;
        if entry(&ledger, plan).is_none_or(|entry| entry.standing != Standing::Dirty) {
            return Err(Error::refused(
                Diagnostic::error(format!("{} is not dirty: there is nothing to settle", plan.id())).help("trueup status tells where it stands"),
            ));
        }
        let client = &target.connection.client;
        write(target, ("resolve", Some(&plan.version()), state), async || {
            let sql = "UPDATE trueup.history SET state = $2, direction = $3, error = NULL, finished_at = pg_catalog.clock_timestamp() WHERE version = $1";
            client.execute(sql, &[&plan.version(), &state, &direction.name()]).await.map(|_| ())
        })
        .await?;
        keep(target, plan, direction).await?;
        Ok(plan.id())
    })
    .await
}

/// Takes the text that an applied plan has now for the one that was applied.
///
/// # Errors
/// A plan that was not changed after it was applied.
pub async fn accept_checksum<F: Fingerprint>(target: &Target<'_, F>, folder: &Folder, name: &str) -> Result<String, Error> {
    let plan = folder.find(name)?;
    under_lock(target, "accept-checksum", async || {
        let ledger = Ledger::read(target.connection, folder, Exit::ApplyFailed).await?;
        let Some(changed) = entry(&ledger, plan).filter(|entry| entry.standing == Standing::Changed) else {
            return Err(Error::refused(format!("{} was not changed after it was applied: there is nothing to accept", plan.id())));
        };
        let before = changed.record.as_ref().map_or("", |record| record.checksum.as_str());
        let client = &target.connection.client;
        let detail = format!("from {before} to {}", plan.up.checksum);
        write(target, ("accept-checksum", Some(&plan.version()), &detail), async || {
            let sql = "UPDATE trueup.history SET checksum = $2, name = $3 WHERE version = $1";
            client.execute(sql, &[&plan.version(), &plan.up.checksum, &plan.header().name]).await.map(|_| ())
        })
        .await?;
        Ok(plan.id())
    })
    .await
}

/// Records that the database stands at a plan: those up to it as applied, those after it as taken back. `None`: at none.
async fn stand_at<F: Fingerprint>(target: &Target<'_, F>, folder: &Folder, at: Option<&Plan>, action: &str) -> Result<(), Error> {
    let ledger = Ledger::read(target.connection, folder, Exit::ApplyFailed).await?;
    let client = &target.connection.client;
    let detail = at.map_or_else(|| "before all plans".to_owned(), |plan| format!("at {}", plan.id()));
    write(target, (action, at.map(Plan::version).as_deref(), &detail), async || {
        for plan in &folder.plans {
            let record = entry(&ledger, plan).and_then(|entry| entry.record.as_ref());
            let applied = at.is_some_and(|at| plan.number() <= at.number());
            if !applied && record.is_none() {
                continue;
            }
            let direction = if applied { Direction::Up } else { Direction::Down };
            let run = Run { plan, direction, run: record.map_or(0, |record| record.run) + 1 };
            run.begin(client).await?;
            run.stands(client, if applied { "applied" } else { "rolled_back" }).await?;
        }
        Ok(())
    })
    .await?;
    match at.or_else(|| folder.plans.first()) {
        Some(plan) => keep(target, plan, if at.is_some() { Direction::Up } else { Direction::Down }).await,
        None => Ok(()),
    }
}

/// Records that the database stands at a plan that was not applied by trueup.
///
/// # Errors
/// A database that is not what the plan ends at, where that is known, unless by `force`.
pub async fn baseline<F: Fingerprint>(target: &Target<'_, F>, folder: &Folder, name: &str, force: bool) -> Result<String, Error> {
    folder.sound()?;
    let plan = folder.find(name)?;
    under_lock(target, "history baseline", async || {
        let here = target.fingerprint.fingerprint(target.connection).await?;
        if let (Some(to), Some(here), false) = (plan.header().to.as_ref(), here.as_ref(), force)
            && to != here
        {
            return Err(Error::refused(
                Diagnostic::error(format!("the database is not what {} ends at", plan.id()))
                    .code("fingerprint")
                    .because(format!("expected {to}"))
                    .because(format!("actual {here}"))
                    .help("trueup diff shows what differs; --force records it all the same"),
            ));
        }
        stand_at(target, folder, Some(plan), "history baseline").await?;
        Ok(plan.id())
    })
    .await
}

/// Finds by its fingerprint at which plan the database stands, and records that. `None`: before the first.
///
/// # Errors
/// A database that no plan ends at.
pub async fn rebuild<F: Fingerprint>(target: &Target<'_, F>, folder: &Folder) -> Result<Option<String>, Error> {
    folder.sound()?;
    under_lock(target, "history rebuild", async || {
        let here = target.fingerprint.fingerprint(target.connection).await?;
        let found = folder.plans.iter().rfind(|plan| here.is_some() && plan.header().to == here);
        let at_start = || folder.plans.first().is_some_and(|plan| here.is_some() && plan.header().from == here);
        if found.is_none() && !at_start() {
            return Err(Error::refused(
                Diagnostic::error("no plan ends at what the database is")
                    .code("fingerprint")
                    .because(format!("its fingerprint is {}", here.as_deref().unwrap_or("unknown")))
                    .help("where you know which plan it stands at: trueup history baseline PLAN --force"),
            ));
        }
        stand_at(target, folder, found, "history rebuild").await?;
        Ok(found.map(Plan::id))
    })
    .await
}
