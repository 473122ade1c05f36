//! The two ends of a plan or a difference, by the names that people give them.

use std::path::PathBuf;

use super::Context;
use crate::error::Error;
use crate::plan::make::{self, Made};
use crate::report::Diagnostic;

/// Names of both ends; the database and the schema files where none is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends<'a> {
    /// Where to start.
    pub from: Option<&'a str>,
    /// Where to go.
    pub to: Option<&'a str>,
}

/// An end of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Database(Option<String>),
    Files(Vec<PathBuf>),
    Plans(Option<u32>),
    Git { revision: String, path: String },
    Empty,
}

fn parse(text: &str) -> Result<Source, Error> {
    if text == "empty" {
        return Ok(Source::Empty);
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") || text.contains("dbname=") || text.contains("host=") {
        return Ok(Source::Database(Some(text.to_owned())));
    }
    if let Some(number) = text.strip_prefix("plans@") {
        let number = number.parse().map_err(|_| Error::usage(format!("{text:?}: plans@ wants a plan's number, such as plans@0003")))?;
        return Ok(Source::Plans(Some(number)));
    }
    if text == "plans" {
        return Ok(Source::Plans(None));
    }
    if let Some(rest) = text.strip_prefix("git:") {
        let (revision, path) = rest.split_once(':').ok_or_else(|| Error::usage(format!("{text:?}: wanted git:REV:PATH")))?;
        return Ok(Source::Git { revision: revision.to_owned(), path: path.to_owned() });
    }
    let path = PathBuf::from(text);
    if path.exists() {
        return Ok(Source::Files(vec![path]));
    }
    Err(Error::usage(
        Diagnostic::error(format!("there is no {text}"))
            .help("a source is a folder or file, a database URL, plans@NNNN, git:REV:PATH, or empty"),
    ))
}

/// Works out a plan between two ends.
///
/// # Errors
/// An end that cannot be read, or a difference that cannot be planned.
pub async fn make(context: &Context, ends: &Ends<'_>) -> Result<Made, Error> {
    let from = ends.from.map_or(Ok(Source::Database(None)), parse)?;
    let to = ends.to.map_or(Ok(Source::Files(context.settings.schema.clone())), parse)?;
    match (&from, &to) {
        (Source::Database(url), Source::Files(paths)) => database_to_files(context, url.as_deref(), paths, ends.to.is_none()).await,
        _ => Err(Error::usage(format!("planning from {from:?} to {to:?} is not supported yet"))),
    }
}

async fn database_to_files(context: &Context, url: Option<&str>, paths: &[PathBuf], from_settings: bool) -> Result<Made, Error> {
    let files = if from_settings { context.schema_files()? } else { context.parse_files(paths)? };
    let target = match url {
        Some(url) => context.connect(Some(url)).await?,
        None => context.target().await?,
    };
    let scope = context.scope();
    let Some(mut scratch) = context.scratch(target.server.major).await? else {
        return Err(Error::usage("planning without a scratch server is not supported yet"));
    };
    let from = make::present(&target, &scope).await?;
    make::copy_roles(&target, &mut scratch).await?;
    let role = target.server.current_user.clone();
    let made = make::make(&mut scratch, from, &files, &role, &scope, context.settings.online).await;
    scratch.stop().await?;
    Ok(made?)
}
