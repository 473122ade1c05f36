//! How often the interpreter, without a server, says of DDL what a server makes of it: the files of `grammar-tests/` and, where the
//! cases of other projects are at hand, the wanted side of each of those, on every major.
//!
//! `EXACT=pgschema/` in the environment picks cases and prints how they differ, `EXACT_MAJORS=18,14` picks servers, and
//! `EXACT_KEPT=folder` keeps what the servers made there for the next run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::agree::{Disagreement, Refusal, compare, made, said};
use support::{majors, pg_root, run};
use trueup::model::Catalog;
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::files::{self, SchemaFiles, SourceFile};

/// Percent of the catalogs that must be the same, and of those whose dependencies must be. Raise it when more are.
const EXACT: [f64; 2] = [99.85, 99.6];
/// The same where the grammar tests are all there is, which go where it is difficult.
const EXACT_OF_GRAMMAR: [f64; 2] = [98.0, 98.0];

struct Case {
    name: String,
    files: SchemaFiles,
}

enum Outcome {
    /// No server takes it.
    Wrong,
    /// The server takes it, and the interpreter says why it does not; or what was made cannot be read.
    Refused(String),
    /// Both took it.
    Held(Disagreement),
}

fn sql_below(folder: &Path, name: &str) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    files.map(walkdir::DirEntry::into_path).filter(|path| path.to_string_lossy().ends_with(name)).collect()
}

/// Whether it is there to show what the interpreter refuses although servers take it.
fn refused(path: &Path) -> bool {
    std::fs::read_to_string(path).unwrap().lines().any(|line| line.starts_with("-- refused:"))
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = std::env::var("EXACT").unwrap_or_default();
    let shared = std::env::var_os("EXACT_CASES").map_or_else(|| root.join("../shared/cases"), PathBuf::from);
    let grammar = root.join("grammar-tests");
    let mut found: Vec<(String, Vec<PathBuf>)> = sql_below(&grammar, ".sql")
        .into_iter()
        .filter(|path| !refused(path))
        .map(|path| (path.strip_prefix(root).unwrap().display().to_string(), vec![path]))
        .collect();
    found.extend(sql_below(&shared, "/new.sql").into_iter().map(|path| {
        let folder = path.parent().unwrap();
        let setup = folder.join("setup.sql");
        (
            folder.strip_prefix(&shared).unwrap().display().to_string(),
            [setup, path.clone()].into_iter().filter(|path| path.exists()).collect(),
        )
    }));
    found.into_iter().filter(|(name, _)| name.contains(&wanted)).filter_map(|(name, paths)| case(name, &paths)).collect()
}

/// `None` where it does not parse, or is not UTF-8.
fn case(name: String, paths: &[PathBuf]) -> Option<Case> {
    let text = |path: &PathBuf| Some(SourceFile { path: path.display().to_string(), text: std::fs::read_to_string(path).ok()? });
    let files = files::parse(paths.iter().map(text).collect::<Option<_>>()?).ok()?;
    Some(Case { name, files })
}

/// What the server makes of a case, from the folder of what is kept where it is there.
async fn kept(case: &Case, server: &mut Option<Scratch>, major: u32) -> Result<Catalog, Refusal> {
    let path = std::env::var_os("EXACT_KEPT").map(|folder| Path::new(&folder).join(major.to_string()).join(case.name.replace('/', "+")));
    if let Some(text) = path.as_ref().and_then(|path| std::fs::read_to_string(path).ok()) {
        return serde_json::from_str(&text).unwrap();
    }
    if server.is_none() {
        let options = ScratchOptions { bin: Some(pg_root().join(major.to_string()).join("bin")), url: None, major };
        *server = Some(scratch::start(&options).await.unwrap());
    }
    let made = made(&case.files, server.as_mut().unwrap()).await;
    if let Some(path) = path {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, serde_json::to_string(&made).unwrap()).unwrap();
    }
    made
}

fn outcome(case: &Case, major: u32, made: Result<Catalog, Refusal>) -> Outcome {
    match (said(&case.files, major), made) {
        (_, Err(Refusal::Statement(_))) => Outcome::Wrong,
        (_, Err(Refusal::Reading(why))) => Outcome::Refused(format!("the server's catalog cannot be read: {why}")),
        (Err(why), Ok(_)) => Outcome::Refused(format!("the interpreter refuses it: {why}")),
        (Ok(said), Ok(made)) => Outcome::Held(compare(&case.files, said, made)),
    }
}

async fn of_major(cases: &[Case], major: u32, found: &Mutex<BTreeMap<(usize, u32), Outcome>>) {
    let mut server = None;
    for (at, case) in cases.iter().enumerate() {
        let made = kept(case, &mut server, major).await;
        let outcome = outcome(case, major, made);
        found.lock().unwrap().insert((at, major), outcome);
    }
    if let Some(server) = server {
        server.stop().await.unwrap();
    }
}

fn report(cases: &[Case], found: &BTreeMap<(usize, u32), Outcome>) {
    let mut texts: BTreeMap<(usize, String), Vec<u32>> = BTreeMap::new();
    for ((at, major), outcome) in found {
        let lines = match outcome {
            Outcome::Wrong => continue,
            Outcome::Refused(why) => vec![why.clone()],
            Outcome::Held(disagreement) => disagreement.objects.iter().chain(&disagreement.needs).cloned().collect(),
        };
        if !lines.is_empty() {
            texts.entry((*at, lines.join("\n"))).or_default().push(*major);
        }
    }
    for ((at, text), majors) in texts {
        println!("{} on {majors:?}\n{text}\n", cases[at].name);
    }
}

#[test]
fn most_is_exact_without_a_server() {
    let (cases, majors) = (cases(), majors("EXACT_MAJORS"));
    let (found, next) = (Mutex::new(BTreeMap::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |cores| cores.get()) {
            scope.spawn(|| {
                while let Some(major) = majors.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(of_major(&cases, *major, &found));
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    let count = |which: fn(&Outcome) -> bool| found.values().filter(|outcome| which(outcome)).count() as f64;
    let all = count(|outcome| !matches!(outcome, Outcome::Wrong));
    let catalogs = 100.0 * count(|outcome| matches!(outcome, Outcome::Held(held) if held.objects.is_empty())) / all;
    let dependencies = 100.0 * count(|outcome| matches!(outcome, Outcome::Held(held) if held.needs.is_empty())) / all;
    if std::env::var_os("EXACT").is_some() {
        report(&cases, &found);
    }
    // Not by println!, of which tests that pass show nothing.
    writeln!(
        std::io::stdout().lock(),
        "exact without a server, of {all} files and majors: {catalogs:.2} % of catalogs, {dependencies:.2} % of dependencies"
    )
    .unwrap();
    if std::env::var_os("EXACT").is_none() {
        let [of_catalogs, of_dependencies] =
            if cases.iter().all(|case| case.name.starts_with("grammar-tests")) { EXACT_OF_GRAMMAR } else { EXACT };
        assert!(catalogs >= of_catalogs, "{catalogs:.2} % of the catalogs are the same, and {of_catalogs} % must be");
        assert!(dependencies >= of_dependencies, "{dependencies:.2} % have the same dependencies, and {of_dependencies} % must");
    }
}
