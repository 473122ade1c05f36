//! `trueup plan`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::sources::{self, Ends};
use crate::error::{Error, Exit};
use crate::lint::{self, Finding, Levels};
use crate::model::discard;
use crate::plan::draft::{Place, draft, in_words};
use crate::plan::file::PlanFile;
use crate::plan::folder::Folder;
use crate::plan::made::Made;
use crate::plan::merge::LeftAlone;
use crate::plan::proof::Verdict;
use crate::report::{Diagnostic, Style, cosmetic_mark, count};

/// Arguments of `plan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the plan is called [default: change]
    name: Option<String>,
    /// Write nothing; exit 1 where there is something to plan
    #[arg(long)]
    check: bool,
    /// Where to start: a folder or file, a database URL, plans@NNNN, git:REV:PATH, empty [default: the database]
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Where to go [default: the schema files]
    #[arg(long, value_name = "SOURCE")]
    to: Option<String>,
    /// Write the plan although no proof was possible or it failed
    #[arg(long)]
    unproved: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    changes: bool,
    files: Vec<String>,
    proof: String,
    up: Option<&'a PlanFile>,
    down: Option<&'a PlanFile>,
    findings: Vec<Finding>,
    /// What differs and stays, because the files do not speak of owners or privileges.
    left_alone: LeftAlone,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document<'_>>()
}

/// Says what stays although it differs: silence would be taken for equality.
fn tell_left_alone(context: &Context, LeftAlone { owners, privileges }: LeftAlone) {
    let parts = [(owners, count(owners, "owner")), (privileges, format!("{} of privileges", count(privileges, "set")))];
    let parts: Vec<String> = parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
    if !parts.is_empty() {
        context.reporter.line(format!("not managed here, and left as they are although they differ: {}", parts.join(" and ")));
    }
}

/// Plans.
///
/// # Errors
/// Files that are wrong, a database that cannot be read, a plan that cannot be proved.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let name = slug(args.name.as_deref().unwrap_or("change"))?;
    let folder = Folder::read(&context.settings.plans)?;
    if !args.check {
        folder.sound()?;
    }
    let ends = Ends { from: args.from.as_deref(), to: args.to.as_deref() };
    let made = sources::make(context, &ends).await?;
    if made.is_empty() {
        context.reporter.line("nothing to plan: both sides agree");
        tell_left_alone(context, made.left_alone);
        context.reporter.document(&Document {
            changes: false,
            files: Vec::new(),
            proof: String::new(),
            up: None,
            down: None,
            findings: Vec::new(),
            left_alone: made.left_alone,
        });
        return Ok(Exit::Done);
    }
    let [up, down] = draft(&made, &next(&folder, &name));
    let mut files = Vec::new();
    if !args.check {
        refuse_unproved(&made, args.unproved)?;
        files = folder.write_pair(&up, &down)?.iter().map(|path| path.display().to_string()).collect();
    }
    report(context, &up, &files, &in_words(&made.verdict));
    let findings = lint::lint_plan(&up, &Levels::of(&context.settings)?)?;
    let (proof, left_alone) = (in_words(&made.verdict), made.left_alone);
    tell_left_alone(context, left_alone);
    super::lint::show(&context.reporter, &findings);
    discard(made);
    context.reporter.document(&Document { changes: true, files, proof, up: Some(&up), down: Some(&down), findings, left_alone });
    Ok(if args.check { Exit::Refused } else { Exit::Done })
}

/// A plan that was written.
pub struct Written {
    /// `NNNN_name`.
    pub id: String,
    /// Its files.
    pub files: Vec<String>,
}

/// Writes a worked-out plan on top of a folder's, and reports it.
///
/// # Errors
/// A plan that failed its proof, unless that is no matter; what the operating system says.
pub fn write(context: &Context, folder: &Folder, name: &str, made: &Made, unproved: bool) -> Result<Written, Error> {
    refuse_unproved(made, unproved)?;
    let [up, down] = draft(made, &next(folder, name));
    let files: Vec<String> = folder.write_pair(&up, &down)?.iter().map(|path| path.display().to_string()).collect();
    report(context, &up, &files, &in_words(&made.verdict));
    Ok(Written { id: up.header.id(), files })
}

fn next(folder: &Folder, name: &str) -> Place {
    Place { number: folder.next_number(), name: name.to_owned(), parent: folder.head().map(|plan| plan.up.hash().to_owned()) }
}

fn refuse_unproved(made: &Made, unproved: bool) -> Result<(), Error> {
    let Verdict::Failed { why } = &made.verdict else { return Ok(()) };
    if unproved {
        return Ok(());
    }
    let mut diagnostic = Diagnostic::error("the plan does not do what it should, and is not written");
    for line in why {
        diagnostic = diagnostic.because(line);
    }
    Err(Error::refused(diagnostic.help(
        "--unproved writes it all the same; where it is not said above what to write otherwise, this is a defect of trueup worth reporting",
    )))
}

/// A name that can be part of a file's name.
fn slug(name: &str) -> Result<String, Error> {
    let slug: String = name.trim().chars().map(|c| if c.is_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '_' }).collect();
    if crate::plan::folder::is_plan_name(&slug) {
        return Ok(slug);
    }
    Err(Error::usage(Diagnostic::error(format!("{name:?} cannot be a plan's name")).help("use letters, digits, - and _")))
}

fn report(context: &Context, up: &PlanFile, files: &[String], proof: &str) {
    let reporter = &context.reporter;
    for file in files {
        reporter.line(format!("wrote {}", reporter.style(Style::Bold, file)));
    }
    for step in &up.steps {
        let mark = cosmetic_mark(step.step.possibly_cosmetic.as_deref());
        reporter.line(format!("  {}. {}{}", step.number, step.step.summary, reporter.style(Style::Dim, mark)));
    }
    let cosmetic: Vec<&str> = up.steps.iter().filter_map(|step| step.step.possibly_cosmetic.as_deref()).collect();
    if let Some(why) = cosmetic.first() {
        let warning = Diagnostic::warning(format!("{} of {} possibly cosmetic: {why}", cosmetic.len(), count(up.steps.len(), "step")));
        reporter.diagnostic(&warning.help("a scratch server tells: plan without --scratch off"));
    }
    reporter.line(format!("{}, risk {}; proof: {proof}", count(up.steps.len(), "step"), up.header.risk));
}
