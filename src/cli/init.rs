//! `trueup init`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::progress::Narrator;
use crate::config::{FILE_NAME, KNOWN};
use crate::error::{Error, Exit};
use crate::execute::lock::MigrationLock;
use crate::execute::{Event, Limits, history, tracking};
use crate::plan::folder::version;
use crate::report::{Diagnostic, Reporter};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Set the tracking schema up anew; the old rows are kept in tables beside the new ones
    #[arg(long)]
    force: bool,
}

#[derive(Serialize, JsonSchema)]
struct Document {
    created: Vec<String>,
    tracking: Option<String>,
    kept: Option<String>,
}

/// The JSON Schema of what it prints.
pub fn schema() -> schemars::Schema {
    crate::report::schema_of::<Document>()
}

/// Makes settings, folders, and, with a database, the tracking schema.
///
/// # Errors
/// What cannot be written, and where rights do not reach.
pub async fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let reporter = &context.reporter;
    let mut created = Vec::new();
    for folder in context.settings.schema.iter().filter(|path| path.extension().is_none()).chain([&context.settings.plans]) {
        create_folder(folder, &mut created)?;
    }
    if context.settings.file.is_none() {
        create_file(Path::new(FILE_NAME), &settings_text(context), &mut created)?;
    }
    for path in &created {
        reporter.line(format!("made {path}"));
    }
    let mut document = Document { created, tracking: None, kept: None };
    if names_a_database(context) {
        install(args, context, &mut document).await?;
    } else if args.force {
        return Err(Error::usage(Diagnostic::error("--force needs a database").help("give --database-url, or set DATABASE_URL")));
    } else {
        reporter.line("no database is named: the tracking schema is made by the first trueup apply");
    }
    reporter.document(&document);
    Ok(Exit::Done)
}

/// Whether something says which database: libpq's defaults alone are nobody's word.
pub fn names_a_database(context: &Context) -> bool {
    context.settings.database_url.is_some() || ["PGDATABASE", "PGHOST", "PGSERVICE"].iter().any(|name| std::env::var_os(name).is_some())
}

async fn install(args: &Args, context: &Context, document: &mut Document) -> Result<(), Error> {
    let reporter: &Reporter = &context.reporter;
    let connection = context.target().await?;
    let limits = Limits::from(&context.settings);
    let narrator = Narrator::new(reporter, 0);
    let listen = |event: &Event<'_>| narrator.tell(event);
    let lock = MigrationLock::acquire(&connection, limits.lock_timeout, &listen).await?;
    let done = async {
        let here = tracking::version(&connection).await?;
        if args.force && here.is_some() {
            document.kept = Some(tracking::reinstall(&connection, tracking::LIMITS, &listen).await?);
        } else {
            tracking::install(&connection, tracking::LIMITS, &listen).await?;
        }
        let now = tracking::version(&connection).await?;
        if args.force || here != now {
            let action = if args.force { "init --force" } else { "init" };
            history::audit(&connection.client, action, None, "done", document.kept.as_deref())
                .await
                .map_err(|error| Error::server("cannot write to trueup.audit", Exit::ApplyFailed, &error))?;
        }
        Ok::<_, Error>(now)
    };
    let done = done.await;
    lock.release(&connection).await;
    document.tracking = done?.map(version);
    if let Some(version) = &document.tracking {
        reporter.line(format!("tracking schema trueup is at version {version}"));
    }
    if let Some(ending) = &document.kept {
        reporter.line(format!("the old rows are kept in trueup.history{ending} and its like"));
    }
    Ok(())
}

fn create_folder(path: &PathBuf, created: &mut Vec<String>) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|error| Error::usage(format!("cannot make the folder {}: {error}", path.display())))?;
    created.push(path.display().to_string());
    Ok(())
}

fn create_file(path: &Path, text: &str, created: &mut Vec<String>) -> Result<(), Error> {
    let written = fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => created.push(path.display().to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::usage(format!("cannot write {}: {error}", path.display()))),
    }
    Ok(())
}

/// Every setting with its default, as a comment but for the two that the folders were made from.
fn settings_text(context: &Context) -> String {
    let quoted = |path: &Path| format!("{:?}", path.display().to_string());
    let schema = context.settings.schema.iter().map(|path| quoted(path)).collect::<Vec<_>>();
    let mut text = String::new();
    let mut section = "";
    for known in KNOWN {
        let (table, key) = known.key.split_once('.').unwrap_or(("", known.key));
        if table != section {
            text.push_str(&format!("\n# [{table}]\n"));
            section = table;
        }
        text.push_str(&format!("# {}\n", known.about));
        match known.key {
            "schema" if schema.len() == 1 => text.push_str(&format!("schema = {}\n", schema.concat())),
            "schema" => text.push_str(&format!("schema = [{}]\n", schema.join(", "))),
            "plans" => text.push_str(&format!("plans = {}\n", quoted(&context.settings.plans))),
            _ => text.push_str(&format!("# {key} = {}\n", known.example)),
        }
    }
    text.push_str(
        "\n# What is not managed, by kind and name.\n# [ignore]\n# table = [\"public.tmp_*\"]\n\n\
         # Tables [env.NAME] override all of these where --env or TRUEUP_ENV names them.\n# [env.production]\n# lock_timeout = 60000\n",
    );
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::{Overrides, Settings};
    use crate::report::{Color, Format};

    #[test]
    fn the_settings_that_init_writes_can_be_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE_NAME);
        let settings = Settings::resolve(&Overrides::default()).unwrap();
        let context = Context { settings, reporter: Reporter::new(Format::Text, Color::Never, 0) };
        let as_written = settings_text(&context);
        // With every example taken out of its comment, too.
        let example =
            |line: &str| line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line).to_owned();
        let all = as_written.lines().map(example).collect::<Vec<_>>().join("\n").replace("${DATABASE_URL}", "postgres:///x");
        for text in [as_written, all] {
            fs::write(&path, &text).unwrap();
            let mut overrides = Overrides::default();
            overrides.config = Some(path.clone());
            let read = Settings::resolve(&overrides).map_err(|error| format!("{error}\n{text}")).unwrap();
            assert_eq!(read.plans, home.path().join("plans"));
        }
    }
}
