//! Going up.

use std::collections::BTreeSet;
use std::time::Instant;

use super::history::{self, Record, Run, State, step_checksum};
use super::ledger::{Ledger, Standing};
use super::lock::MigrationLock;
use super::run::{self, Failure, Journal, Progress, Runner};
use super::{Event, Fingerprint, Target, tracking};
use crate::error::{Error, Exit};
use crate::lint;
use crate::plan::file::{Direction, Parsed};
use crate::plan::folder::{Folder, Plan};
use crate::report::{Diagnostic, count};

/// Which plans, and what may happen to rows.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// At most so many plans.
    pub steps: Option<usize>,
    /// Up to this plan.
    pub to: Option<String>,
    /// Plans may destroy rows.
    pub allow_destructive: bool,
}

/// The plans that applying would run, in order, every check passed that needs no lock.
///
/// # Errors
/// A broken chain, plans that were changed or lost, loss of rows without consent.
pub async fn pending<'a>(target: &Target<'_, impl Fingerprint>, folder: &'a Folder, request: &Request) -> Result<Vec<&'a Plan>, Error> {
    folder.sound()?;
    let ledger = Ledger::read(target.connection, folder, Exit::ApplyFailed).await?;
    ledger.check(false)?;
    let mut plans: Vec<&Plan> = Vec::new();
    let until = request.to.as_deref().map(|name| folder.find(name)).transpose()?;
    for entry in &ledger.entries {
        let Some(plan) = entry.plan else { continue };
        if until.is_some_and(|until| plan.number() > until.number()) {
            break;
        }
        match entry.standing {
            Standing::Dirty => {
                check_dirty(entry.record.as_ref())?;
                plans.push(plan);
            }
            Standing::Pending => plans.push(plan),
            Standing::Applied | Standing::Changed | Standing::Missing => {}
        }
    }
    plans.truncate(request.steps.unwrap_or(usize::MAX));
    for plan in &plans {
        check_sealed(&plan.up)?;
        run::check(&plan.up)?;
    }
    consent(plans.iter().map(|plan| &plan.up), request.allow_destructive)?;
    Ok(plans)
}

/// A plan whose way down was interrupted must go on down.
fn check_dirty(record: Option<&Record>) -> Result<(), Error> {
    match record {
        Some(record) if record.direction == Direction::Down => Err(Error::refused(
            Diagnostic::error(format!("{} is half-way down", record.id()))
                .because(record.error.clone().unwrap_or_else(|| "its run was interrupted".to_owned()))
                .help("trueup down takes it back to the end; then apply again"),
        )),
        _ => Ok(()),
    }
}

/// That a file is as it was sealed, or that a person has completed what `trueup new` began.
pub(super) fn check_sealed(parsed: &Parsed) -> Result<(), Error> {
    if parsed.plan.header.checksum.is_none() && parsed.plan.steps.is_empty() {
        return Err(Error::refused(
            Diagnostic::error(format!("{} has no steps yet", parsed.file))
                .help("write them; a step of SELECT 1 says that there is nothing to do"),
        ));
    }
    if !parsed.is_edited() {
        return Ok(());
    }
    let stated = parsed.plan.header.checksum.as_deref().unwrap_or_default();
    Err(Error::refused(
        Diagnostic::error(format!("{} was edited since it was written", parsed.file))
            .code("checksum")
            .because(format!("expected {stated}, as its header states"))
            .because(format!("actual {}", parsed.checksum))
            .help(format!("undo the edit (git checkout {}), or make it official with trueup rehash", parsed.file)),
    ))
}

/// That somebody agreed to the loss of rows.
pub(super) fn consent<'a>(files: impl Iterator<Item = &'a Parsed>, given: bool) -> Result<(), Error> {
    if given {
        return Ok(());
    }
    let mut losses = Vec::new();
    for file in files {
        let found = lint::destructive(file)?;
        for step in &file.plan.steps {
            let words: Vec<&str> =
                found.iter().filter(|finding| finding.step == Some(step.number)).map(|finding| finding.message.as_str()).collect();
            if !words.is_empty() {
                let message = format!("{} destroys rows or values: it {}", step.step.summary, words.join("; it "));
                losses.push(Diagnostic::error(message).code("destructive").at(file.place(step.number, 0)));
            }
        }
    }
    let mut losses = losses.into_iter();
    let Some(first) = losses.next() else { return Ok(()) };
    let mut error = Error::all(Exit::Refused, first, losses);
    if let Some(last) = error.diagnostics.last_mut() {
        last.help = Some("read the steps, take a backup, and give --allow-destructive".to_owned());
    }
    Err(error)
}

/// Applies the pending plans under the migration lock. Returns the names of those that were applied.
///
/// # Errors
/// Whatever stands in the way; everything that was done is recorded.
pub async fn apply(target: &Target<'_, impl Fingerprint>, folder: &Folder, request: &Request) -> Result<Vec<String>, Error> {
    if pending(target, folder, request).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut lock = MigrationLock::acquire(target.connection, target.limits.lock_timeout, target.listen).await?;
    let applied = apply_locked(target, folder, request, &mut lock).await;
    lock.release(target.connection).await;
    applied
}

async fn apply_locked(
    target: &Target<'_, impl Fingerprint>,
    folder: &Folder,
    request: &Request,
    lock: &mut MigrationLock,
) -> Result<Vec<String>, Error> {
    tracking::install(target.connection, tracking::LIMITS, target.listen).await?;
    lock.announce(target.connection, target.connect, "apply").await?;
    // Somebody else may have applied them while we waited.
    let plans = pending(target, folder, request).await?;
    let mut applied = Vec::new();
    let mut known = None;
    for plan in plans {
        known = one(target, plan, known).await?;
        applied.push(plan.id());
    }
    Ok(applied)
}

/// Applies one plan. `known` is the fingerprint that the database has, where the plan before has just read it.
async fn one(target: &Target<'_, impl Fingerprint>, plan: &Plan, known: Option<String>) -> Result<Option<String>, Error> {
    let client = &target.connection.client;
    let failed = |error: tokio_postgres::Error| Error::server("cannot read the records of trueup", Exit::ApplyFailed, &error);
    let record = history::read(client).await.map_err(failed)?.remove(&plan.version());
    let resumed = record.as_ref().filter(|record| record.state == State::Dirty);
    let progress = match resumed {
        Some(record) => resume(target, &plan.up, record).await?,
        None => Progress::default(),
    };
    if progress.done.is_empty() && progress.begun.is_empty() {
        let here = match known {
            Some(known) => Some(known),
            None if plan.header().from.is_some() => target.fingerprint.fingerprint(target.connection).await?,
            None => None,
        };
        check_start(&plan.up, plan.header().from.as_deref(), here.as_deref())?;
    }
    let number = resumed.map_or_else(|| record.as_ref().map_or(0, |record| record.run) + 1, |record| record.run);
    let run = Run { plan, direction: Direction::Up, run: number };
    let began = Instant::now();
    (target.listen)(&Event::PlanBegins {
        plan: &plan.id(),
        direction: Direction::Up,
        steps: plan.up.plan.steps.len() - progress.done.len(),
        done: progress.done.len(),
    });
    execute(target, &run, &plan.up, &progress, State::RolledBack, Exit::ApplyFailed).await?;
    let end = check_end(target, &run, &plan.up).await?;
    (target.listen)(&Event::PlanEnds { plan: &plan.id(), direction: Direction::Up, elapsed: began.elapsed() });
    Ok(end)
}

/// What an interrupted run has done, where the steps that it did are still those of the file.
pub(super) async fn resume(target: &Target<'_, impl Fingerprint>, parsed: &Parsed, record: &Record) -> Result<Progress, Error> {
    let steps = history::steps(&target.connection.client, &record.version, record.run)
        .await
        .map_err(|error| Error::server("cannot read trueup.step", Exit::ApplyFailed, &error))?;
    let mut progress = Progress::default();
    let mut changed = BTreeSet::new();
    for recorded in &steps {
        let number = u32::try_from(recorded.number).unwrap_or(0);
        let Some(step) = parsed.plan.steps.iter().find(|step| step.number == number) else {
            changed.insert(number);
            continue;
        };
        let done = recorded.state == "done";
        if done && recorded.checksum != step_checksum(step) {
            changed.insert(number);
        } else if done {
            progress.done.insert(number);
        } else if step.group.is_none() {
            progress.begun.insert(number);
        }
    }
    if changed.is_empty() {
        return Ok(progress);
    }
    let numbers = changed.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    Err(Error::refused(
        Diagnostic::error(format!(
            "{} was changed after part of it was run: {} {numbers}",
            parsed.file,
            if changed.len() == 1 { "step" } else { "steps" }
        ))
        .help("restore the steps that were run already; those after them may be changed"),
    ))
}

/// That the database is what a plan starts from.
pub(super) fn check_start(parsed: &Parsed, expected: Option<&str>, here: Option<&str>) -> Result<(), Error> {
    let (Some(from), Some(here)) = (expected, here) else { return Ok(()) };
    if from == here {
        return Ok(());
    }
    Err(Error::refused(
        Diagnostic::error(format!(
            "the database is not what {} starts from: it was changed since the plan was made",
            parsed.plan.header.id()
        ))
        .code("fingerprint")
        .because(format!("expected {from}"))
        .because(format!("actual {here}"))
        .help("trueup drift shows what differs; undo that, or plan again"),
    ))
}

/// That the database is what a plan ends at.
pub(super) async fn check_end(target: &Target<'_, impl Fingerprint>, run: &Run<'_>, parsed: &Parsed) -> Result<Option<String>, Error> {
    let seen = target.fingerprint.observe(target.connection).await?;
    if let Some((fingerprint, content)) = &seen {
        history::keep_catalog(&target.connection.client, run.plan, run.direction, fingerprint, content)
            .await
            .map_err(|error| Error::server("cannot write trueup.catalog", Exit::PostflightFailed, &error))?;
    }
    let here = seen.map(|(fingerprint, _)| fingerprint);
    let Some(to) = parsed.plan.header.to.as_deref() else {
        run.ends_at(&target.connection.client, here.as_deref())
            .await
            .map_err(|error| Error::server("cannot write the records of trueup", Exit::PostflightFailed, &error))?;
        return Ok(here);
    };
    let Some(actual) = here.as_deref().filter(|here| *here != to) else { return Ok(here) };
    let error = format!("every step was run, but the database is not what {} ends at", run.plan.id());
    let state = if run.direction == Direction::Up { State::Applied } else { State::RolledBack };
    run.fail(&target.connection.client, state, &error)
        .await
        .map_err(|error| Error::server("cannot write the records of trueup", Exit::PostflightFailed, &error))?;
    Err(Error::new(
        Exit::PostflightFailed,
        Diagnostic::error(error)
            .code("fingerprint")
            .because(format!("expected {to}"))
            .because(format!("actual {actual}"))
            .help("trueup drift shows what differs: somebody else may have changed the database meanwhile"),
    ))
}

/// Runs a plan's steps, and records how it ended. `untouched` is the state where nothing of it is left.
pub(super) async fn execute(
    target: &Target<'_, impl Fingerprint>,
    run: &Run<'_>,
    parsed: &Parsed,
    progress: &Progress,
    untouched: State,
    exit: Exit,
) -> Result<(), Error> {
    let runner = Runner { connection: target.connection, limits: target.limits, listen: target.listen, journal: Journal::of(*run), parsed };
    let Err(failure) = runner.rest(progress).await else { return Ok(()) };
    let during = match run.direction {
        Direction::Up => format!("{} could not be applied", run.plan.id()),
        Direction::Down => format!("{} could not be taken back", run.plan.id()),
    };
    if failure.is_lost() {
        let again = if run.direction == Direction::Up { "trueup apply" } else { "trueup down" };
        let mut error = failure.into_error(&during, exit);
        if let Some(first) = error.diagnostics.first_mut() {
            first.help = Some(format!("when the database is back, {again} goes on where this run ended"));
        }
        return Err(error);
    }
    let left = record_failure(target, run, &failure, untouched).await;
    let error = failure.into_error(&during, exit);
    Err(match left {
        Ok(0) => error.and(Diagnostic::note("nothing of it is left in the database: correct it and try again")),
        Ok(done) => {
            error.and(Diagnostic::note(format!("{} done already and recorded: the plan is dirty", count(done, "step"))).help(
                "correct the steps that are left, or what stands in their way, and run the same command again: it goes on from there",
            ))
        }
        Err(unrecorded) => error.and(Diagnostic::warning(format!("that could not be recorded: {unrecorded}"))),
    })
}

/// How many steps are left done.
async fn record_failure(
    target: &Target<'_, impl Fingerprint>,
    run: &Run<'_>,
    failure: &Failure,
    untouched: State,
) -> Result<usize, tokio_postgres::Error> {
    let client = &target.connection.client;
    client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
    let text = failure.text();
    let written = async {
        let steps = history::steps(client, &run.plan.version(), run.run).await?;
        let done = steps.iter().filter(|step| step.state == "done").count() + usize::from(failure.leaves_traces);
        if done == 0 {
            run.begin_unless_recorded(client).await?;
        } else {
            run.begin(client).await?;
        }
        if let Some(step) = &failure.step {
            run.step_failed(client, step, &text).await?;
        }
        run.fail(client, if done == 0 { untouched } else { State::Dirty }, &text).await?;
        Ok(done)
    };
    let written: Result<usize, tokio_postgres::Error> = written.await;
    client.batch_execute(if written.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    written
}
