//! `trueup resolve`, `trueup accept-checksum` and `trueup history`: the records, and what people may set right in them.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::execute::history::Record;
use crate::execute::{Event, Limits, Target, history, settle, tracking};
use crate::plan::folder::Folder;
use crate::report::{Diagnostic, duration};
use crate::source::connect::Connection;

/// Arguments of `resolve`.
#[derive(Debug, clap::Args)]
pub struct Resolve {
    /// The dirty plan
    plan: String,
    /// All of it is in the database
    #[arg(long, required_unless_present = "rolled_back", conflicts_with = "rolled_back")]
    applied: bool,
    /// Nothing of it is in the database
    #[arg(long)]
    rolled_back: bool,
}

/// Arguments of `accept-checksum`.
#[derive(Debug, clap::Args)]
pub struct Accept {
    /// The applied plan whose file was edited
    plan: String,
}

/// Arguments of `history`.
#[derive(Debug, clap::Args)]
pub struct History {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// A line per plan that was ever begun
    List,
    /// Find by its fingerprint at which plan the database stands, and record that
    Rebuild,
    /// Record that the database stands at a plan which trueup did not apply
    Baseline {
        /// The plan
        plan: String,
        /// Although the database is not what it ends at
        #[arg(long)]
        force: bool,
    },
    /// All records as JSON
    Export,
}

#[derive(Serialize, JsonSchema)]
struct Settled {
    plan: Option<String>,
    state: &'static str,
}

/// What it can print: what was settled, the records, or all of the tracking tables.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is there to be described")]
enum Printed {
    Settled(Settled),
    Records(Vec<history::Record>),
    Exported(std::collections::BTreeMap<String, Vec<serde_json::Value>>),
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Printed>()
}

/// Settles a dirty plan.
///
/// # Errors
/// A plan that is not dirty; whatever stands in the way of writing.
pub async fn resolve(args: &Resolve, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let plan = with_target(context, async |target| settle::resolve(target, &folder, &args.plan, args.applied).await).await?;
    let state = if args.applied { "applied" } else { "rolled_back" };
    context.reporter.line(format!("{plan} is recorded as {}", state.replace('_', " ")));
    context.reporter.document(&Settled { plan: Some(plan), state });
    Ok(Exit::Done)
}

/// Accepts an edit of an applied plan.
///
/// # Errors
/// A plan that was not edited; whatever stands in the way of writing.
pub async fn accept(args: &Accept, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let plan = with_target(context, async |target| settle::accept_checksum(target, &folder, &args.plan).await).await?;
    context.reporter.line(format!("the text of {plan} is taken for the one that was applied"));
    context.reporter.document(&Settled { plan: Some(plan), state: "applied" });
    Ok(Exit::Done)
}

/// Shows the records, or sets them right.
///
/// # Errors
/// Records that cannot be read or written; a database that is at no plan.
pub async fn history(args: &History, context: &Context) -> Result<Exit, Error> {
    match &args.action {
        None | Some(Action::List) => list(context).await,
        Some(Action::Export) => export(context).await,
        Some(Action::Rebuild) => {
            let folder = Folder::read(&context.settings.plans)?;
            let plan = with_target(context, async |target| settle::rebuild(target, &folder).await).await?;
            stands(context, plan);
            Ok(Exit::Done)
        }
        Some(Action::Baseline { plan, force }) => {
            let folder = Folder::read(&context.settings.plans)?;
            let plan = with_target(context, async |target| settle::baseline(target, &folder, plan, *force).await).await?;
            stands(context, Some(plan));
            Ok(Exit::Done)
        }
    }
}

fn stands(context: &Context, plan: Option<String>) {
    context.reporter.line(match &plan {
        Some(plan) => format!("the database is recorded to stand at {plan}"),
        None => "the database is recorded to stand before the first plan".to_owned(),
    });
    context.reporter.document(&Settled { plan, state: "applied" });
}

async fn with_target<T>(context: &Context, work: impl AsyncFnOnce(&Target<'_, Context>) -> Result<T, Error>) -> Result<T, Error> {
    let connection = context.target().await?;
    let connect = context.connect_settings()?;
    let quiet = |_: &Event<'_>| {};
    let limits = Limits::from(&context.settings);
    work(&Target { connection: &connection, connect: &connect, limits, fingerprint: context, listen: &quiet }).await
}

async fn recorded(context: &Context) -> Result<Connection, Error> {
    let connection = context.target().await?;
    if tracking::version(&connection).await?.is_none() {
        return Err(Error::usage(
            Diagnostic::error("there are no tracking tables: nothing was applied here by trueup, or its records were lost")
                .help("trueup init makes them; trueup history rebuild finds out at which plan the database stands"),
        ));
    }
    Ok(connection)
}

fn unread(error: &tokio_postgres::Error) -> Error {
    Error::server("cannot read the records of trueup", Exit::Unreachable, error)
}

async fn list(context: &Context) -> Result<Exit, Error> {
    let connection = recorded(context).await?;
    let records: Vec<Record> = history::read(&connection.client).await.map_err(|error| unread(&error))?.into_values().collect();
    for record in &records {
        let state = match record.state {
            history::State::Applied => "applied",
            history::State::RolledBack => "rolled back",
            history::State::Dirty => "dirty",
        };
        let seconds = record.duration_seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        let took = seconds.map_or_else(String::new, |seconds| format!(", took {}", duration(std::time::Duration::from_secs_f64(seconds))));
        let at = record.finished_at.as_deref().unwrap_or(&record.started_at);
        context.reporter.line(format!(
            "{state:11} {} {at} by {}{took}, run {} {}",
            record.id(),
            record.applied_by,
            record.run,
            record.direction
        ));
        if let Some(error) = &record.error {
            context.reporter.line(format!("            {error}"));
        }
    }
    if records.is_empty() {
        context.reporter.line("no plan was ever begun here");
    }
    context.reporter.document(&records);
    Ok(Exit::Done)
}

async fn export(context: &Context) -> Result<Exit, Error> {
    const ALL: &str = "SELECT pg_catalog.jsonb_pretty(pg_catalog.jsonb_build_object( \
        'history', COALESCE((SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(h) ORDER BY h.version) FROM trueup.history h), '[]'), \
        'step', COALESCE((SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(s) ORDER BY s.version, s.run, s.number) FROM trueup.step s), '[]'), \
        'audit', COALESCE((SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(a) ORDER BY a.id) FROM trueup.audit a), '[]')))";
    let connection = recorded(context).await?;
    let row = connection.client.query_one(ALL, &[]).await.map_err(|error| unread(&error))?;
    let text: String = row.try_get(0).map_err(|error| unread(&error))?;
    // JSON either way: that is what an export is.
    context.reporter.raw(&format!("{text}\n"));
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Error::usage(format!("the server's JSON cannot be read: {error}")))?;
    context.reporter.document(&value);
    Ok(Exit::Done)
}
