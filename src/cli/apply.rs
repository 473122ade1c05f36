//! `trueup apply`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::progress::Narrator;
use super::{Context, steps};
use crate::config::Overrides;
use crate::error::{Error, Exit};
use crate::execute::{Limits, Target, apply};
use crate::plan::file::PlanFile;
use crate::plan::folder::{Folder, Plan};
use crate::report::{Style, count};

/// Arguments of `apply`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show what would run; change nothing, not even trueup's own tables
    #[arg(long)]
    dry_run: bool,
    /// At most so many plans
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// Up to this plan
    #[arg(long, value_name = "PLAN")]
    to: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Plans may destroy rows and values
    #[arg(long)]
    allow_destructive: bool,
    /// Longest wait for the migration lock, in ms
    #[arg(long, value_name = "MS")]
    lock_timeout: Option<String>,
    /// Longest time for one statement, in ms
    #[arg(long, value_name = "MS")]
    statement_timeout: Option<String>,
    /// Wait so long for the database to be there
    #[arg(long, value_name = "MS", default_value_t = 0, hide_default_value = true)]
    wait_for_database: u64,
}

impl Args {
    /// What of it sets settings.
    pub fn overrides(&self, overrides: &mut Overrides) {
        overrides.set_opt("lock_timeout", "--lock-timeout", self.lock_timeout.as_ref());
        overrides.set_opt("statement_timeout", "--statement-timeout", self.statement_timeout.as_ref());
    }
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    dry_run: bool,
    applied: Vec<String>,
    pending: Vec<&'a PlanFile>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document<'_>>()
}

/// Applies pending plans.
///
/// # Errors
/// Whatever stands in the way.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let connection = context.target_within(Duration::from_millis(args.wait_for_database)).await?;
    let connect = context.connect_settings()?;
    let quiet = |_: &crate::execute::Event<'_>| {};
    let mut target = Target {
        connection: &connection,
        connect: &connect,
        limits: Limits::from(&context.settings),
        fingerprint: context,
        listen: &quiet,
    };
    // A dry run shows what is destroyed; it destroys nothing.
    let request = apply::Request { steps: args.steps, to: args.to.clone(), allow_destructive: args.allow_destructive || args.dry_run };
    let plans = apply::pending(&target, &folder, &request).await?;
    let reporter = &context.reporter;
    if plans.is_empty() {
        reporter.line("nothing to apply: all plans are applied");
    } else if args.dry_run {
        show(context, &plans);
    }
    if plans.is_empty() || args.dry_run {
        let pending = plans.iter().map(|plan| &plan.up.plan).collect();
        reporter.document(&Document { dry_run: args.dry_run, applied: Vec::new(), pending });
        return Ok(Exit::Done);
    }
    let question = format!("Apply {} to {}?", names(&plans), connect.redacted());
    if !args.yes && reporter.confirm(&question) == Some(false) {
        return Err(Error::refused("nothing was applied"));
    }
    let narrator = Narrator::new(reporter, plans.iter().map(|plan| plan.up.plan.steps.len()).sum());
    let listen = |event: &crate::execute::Event<'_>| narrator.tell(event);
    target.listen = &listen;
    let applied = apply::apply(&target, &folder, &request).await?;
    drop(narrator);
    reporter.line(reporter.style(Style::Green, &format!("{} applied", count(applied.len(), "plan"))));
    reporter.document(&Document { dry_run: false, applied, pending: Vec::new() });
    Ok(Exit::Done)
}

fn names(plans: &[&Plan]) -> String {
    match plans {
        [one] => one.id(),
        many => format!("{} ({})", count(many.len(), "plan"), many.iter().map(|plan| plan.id()).collect::<Vec<_>>().join(", ")),
    }
}

fn show(context: &Context, plans: &[&Plan]) {
    let reporter = &context.reporter;
    for plan in plans {
        reporter.line(format!("would apply {}", reporter.style(Style::Bold, &plan.id())));
        steps::print(reporter, &plan.up.plan, true);
    }
    reporter.line(format!("{} would be applied; nothing was changed", count(plans.len(), "plan")));
}
