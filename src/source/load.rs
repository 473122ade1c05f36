//! Running schema files on a scratch database, in the order of what they need.
//!
//! First everything at once, in the order that the interpreter finds. Where that fails, statement by statement: one that misses
//! something waits until the others have made it. Names are the server's business here; a wrong guess costs time only.

use std::borrow::Cow;
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio_postgres::Client;
use tokio_postgres::error::{DbError, ErrorPosition};

use super::connect::SUPPORTED_MAJORS;
use super::environment::{Environment, shapes};
use super::files::{FilesError, SchemaFiles, SchemaStatement};
use super::history::{History, Tales};
use super::interpret;
use crate::object::{database, subscription};
use crate::sql::ParseError;

/// Schema files that a server refuses.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A statement that the server refuses.
    #[error(transparent)]
    Refused(#[from] Box<FilesError>),
    /// An extension that the scratch server does not have.
    #[error(
        "the scratch server has no extension {0}: install it there, name another server by --scratch-url or --scratch-bin, or plan with --scratch off"
    )]
    Extension(String),
    /// A tablespace that the scratch server does not have.
    #[error(
        "the scratch server has no tablespace {0}: make it there, name another server by --scratch-url or --scratch-bin, or plan with --scratch off"
    )]
    Tablespace(String),
    /// A role that the server does not have: it must be made, and the files be run on an empty database again.
    #[error("there is no role {0}")]
    Role(String),
    /// The server is lost.
    #[error("the scratch server was lost: {0}")]
    Lost(#[from] tokio_postgres::Error),
}

/// SET statements that bring a fresh session to an environment.
fn settings(environment: &Environment) -> String {
    // RESET ALL leaves both roles as they are (GUC_NO_RESET_ALL).
    let mut sql =
        "RESET ALL; RESET SESSION AUTHORIZATION; RESET ROLE; SET check_function_bodies = off; SET client_min_messages = warning; "
            .to_owned();
    for (name, set) in environment {
        if !shapes(name) {
            continue;
        }
        sql.push_str(set);
        sql.push_str("; ");
    }
    sql
}

/// What was said of the objects of the files, once it is told.
pub type Told = oneshot::Receiver<Option<Tales>>;

/// Runs all statements, of which it is told what they say of each object where somebody is to `learn` it: for a server of this major.
///
/// # Errors
/// Where the server refuses one for good, at its place, or lacks a role or a tablespace.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn load(client: &Client, files: &Arc<SchemaFiles>, learn: Option<u32>) -> Result<Told, LoadError> {
    let (mut order, told) = in_order(files, learn);
    let mut waiting: Vec<&SchemaStatement> = Vec::with_capacity(files.statements.len());
    if let Some(refusal) = at_once(client, files, &mut order, &mut waiting).await? {
        if let Some(missing) = of_server(&refusal) {
            return Err(missing);
        }
        while let Some(index) = order.recv().await {
            waiting.extend(files.statements.get(index));
        }
        one_by_one(client, files, waiting).await?;
    }
    analyze(client, files).await?;
    Ok(told)
}

/// Runs statements each by itself, those again that miss something, as long as that makes more of them.
async fn one_by_one(client: &Client, files: &SchemaFiles, mut waiting: Vec<&SchemaStatement>) -> Result<(), LoadError> {
    let mut present: Option<&Environment> = None;
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        let mut first_refusal: Option<LoadError> = None;
        for statement in waiting {
            if present != Some(&statement.environment) {
                client.batch_execute(&settings(&statement.environment)).await?;
                present = Some(&statement.environment);
            }
            match run(client, &text_of(files, statement)?).await? {
                None => {}
                Some(refusal) => {
                    if let Some(missing) = of_server(&refusal) {
                        return Err(missing);
                    } else if can_wait(&refusal) {
                        first_refusal.get_or_insert(refused(files, statement, &refusal));
                        still.push(statement);
                    } else {
                        return Err(refused(files, statement, &refusal));
                    }
                    continue;
                }
            }
        }
        match (still.is_empty(), still.len() == before, first_refusal) {
            (true, ..) => break,
            (false, true, Some(refusal)) => return Err(refusal),
            _ => waiting = still,
        }
    }
    Ok(client.batch_execute("RESET ALL; RESET SESSION AUTHORIZATION").await?)
}

/// Tells the planner what the catalogs have become, where that is much: nobody else analyzes them on a scratch server, and whoever reads
/// ten thousand tables from catalogs that were never analyzed takes 4.8 seconds where 2.9 would do.
async fn analyze(client: &Client, files: &SchemaFiles) -> Result<(), tokio_postgres::Error> {
    const MUCH: usize = 1_000;
    if files.statements.len() < MUCH {
        return Ok(());
    }
    let catalogs = ["attrdef", "attribute", "class", "constraint", "depend", "description", "index", "inherits", "namespace", "policy"]
        .into_iter()
        .chain(["proc", "rewrite", "sequence", "shdepend", "trigger", "type"])
        .map(|name| format!("pg_catalog.pg_{name}"));
    let catalogs = catalogs.collect::<Vec<_>>().join(", ");
    // A sample of 3,000 rows is enough to join by. Whoever does not own the database gets warnings.
    client
        .batch_execute(&format!(
            "BEGIN; SET LOCAL client_min_messages = error; SET LOCAL default_statistics_target = 10; ANALYZE {catalogs}; COMMIT"
        ))
        .await
}

fn text_of<'a>(files: &'a SchemaFiles, statement: &SchemaStatement) -> Result<Cow<'a, str>, LoadError> {
    let refused = |error: ParseError| LoadError::Refused(Box::new(files.error(statement, None, error.to_string())));
    if statement.about_database
        && let Some(text) = statement.tree.node().and_then(database::renamed).map_err(refused)?
    {
        return Ok(Cow::Owned(text));
    }
    subscription::harmless(files.text(statement)).map_err(refused)
}

/// The numbers of the statements as the interpreter finds their order, while the server runs the first ones.
fn in_order(files: &Arc<SchemaFiles>, learn: Option<u32>) -> (UnboundedReceiver<usize>, Told) {
    let (send, receive) = unbounded_channel();
    let (tell, told) = oneshot::channel();
    let files = Arc::clone(files);
    rayon::spawn(move || {
        let next = |index| {
            let _unwanted = send.send(index);
        };
        let history = match learn {
            Some(major) => History::of(&files, major, next),
            // What the majors differ in is no matter of order.
            None => {
                interpret::order(&files, interpret::new_database(*SUPPORTED_MAJORS.end()), next, |_, _| {});
                None
            }
        };
        drop(send);
        let _unwanted = tell.send(history.map(|history| history.tales));
    });
    (receive, told)
}

/// Runs the statements in few transactions, in the order in which they come, and keeps those that came and did not stay.
///
/// One for all takes a fifth longer for ten thousand tables (37.9 s, and 31.5 in transactions of 500), and worse the more they are.
async fn at_once<'a>(
    client: &Client,
    files: &'a SchemaFiles,
    order: &mut UnboundedReceiver<usize>,
    came: &mut Vec<&'a SchemaStatement>,
) -> Result<Option<DbError>, LoadError> {
    const MOST: usize = 500;
    let mut present: Option<&Environment> = None;
    client.batch_execute("BEGIN").await?;
    let mut some = Vec::new();
    while order.recv_many(&mut some, MOST).await > 0 {
        let mut sql = String::new();
        if came.len() > MOST {
            if let Some(refusal) = run(client, "COMMIT; BEGIN").await? {
                return Ok(Some(refusal));
            }
            came.clear();
        }
        for statement in some.drain(..).filter_map(|index| files.statements.get(index)) {
            if present != Some(&statement.environment) {
                sql.push_str(&settings(&statement.environment));
                present = Some(&statement.environment);
            }
            sql.push_str(&text_of(files, statement)?);
            sql.push_str("\n;");
            came.push(statement);
        }
        if let Some(refusal) = run(client, &sql).await? {
            client.batch_execute("ROLLBACK").await?;
            return Ok(Some(refusal));
        }
    }
    run(client, "RESET ALL; RESET SESSION AUTHORIZATION; COMMIT").await
}

/// `None` where the server took it.
async fn run(client: &Client, sql: &str) -> Result<Option<DbError>, LoadError> {
    match client.batch_execute(sql).await {
        Ok(()) => Ok(None),
        Err(error) => match error.as_db_error() {
            Some(refusal) => Ok(Some(refusal.clone())),
            None => Err(LoadError::Lost(error)),
        },
    }
}

/// Whether another statement may make what this one misses.
fn can_wait(refusal: &DbError) -> bool {
    // undefined table, column, function, object, parameter, schema, file; foreign key without key; table, object definition
    // invalid; not in prerequisite state; wrong object type; datatype mismatch; column reference; not supported (as yet)
    const WAITS: &[&str] = &[
        "42P01", "42703", "42883", "42704", "42P02", "3F000", "58P01", "42830", "42P16", "42P17", "55000", "42809", "42804", "42P10",
        "0A000",
    ];
    WAITS.contains(&refusal.code().code())
}

/// What is missing that is no database's, but the server's.
fn of_server(refusal: &DbError) -> Option<LoadError> {
    let called = |what: &str| refusal.message().strip_prefix(what)?.strip_prefix(" \"")?.strip_suffix("\" does not exist");
    let role = called("role").map(|name| LoadError::Role(name.to_owned()));
    role.or_else(|| called("tablespace").map(|name| LoadError::Tablespace(name.to_owned())))
}

fn refused(files: &SchemaFiles, statement: &SchemaStatement, refusal: &DbError) -> LoadError {
    if let Some(extension) = refusal.message().strip_prefix("extension \"").and_then(|rest| rest.split_once("\" is not available")) {
        return LoadError::Extension(extension.0.to_owned());
    }
    let position = match refusal.position() {
        Some(ErrorPosition::Original(at)) => char_to_byte(files.text(statement), *at as usize),
        _ => None,
    };
    let mut message = refusal.message().to_owned();
    for more in [refusal.detail(), refusal.hint()].into_iter().flatten() {
        message.push_str(". ");
        message.push_str(more);
    }
    LoadError::Refused(Box::new(files.error(statement, position, message)))
}

/// The server counts characters from 1.
fn char_to_byte(text: &str, position: usize) -> Option<usize> {
    text.char_indices().nth(position.checked_sub(1)?).map(|(byte, _)| byte)
}
