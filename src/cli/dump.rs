//! `trueup dump`.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::plan::layout;
use crate::report::count;
use crate::source::{interpret, live};

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

#[derive(Serialize)]
struct Document {
    statements: Vec<String>,
    files: Vec<String>,
}

/// Dumps.
///
/// # Errors
/// A database that cannot be read, or a folder that cannot be written.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let target = context.target().await?;
    let catalog = live::read(&target.client, target.server.major, &context.scope()).await?;
    let statements = layout::statements(&interpret::new_database(target.server.major), &catalog)?;
    let mut written = Vec::new();
    if args.split {
        let root = args.out.clone().or_else(|| context.settings.schema.first().cloned());
        let root = root.ok_or_else(|| Error::usage("there is no folder to write to: name one by --out"))?;
        for (name, text) in layout::files(&statements) {
            let path = root.join(&name);
            if fs::read_to_string(&path).is_ok_and(|present| present == text) {
                continue;
            }
            let failed = |error: std::io::Error| Error::usage(format!("cannot write {}: {error}", path.display()));
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            fs::write(&path, text).map_err(failed)?;
            written.push(path.display().to_string());
        }
        context.reporter.line(format!("wrote {} under {}", count(written.len(), "file"), root.display()));
    } else {
        context.reporter.raw(&layout::script(&statements));
    }
    let statements = statements.into_iter().map(|written| written.sql).collect();
    context.reporter.document(&Document { statements, files: written });
    Ok(Exit::Done)
}
