//! `trueup status`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::execute::history::{self, Record, StepRecord};
use crate::execute::ledger::{Entry, Ledger, Standing};
use crate::plan::file::Risk;
use crate::plan::folder::{Folder, version};
use crate::report::{Reporter, Style, duration};
use crate::source::connect::Connection;

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Exit 1 also where plans are pending
    #[arg(long)]
    check: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    database: String,
    /// `None` where there are no tracking tables.
    tracking: Option<String>,
    current: Option<String>,
    expected: Option<String>,
    applied: usize,
    pending: usize,
    dirty: usize,
    changed: usize,
    missing: usize,
    /// Whether the database is other than its plans say; `None` where that is not known.
    drifted: Option<bool>,
    plans: Vec<Line>,
    problems: Vec<crate::report::Diagnostic>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

#[derive(Serialize, JsonSchema)]
struct Line {
    plan: String,
    standing: Standing,
    risk: Option<Risk>,
    checksum: Option<String>,
    record: Option<Record>,
    /// Steps of the last run, of dirty plans alone.
    steps: Vec<StepRecord>,
}

/// Says where every plan stands. Writes nothing.
///
/// # Errors
/// Where the database cannot be reached, or its records cannot be read.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let connection = context.target().await?;
    let ledger = Ledger::read(&connection, &folder, Exit::Unreachable).await?;
    let mut plans = Vec::new();
    for entry in &ledger.entries {
        plans.push(line(entry, &connection).await?);
    }
    let number = |standing| ledger.standing(standing).count();
    let document = Document {
        database: context.connect_settings()?.redacted(),
        tracking: ledger.tracking.map(version),
        current: ledger.current().map(Entry::id),
        expected: folder.head().map(crate::plan::folder::Plan::id),
        applied: number(Standing::Applied),
        pending: number(Standing::Pending),
        dirty: number(Standing::Dirty),
        changed: number(Standing::Changed),
        missing: number(Standing::Missing),
        drifted: drifted(context, &connection, &ledger).await,
        plans,
        problems: folder.problems.clone(),
    };
    for problem in &document.problems {
        context.reporter.diagnostic(problem);
    }
    print(&context.reporter, &document);
    context.reporter.document(&document);
    let wrong = document.dirty + document.changed + document.missing > 0 || document.drifted == Some(true) || folder.sound().is_err();
    Ok(if wrong || (args.check && document.pending > 0) { Exit::Refused } else { Exit::Done })
}

async fn line(entry: &Entry<'_>, connection: &Connection) -> Result<Line, Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot read trueup.step", Exit::Unreachable, &error);
    let steps = match &entry.record {
        Some(record) if entry.standing == Standing::Dirty => {
            history::steps(&connection.client, &record.version, record.run).await.map_err(failed)?
        }
        _ => Vec::new(),
    };
    Ok(Line {
        plan: entry.id(),
        standing: entry.standing,
        risk: entry.plan.map(|plan| plan.header().risk),
        checksum: entry.plan.map(|plan| plan.up.checksum.clone()),
        record: entry.record.clone(),
        steps,
    })
}

/// Whether the database is other than the plan that it stands at. Not known half-way, or where it cannot be read.
async fn drifted(context: &Context, connection: &Connection, ledger: &Ledger<'_>) -> Option<bool> {
    if ledger.standing(Standing::Dirty).next().is_some() {
        return None;
    }
    ledger.tracking?;
    match super::drift::from_recorded(context, connection, ledger).await {
        Ok(Some(found)) => Some(found.is_drift()),
        Ok(None) => None,
        Err(error) => {
            context.reporter.status(format!("drift is not known: {error}"));
            None
        }
    }
}

fn print(reporter: &Reporter, document: &Document) {
    reporter.line(reporter.style(Style::Bold, "Migration status"));
    reporter.line(format!("Database: {}", document.database));
    if document.tracking.is_none() {
        reporter.line("Tracking tables: absent. Nothing was applied here by trueup, or its records were lost (trueup history rebuild).");
    }
    for line in &document.plans {
        print_line(reporter, line);
    }
    reporter.line(format!("Applied: {}", document.applied));
    reporter.line(format!("Pending: {}", document.pending));
    for (name, number) in [("Dirty", document.dirty), ("Changed", document.changed), ("Missing", document.missing)] {
        if number > 0 {
            reporter.line(reporter.style(Style::Red, &format!("{name}: {number}")));
        }
    }
    let last = document.plans.iter().rfind(|line| matches!(line.standing, Standing::Applied | Standing::Changed | Standing::Missing));
    if let Some((line, record)) = last.and_then(|line| Some((line, line.record.as_ref()?))) {
        reporter.line(format!("Last applied: {} ({})", line.plan, record.finished_at.as_deref().unwrap_or(&record.started_at)));
    }
    match document.drifted {
        Some(true) => {
            reporter.line(reporter.style(Style::Red, "Drifted: the database is not what the applied plans say (trueup drift shows how)"))
        }
        Some(false) => reporter.line("Drifted: no"),
        None => {}
    }
}

fn print_line(reporter: &Reporter, line: &Line) {
    let (word, style) = match line.standing {
        Standing::Applied => ("applied", Style::Green),
        Standing::Changed => ("changed", Style::Red),
        Standing::Missing => ("missing", Style::Red),
        Standing::Dirty => ("dirty", Style::Red),
        Standing::Pending => ("pending", Style::Yellow),
    };
    let mut text = format!("{} {}", reporter.style(style, &format!("{word:8}")), line.plan);
    if let Some(risk) = line.risk.filter(|_| line.standing == Standing::Pending) {
        text.push_str(&format!(" (risk: {risk})"));
    }
    let record = line.record.as_ref().filter(|_| line.standing != Standing::Pending);
    if let Some(record) = record {
        text.push_str(&format!(" {}", record.finished_at.as_deref().unwrap_or(&record.started_at)));
    }
    reporter.line(text);
    if !reporter.verbose() {
        return;
    }
    if let Some(checksum) = &line.checksum {
        reporter.line(format!("           checksum {checksum}"));
    }
    if let Some(record) = &line.record {
        let took = record
            .duration_seconds
            .map_or_else(String::new, |seconds| format!(", took {}", duration(std::time::Duration::from_secs_f64(seconds.max(0.0)))));
        reporter.line(format!("           {} by {}{took}", record.direction, record.applied_by));
        if let Some(error) = &record.error {
            reporter.line(format!("           {}", reporter.style(Style::Red, &format!("error: {error}"))));
        }
    }
    for step in &line.steps {
        reporter.line(format!("           step {} {}: {}", step.number, step.state, step.summary));
    }
}
