//! Plan files and records held against each other: where each plan stands in a database.

use std::collections::BTreeMap;

use serde::Serialize;

use super::history::{self, Record, State};
use super::tracking;
use crate::error::{Error, Exit};
use crate::plan::folder::{Folder, Plan};
use crate::report::Diagnostic;
use crate::source::connect::Connection;

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Applied, and the file is as it was.
    Applied,
    /// Applied, but the file has changed since.
    Changed,
    /// Recorded here, but there is no such file.
    Missing,
    /// Begun and not finished.
    Dirty,
    /// Not applied.
    Pending,
}

/// A plan, its record, or both.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The number.
    pub version: String,
    /// Its files.
    pub plan: Option<&'a Plan>,
    /// Its record.
    pub record: Option<Record>,
    /// Where it stands.
    pub standing: Standing,
}

impl Entry<'_> {
    /// `NNNN_name`.
    pub fn id(&self) -> String {
        self.plan.map(Plan::id).or_else(|| self.record.as_ref().map(Record::id)).unwrap_or_else(|| self.version.clone())
    }
}

/// Every plan of a folder or of the records, by number.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    /// The version of the tracking schema; `None` where there is none.
    pub tracking: Option<u32>,
    /// The plans.
    pub entries: Vec<Entry<'a>>,
}

impl<'a> Ledger<'a> {
    /// Reads the records and holds them against the files. Writes nothing. `exit` is for records that cannot be read.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub async fn read(connection: &Connection, folder: &'a Folder, exit: Exit) -> Result<Self, Error> {
        let tracking = tracking::version(connection).await?;
        let mut records = match tracking {
            None => BTreeMap::new(),
            Some(_) => {
                history::read(&connection.client).await.map_err(|error| Error::server("cannot read trueup.history", exit, &error))?
            }
        };
        let mut entries: Vec<Entry<'a>> = folder.plans.iter().map(|plan| entry(plan, records.remove(&plan.version()))).collect();
        // What was rolled back and has no file any more is of no concern.
        let orphans = records.into_values().filter(|record| record.state != State::RolledBack);
        entries.extend(orphans.map(|record| Entry {
            version: record.version.clone(),
            plan: None,
            standing: if record.state == State::Dirty { Standing::Dirty } else { Standing::Missing },
            record: Some(record),
        }));
        entries.sort_by(|a, b| a.version.len().cmp(&b.version.len()).then_with(|| a.version.cmp(&b.version)));
        Ok(Self { tracking, entries })
    }

    /// The entries that stand like this.
    pub fn standing(&self, standing: Standing) -> impl DoubleEndedIterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.standing == standing)
    }

    /// The plan that the database stands at.
    pub fn current(&self) -> Option<&Entry<'a>> {
        self.entries.iter().rfind(|entry| matches!(entry.standing, Standing::Applied | Standing::Changed | Standing::Missing))
    }

    /// That files and records agree, so that plans can be run.
    ///
    /// # Errors
    /// Applied plans that were changed or lost, and pending ones before applied ones: [`Exit::Refused`].
    pub fn check(&self, skip_checksums: bool) -> Result<(), Error> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        if !skip_checksums {
            problems.extend(self.standing(Standing::Changed).map(mismatch));
        }
        problems.extend(self.entries.iter().filter(|entry| entry.plan.is_none()).map(missing));
        let last = self.current().map(|entry| entry.version.clone());
        let skipped =
            self.standing(Standing::Pending).filter(|entry| last.as_ref().is_some_and(|last| number(&entry.version) < number(last)));
        problems.extend(skipped.map(|entry| {
            let later = last.as_deref().unwrap_or_default();
            Diagnostic::error(format!("{} is not applied, but {later} after it is", entry.id()))
                .help("plans are applied in the order of their numbers: bring the records and the files together first")
        }));
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Err(Error::all(Exit::Refused, first, problems)),
            None => Ok(()),
        }
    }
}

fn number(version: &str) -> u64 {
    version.parse().unwrap_or(u64::MAX)
}

fn entry(plan: &Plan, record: Option<Record>) -> Entry<'_> {
    let standing = match record.as_ref() {
        None => Standing::Pending,
        Some(record) => match record.state {
            State::RolledBack => Standing::Pending,
            State::Dirty => Standing::Dirty,
            State::Applied if record.checksum == plan.up.checksum && record.name == plan.header().name => Standing::Applied,
            State::Applied => Standing::Changed,
        },
    };
    Entry { version: plan.version(), plan: Some(plan), record, standing }
}

/// What is said of an applied plan whose file has changed.
pub fn mismatch(entry: &Entry<'_>) -> Diagnostic {
    let recorded = entry.record.as_ref().map_or("", |record| record.checksum.as_str());
    let (actual, file) = entry.plan.map_or(("", ""), |plan| (plan.up.checksum.as_str(), plan.up.file.as_str()));
    Diagnostic::error(format!("{} was changed after it was applied", entry.id()))
        .code("checksum")
        .because(format!("expected {recorded}, as it was applied"))
        .because(format!("actual {actual}, of {file}"))
        .help(format!("undo the edit (git checkout {file}), and put the change into a new plan"))
}

fn missing(entry: &Entry<'_>) -> Diagnostic {
    Diagnostic::error(format!("{} is recorded in the database, but there is no file of it", entry.id()))
        .help("restore the file from version control")
}
