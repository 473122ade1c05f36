//! `trueup schema-of`: the JSON Schemas of what the commands print with `--format json`, made of the types that are printed.

use super::{Context, apply, diff, down, drift, dump, init, lint, lock, new, plan, prove, rebase, rehash, settle, show, status, verify};
use crate::error::{Error, Exit};
use crate::report::{self, Diagnostic};

/// Arguments of `schema-of`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command; `error` for what a command prints that fails, nothing for a list
    command: Option<String>,
}

type Schema = fn() -> schemars::Schema;

const SCHEMAS: &[(&str, Schema)] = &[
    ("accept-checksum", settle::schema),
    ("apply", apply::schema),
    ("diff", diff::schema),
    ("down", down::schema),
    ("drift", drift::schema),
    ("dump", dump::schema),
    ("error", report::schema_of_errors),
    ("history", settle::schema),
    ("init", init::schema),
    ("lint", lint::schema),
    ("lock", lock::schema),
    ("new", new::schema),
    ("plan", plan::schema),
    ("prove", prove::schema),
    ("rebase", rebase::schema),
    ("rehash", rehash::schema),
    ("resolve", settle::schema),
    ("show", show::schema),
    ("status", status::schema),
    ("verify", verify::schema),
];

/// Prints a schema, or the names of the commands that have one.
///
/// # Errors
/// A command that has none.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let Some(command) = args.command.as_deref() else {
        let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
        names.iter().for_each(|name| context.reporter.line(name));
        context.reporter.document(&names);
        return Ok(Exit::Done);
    };
    let Some((_, schema)) = SCHEMAS.iter().find(|(name, _)| *name == command) else {
        return Err(Error::usage(
            Diagnostic::error(format!("{command:?} prints no document of its own")).help("`trueup schema-of` lists those that do"),
        ));
    };
    let schema = schema();
    // JSON either way: that is what a schema is.
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Error::usage(format!("the schema cannot be written: {error}")))?;
    context.reporter.raw(&format!("{text}\n"));
    context.reporter.document(&schema);
    Ok(Exit::Done)
}
