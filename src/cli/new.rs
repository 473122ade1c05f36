//! `trueup new`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::error::{Error, Exit};
use crate::plan::file::{Direction, Header, PlanFile, Risk, write_unsealed};
use crate::plan::folder::{Folder, is_plan_name};
use crate::report::{Diagnostic, Style};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the plan is called: letters, digits, - and _
    name: String,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    files: Vec<String>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

const HOW: &str = "
-- Write the steps here, numbered from 1, each with a line that says what it does. Steps between 'begin' and 'commit'
-- share a transaction; steps outside of them run alone:
--
--     -- trueup: begin transaction 1
--     BEGIN;
--
--     -- trueup: step 1 (transaction 1): mark customers without orders
--     UPDATE shop.customer SET dormant = true WHERE last_order IS NULL;
--
--     -- trueup: commit transaction 1
--     COMMIT;
--
--     -- trueup: step 2 (no transaction): index dormant customers
--     CREATE INDEX CONCURRENTLY customer_dormant ON shop.customer (dormant);
--
-- Under the line of a step may stand what a reviewer should know of it:
--
--     -- trueup:   loses the old values of customer.note
--     -- trueup:   locks AccessExclusive shop.customer
";

/// Makes an empty pair of plan files.
///
/// # Errors
/// A name that cannot be a file's; a folder that is no chain, or cannot be written to.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if !is_plan_name(&args.name) {
        let wrong = Diagnostic::error(format!("{:?} cannot be a plan's name", args.name));
        return Err(Error::usage(wrong.help("use at most 100 letters, digits, - and _")));
    }
    let folder = Folder::read(&context.settings.plans)?;
    folder.sound()?;
    let before = folder.head();
    let known = before.and_then(|plan| plan.header().to.clone());
    let up = Header {
        number: folder.next_number(),
        name: args.name.clone(),
        direction: Direction::Up,
        parent: before.map(|plan| plan.up.hash().to_owned()),
        from: known.clone(),
        to: None,
        server: None,
        proof: String::new(),
        risk: Risk::Medium,
        checksum: None,
    };
    let down = Header { direction: Direction::Down, parent: None, from: None, to: known, ..up.clone() };
    let mut files = Vec::new();
    for header in [down, up] {
        let text = write_unsealed(&PlanFile { header: header.clone(), session: Vec::new(), steps: Vec::new() });
        let path = folder.write(&header, &format!("{text}{HOW}"))?;
        files.push(path.display().to_string());
    }
    files.reverse();
    for file in &files {
        context.reporter.line(format!("wrote {}", context.reporter.style(Style::Bold, file)));
    }
    context.reporter.document(&Document { files });
    Ok(Exit::Done)
}
