//! `trueup lint`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::lint::{self, Finding, Levels, RULES, Rule};
use crate::report::{Diagnostic, Level, Reporter, Style, count};
use crate::source::files;

/// Arguments of `lint`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders: plans, or any SQL [default: the folder of the plan files]
    paths: Vec<PathBuf>,
    /// Say what a rule is about; `all` lists the rules
    #[arg(long, value_name = "RULE", conflicts_with = "paths")]
    explain: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: &'a [Finding],
}

#[derive(Serialize, JsonSchema)]
struct Explained {
    rule: &'static str,
    level: Level,
    destructive: bool,
    document: String,
}

/// What it can print: findings, or the words of `--explain`.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is there to be described")]
enum Printed<'a> {
    Found(Document<'a>),
    Explained(Explained),
    All(Vec<Explained>),
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Printed<'_>>()
}

/// Lints.
///
/// # Errors
/// Files that cannot be read or are no SQL; rules that there are not.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let reporter = &context.reporter;
    match args.explain.as_deref() {
        Some("all") => {
            list(reporter);
            return Ok(Exit::Done);
        }
        Some(name) => {
            explain(reporter, lint::named(name)?);
            return Ok(Exit::Done);
        }
        None => {}
    }
    let levels = Levels::of(&context.settings)?;
    let plans = [context.settings.plans.clone()];
    let paths = if args.paths.is_empty() { &plans[..] } else { &args.paths };
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return Err(Error::usage(
            Diagnostic::error(format!("there is no {}", missing.display())).help("name SQL files or folders of them"),
        ));
    }
    let files = files::find(paths)?;
    let findings = lint::lint_files(&files, &levels)?;
    report(reporter, files.len(), &findings);
    Ok(if lint::has_errors(&findings) { Exit::Refused } else { Exit::Done })
}

/// Shows every finding.
pub fn show(reporter: &Reporter, findings: &[Finding]) {
    let mut told = BTreeSet::new();
    for finding in findings {
        let mut diagnostic = finding.diagnostic();
        // Why, and what else to write, is the same for every finding of a rule.
        if !told.insert(finding.rule) {
            diagnostic.notes.clear();
            diagnostic.help = None;
        }
        reporter.line(reporter.rendered(&diagnostic));
        reporter.line("");
    }
}

fn report(reporter: &Reporter, files: usize, findings: &[Finding]) {
    show(reporter, findings);
    let of = |level| findings.iter().filter(|finding| finding.severity == level).count();
    let (errors, warnings, notes) = (of(Level::Error), of(Level::Warning), of(Level::Note));
    let counts = [count(errors, "error"), count(warnings, "warning"), count(notes, "note")].join(", ");
    let (style, words) = match errors {
        0 if findings.is_empty() => (Style::Green, "nothing found".to_owned()),
        0 => (Style::Yellow, counts),
        _ => (Style::Red, counts),
    };
    reporter.line(format!("{}: {}", count(files, "file"), reporter.style(style, &words)));
    reporter.document(&Document { files, errors, warnings, notes, findings });
}

fn explain(reporter: &Reporter, rule: &Rule) {
    let document = rule.document().text;
    let kind = if rule.destructive { ", destructive" } else { "" };
    reporter.line(format!("{} ({}{kind})\n\n{document}", reporter.style(Style::Bold, rule.name), rule.level.name()));
    reporter.document(&Explained { rule: rule.name, level: rule.level, destructive: rule.destructive, document });
}

fn list(reporter: &Reporter) {
    for rule in RULES {
        reporter.line(format!("{:30} {:8} {}", rule.name, rule.level.name(), rule.document().summary()));
    }
    let all = RULES.iter().map(|rule| Explained {
        rule: rule.name,
        level: rule.level,
        destructive: rule.destructive,
        document: rule.document().summary(),
    });
    reporter.document(&all.collect::<Vec<_>>());
}
