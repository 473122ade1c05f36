//! What reviewers should know of SQL before it runs: plan files, and any other SQL file.
//!
//! Rules look at facts ([`facts`]): of plan files those that the steps state, of hand-written SQL those that its form tells. Each rule
//! is a file whose documentation is what users read; its examples are tests.

mod document;
pub mod facts;
mod finding;
mod levels;
mod rules;
mod script;

use std::path::Path;

pub use finding::Finding;
pub use levels::Levels;
pub use rules::{RULES, Rule};

use crate::error::Error;
use crate::plan::file::{Direction, Parsed, PlanFile};
use crate::report::Level;
use crate::source::files::SourceFile;
use crate::sql::stack;
use script::Script;

/// The findings of a plan whose steps are as the planner or `rehash` left them.
///
/// # Errors
/// Steps whose SQL the parser refuses.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lint_plan(plan: &PlanFile, levels: &Levels) -> Result<Vec<Finding>, Error> {
    on_big_stack(|| Ok(Script::of_plan(plan, &plan.header.file_name(), None, true)?.findings(levels)))
}

/// The findings of a plan's files, and of the pair that they are.
///
/// # Errors
/// Steps whose SQL the parser refuses.
pub fn lint_pair(up: &Parsed, down: Option<&Parsed>, levels: &Levels) -> Result<Vec<Finding>, Error> {
    on_big_stack(|| {
        let up = Script::of_parsed(up)?;
        let down = down.map(Script::of_parsed).transpose()?;
        let mut found = up.findings(levels);
        found.extend(down.iter().flat_map(|down| down.findings(levels)));
        found.extend(up.pair_findings(down.as_ref(), levels));
        Ok(found)
    })
}

/// What of a plan destroys rows or values, whatever settings and hints say of the rules: `apply` wants consent to it.
///
/// # Errors
/// Steps whose SQL the parser refuses.
pub fn destructive(plan: &Parsed) -> Result<Vec<Finding>, Error> {
    on_big_stack(|| Ok(Script::of_parsed(plan)?.destructive()))
}

/// The findings of a file, a plan or not.
///
/// # Errors
/// What is no SQL, or no plan file though it says it is one.
pub fn lint_sql(text: &str, file: &str, levels: &Levels) -> Result<Vec<Finding>, Error> {
    on_big_stack(|| Ok(Script::read(file, text)?.findings(levels)))
}

/// The findings of files; `x.up.sql` and `x.down.sql` are a pair.
///
/// # Errors
/// The first file that is no SQL.
pub fn lint_files(files: &[SourceFile], levels: &Levels) -> Result<Vec<Finding>, Error> {
    on_big_stack(|| {
        let scripts = files.iter().map(|file| Script::read(&file.path, &file.text)).collect::<Result<Vec<_>, Error>>()?;
        let mut found = Vec::new();
        for script in &scripts {
            found.extend(script.findings(levels));
            if let Some(stem) = script.file.strip_suffix(".up.sql") {
                let down = format!("{stem}.down.sql");
                let other = scripts.iter().find(|other| other.file == down);
                // A single file may have been named, with its pair beside it.
                if other.is_some() || !Path::new(&down).exists() {
                    found.extend(script.pair_findings(other, levels));
                }
            }
        }
        Ok(found)
    })
}

/// The rule of a name.
///
/// # Errors
/// A name that no rule has.
pub fn named(name: &str) -> Result<&'static Rule, Error> {
    rules::find(name).ok_or_else(|| Error::usage(levels::unknown(name)))
}

/// Whether there is an error among findings.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Level::Error)
}

const fn is_down(direction: Direction) -> bool {
    matches!(direction, Direction::Down)
}

/// Parse trees are as deep as the SQL.
fn on_big_stack<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    stack::run_big(work).map_err(|error| Error::usage(format!("cannot start a thread for the parser: {error}")))?
}
