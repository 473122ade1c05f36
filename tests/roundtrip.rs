//! Dumps go round: of what each grammar file makes, `dump` loaded by psql gives the same pg_dump again, and the files of `dump --split` give
//! the same catalog, so that there is nothing to plan.
//!
//! `GRAMMAR=domain/` in the environment picks files, `GRAMMAR_MAJORS=18,14` picks servers (else the first and the last),
//! `ROUNDTRIP_FOLDER=..` takes other files; a `setup.sql` there belongs before its neighbours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use support::{on_each, pg_root};
use trueup::model::{Catalog, Pair};
use trueup::plan::merge::merge;
use trueup::plan::{layout, steps::steps};
use trueup::scratch::Scratch;
use trueup::source::files::{self, SourceFile};
use trueup::source::interpret::new_database;
use trueup::source::{live, load};

fn grammar() -> Vec<(String, String, Vec<u32>)> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar-tests");
    let folder = std::env::var_os("ROUNDTRIP_FOLDER").map_or_else(own, PathBuf::from);
    let wanted = std::env::var("GRAMMAR").unwrap_or_default();
    let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "sql"));
    let files = files.filter(|file| file.file_name() != "setup.sql");
    let cases = files.map(|file| {
        let name = file.path().strip_prefix(&folder).unwrap().display().to_string();
        let before = std::fs::read_to_string(file.path().with_file_name("setup.sql")).unwrap_or_default();
        let text = before + &std::fs::read_to_string(file.path()).unwrap();
        let range = text.lines().find_map(|line| line.strip_prefix("-- majors:")).unwrap_or("14..18").trim().to_owned();
        let (first, last) = range.split_once("..").unwrap();
        let majors = (first.parse().unwrap()..=last.parse().unwrap()).collect();
        (name, text, majors)
    });
    cases
        .filter(|(name, text, _)| {
            // Of spellings like those in canon/ PostgreSQL writes yet another one once it reads its own.
            !name.starts_with("canon/")
                && name.contains(&wanted)
                && ["-- error:", "-- refused:"].iter().all(|mark| !text.lines().any(|line| line.starts_with(mark)))
        })
        .collect()
}

fn majors() -> Vec<u32> {
    let wanted = std::env::var("GRAMMAR_MAJORS").unwrap_or_else(|_| "14,18".to_owned());
    wanted.split(',').filter_map(|major| major.trim().parse().ok()).collect()
}

/// Where pg_dump and psql are.
fn client_bin() -> PathBuf {
    std::env::var_os("TRUEUP_TEST_CLIENT").map_or_else(|| pg_root().join("client/bin"), PathBuf::from)
}

fn client(program: &str, url: &str) -> Command {
    let mut command = Command::new(client_bin().join(program));
    command.arg(url).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What pg_dump says of a database, without what is another one each time.
fn pg_dump(url: &str) -> String {
    let output = client("pg_dump", url).args(["--schema-only", "--no-sync"]).output().unwrap();
    assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let restricts = |line: &&str| line.starts_with("\\restrict") || line.starts_with("\\unrestrict");
    // Secrets are in no dump of trueup's; and a view that was nothing but VALUES is shown with a space more than one that selects from it.
    let secret = |line: &&str| line.trim_start().starts_with("password '");
    let lines: Vec<String> = text.lines().filter(|line| !restricts(line) && !secret(line)).map(comparable).collect();
    let mut lines = granted_by_others(lines);
    // Where several roles grant, the owner does so first, whatever stands first in an access control list.
    let several = |lines: &&mut [String]| lines.iter().any(|line| line.contains(" -- by "));
    lines.chunk_by_mut(|one, next| one.starts_with("GRANT ") && next.starts_with("GRANT ")).filter(several).for_each(<[String]>::sort);
    lines.join("\n")
}

/// What others than the owner grant, in one line each.
fn granted_by_others(lines: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut role: Option<String> = None;
    for line in lines {
        match (line.strip_prefix("SET SESSION AUTHORIZATION "), &role) {
            (Some(name), _) => role = Some(name.to_owned()),
            (None, Some(_)) if line == "RESET SESSION AUTHORIZATION;" => role = None,
            (None, Some(role)) => joined.push(format!("{line} -- by {role}")),
            (None, None) => joined.push(line),
        }
    }
    joined
}

fn comparable(line: &str) -> String {
    let connection = line.split_once(" CONNECTION '").and_then(|(head, rest)| Some((head, rest.split_once("' PUBLICATION ")?.1)));
    match connection {
        Some((head, rest)) if head.starts_with("CREATE SUBSCRIPTION") => format!("{head} PUBLICATION {rest}"),
        _ => line.replace("( VALUES", "(VALUES"),
    }
}

fn psql(url: &str, script: &str) -> Result<(), String> {
    let mut child = client("psql", url).args(["-Xq", "-v", "ON_ERROR_STOP=1"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Loads the files of a layout as people do who have only psql.
fn by_main_file(url: &str, files: &BTreeMap<String, String>) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let main = folder.path().join(layout::MAIN);
    let output = client("psql", url).args(["-Xq", "-v", "ON_ERROR_STOP=1", "-f"]).arg(main).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The first lines in which two texts differ.
fn difference(one: &str, other: &str) -> Option<String> {
    let diff = similar::TextDiff::from_lines(one, other).unified_diff().context_radius(1).header("before", "after").to_string();
    (one != other).then(|| diff.lines().take(24).collect::<Vec<_>>().join("\n"))
}

async fn database(server: &mut Scratch) -> (String, String) {
    let name = server.database(None).await.unwrap();
    let url = server.settings(&name).redacted();
    (name, url)
}

async fn loaded(server: &Scratch, database: &str, files: Vec<SourceFile>) -> Result<(Catalog, Arc<files::SchemaFiles>), String> {
    let session = server.connect(database, None).await.unwrap();
    let parsed = Arc::new(files::parse(files).map_err(|error| error.to_string())?);
    let result = match load::load(&session.client, &parsed, None).await {
        Ok(_) => live::read(&session.client, server.major(), &live::Scope::default()).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    session.close().await;
    result.map(|catalog| (catalog, parsed))
}

/// One file there and back, in four databases.
async fn goes_round(server: &mut Scratch, names: &[(String, String)], text: &str) -> Result<(), String> {
    let [(one, one_url), (_, two_url), (three, _), (_, four_url)] = names else { panic!("four databases") };
    let source = SourceFile { path: "case.sql".to_owned(), text: text.to_owned() };
    let (catalog, _) = loaded(server, one, vec![source]).await.map_err(|error| format!("loading: {error}"))?;
    let statements = layout::statements(&new_database(server.major()), &catalog).map_err(|error| format!("dumping: {error}"))?;
    psql(two_url, &layout::script(&statements)).map_err(|error| format!("psql: {error}"))?;
    if let Some(difference) = difference(&pg_dump(one_url), &pg_dump(two_url)) {
        return Err(format!("another pg_dump:\n{difference}"));
    }
    let files = layout::files(&statements);
    by_main_file(four_url, &files).map_err(|error| format!("psql, by the main file: {error}"))?;
    if let Some(difference) = difference(&pg_dump(one_url), &pg_dump(four_url)) {
        return Err(format!("another pg_dump of what the main file loads:\n{difference}"));
    }
    let files = files.into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    let (again, parsed) = loaded(server, three, files).await.map_err(|error| format!("loading the files of the dump: {error}"))?;
    let again = merge(&catalog, again, &parsed.speaks());
    let left = steps(Pair::new(&catalog, &again), true).map_err(|error| format!("planning: {error}"))?;
    match left.first() {
        Some(step) => Err(format!("there is something to plan: {}", step.sql)),
        None => Ok(()),
    }
}

/// Files may name roles that they do not create.
async fn with_its_roles(server: &mut Scratch, text: &str) -> Result<(), String> {
    let mut made = BTreeSet::new();
    loop {
        let mut names = Vec::new();
        for _ in 0..4 {
            names.push(database(server).await);
        }
        let outcome = goes_round(server, &names, text).await;
        for (database, _) in &names {
            server.drop_database(database).await.unwrap();
        }
        let missing = outcome.as_ref().err().and_then(|error| error.strip_prefix("loading: there is no role ")).map(ToOwned::to_owned);
        match missing {
            Some(role) if made.insert(role.clone()) => server.ensure_role(&role, false).await.unwrap(),
            _ => return outcome,
        }
    }
}

#[test]
fn dumps_go_round() {
    assert!(client_bin().is_dir(), "no pg_dump in {}: make setup", client_bin().display());
    let files = grammar();
    let on_majors = on_each(&majors(), async |server| {
        let major = server.major();
        let mut outcomes = Vec::new();
        for (name, text, _) in files.iter().filter(|(_, _, majors)| majors.contains(&major)) {
            outcomes.push(with_its_roles(server, text).await.map_err(|error| format!("{name} on {major}: {error}")));
        }
        outcomes
    });
    let outcomes: Vec<Result<(), String>> = on_majors.into_iter().flat_map(|(_, outcomes)| outcomes).collect();
    let count = outcomes.len();
    let failures: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    println!("{} of {count} dumps go round", count - failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
