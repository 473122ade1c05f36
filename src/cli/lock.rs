//! `trueup lock`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::execute::Holder;
use crate::execute::lock::{holder, release_by_force};
use crate::report::Diagnostic;

/// Arguments of `lock`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Who holds the migration lock
    Status,
    /// End the session that holds the migration lock
    Release {
        /// Yes, end it: what it is doing is undone or left half-done
        #[arg(long)]
        force: bool,
    },
}

#[derive(Serialize, JsonSchema)]
struct Document {
    held: bool,
    holder: Option<Holder>,
    released: bool,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// Shows or releases the migration lock.
///
/// # Errors
/// Where the server does not answer, or rights do not reach.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let connection = context.target().await?;
    let holder = holder(&connection.client).await?;
    let reporter = &context.reporter;
    match &holder {
        None => reporter.line("the migration lock is free"),
        Some(holder) => reporter.line(format!("the migration lock is held by {holder}")),
    }
    let mut released = false;
    if let (Some(Action::Release { force }), Some(holder)) = (&args.action, &holder) {
        if !force {
            return Err(Error::refused(
                Diagnostic::error("the lock belongs to a living session")
                    .help("it goes with that session; --force ends it, and what it is doing is undone or left half-done"),
            ));
        }
        release_by_force(&connection.client, holder).await?;
        reporter.line(format!("ended server process {}", holder.pid));
        released = true;
    }
    reporter.document(&Document { held: holder.is_some() && !released, holder, released });
    Ok(Exit::Done)
}
