//! DDL files below `grammar-tests/<kind>/`: what the interpreter makes of each is held against what every server major makes of it.
//!
//! Leading comments of a file: `-- majors: 15..18` for which servers it is, and `-- error: text` where the interpreter (with such a
//! message) and the server must refuse it, `-- objects alone` where what each needs is not compared, `-- refused: text` where the interpreter alone must. `GRAMMAR=domain/` in the environment picks files, `GRAMMAR_MAJORS=18,14` picks servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use support::agree::{Disagreement, Refusal, compare, made, said};
use support::{majors, pg_root, run};
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::connect::SUPPORTED_MAJORS;
use trueup::source::files::{self, SchemaFiles, SourceFile};

/// How many files must agree on all their majors. Raise it when more do.
const FLOOR: usize = 297;

struct Case {
    name: String,
    text: String,
    majors: Vec<u32>,
    error: Option<String>,
    refused: Option<String>,
    objects_alone: bool,
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
    let mut case = Case { name, majors: SUPPORTED_MAJORS.collect(), error: None, refused: None, objects_alone: false, text };
    for line in case.text.lines().take_while(|line| line.starts_with("--")) {
        if let Some(range) = line.strip_prefix("-- majors:") {
            let (first, last) = range.trim().split_once("..").unwrap_or_else(|| panic!("{}: {line}", case.name));
            case.majors = (first.parse().unwrap()..=last.parse().unwrap()).collect();
        } else if let Some(text) = line.strip_prefix("-- error:") {
            case.error = Some(text.trim().to_owned());
        } else if line == "-- objects alone" {
            case.objects_alone = true;
        } else if let Some(text) = line.strip_prefix("-- refused:") {
            case.refused = Some(text.trim().to_owned());
        }
    }
    case
}

fn parsed(case: &Case) -> SchemaFiles {
    files::parse(vec![SourceFile { path: case.name.clone(), text: case.text.clone() }]).unwrap_or_else(|error| panic!("{error}"))
}

/// How the two differ, for people; nothing where they do not.
async fn difference(case: &Case, server: &mut Scratch) -> Option<String> {
    let files = parsed(case);
    let made = made(&files, server).await.map_err(|refusal| match refusal {
        Refusal::Statement(error) | Refusal::Reading(error) => error,
    });
    let said = said(&files, server.major());
    if let Some(refused) = &case.refused {
        return match said {
            Err(said) => (!said.contains(refused)).then(|| format!("the interpreter says {said:?}, not {refused:?}")),
            Ok(_) => Some("the interpreter takes it".to_owned()),
        };
    }
    match (said, made, &case.error) {
        (Err(said), Err(_), Some(error)) if said.contains(error) => None,
        (Err(said), _, Some(error)) if !said.contains(error) => Some(format!("the interpreter says {said:?}, not {error:?}")),
        (_, made, Some(error)) => Some(match made {
            Ok(_) => format!("the server takes it, although {error:?} is expected"),
            Err(made) => format!("the interpreter takes it, the server says: {made}"),
        }),
        (Err(said), Ok(_), None) => Some(format!("the interpreter refuses it: {said}")),
        (_, Err(made), None) => Some(format!("the server refuses it: {made}")),
        (Ok(said), Ok(made), None) => {
            let mut disagreement = compare(&files, said, made);
            if case.objects_alone {
                disagreement.needs.clear();
            }
            differing(disagreement)
        }
    }
}

/// All lines, where there are any.
fn differing(disagreement: Disagreement) -> Option<String> {
    let lines: Vec<String> = disagreement.objects.into_iter().chain(disagreement.needs).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[test]
fn interpreter_and_servers_agree() {
    let cases = cases();
    let majors = majors("GRAMMAR_MAJORS");
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
