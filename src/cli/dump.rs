//! `trueup dump`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::adopt::{Done, adopt, write};
use crate::error::{Error, Exit};
use crate::plan::layout::{self, Written};
use crate::report::count;
use crate::source::{files, interpret, live};

/// Arguments of `dump`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write a folder per schema and kind with a file per object, instead of one text on standard output
    #[arg(long)]
    split: bool,
    /// Where to write them [default: the first schema folder of the settings]
    #[arg(long, value_name = "DIR", requires = "split")]
    out: Option<PathBuf>,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    statements: Vec<String>,
    files: Vec<String>,
    removed: Vec<String>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// Dumps.
///
/// # Errors
/// A database that cannot be read, or a folder that cannot be written.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let target = context.target().await?;
    let catalog = live::read_beside(&target, &context.scope()).await?;
    let statements = layout::statements(&interpret::new_database(target.server.major), &catalog)?;
    let mut done = Done::default();
    if args.split {
        let root = args.out.clone().or_else(|| context.settings.schema.first().cloned());
        let root = root.ok_or_else(|| Error::usage("there is no folder to write to: name one by --out"))?;
        done = split(context, &root, &statements).await?;
    } else {
        context.reporter.raw(&layout::script(&statements));
    }
    let statements = statements.into_iter().map(|written| written.sql).collect();
    context.reporter.document(&Document { statements, files: done.written, removed: done.removed });
    Ok(Exit::Done)
}

/// Writes the layout, or brings the one that is there up to what the database is.
async fn split(context: &Context, root: &Path, statements: &[Written]) -> Result<Done, Error> {
    let reporter = &context.reporter;
    let present = if root.exists() { files::find(&[root.to_owned()])? } else { Vec::new() };
    if !present.is_empty() {
        let done = adopt(context, context.parse_files(&[root.to_owned()])?, root, None).await?;
        done.tell(context, root);
        return Ok(done);
    }
    let texts = layout::files(statements).into_iter();
    let done = write(texts.map(|(name, text)| (root.join(&name).display().to_string(), Some(text))).collect())?;
    reporter.line(format!("wrote {} under {}", count(done.written.len(), "file"), root.display()));
    Ok(done)
}
