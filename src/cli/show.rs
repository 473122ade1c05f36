//! `trueup show`.

use std::fs;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, page, steps};
use crate::error::{Error, Exit};
use crate::lint::{self, Levels};
use crate::plan::file::{Parsed, PlanFile};
use crate::plan::folder::{Folder, read_file};
use crate::report::{Diagnostic, Reporter, Style, count};

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number, name, or file of the plan
    plan: String,
    /// Write a page for reviewers, which needs nothing from elsewhere
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// With the SQL of each step
    #[arg(long)]
    sql: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    checksum: Option<&'a str>,
    edited: bool,
    up: Option<&'a PlanFile>,
    down: Option<&'a PlanFile>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document<'_>>()
}

/// Shows one plan.
///
/// # Errors
/// A plan that is not there, or not well-formed.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let path = Path::new(&args.plan);
    if path.is_file() {
        let parsed = read_file(path)?;
        write_page(args, context, &parsed, None)?;
        show(&context.reporter, &parsed, args.sql);
        let is_up = parsed.plan.header.direction == crate::plan::file::Direction::Up;
        let (up, down) = if is_up { (Some(&parsed.plan), None) } else { (None, Some(&parsed.plan)) };
        context.reporter.document(&Document { checksum: Some(&parsed.checksum), edited: parsed.is_edited(), up, down });
        return Ok(Exit::Done);
    }
    let folder = Folder::read(&context.settings.plans)?;
    let plan = folder.find(&args.plan)?;
    write_page(args, context, &plan.up, plan.down.as_ref())?;
    show(&context.reporter, &plan.up, args.sql);
    if let Some(down) = &plan.down {
        context.reporter.line("");
        show(&context.reporter, down, args.sql);
    }
    context.reporter.document(&Document {
        checksum: Some(&plan.up.checksum),
        edited: plan.up.is_edited() || plan.down.as_ref().is_some_and(Parsed::is_edited),
        up: Some(&plan.up.plan),
        down: plan.down.as_ref().map(|down| &down.plan),
    });
    Ok(Exit::Done)
}

fn write_page(args: &Args, context: &Context, file: &Parsed, down: Option<&Parsed>) -> Result<(), Error> {
    let Some(path) = &args.html else { return Ok(()) };
    let findings = lint::lint_pair(file, down, &Levels::of(&context.settings)?)?;
    let files: Vec<&Parsed> = std::iter::once(file).chain(down).collect();
    let failed = |error: std::io::Error| Error::usage(format!("cannot write {}: {error}", path.display()));
    fs::write(path, page::of(&files, &findings)).map_err(failed)?;
    context.reporter.status(format!("wrote {}", path.display()));
    Ok(())
}

fn show(reporter: &Reporter, parsed: &Parsed, sql: bool) {
    let header = &parsed.plan.header;
    if parsed.is_edited() {
        reporter.diagnostic(&Diagnostic::warning(format!("{} was edited since it was written", parsed.file)));
    }
    let title = format!("{} {}", header.id(), header.direction);
    reporter.line(format!("{}  {}, risk {}", reporter.style(Style::Bold, &title), count(parsed.plan.steps.len(), "step"), header.risk));
    let fact = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            reporter.line(format!("  {:9} {value}", format!("{name}:")));
        }
    };
    fact("file", Some(&parsed.file));
    fact("checksum", Some(&parsed.checksum));
    fact("parent", header.parent.as_deref());
    fact("from", header.from.as_deref());
    fact("to", header.to.as_deref());
    fact("server", header.server.map(|major| format!("PostgreSQL {major}")).as_deref());
    fact("proof", Some(&header.proof));
    steps::print(reporter, &parsed.plan, sql || reporter.verbose());
}
