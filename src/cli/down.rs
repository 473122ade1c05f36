//! `trueup down`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::progress::Narrator;
use crate::config::Overrides;
use crate::error::{Error, Exit};
use crate::execute::{Event, Limits, Target, down};
use crate::plan::folder::Folder;
use crate::report::{Style, count};

/// Arguments of `down`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// So many plans [default: 1]
    #[arg(long, value_name = "N", conflicts_with = "to")]
    steps: Option<usize>,
    /// Back to this plan, which stays applied
    #[arg(long, value_name = "PLAN")]
    to: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Going back may destroy rows and values
    #[arg(long)]
    allow_destructive: bool,
    /// Whatever the database is, and although a plan is half-way up
    #[arg(long)]
    force: bool,
    /// Although plan files were changed
    #[arg(long)]
    skip_checksums: bool,
    /// Longest wait for the migration lock, in ms
    #[arg(long, value_name = "MS")]
    lock_timeout: Option<String>,
    /// Longest time for one statement, in ms
    #[arg(long, value_name = "MS")]
    statement_timeout: Option<String>,
}

impl Args {
    /// What of it sets settings.
    pub fn overrides(&self, overrides: &mut Overrides) {
        overrides.set_opt("lock_timeout", "--lock-timeout", self.lock_timeout.as_ref());
        overrides.set_opt("statement_timeout", "--statement-timeout", self.statement_timeout.as_ref());
    }
}

#[derive(Serialize, JsonSchema)]
struct Document {
    taken_back: Vec<String>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// Takes plans back.
///
/// # Errors
/// Whatever stands in the way.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let connection = context.target().await?;
    let connect = context.connect_settings()?;
    let quiet = |_: &Event<'_>| {};
    let mut target = Target {
        connection: &connection,
        connect: &connect,
        limits: Limits::from(&context.settings),
        fingerprint: context,
        listen: &quiet,
    };
    let request = down::Request {
        steps: args.steps,
        to: args.to.clone(),
        allow_destructive: args.allow_destructive,
        force: args.force,
        skip_checksums: args.skip_checksums,
    };
    let back = down::applied(&target, &folder, &request).await?;
    let reporter = &context.reporter;
    if back.is_empty() {
        reporter.line("nothing to take back");
        reporter.document(&Document { taken_back: Vec::new() });
        return Ok(Exit::Done);
    }
    let names = back.iter().map(|one| one.plan.id()).collect::<Vec<_>>().join(", ");
    if !args.yes && reporter.confirm(&format!("Take back {names} in {}?", connect.redacted())) == Some(false) {
        return Err(Error::refused("nothing was taken back"));
    }
    let narrator = Narrator::new(reporter, back.iter().map(|one| one.down.plan.steps.len()).sum());
    let listen = |event: &Event<'_>| narrator.tell(event);
    target.listen = &listen;
    let taken_back = down::down(&target, &folder, &request).await?;
    drop(narrator);
    reporter.line(reporter.style(Style::Green, &format!("{} taken back", count(taken_back.len(), "plan"))));
    reporter.document(&Document { taken_back });
    Ok(Exit::Done)
}
