//! `trueup verify`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::execute::ledger::{Ledger, Standing, mismatch};
use crate::plan::file::Parsed;
use crate::plan::folder::Folder;
use crate::report::{Diagnostic, Level, Style};

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Also pending plans, down files, and the chain
    #[arg(long)]
    full: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    verified: usize,
    mismatches: usize,
    findings: &'a [Diagnostic],
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document<'_>>()
}

/// Holds plan files against what was recorded when they were applied.
///
/// # Errors
/// Where files or records cannot be read.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let connection = context.target().await?;
    let ledger = Ledger::read(&connection, &folder, Exit::Unreachable).await?;
    let mut findings: Vec<Diagnostic> = ledger.standing(Standing::Changed).map(mismatch).collect();
    findings.extend(ledger.standing(Standing::Missing).map(|entry| {
        Diagnostic::error(format!("{} was applied, but there is no file of it", entry.id())).help("restore the file from version control")
    }));
    if args.full {
        let files = folder.plans.iter().flat_map(|plan| std::iter::once(&plan.up).chain(plan.down.as_ref()));
        let accepted =
            |file: &Parsed| ledger.standing(Standing::Applied).any(|entry| entry.plan.is_some_and(|plan| plan.up.file == file.file));
        findings.extend(files.filter(|file| file.is_edited() && !accepted(file)).map(edited));
        findings.extend(folder.problems.iter().cloned());
    }
    let mismatches = findings.iter().filter(|finding| finding.level == Level::Error).count();
    let verified = ledger.standing(Standing::Applied).count();
    let reporter = &context.reporter;
    for finding in &findings {
        reporter.diagnostic(finding);
    }
    reporter.line(reporter.style(Style::Bold, "Checksum verification"));
    reporter.line(format!("Verified: {verified}"));
    reporter.line(format!("Mismatches: {mismatches}"));
    if mismatches == 0 {
        reporter.line(reporter.style(Style::Green, "All checksums valid"));
    }
    reporter.document(&Document { verified, mismatches, findings: &findings });
    Ok(if mismatches == 0 { Exit::Done } else { Exit::Refused })
}

fn edited(file: &Parsed) -> Diagnostic {
    let stated = file.plan.header.checksum.as_deref().unwrap_or_default();
    Diagnostic::error(format!("{} was edited since it was written", file.file))
        .code("checksum")
        .because(format!("expected {stated}, as its header states"))
        .because(format!("actual {}", file.checksum))
        .help(format!("undo the edit (git checkout {}), or make it official with trueup rehash", file.file))
}
