//! `trueup diff`.

use serde::Serialize;

use super::Context;
use super::sources::{self, Ends};
use crate::error::{Error, Exit};
use crate::model::Step;

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One side: a folder or file, a database URL, plans@NNNN, git:REV:PATH, empty
    from: String,
    /// The other side
    to: String,
    /// How to show the difference
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// How a difference is shown.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Output {
    /// As SQL that makes the other side of the one
    #[default]
    Sql,
    /// A line per change
    Summary,
}

#[derive(Serialize)]
struct Document<'a> {
    changes: bool,
    steps: &'a [Step],
}

/// Shows the difference.
///
/// # Errors
/// A side that cannot be read, or a difference that has no statements.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let made = sources::make(context, &Ends { from: Some(&args.from), to: Some(&args.to) }).await?;
    for step in &made.up {
        match args.output {
            Output::Sql => context.reporter.line(format!("{};\n", step.sql)),
            Output::Summary => context.reporter.line(&step.summary),
        }
    }
    context.reporter.document(&Document { changes: !made.is_empty(), steps: &made.up });
    Ok(Exit::Done)
}
