//! Going back.

use std::time::Instant;

use super::apply::{check_end, check_sealed, check_start, consent, execute, resume};
use super::history::{Run, State};
use super::ledger::{Entry, Ledger, Standing};
use super::lock::MigrationLock;
use super::run::{self, Progress};
use super::{Event, Fingerprint, Target, tracking};
use crate::error::{Error, Exit};
use crate::plan::file::{Direction, Parsed};
use crate::plan::folder::{Folder, Plan};
use crate::report::Diagnostic;

/// Which plans, and how careful to be.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// So many plans; one where nothing else is said.
    pub steps: Option<usize>,
    /// Back to this plan, which stays applied.
    pub to: Option<String>,
    /// Plans may destroy rows.
    pub allow_destructive: bool,
    /// Whatever the database is, and although a plan is half-way up.
    pub force: bool,
    /// Although plan files were changed.
    pub skip_checksums: bool,
}

/// A plan to take back.
#[derive(Clone, Debug)]
pub struct Back<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its way back.
    pub down: &'a Parsed,
    entry: Entry<'a>,
}

/// The plans that going back would run, newest first, every check passed that needs no lock.
///
/// # Errors
/// Plans without a way back, plans that were changed or lost, loss of rows without consent.
pub async fn applied<'a>(target: &Target<'_, impl Fingerprint>, folder: &'a Folder, request: &Request) -> Result<Vec<Back<'a>>, Error> {
    folder.sound()?;
    let ledger = Ledger::read(target.connection, folder, Exit::DownFailed).await?;
    ledger.check(request.skip_checksums)?;
    let until = request.to.as_deref().map(|name| folder.find(name)).transpose()?;
    if let Some(until) = until
        && ledger.entries.iter().any(|entry| entry.version == until.version() && entry.standing == Standing::Pending)
    {
        return Err(Error::refused(format!("{} is not applied, so nothing can be taken back to it", until.id())));
    }
    let limit = if until.is_some() { request.steps.unwrap_or(usize::MAX) } else { request.steps.unwrap_or(1) };
    let mut back = Vec::new();
    let mut without = Vec::new();
    for entry in ledger.entries.iter().rev() {
        let Some(plan) = entry.plan else { continue };
        if back.len() + without.len() >= limit || until.is_some_and(|until| plan.number() <= until.number()) {
            break;
        }
        if entry.standing == Standing::Pending {
            continue;
        }
        check_way(entry, request.force)?;
        match &plan.down {
            Some(down) => back.push(Back { plan, down, entry: entry.clone() }),
            None => without.push(
                Diagnostic::error(format!("{} has no down file", plan.id())).help("write one, or restore it; nothing was taken back"),
            ),
        }
    }
    let mut without = without.into_iter();
    if let Some(first) = without.next() {
        return Err(Error::all(Exit::Refused, first, without));
    }
    for one in &back {
        if !request.skip_checksums {
            check_sealed(one.down)?;
        }
        run::check(one.down)?;
    }
    consent(back.iter().map(|one| one.down), request.allow_destructive)?;
    Ok(back)
}

/// A plan that is half-way up has no way back that is known to work.
fn check_way(entry: &Entry<'_>, force: bool) -> Result<(), Error> {
    match &entry.record {
        Some(record) if entry.standing == Standing::Dirty && record.direction == Direction::Up && !force => Err(Error::refused(
            Diagnostic::error(format!("{} is half-way up", entry.id()))
                .because(record.error.clone().unwrap_or_else(|| "its run was interrupted".to_owned()))
                .help("trueup apply goes on with it; --force runs its down file against what is there"),
        )),
        _ => Ok(()),
    }
}

/// Takes plans back under the migration lock. Returns the names of those that were taken back.
///
/// # Errors
/// Whatever stands in the way; everything that was done is recorded.
pub async fn down(target: &Target<'_, impl Fingerprint>, folder: &Folder, request: &Request) -> Result<Vec<String>, Error> {
    if applied(target, folder, request).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut lock = MigrationLock::acquire(target.connection, target.limits.lock_timeout, target.listen).await?;
    let done = down_locked(target, folder, request, &mut lock).await;
    lock.release(target.connection).await;
    // Records are written in the same way up and down.
    done.map_err(|error| if error.exit == Exit::ApplyFailed { error.exit(Exit::DownFailed) } else { error })
}

async fn down_locked(
    target: &Target<'_, impl Fingerprint>,
    folder: &Folder,
    request: &Request,
    lock: &mut MigrationLock,
) -> Result<Vec<String>, Error> {
    tracking::install(target.connection, tracking::LIMITS, target.listen).await?;
    lock.announce(target.connection, target.connect, "down").await?;
    let back = applied(target, folder, request).await?;
    let mut done = Vec::new();
    let mut known = None;
    for one in &back {
        known = take_back(target, one, request.force, known).await?;
        done.push(one.plan.id());
    }
    Ok(done)
}

async fn take_back(
    target: &Target<'_, impl Fingerprint>,
    back: &Back<'_>,
    force: bool,
    known: Option<String>,
) -> Result<Option<String>, Error> {
    let record = back.entry.record.as_ref();
    let resumed = record.filter(|record| record.state == State::Dirty && record.direction == Direction::Down);
    let progress = match resumed {
        Some(record) => resume(target, back.down, record).await?,
        None => Progress::default(),
    };
    if progress.done.is_empty() && progress.begun.is_empty() && !force {
        // A plan made without a server cannot tell how a server spells what it ends at; the record of applying it can.
        let expected = back.down.plan.header.from.as_deref().or_else(|| record?.to_fingerprint.as_deref());
        let here = match known {
            Some(known) => Some(known),
            None if expected.is_some() => target.fingerprint.fingerprint(target.connection).await?,
            None => None,
        };
        check_start(back.down, expected, here.as_deref())?;
    }
    let number = resumed.map_or_else(|| record.map_or(0, |record| record.run) + 1, |record| record.run);
    let run = Run { plan: back.plan, direction: Direction::Down, run: number };
    let began = Instant::now();
    (target.listen)(&Event::PlanBegins {
        plan: &back.plan.id(),
        direction: Direction::Down,
        steps: back.down.plan.steps.len() - progress.done.len(),
        done: progress.done.len(),
    });
    let untouched = record.map_or(State::Applied, |record| if resumed.is_some() { State::Applied } else { record.state });
    execute(target, &run, back.down, &progress, untouched, Exit::DownFailed).await?;
    let end = check_end(target, &run, back.down).await?;
    (target.listen)(&Event::PlanEnds { plan: &back.plan.id(), direction: Direction::Down, elapsed: began.elapsed() });
    Ok(end)
}
