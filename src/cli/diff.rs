//! `trueup diff`.

use schemars::JsonSchema;
use serde::Serialize;
use similar::{DiffTag, TextDiff};

use super::Context;
use super::sources::{self, Ends};
use crate::error::{Error, Exit};
use crate::model::{Catalog, Step};
use crate::plan::layout;
use crate::report::cosmetic_mark;
use crate::source::interpret::new_database;

/// How wide a column is.
const WIDTH: usize = 76;

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One side: a folder or file, a database URL, plans@NNNN, git:REV:PATH, empty
    from: String,
    /// The other side
    to: String,
    /// How to show the difference
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// How a difference is shown.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Output {
    /// As SQL that makes the other side of the one
    #[default]
    Sql,
    /// A line per change
    Summary,
    /// Both sides as schema files, beside each other, where they differ
    SideBySide,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    changes: bool,
    steps: &'a [Step],
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document<'_>>()
}

/// Shows the difference.
///
/// # Errors
/// A side that cannot be read, or a difference that has no statements.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let made = sources::make(context, &Ends { from: Some(&args.from), to: Some(&args.to) }).await?;
    match args.output {
        Output::Sql => made.up.iter().for_each(|step| {
            step.possibly_cosmetic.iter().for_each(|why| context.reporter.line(format!("-- possibly cosmetic: {why}")));
            context.reporter.line(format!("{};\n", step.sql));
        }),
        Output::Summary => made.up.iter().for_each(|step| {
            context.reporter.line(format!("{}{}", step.summary, cosmetic_mark(step.possibly_cosmetic.as_deref())));
        }),
        Output::SideBySide => {
            let empty = new_database(made.to.major);
            let (left, right) = (text(&empty, &made.from)?, text(&empty, &made.to)?);
            side_by_side(&left, &right).iter().for_each(|line| context.reporter.line(line));
        }
    }
    context.reporter.document(&Document { changes: !made.is_empty(), steps: &made.up });
    Ok(Exit::Done)
}

/// A catalog as one schema file.
fn text(empty: &Catalog, catalog: &Catalog) -> Result<String, Error> {
    let statements = layout::statements(empty, catalog)?;
    Ok(statements.iter().map(|written| format!("{};\n\n", written.sql)).collect())
}

/// Two texts in columns, with a mark between lines that differ, and a few lines around these.
fn side_by_side(left: &str, right: &str) -> Vec<String> {
    let clip = |line: &str| line.chars().take(WIDTH).collect::<String>();
    let (lefts, rights): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let mut all = Vec::new();
    for group in TextDiff::from_lines(left, right).grouped_ops(3) {
        if !all.is_empty() {
            all.push("...".to_owned());
        }
        for op in &group {
            let olds = lefts.get(op.old_range()).unwrap_or_default();
            let news = rights.get(op.new_range()).unwrap_or_default();
            let same = op.tag() == DiffTag::Equal;
            for at in 0..olds.len().max(news.len()) {
                let (old, new) = (olds.get(at).copied(), news.get(at).copied());
                let mark = match (old, new) {
                    _ if same => ' ',
                    (Some(_), Some(_)) => '|',
                    (Some(_), None) => '<',
                    _ => '>',
                };
                let line = format!("{:WIDTH$} {mark} {}", clip(old.unwrap_or_default()), clip(new.unwrap_or_default()));
                all.push(line.trim_end().to_owned());
            }
        }
    }
    all
}
