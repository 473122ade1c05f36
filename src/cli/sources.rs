//! The two ends of a plan or a difference, by the names that people give them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use futures_util::future::try_join;

use super::source::Source;
use super::{Context, roles};
use crate::config::Managing;
use crate::error::Error;
use crate::model::{Catalog, Ident, ObjectId, Pair};
use crate::object::roles::named;
use crate::object::tablespace;
use crate::plan::folder::Folder;
use crate::plan::goal::Goal;
use crate::plan::made::Made;
use crate::plan::make::{self, State, Wanted};
use crate::plan::merge::{Speaks, left_alone, merge};
use crate::plan::{of_files, offline, proof, rename};
use crate::report::Diagnostic;
use crate::scratch::Scratch;
use crate::source::connect::{ConnectSettings, Connection, Environment};
use crate::source::files::{self, SchemaFiles, SourceFile};
use crate::source::pipeline::computed;
use crate::source::{interpret, live};

/// The major that plans are for where no server is asked.
const NEWEST_COMMON: u32 = 17;

/// Names of both ends; the database and the schema files where none is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends<'a> {
    /// Where to start.
    pub from: Option<&'a str>,
    /// Where to go.
    pub to: Option<&'a str>,
}

/// A source as it may be shown: a connection string can hold a password.
pub fn shown(text: &str) -> String {
    if !text.contains("://") && !text.contains('=') {
        return text.to_owned();
    }
    match ConnectSettings::resolve(Some(text), &Environment::default()) {
        Ok(settings) => settings.redacted(),
        Err(_) => text.split_once("://").map_or_else(|| "the database that is named".to_owned(), |(scheme, _)| format!("{scheme}://…")),
    }
}

async fn open(context: &Context, text: &str) -> Result<Source, Error> {
    if text == "empty" {
        return Ok(Source::Empty);
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") || text.contains("dbname=") || text.contains("host=") {
        return Ok(Source::Database(Box::new(context.connect(Some(text)).await?)));
    }
    if text == "plans" || text.starts_with("plans@") {
        return plans(context, text.strip_prefix("plans@"));
    }
    if let Some(rest) = text.strip_prefix("git:") {
        let (revision, path) = rest.split_once(':').ok_or_else(|| Error::usage(format!("{text:?}: wanted git:REV:PATH")))?;
        let mut files = files::parse(git_files(revision, path)?)?;
        files.manage = context.manage();
        return Ok(Source::Files(Arc::new(files)));
    }
    let path = PathBuf::from(text);
    if path.exists() {
        return Ok(Source::Files(Arc::new(context.parse_files(&[path])?)));
    }
    Err(Error::usage(
        Diagnostic::error(format!("there is no {}", shown(text)))
            .help("a source is a folder or file, a database URL, plans@NNNN, git:REV:PATH, or empty"),
    ))
}

/// The steps of all plans up to one.
fn plans(context: &Context, last: Option<&str>) -> Result<Source, Error> {
    let folder = Folder::read(&context.settings.plans)?;
    let all = folder.sound()?;
    let end = match last {
        Some(name) => folder.find(name)?.number(),
        None => u32::MAX,
    };
    let steps = all.iter().filter(|plan| plan.number() <= end).flat_map(|plan| plan.up.plan.steps.iter().map(|step| step.step.clone()));
    Ok(Source::Plans(steps.collect()))
}

/// The schema files of a revision, read by git itself.
fn git_files(revision: &str, path: &str) -> Result<Vec<SourceFile>, Error> {
    let run = |arguments: &[&str]| -> Result<String, Error> {
        let failed = |why: String| Error::usage(format!("git {}: {why}", arguments.join(" ")));
        let done = Command::new("git").args(arguments).output().map_err(|error| failed(error.to_string()))?;
        if !done.status.success() {
            return Err(failed(String::from_utf8_lossy(&done.stderr).trim().to_owned()));
        }
        String::from_utf8(done.stdout).map_err(|error| failed(error.to_string()))
    };
    if revision.starts_with('-') {
        return Err(Error::usage(format!("{revision:?} is no revision")));
    }
    let names = run(&["ls-tree", "-r", "-z", "--name-only", revision, "--", path])?;
    let mut found = Vec::new();
    for name in names.split('\0').filter(|name| name.to_lowercase().ends_with(".sql")) {
        let text = run(&["show", &format!("{revision}:./{name}")])?;
        found.push(SourceFile { path: format!("{revision}:{name}"), text });
    }
    if found.is_empty() {
        return Err(Error::usage(format!("there are no .sql files in {path} at revision {revision}")));
    }
    Ok(found)
}

/// Works out a plan between two ends.
///
/// # Errors
/// An end that cannot be read, or a difference that cannot be planned.
pub async fn make(context: &Context, ends: &Ends<'_>) -> Result<Made, Error> {
    let to = match ends.to {
        Some(text) => open(context, text).await?,
        None => Source::Files(Arc::new(context.schema_files()?)),
    };
    let from = match ends.from {
        Some(text) => open(context, text).await?,
        None => Source::Database(Box::new(context.target().await?)),
    };
    between(context, from, to).await
}

/// Works out a plan between two ends that are open.
///
/// # Errors
/// An end that cannot be read, or a difference that cannot be planned.
pub async fn between(context: &Context, from: Source, to: Source) -> Result<Made, Error> {
    let major = from.major().or_else(|| to.major()).unwrap_or(NEWEST_COMMON);
    let there = match &from {
        Source::Database(connection) => Some(make::of_server(connection).await?),
        _ => None,
    };
    let about_roles = roles::of(&from, &to, major).await?;
    let mut made = match context.scratch(major).await? {
        Some(mut scratch) => {
            let made = with_scratch(context, &mut scratch, from, to).await;
            scratch.stop().await?;
            made
        }
        None => without_server(context, from, to, major).await,
    }?;
    if let Some(there) = there {
        let created = |name: &str| about_roles.as_ref().is_some_and(|both| both.creates(name));
        let changed = made.to.unshared(&made.from);
        warn_of_roles(context, &made, &changed, |name| created(name) || there.roles.contains_key(name));
        warn_of_tablespaces(context, &made, &changed, &there.tablespaces);
    }
    if let Some(both) = about_roles {
        made = both.around(context, made).await?;
    }
    Ok(made)
}

/// What a database is, and what schema files make of it where what they do not speak of stays as it is.
///
/// # Errors
/// A database that cannot be read, or files that are wrong.
pub async fn compare(context: &Context, target: Connection, files: &Arc<SchemaFiles>) -> Result<Pair<Catalog>, Error> {
    let major = target.server.major;
    let Some(mut scratch) = context.scratch(major).await? else {
        let (from, to) = (Source::Database(Box::new(target)), Source::Files(Arc::clone(files)));
        let made = without_server(context, from, to, major).await?;
        return Ok(Pair::new(made.from, made.to));
    };
    let compared = compared(context, &mut scratch, &target, files).await;
    scratch.stop().await?;
    compared
}

async fn compared(context: &Context, scratch: &mut Scratch, target: &Connection, files: &Arc<SchemaFiles>) -> Result<Pair<Catalog>, Error> {
    let (scope, role) = (context.scope(), target.server.current_user.as_str());
    make::copy_of_server(target, scratch).await?;
    let live = live::read(&target.client, target.server.major, &scope).await?;
    let wanted = make::wanted(scratch, files, role, &scope).await?;
    let merged = merge(&live, wanted.catalog, &files.speaks().by(&role.into()));
    wanted.connection.close().await;
    scratch.leave_database(&wanted.database).await?;
    Ok(Pair::new(live, merged))
}

/// Roles belong to the server, not to the schema: a plan that names one which is not there could not be applied.
fn warn_of_roles(context: &Context, made: &Made, changed: &[ObjectId], is_there: impl Fn(&str) -> bool) {
    let mut missing = named(&made.to, changed);
    missing.retain(|role| !is_there(role.as_str()));
    if missing.is_empty() {
        return;
    }
    for role in missing.difference(&named(&made.from, made.from.ids())) {
        let missing = Diagnostic::warning(format!("there is no role {role} on the server, and the plan names it"));
        context.reporter.diagnostic(&missing.help(format!("CREATE ROLE {role}; before the plan is applied")));
    }
}

/// As roles, tablespaces are the server's.
fn warn_of_tablespaces(context: &Context, made: &Made, changed: &[ObjectId], there: &[String]) {
    for missing in tablespace::named(&made.to, changed) {
        if there.iter().all(|name| name != missing.as_str()) {
            let missing = Diagnostic::warning(format!("there is no tablespace {missing} on the server, and the plan names it"));
            context.reporter.diagnostic(&missing.help("CREATE TABLESPACE, before the plan is applied"));
        }
    }
}

/// The role that runs everything: the target's, where there is one.
fn role(from: &Source, to: &Source) -> String {
    match (from, to) {
        (Source::Database(connection), _) | (_, Source::Database(connection)) => connection.server.current_user.clone(),
        _ => "postgres".to_owned(),
    }
}

async fn with_scratch(context: &Context, scratch: &mut Scratch, from: Source, to: Source) -> Result<Made, Error> {
    let (scope, online, memory) = (context.scope(), context.settings.online, context.memory());
    let role = role(&from, &to);
    for source in [&from, &to] {
        if let Source::Database(connection) = source {
            make::copy_of_server(connection, scratch).await?;
        }
    }
    scratch.ensure_role(&role, true).await?;
    if let (Source::Database(connection), Source::Files(files)) = (&from, &to) {
        let goal = Goal { files, role: &role, scope: &scope, online, memory: memory.as_ref() };
        return Ok(of_files::make(scratch, make::present(connection, &scope), &goal).await?);
    }
    let start = match &from {
        Source::Database(connection) => make::present(connection, &scope).await?,
        other => {
            let realized = realize(context, scratch, other, &role).await?;
            let photograph = proof::look(&realized.connection, &scope).await?;
            State { catalog: realized.catalog, photograph: Some(photograph) }
        }
    };
    if let Source::Files(files) = &to {
        let goal = Goal { files, role: &role, scope: &scope, online, memory: memory.as_ref() };
        return Ok(of_files::make(scratch, async { Ok(start) }, &goal).await?);
    }
    let wanted = realize(context, scratch, &to, &role).await?;
    let speaks = Speaks::of_everything(&wanted.catalog).managed(context.manage());
    Ok(make::towards(scratch, start, &wanted, &speaks, &role, &scope, online).await?)
}

/// Makes a scratch database that holds what a source describes.
async fn realize(context: &Context, scratch: &mut Scratch, source: &Source, role: &str) -> Result<Wanted, Error> {
    let scope = context.scope();
    if let Source::Files(files) = source {
        return Ok(make::wanted(scratch, files, role, &scope).await?);
    }
    let build = match source {
        Source::Database(connection) => {
            let catalog = live::read(&connection.client, connection.server.major, &scope).await?;
            make::Build::Catalog(Box::new(catalog))
        }
        Source::Catalog(catalog) => make::Build::Catalog(catalog.clone()),
        Source::Plans(steps) => make::Build::Steps(steps.clone()),
        Source::Files(_) | Source::Empty => make::Build::Steps(Vec::new()),
    };
    Ok(make::built(scratch, &build, role, &scope).await?)
}

async fn without_server(context: &Context, mut from: Source, mut to: Source, major: u32) -> Result<Made, Error> {
    if context.settings.manage_owners == Managing::Always && matches!(to, Source::Files(_)) {
        return Err(Error::usage(
            Diagnostic::error("manage.owners = \"always\" wants a scratch server: without one, nobody owns what files do not speak of")
                .help("name PostgreSQL's programs by --scratch-bin, or set manage.owners to auto"),
        ));
    }
    let role = Ident::new(&role(&from, &to));
    for source in [&mut from, &mut to] {
        if let Source::Files(files) = source {
            Arc::make_mut(files).role = Some(role.clone());
        }
    }
    let exact = Pair::new(&from, &to).map(|source| matches!(source, Source::Database(_) | Source::Catalog(_) | Source::Empty));
    let said = match &to {
        Source::Files(files) => Some((files.speaks().by(&role), rename::hints(files))),
        _ => None,
    };
    let (start, wanted) = try_join(interpreted(context, from, major), interpreted(context, to, major)).await?;
    let (speaks, hints) = said.unwrap_or_else(|| (Speaks::of_everything(&wanted).managed(context.manage()), Vec::new()));
    let left_alone = left_alone(&start, &wanted, &speaks, &role);
    let made = offline::make(start, wanted, (&speaks, &hints), exact, context.settings.online)?;
    Ok(Made { left_alone, ..made })
}

async fn interpreted(context: &Context, source: Source, major: u32) -> Result<Catalog, Error> {
    match source {
        Source::Database(connection) => Ok(live::read_beside(&connection, &context.scope()).await?),
        // While a database is read on this thread.
        Source::Files(files) => {
            let interpreted = computed(move || interpret::interpret(&files, interpret::new_database(major)).map(|session| session.catalog));
            let interpreted = interpreted.await.map_err(|_| Error::usage("the interpreter ended before its work was done"))?;
            context.strip(interpreted.map_err(|error| Error::from(*error))?)
        }
        Source::Plans(steps) => {
            let replayed = offline::replayed(&interpret::new_database(major), &steps);
            context.strip(replayed.map_err(|error| Error::usage(Diagnostic::error(error.to_string())))?)
        }
        Source::Catalog(catalog) => Ok(*catalog),
        Source::Empty => Ok(interpret::new_database(major)),
    }
}
