//! Random schemas, random changes, files in random order: the plan must be proved, do what it says, leave nothing to plan, and
//! lead back; pg_dump is the judge.
//!
//! `TRUEUP_PROPERTY_CASES` sets how many cases a run tries, `TRUEUP_PROPERTY_SEED` which ones,
//! `TRUEUP_PROPERTY_FAULTS` how many failures end it. What fails is shrunk and printed as
//! two or three files (`.files.sql` where the order matters); kept in `tests/property-cases`, it is tried again on every run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generate;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use generate::spec::{Case, Side, cases, mix};
use generate::trial::{Bench, Fault, Trial};
use generate::world::{World, files};

/// How many objects a case has at most.
const OBJECTS: usize = 24;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn trial(case: &Case, major: u32) -> Trial {
    let [old, new] = [Side::Old, Side::New].map(|side| World::new(case, side, major).statements());
    let others = case.shuffle.filter(|seed| seed.is_multiple_of(4)).map(|seed| files(&new, Some(seed / 4)));
    let rows = case.shuffle.is_some_and(|seed| seed & 8 == 0);
    let files = files(&new, case.shuffle);
    Trial { old, new, files, others, rows }
}

/// The cases of a seed, as trees that shrink.
fn tree(seed: u64, round: u64) -> impl ValueTree<Value = Case> {
    let mut bytes = [0; 32];
    for (at, chunk) in bytes.chunks_mut(8).enumerate() {
        chunk.copy_from_slice(&mix(&[seed, round, at as u64]).to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng);
    cases(OBJECTS).new_tree(&mut runner).unwrap()
}

/// Tries cases from a seed, and shrinks the first failure.
fn explore(seed: u64, count: u64, major: u32) {
    let mut bench = Bench::new(major);
    let (mut faults, most) = (Vec::new(), number("TRUEUP_PROPERTY_FAULTS").unwrap_or(1) as usize);
    for round in 0..count {
        let mut tree = tree(seed, round);
        if let Err(fault) = bench.run(&trial(&tree.current(), major)) {
            let (case, fault) = shrunk(&mut bench, &mut tree, fault, major);
            let kept = keep(&trial(&case, major), &format!("{seed}-{round}"));
            faults.push(format!("PostgreSQL {major}, seed {seed}, round {round}: {fault}\n{}", kept.display()));
            eprintln!("{}", faults.last().unwrap());
            if faults.len() >= most {
                break;
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// What kind of fault it is, so that shrinking does not drift to another one.
fn sort_of(fault: &str) -> String {
    fault.chars().take_while(|c| *c != ':').filter(|c| !c.is_ascii_digit()).take(40).collect()
}

/// The smallest case found that fails in the same way.
fn shrunk(bench: &mut Bench, tree: &mut impl ValueTree<Value = Case>, fault: Fault, major: u32) -> (Case, Fault) {
    let budget = number("TRUEUP_PROPERTY_SHRINKS").unwrap_or(150);
    let (mut best, sort) = ((tree.current(), fault.clone()), sort_of(&fault));
    let mut more = tree.simplify();
    for _ in 0..budget {
        if !more {
            break;
        }
        let case = tree.current();
        more = match bench.run(&trial(&case, major)) {
            Err(fault) if sort_of(&fault) == sort => {
                best = (case, fault);
                tree.simplify()
            }
            _ => tree.complicate(),
        };
    }
    best
}

fn folder() -> PathBuf {
    let kept = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/property-cases");
    std::env::var_os("TRUEUP_PROPERTY_FOLDER").map_or_else(kept, PathBuf::from)
}

/// Writes a case as a pair of files, to be named and kept.
fn keep(trial: &Trial, name: &str) -> PathBuf {
    let target = std::env::var_os("TRUEUP_PROPERTY_KEEP").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    fs::create_dir_all(&target).unwrap();
    let text = |statements: &[String]| statements.iter().map(|sql| format!("{sql};\n\n")).collect::<String>();
    fs::write(target.join(format!("{name}.old.sql")), text(&trial.old)).unwrap();
    fs::write(target.join(format!("{name}.new.sql")), text(&trial.new)).unwrap();
    if trial.files.len() > 1 || trial.files[0].0 != "all.sql" {
        let files: String = trial.files.iter().map(|(_, text)| text.as_str()).collect();
        fs::write(target.join(format!("{name}.files.sql")), files).unwrap();
    }
    target.join(format!("{name}.old.sql"))
}

#[test]
fn random_changes_lead_there_and_back() {
    let major = number("TRUEUP_PROPERTY_MAJOR").unwrap_or(18) as u32;
    explore(number("TRUEUP_PROPERTY_SEED").unwrap_or(20), number("TRUEUP_PROPERTY_CASES").unwrap_or(8), major);
}

/// A seed and a major for each of five days, so that a change that had nothing to do with it is never what fails; new seeds are
/// tried on demand.
#[test]
fn other_random_changes_every_day() {
    let day = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    if number("TRUEUP_PROPERTY_SEED").is_none() {
        explore(day % 5, number("TRUEUP_PROPERTY_CASES").unwrap_or(8), 14 + (day % 5) as u32);
    }
}

#[test]
fn what_failed_once_does_not_fail_again() {
    again(number("TRUEUP_PROPERTY_MAJOR").unwrap_or(17) as u32);
}

/// NOT NULL has names from 18 on.
#[test]
fn what_failed_once_does_not_fail_on_18_either() {
    if number("TRUEUP_PROPERTY_MAJOR").is_none() {
        again(18);
    }
}

fn again(major: u32) {
    let names: BTreeSet<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let olds = names.iter().filter(|path| path.to_string_lossy().ends_with(".old.sql"));
    let mut bench = None;
    let mut faults = Vec::new();
    for old in olds {
        let beside = |ending: &str| PathBuf::from(old.to_string_lossy().replace(".old.sql", ending));
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        let new = read(&beside(".new.sql"));
        let files = fs::read_to_string(beside(".files.sql")).unwrap_or_else(|_| new.clone());
        let trial = Trial { old: vec![read(old)], new: vec![new], files: vec![("all.sql".to_owned(), files)], others: None, rows: true };
        if let Err(fault) = bench.get_or_insert_with(|| Bench::new(major)).run(&trial) {
            faults.push(format!("PostgreSQL {major}, {}: {fault}", old.file_name().unwrap_or_default().to_string_lossy()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The generator makes nothing that a server refuses.
#[test]
fn all_cases_are_valid() {
    let (seed, count) = (number("TRUEUP_PROPERTY_SEED").unwrap_or(20), number("TRUEUP_PROPERTY_VALID").unwrap_or(30));
    let (major, most) = (number("TRUEUP_PROPERTY_MAJOR").unwrap_or(18) as u32, number("TRUEUP_PROPERTY_FAULTS").unwrap_or(1) as usize);
    let bench = Bench::new(major);
    let mut faults = Vec::new();
    for round in 0..count {
        let trial = trial(&tree(seed, round).current(), major);
        faults.extend([&trial.old, &trial.new].into_iter().filter_map(|side| bench.valid(side).err()));
        if faults.len() >= most {
            break;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
