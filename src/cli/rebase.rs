//! `trueup rebase`.

use std::fs;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::plan::{self, Written};
use super::prove::starts_from_nothing;
use super::source::Source;
use super::sources;
use crate::error::{Error, Exit};
use crate::execute::Fingerprint;
use crate::execute::history::State;
use crate::execute::ledger::Ledger;
use crate::plan::file::{Parsed, read, reseal};
use crate::plan::folder::{Folder, Plan, version};
use crate::report::Diagnostic;

/// Arguments of `rebase`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plan to plan again [default: of the two heads the one that is not applied, or the last]
    plan: Option<String>,
    /// Write it although no proof was possible or it failed
    #[arg(long)]
    unproved: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    plan: String,
    /// What it is now; `None` where nothing of it was left to do.
    becomes: Option<String>,
    files: Vec<String>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// Puts one of two plans that were made on top of the same one on top of the other.
///
/// # Errors
/// A folder without two heads; a plan that others follow; a database that is at neither.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let plan = chosen(args, context, &folder).await?.clone();
    let rest = folder.without(&plan);
    rest.sound()?;
    let is_by_hand = plan.header().from.is_none() && plan.header().to.is_none();
    let written = if is_by_hand { Some(moved(&rest, &plan)?) } else { planned(args, context, &rest, &plan).await? };
    let files = written.as_ref().map(|written| written.files.clone()).unwrap_or_default();
    for old in std::iter::once(&plan.up).chain(plan.down.as_ref()) {
        if !files.contains(&old.file) {
            fs::remove_file(&old.file).map_err(|error| Error::usage(format!("cannot remove {}: {error}", old.file)))?;
        }
    }
    let becomes = written.map(|written| written.id);
    context.reporter.line(match &becomes {
        Some(becomes) => format!("{} is {becomes} now", plan.id()),
        None => format!("nothing is left to do of {}: it is removed", plan.id()),
    });
    context.reporter.document(&Document { plan: plan.id(), becomes, files });
    Ok(Exit::Done)
}

async fn chosen<'a>(args: &Args, context: &Context, folder: &'a Folder) -> Result<&'a Plan, Error> {
    let heads: Vec<&Plan> = folder.plans.iter().filter(|plan| is_tip(folder, plan) && has_sibling(folder, plan)).collect();
    if let Some(name) = &args.plan {
        let plan = folder.find(name)?;
        return match heads.iter().any(|head| head.id() == plan.id()) {
            true => Ok(plan),
            false => Err(Error::refused(
                Diagnostic::error(format!("{} is no head beside another one", plan.id()))
                    .help("a plan can be rebased where another was made on top of the same one, and none on top of it"),
            )),
        };
    }
    let Some(last) = heads.last().copied() else {
        return Err(Error::refused("there are no two heads: nothing to rebase"));
    };
    if !super::init::names_a_database(context) {
        return Ok(last);
    }
    let connection = context.target().await?;
    let ledger = Ledger::read(&connection, folder, Exit::Unreachable).await?;
    // Both heads may have the same number: only the checksum tells whose the record is.
    let is_applied = |plan: &Plan| {
        let mut records = ledger.entries.iter().filter_map(|entry| entry.record.as_ref());
        records.any(|record| record.state == State::Applied && record.checksum == plan.up.checksum)
    };
    heads.into_iter().rfind(|head| !is_applied(head)).ok_or_else(|| Error::refused("both heads are applied: nothing can be rebased"))
}

fn is_tip(folder: &Folder, plan: &Plan) -> bool {
    !folder.plans.iter().any(|other| other.header().parent.as_deref() == Some(plan.up.hash()))
}

fn has_sibling(folder: &Folder, plan: &Plan) -> bool {
    folder.plans.iter().any(|other| other.id() != plan.id() && other.header().parent == plan.header().parent)
}

/// A plan that was written by hand has nothing to be worked out again: only its place changes.
fn moved(rest: &Folder, plan: &Plan) -> Result<Written, Error> {
    let number = rest.next_number();
    let parent = rest.head().map_or_else(|| "none".to_owned(), |head| head.up.hash().to_owned());
    let again = |file: &Parsed, more: Option<(&'static str, String)>| {
        let mut changes = vec![("number", version(number))];
        changes.extend(more);
        read(&file.file, &reseal(&file.text, &changes, file.plan.header.checksum.is_some()))
    };
    let mut files = Vec::new();
    if let Some(down) = &plan.down {
        let down = again(down, None)?;
        files.push(rest.write(&down.plan.header, &down.text)?.display().to_string());
    }
    let up = again(&plan.up, Some(("parent", parent)))?;
    files.push(rest.write(&up.plan.header, &up.text)?.display().to_string());
    Ok(Written { id: up.plan.header.id(), files })
}

/// Plans again, from what the other head makes to the schema files. `None` where nothing is left.
async fn planned(args: &Args, context: &Context, rest: &Folder, plan: &Plan) -> Result<Option<Written>, Error> {
    let major = plan.header().server.unwrap_or(17);
    let from = if starts_from_nothing(&rest.plans, major).is_ok() {
        let steps = rest.plans.iter().flat_map(|plan| plan.up.plan.steps.iter().map(|step| step.step.clone()));
        Source::Plans(steps.collect())
    } else {
        let target = context.target().await?;
        let here = context.fingerprint(&target).await?;
        let head = rest.head();
        if head.is_some_and(|head| head.header().to != here) {
            return Err(Error::refused(
                Diagnostic::error(format!(
                    "the database does not stand at {}, on top of which it is to be planned",
                    head.map_or_else(String::new, Plan::id)
                ))
                .help("apply that first"),
            ));
        }
        Source::Database(Box::new(target))
    };
    let made = sources::between(context, from, Source::Files(Arc::new(context.schema_files()?))).await?;
    if made.is_empty() {
        return Ok(None);
    }
    plan::write(context, rest, &plan.header().name, &made, args.unproved).map(Some)
}
