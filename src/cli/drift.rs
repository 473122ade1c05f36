//! `trueup drift`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::adopt::{Done, adopt};
use super::context::{as_spelled, unpack};
use super::plan;
use super::roles::{self, Both};
use super::source::Source;
use super::sources::{self, Ends};
use crate::error::{Error, Exit};
use crate::execute::ledger::{Entry, Ledger, Standing};
use crate::execute::{history, tracking};
use crate::model::{Catalog, Pair, Step};
use crate::plan::folder::Folder;
use crate::plan::steps::steps;
use crate::report::{Diagnostic, Style, cosmetic_mark, count};
use crate::source::connect::Connection;
use crate::source::live;

/// Arguments of `drift`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the database should be, instead of what the applied plans say: a folder or file, a database URL, git:REV:PATH
    #[arg(long, value_name = "SOURCE", num_args = 0..=1, default_missing_value = "")]
    against: Option<String>,
    /// Write a plan that brings the database back to what the applied plans say
    #[arg(long, conflicts_with = "against")]
    revert: bool,
    /// Write into the schema files what was done to the database; what differs from them for another reason stays as it is
    #[arg(long, conflicts_with_all = ["against", "revert"])]
    adopt: bool,
    /// Write that plan although its proof failed
    #[arg(long, requires = "revert")]
    unproved: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    drift: bool,
    against: String,
    /// What would bring the database back.
    revert: Vec<Change>,
    /// What was done to it.
    done: Vec<Change>,
}

#[derive(Serialize, JsonSchema)]
struct Change {
    summary: String,
    sql: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    possibly_cosmetic: Option<String>,
}

fn changes(steps: &[Step]) -> Vec<Change> {
    let change =
        |step: &Step| Change { summary: step.summary.clone(), sql: step.sql.clone(), possibly_cosmetic: step.possibly_cosmetic.clone() };
    steps.iter().map(change).collect()
}

/// Compares.
///
/// # Errors
/// A database that cannot be read, or of which nothing is recorded.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if args.revert {
        return revert(args, context).await;
    }
    if args.adopt {
        return adopt_drift(context).await;
    }
    let document = match args.against.as_deref() {
        Some(source) => against(context, source).await?,
        None => recorded(context).await?,
    };
    let reporter = &context.reporter;
    if document.drift {
        reporter.line(format!("{} from {}:", reporter.style(Style::Red, "The database has drifted"), document.against));
        for change in &document.done {
            reporter.line(format!("  {}{}", change.summary, cosmetic_mark(change.possibly_cosmetic.as_deref())));
        }
        reporter.line(format!("{} would bring it back:", count(document.revert.len(), "statement")));
        for change in &document.revert {
            change.possibly_cosmetic.iter().for_each(|why| reporter.line(format!("-- possibly cosmetic: {why}")));
            reporter.line(format!("{};", change.sql));
        }
    } else {
        reporter.line(format!("{}: the database is what {} says", reporter.style(Style::Green, "No drift"), document.against));
    }
    reporter.document(&document);
    Ok(if document.drift { Exit::Refused } else { Exit::Done })
}

#[derive(Serialize, JsonSchema)]
struct Reverting {
    drift: bool,
    files: Vec<String>,
}

/// Writes a plan from what the database is to what the last plan left behind.
async fn revert(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    folder.sound()?;
    let target = context.target().await?;
    let ledger = Ledger::read(&target, &folder, Exit::Unreachable).await?;
    ledger.tracking.ok_or_else(nothing)?;
    let (_, expected) = expected(context, &target).await?.ok_or_else(nothing)?;
    let of_roles = of_roles(&target, &ledger).await?;
    let mut made = sources::between(context, Source::Database(Box::new(target)), Source::Catalog(Box::new(expected))).await?;
    if let Some(both) = of_roles {
        made = both.around(context, made).await?;
    }
    let drift = !made.is_empty();
    let files = if drift { plan::write(context, &folder, "revert_drift", &made, args.unproved)?.files } else { Vec::new() };
    if !drift {
        context.reporter.line("No drift: there is nothing to revert");
    }
    context.reporter.document(&Reverting { drift, files });
    Ok(Exit::Done)
}

#[derive(Serialize, JsonSchema)]
struct Adopting {
    drift: bool,
    files: Vec<String>,
    removed: Vec<String>,
}

/// What it can print: the comparison, or what was written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is there to be described")]
enum Printed {
    Compared(Document),
    Reverted(Reverting),
    Adopted(Adopting),
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Printed>()
}

/// Writes into the schema files what the database has become since the last plan.
async fn adopt_drift(context: &Context) -> Result<Exit, Error> {
    let target = context.target().await?;
    tracking::version(&target).await?.ok_or_else(nothing)?;
    let (_, expected) = expected(context, &target).await?.ok_or_else(nothing)?;
    let actual = as_spelled(live::read_beside(&target, &context.scope()).await?);
    drop(target);
    let drifted = actual.differing(&expected);
    let root = context.settings.schema.first().cloned().unwrap_or_default();
    let done = if drifted.is_empty() { Done::default() } else { adopt(context, context.schema_files()?, &root, Some(&drifted)).await? };
    if drifted.is_empty() {
        context.reporter.line("No drift: there is nothing to adopt");
    } else {
        done.tell(context, &root);
    }
    context.reporter.document(&Adopting { drift: !drifted.is_empty(), files: done.written, removed: done.removed });
    Ok(Exit::Done)
}

fn nothing() -> Error {
    Error::usage(
        Diagnostic::error("nothing is recorded of this database: no plan was applied here by trueup")
            .help("compare with the schema files instead: trueup drift --against"),
    )
}

/// What the last plan left behind, with its name and way; there must be tracking tables.
async fn expected(context: &Context, target: &Connection) -> Result<Option<(String, Catalog)>, Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot read trueup.catalog", Exit::Unreachable, &error);
    let Some((plan, content)) = history::kept_catalog(&target.client).await.map_err(failed)? else { return Ok(None) };
    Ok(Some((plan, context.strip(as_spelled(unpack(&content)?))?)))
}

async fn against(context: &Context, source: &str) -> Result<Document, Error> {
    let to = Some(source).filter(|source| !source.is_empty());
    let made = sources::make(context, &Ends { from: None, to }).await?;
    let name = to.map_or_else(|| "the schema files".to_owned(), sources::shown);
    Ok(Document { drift: !made.is_empty(), against: name, revert: changes(&made.up), done: changes(&made.down) })
}

/// How the database differs from what the last plan left behind.
pub struct Drifted {
    /// The plan and its way.
    pub plan: String,
    /// What would bring the database back.
    pub revert: Vec<Step>,
    /// What was done to it.
    pub done: Vec<Step>,
}

impl Drifted {
    /// Whether it differs at all.
    pub fn is_drift(&self) -> bool {
        !self.revert.is_empty() || !self.done.is_empty()
    }
}

/// Compares with what the last plan left behind; there must be tracking tables. `None` where nothing is recorded.
///
/// # Errors
/// Where database or records cannot be read.
pub async fn from_recorded(context: &Context, target: &Connection, ledger: &Ledger<'_>) -> Result<Option<Drifted>, Error> {
    let Some((plan, expected)) = expected(context, target).await? else { return Ok(None) };
    let actual = as_spelled(live::read_beside(target, &context.scope()).await?);
    let of_roles = of_roles(target, ledger).await?.map(|both| both.steps(target.server.major));
    let [mut revert, mut done] = of_roles.unwrap_or_default();
    revert.extend(steps(Pair::new(&actual, &expected), context.settings.online)?);
    done.extend(steps(Pair::new(&expected, &actual), false)?);
    Ok(Some(Drifted { plan, revert, done }))
}

/// What the plans that are applied, and whose files are here, say of roles is no part of any catalog.
async fn of_roles(target: &Connection, ledger: &Ledger<'_>) -> Result<Option<Both>, Error> {
    let stands = |entry: &&Entry<'_>| matches!(entry.standing, Standing::Applied | Standing::Changed);
    roles::of_plans(target, &ledger.entries.iter().filter(stands).filter_map(|entry| entry.plan).collect::<Vec<_>>()).await
}

/// The plan files, which drift can do without, but for what they say of roles.
fn plans_here(context: &Context) -> Folder {
    Folder::read(&context.settings.plans).unwrap_or_else(|error| {
        let left_out = Diagnostic::warning("the plan files cannot be read, so that roles are not compared").because(error.message());
        context.reporter.diagnostic(&left_out.help("trueup verify shows what is wrong with them"));
        Folder::default()
    })
}

async fn recorded(context: &Context) -> Result<Document, Error> {
    let target = context.target().await?;
    let folder = plans_here(context);
    let ledger = Ledger::read(&target, &folder, Exit::Unreachable).await?;
    ledger.tracking.ok_or_else(nothing)?;
    let drifted = from_recorded(context, &target, &ledger).await?.ok_or_else(nothing)?;
    Ok(Document {
        drift: drifted.is_drift(),
        against: format!("plan {}", drifted.plan),
        revert: changes(&drifted.revert),
        done: changes(&drifted.done),
    })
}
