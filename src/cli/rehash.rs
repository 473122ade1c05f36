//! `trueup rehash`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::prove::{one, starts_from_nothing};
use crate::error::{Error, Exit};
use crate::execute::ledger::{Ledger, Standing};
use crate::execute::run::check;
use crate::lint::{self, Finding, Levels};
use crate::model::Step;
use crate::plan::file::{Parsed, Risk, read, reseal};
use crate::plan::folder::{Folder, Plan};
use crate::plan::make::{self, Build};
use crate::report::{Diagnostic, Style};
use crate::source::live;

/// Arguments of `rehash`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plan that was edited, or written by hand
    plan: String,
    /// Make it official although no proof was possible or it failed
    #[arg(long)]
    unproved: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    plan: String,
    files: Vec<String>,
    proved: bool,
    proof: String,
    findings: Vec<Finding>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// What trying the plan has shown.
struct Tried {
    /// In words, for the file.
    words: String,
    /// Whether up, down and up again did what they must.
    proved: bool,
    /// The fingerprint that up ends at.
    to: Option<String>,
}

/// Makes an edited plan official: proved and linted again, and sealed with the plans after it.
///
/// # Errors
/// A plan that is applied, that does not do what it must, or that later plans no longer follow.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    folder.sound()?;
    let plan = folder.find(&args.plan)?;
    let files = || std::iter::once(&plan.up).chain(plan.down.as_ref());
    if !files().any(is_open) {
        context.reporter.line(format!("{} is as it was sealed: there is nothing to do", plan.id()));
        let document =
            Document { plan: plan.id(), files: Vec::new(), proved: false, proof: plan.header().proof.clone(), findings: Vec::new() };
        context.reporter.document(&document);
        return Ok(Exit::Done);
    }
    files().try_for_each(check)?;
    if super::init::names_a_database(context) {
        refuse_applied(context, &folder, plan).await?;
    }
    let tried = try_out(context, &folder, plan).await?;
    if !tried.proved && !args.unproved {
        return Err(Error::refused(
            Diagnostic::error(format!("{} is not proved, and stays as it was sealed", plan.id()))
                .because(tried.words)
                .help("correct it; --unproved makes it official all the same"),
        ));
    }
    let texts = resealed(&folder, plan, &tried)?;
    let mut written = Vec::new();
    for text in &texts {
        written.push(folder.write(&text.plan.header, &text.text)?.display().to_string());
    }
    let again = Folder::read(&context.settings.plans)?;
    let again = again.find(&plan.id())?;
    let findings = lint::lint_pair(&again.up, again.down.as_ref(), &Levels::of(&context.settings)?)?;
    for file in &written {
        context.reporter.line(format!("sealed {}", context.reporter.style(Style::Bold, file)));
    }
    context.reporter.line(format!("proof: {}", tried.words));
    super::lint::show(&context.reporter, &findings);
    context.reporter.document(&Document { plan: plan.id(), files: written, proved: tried.proved, proof: tried.words, findings });
    Ok(Exit::Done)
}

/// Whether a file is not sealed as it is.
fn is_open(file: &Parsed) -> bool {
    file.is_edited() || file.plan.header.checksum.is_none()
}

async fn refuse_applied(context: &Context, folder: &Folder, plan: &Plan) -> Result<(), Error> {
    let connection = context.target().await?;
    let ledger = Ledger::read(&connection, folder, Exit::Unreachable).await?;
    let applied = |standing| matches!(standing, Standing::Applied | Standing::Changed);
    if !ledger.entries.iter().any(|entry| entry.version == plan.version() && applied(entry.standing)) {
        return Ok(());
    }
    Err(Error::refused(
        Diagnostic::error(format!("{} is applied", plan.id()))
            .help("put the change into a new plan; trueup accept-checksum takes an edit that changes nothing for what was applied"),
    ))
}

/// Tries the plan on what the plans before it make, or on a copy of the database where that stands before it.
async fn try_out(context: &Context, folder: &Folder, plan: &Plan) -> Result<Tried, Error> {
    let none = |why: &str| Ok(Tried { words: format!("none: {why}"), proved: false, to: None });
    let major = plan.header().server.unwrap_or(17);
    let Some(mut scratch) = context.scratch(major).await? else { return none("no scratch server") };
    let scope = context.scope();
    let (build, role) = if starts_from_nothing(&folder.plans, scratch.major()).is_ok() {
        let before = folder.plans.iter().filter(|other| other.number() < plan.number());
        let steps: Vec<Step> = before.flat_map(|plan| plan.up.plan.steps.iter().map(|step| step.step.clone())).collect();
        (Build::Steps(steps), "postgres".to_owned())
    } else if super::init::names_a_database(context) {
        let target = context.target().await?;
        let catalog = live::read(&target.client, target.server.major, &scope).await?;
        if plan.header().from.as_ref().is_some_and(|from| *from != catalog.fingerprint()) {
            return none("the database does not stand where the plan starts");
        }
        make::copy_of_server(&target, &mut scratch).await?;
        (Build::Catalog(Box::new(catalog)), target.server.current_user.clone())
    } else {
        return none("the plans alone cannot be rebuilt, and no database is named");
    };
    scratch.ensure_role(&role, true).await?;
    let start = make::built(&mut scratch, &build, &role, &scope).await?;
    let why = one(context, &start.connection, plan).await?;
    let to = match why.is_empty() {
        true => Some(live::read(&start.connection.client, scratch.major(), &scope).await?.fingerprint()),
        false => None,
    };
    start.connection.close().await;
    let words = match why.is_empty() {
        true => format!("up, down and up again proved on {}, as it was edited", scratch.description()),
        false => format!("FAILED: {}", why.join("; ")),
    };
    scratch.stop().await?;
    Ok(Tried { words, proved: why.is_empty(), to })
}

/// The new texts: of the plan, and of those after it, which name it by its checksum.
fn resealed(folder: &Folder, plan: &Plan, tried: &Tried) -> Result<Vec<Parsed>, Error> {
    let end = tried.to.clone().filter(|_| plan.header().to.is_some());
    let head = |file: &Parsed, fingerprint: &'static str| {
        let mut changes =
            vec![("proof", tried.words.clone()), ("risk", Risk::of(file.plan.steps.iter().map(|step| &step.step)).name().to_owned())];
        changes.extend(end.clone().map(|end| (fingerprint, end)));
        read(&file.file, &reseal(&file.text, &changes, true))
    };
    let mut texts = Vec::new();
    if let Some(down) = &plan.down {
        texts.push(head(down, "from")?);
    }
    let up = head(&plan.up, "to")?;
    let mut parent = up.hash().to_owned();
    texts.push(up);
    for after in folder.plans.iter().filter(|after| after.number() > plan.number()) {
        if after.up.is_edited() {
            return Err(Error::refused(format!("{}, which follows, was edited too: rehash that first", after.id())));
        }
        let starts_elsewhere =
            after.number() == plan.number() + 1 && end.is_some() && after.header().from.is_some() && after.header().from != end;
        if starts_elsewhere {
            return Err(Error::refused(
                Diagnostic::error(format!("{} does not start from what {} ends at now", after.id(), plan.id()))
                    .help("delete the plans after it, and plan again"),
            ));
        }
        let sealed = after.header().checksum.is_some();
        let relinked = read(&after.up.file, &reseal(&after.up.text, &[("parent", parent)], sealed))?;
        parent = relinked.hash().to_owned();
        texts.push(relinked);
    }
    Ok(texts)
}
