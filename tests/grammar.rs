//! DDL files below `grammar-tests/<kind>/`: what the interpreter makes of each is held against what every server major makes of it.
//!
//! Leading comments of a file: `-- majors: 15..18` for which servers it is, and `-- error: text` where the interpreter (with such a
//! message) and the server must refuse it. `GRAMMAR=domain/` in the environment picks files, `GRAMMAR_MAJORS=18,14` picks servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};
use support::{pg_root, run};
use trueup::canon::canonicalize;
use trueup::model::{Catalog, Entry, ObjectId};
use trueup::object::Kind;
use trueup::plan::merge::merge;
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::connect::SUPPORTED_MAJORS;
use trueup::source::files::{self, SchemaFiles, SourceFile};
use trueup::source::interpret::{self, new_database};
use trueup::source::{live, load};

/// How many files must agree on all their majors. Raise it when more do.
const FLOOR: usize = 24;

struct Case {
    name: String,
    text: String,
    majors: Vec<u32>,
    error: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar-tests")
}

fn cases() -> Vec<Case> {
    let wanted = std::env::var("GRAMMAR").unwrap_or_default();
    let files = walkdir::WalkDir::new(folder()).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "sql"));
    let cases = files.map(|file| {
        let name = file.path().strip_prefix(folder()).unwrap().display().to_string();
        case(name, std::fs::read_to_string(file.path()).unwrap())
    });
    cases.filter(|case| case.name.contains(&wanted)).collect()
}

fn case(name: String, text: String) -> Case {
    let mut case = Case { name, majors: SUPPORTED_MAJORS.collect(), error: None, text };
    for line in case.text.lines().take_while(|line| line.starts_with("--")) {
        if let Some(range) = line.strip_prefix("-- majors:") {
            let (first, last) = range.trim().split_once("..").unwrap_or_else(|| panic!("{}: {line}", case.name));
            case.majors = (first.parse().unwrap()..=last.parse().unwrap()).collect();
        } else if let Some(text) = line.strip_prefix("-- error:") {
            case.error = Some(text.trim().to_owned());
        }
    }
    case
}

fn parsed(case: &Case) -> SchemaFiles {
    files::parse(vec![SourceFile { path: case.name.clone(), text: case.text.clone() }]).unwrap_or_else(|error| panic!("{error}"))
}

/// What the interpreter makes of it, or why it does not.
fn said(case: &Case, major: u32) -> Result<Catalog, String> {
    interpret::interpret(&parsed(case), new_database(major)).map(|session| session.catalog).map_err(|error| error.to_string())
}

/// What the server makes of it, or why it does not.
async fn made(case: &Case, server: &mut Scratch) -> Result<Catalog, String> {
    let major = server.major();
    let database = server.database(None).await.unwrap();
    let session = server.connect(&database, None).await.unwrap();
    let result = match load::load(&session.client, &parsed(case)).await {
        Ok(()) => live::read(&session.client, major, &live::Scope::default()).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    session.close().await;
    server.drop_database(&database).await.unwrap();
    result
}

/// How the two differ, for people; nothing where they do not.
async fn difference(case: &Case, server: &mut Scratch) -> Option<String> {
    let (said, made) = (said(case, server.major()), made(case, server).await);
    match (said, made, &case.error) {
        (Err(said), Err(_), Some(error)) if said.contains(error) => None,
        (Err(said), _, Some(error)) if !said.contains(error) => Some(format!("the interpreter says {said:?}, not {error:?}")),
        (_, made, Some(error)) => Some(match made {
            Ok(_) => format!("the server takes it, although {error:?} is expected"),
            Err(made) => format!("the interpreter takes it, the server says: {made}"),
        }),
        (Err(said), Ok(_), None) => Some(format!("the interpreter refuses it: {said}")),
        (_, Err(made), None) => Some(format!("the server refuses it: {made}")),
        (Ok(said), Ok(made), None) => compare(case, said, made),
    }
}

fn compare(case: &Case, said: Catalog, mut made: Catalog) -> Option<String> {
    let mut said = merge(&made, said, &parsed(case).speaks());
    canonicalize(&mut said);
    canonicalize(&mut made);
    let ids: BTreeSet<&ObjectId> = said.iter().chain(made.iter()).map(|(id, _)| id).collect();
    let lines: Vec<String> = ids
        .into_iter()
        .filter_map(|id| match (said.get(id), made.get(id)) {
            // What the extension itself says.
            (None, Some(_)) if id.kind == Kind::Comment && id.target().is_some_and(|target| target.kind == Kind::Extension) => None,
            (Some(_), None) => Some(format!("+ {id} is only interpreted")),
            (None, Some(entry)) => Some(format!("- {id} is only on the server: {}", json(entry).replace(['\n', ' '], ""))),
            (Some(said), Some(made)) => entries(id, said, made),
            (None, None) => None,
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn entries(id: &ObjectId, said: &Entry, made: &Entry) -> Option<String> {
    let mut lines = Vec::new();
    if said.object != made.object {
        let (server, interpreted) = (json(made), json(said));
        let diff = TextDiff::from_lines(&server, &interpreted);
        for change in diff.iter_all_changes() {
            match change.tag() {
                ChangeTag::Delete => lines.push(format!("    server:      {}", change.value().trim())),
                ChangeTag::Insert => lines.push(format!("    interpreted: {}", change.value().trim())),
                ChangeTag::Equal => {}
            }
        }
    }
    for (what, said, made) in [("parent", &said.parent, &made.parent), ("auto", &said.auto, &made.auto)] {
        if said != made {
            lines.push(format!("    {what}: {} on the server, interpreted {}", shown(made.as_ref()), shown(said.as_ref())));
        }
    }
    // Satellites need their target, columns of views are objects only where something is said of them, and the schema public, which
    // every database has, is none that the server notes.
    let counts = |need: &&ObjectId| need.kind != Kind::ViewColumn && **need != interpret::public();
    if id.target().is_none() || id.is_link() {
        lines.extend(made.needs.difference(&said.needs).filter(counts).map(|need| format!("    needs {need} on the server")));
        lines.extend(said.needs.difference(&made.needs).filter(counts).map(|need| format!("    needs {need} as interpreted")));
    }
    (!lines.is_empty()).then(|| format!("  {id}\n{}", lines.join("\n")))
}

fn shown(id: Option<&ObjectId>) -> String {
    id.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

fn json(entry: &Entry) -> String {
    serde_json::to_string_pretty(&entry.object).unwrap() + "\n"
}

fn majors() -> Vec<u32> {
    let wanted = std::env::var("GRAMMAR_MAJORS").unwrap_or_default();
    let wanted: Vec<u32> = wanted.split(',').filter_map(|major| major.trim().parse().ok()).collect();
    SUPPORTED_MAJORS
        .filter(|major| wanted.is_empty() || wanted.contains(major))
        .filter(|major| pg_root().join(major.to_string()).join("bin").is_dir())
        .collect()
}

#[test]
fn interpreter_and_servers_agree() {
    let cases = cases();
    let majors = majors();
    assert!(!majors.is_empty(), "no servers below {}: make setup", pg_root().display());
    let mut differing: BTreeMap<&str, BTreeMap<String, Vec<u32>>> = BTreeMap::new();
    // Roles and tablespaces are the server's, and stay when a database goes; files make none that matter to others.
    for major in majors {
        run(async {
            let options = ScratchOptions { bin: Some(pg_root().join(major.to_string()).join("bin")), url: None, major };
            let mut server = scratch::start(&options).await.unwrap();
            for case in cases.iter().filter(|case| case.majors.contains(&major)) {
                if let Some(text) = difference(case, &mut server).await {
                    differing.entry(&case.name).or_default().entry(text).or_default().push(major);
                }
            }
            server.stop().await.unwrap();
        });
    }
    for (name, texts) in &differing {
        for (text, majors) in texts {
            println!("{name} on {majors:?}\n{text}\n");
        }
    }
    let agree = cases.len() - differing.len();
    println!("{agree} of {} grammar files agree wholly", cases.len());
    let all = std::env::var_os("GRAMMAR").is_none();
    assert!(!all || agree >= FLOOR, "{agree} files agree, and {FLOOR} must");
    assert!(all || differing.is_empty(), "{} of the files that were picked differ", differing.len());
}
