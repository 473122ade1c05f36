//! `trueup prove`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::roles::Stage;
use crate::error::{Error, Exit};
use crate::plan::folder::{Folder, Plan};
use crate::plan::proof::{self, witness};
use crate::plan::rehearse::{self, SESSION};
use crate::report::{Diagnostic, Style, count};
use crate::source::{block, interpret};

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plans to prove, by number or name [default: all]; those before them are run first
    plans: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    proved: bool,
    plans: Vec<Line>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

#[derive(Serialize, JsonSchema)]
struct Line {
    plan: String,
    proved: bool,
    why: Vec<String>,
}

/// Proves.
///
/// # Errors
/// Plans that are not in order, or no scratch server.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let plans = folder.sound()?;
    let wanted = args.plans.iter().map(|name| folder.find(name).map(Plan::number)).collect::<Result<Vec<_>, _>>()?;
    let chosen = |plan: &Plan| wanted.is_empty() || wanted.contains(&plan.number());
    let major = plans.iter().rev().find_map(|plan| plan.header().server).unwrap_or(17);
    let Some(mut scratch) = context.scratch(major).await? else {
        return Err(Error::usage(Diagnostic::error("a proof wants a scratch server").help("name PostgreSQL's programs by --scratch-bin")));
    };
    starts_from_nothing(plans, major)?;
    for step in plans.iter().flat_map(|plan| &plan.up.plan.steps) {
        for role in block::created_roles(&step.step.sql) {
            scratch.ensure_role(role.as_str(), false).await?;
        }
    }
    let database = scratch.database(None).await?;
    let connection = scratch.connect(&database, None).await?;
    connection
        .client
        .batch_execute(SESSION)
        .await
        .map_err(|error| Error::server("the scratch server was lost", Exit::Unreachable, &error))?;
    let mut document = Document { proved: true, plans: Vec::new() };
    let mut stage = Stage::of(context, plans, major).await?;
    for plan in plans {
        let mut why = if chosen(plan) { one(context, &connection, plan).await? } else { only_up(&connection, plan).await };
        if let Some(stage) = stage.as_mut().filter(|_| why.is_empty()) {
            why = stage.prove(plan).await?;
        }
        let proved = why.is_empty();
        let word = if proved { context.reporter.style(Style::Green, "proved") } else { context.reporter.style(Style::Red, "FAILED") };
        if chosen(plan) || !proved {
            context.reporter.line(format!("{}: {word}", plan.id()));
            for line in &why {
                context.reporter.line(format!("  {line}"));
            }
            document.plans.push(Line { plan: plan.id(), proved, why });
        }
        document.proved &= proved;
        if !proved {
            break;
        }
    }
    connection.close().await;
    scratch.stop().await?;
    if let Some(stage) = stage {
        stage.close().await?;
    }
    context.reporter.line(format!(
        "{}, {}",
        count(document.plans.len(), "plan"),
        if document.proved { "all proved" } else { "not proved" }
    ));
    context.reporter.document(&document);
    Ok(if document.proved { Exit::Done } else { Exit::Refused })
}

/// Plans can be proved on their own only where the first starts from an empty database.
///
/// # Errors
/// Where it does not.
pub fn starts_from_nothing(plans: &[Plan], major: u32) -> Result<(), Error> {
    let Some(from) = plans.first().and_then(|plan| plan.header().from.clone()) else { return Ok(()) };
    let empty = interpret::new_database(major).fingerprint();
    if from == empty {
        return Ok(());
    }
    Err(Error::usage(
        Diagnostic::error("the first plan starts from a database that was not empty, which the plans alone cannot rebuild")
            .help("trueup proved each plan against its database when it was written; a first plan made by `trueup plan --from empty` lets the chain be proved anywhere"),
    ))
}

async fn only_up(connection: &crate::source::connect::Connection, plan: &Plan) -> Vec<String> {
    let steps: Vec<_> = plan.up.plan.steps.iter().map(|step| step.step.clone()).collect();
    rehearse::run(&connection.client, &steps).await.err().map(|refused| format!("up: {refused}")).into_iter().collect()
}

/// Up, down, and up again: down must bring back what was before, and both ups must end the same. What is wrong, if anything.
///
/// # Errors
/// Where the scratch server is lost.
pub async fn one(context: &Context, connection: &crate::source::connect::Connection, plan: &Plan) -> Result<Vec<String>, Error> {
    let scope = context.scope();
    let client = &connection.client;
    let look = async || proof::look(connection, &scope).await.map_err(Error::from);
    let before = look().await?;
    let why = only_up(connection, plan).await;
    if !why.is_empty() {
        return Ok(why);
    }
    let after = look().await?;
    let Some(down) = &plan.down else { return Ok(vec!["there is no down file".to_owned()]) };
    let steps: Vec<_> = down.plan.steps.iter().map(|step| step.step.clone()).collect();
    if let Err(refused) = rehearse::run(client, &steps).await {
        return Ok(vec![format!("down: {refused}")]);
    }
    let differences = |name: &str, left: &witness::Photograph, right: &witness::Photograph| -> Vec<String> {
        let differences = witness::differences(left, right, &witness::Tolerance::default());
        differences.iter().filter(|difference| !difference.own).map(|difference| format!("{name}: {difference}")).collect()
    };
    let why = {
        let seen = look().await?;
        differences("down", &seen, &before)
    };
    if !why.is_empty() {
        return Ok(why);
    }
    let why = only_up(connection, plan).await;
    if !why.is_empty() {
        return Ok(why);
    }
    let seen = look().await?;
    Ok(differences("up again", &seen, &after))
}
