//! How often the interpreter, without a server, says of DDL what a server makes of it, on every major. The files of `grammar-tests/` must
//! all agree; of the cases of other projects, where they are at hand, as many as before.
//!
//! `EXACT=grammar-tests/domain` in the environment picks cases and prints how they differ, `EXACT_MAJORS=18,14` picks servers,
//! `EXACT_CASES=folder` takes other cases, and `EXACT_KEPT=folder` keeps what the servers made there for the next run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

#[path = "exactness/case.rs"]
mod case;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use case::{Case, Marks, cases};
use support::agree::{Disagreement, Refusal, compare, made, said};
use support::{majors, pg_root, run, side_by_side};
use trueup::model::Catalog;
use trueup::scratch::{self, Scratch, ScratchOptions};

/// How many grammar files must agree on all their majors. Raise it when more do.
const FLOOR: usize = 310;
/// Percent of the catalogs that must be the same, and of those whose dependencies must be. Raise it when more are.
const EXACT: [f64; 2] = [99.85, 99.6];
/// The same where the grammar tests are all there is, which go where it is difficult.
const EXACT_OF_GRAMMAR: [f64; 2] = [98.0, 98.0];

/// What both sides say of a case.
struct Verdict {
    interpreter: Result<(), String>,
    server: Result<(), Refusal>,
    /// How the catalogs differ, where there are two.
    disagreement: Disagreement,
}

/// Every case, and the verdict for each place in that list and each major.
struct Verdicts {
    cases: Vec<Case>,
    all: BTreeMap<(usize, u32), Verdict>,
}

/// Both tests read them.
static VERDICTS: LazyLock<Verdicts> = LazyLock::new(Verdicts::reach);

impl Verdicts {
    /// Majors by halves, so that no processor is without work at the end.
    fn reach() -> Self {
        const PARTS: usize = 2;
        let cases = cases();
        let units: Vec<(u32, usize)> =
            majors("EXACT_MAJORS").into_iter().flat_map(|major| (0..PARTS).map(move |part| (major, part))).collect();
        let reached = side_by_side(&units, |&(major, part)| {
            let mine = cases.iter().enumerate().filter(|(at, case)| at % PARTS == part && case.is_for(major));
            run(reached(mine, major)).into_iter().map(move |(at, verdict)| ((at, major), verdict)).collect::<Vec<_>>()
        });
        let all = reached.into_iter().flatten().collect();
        Self { cases, all }
    }
}

/// Verdicts on cases of a server of their own. Roles and tablespaces stay there; files make none that matter to others.
async fn reached(cases: impl Iterator<Item = (usize, &Case)>, major: u32) -> Vec<(usize, Verdict)> {
    let (mut server, mut reached) = (None, Vec::new());
    for (at, case) in cases {
        let made = kept(case, &mut server, major).await;
        reached.push((at, verdict(case, major, made)));
    }
    if let Some(server) = server {
        server.stop().await.unwrap();
    }
    reached
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

fn verdict(case: &Case, major: u32, made: Result<Catalog, Refusal>) -> Verdict {
    match (said(&case.files, major), made) {
        (Ok(said), Ok(made)) => Verdict { interpreter: Ok(()), server: Ok(()), disagreement: compare(&case.files, said, made) },
        (said, made) => Verdict { interpreter: said.map(|_| ()), server: made.map(|_| ()), disagreement: Disagreement::default() },
    }
}

/// What is not as a grammar file says, for people; nothing where all is.
fn broken(marks: &Marks, verdict: &Verdict) -> Option<String> {
    let made = verdict.server.as_ref().map_err(|refusal| match refusal {
        Refusal::Statement(error) | Refusal::Reading(error) => error,
    });
    if let Some(refused) = &marks.refused {
        return match &verdict.interpreter {
            Err(said) => (!said.contains(refused)).then(|| format!("the interpreter says {said:?}, not {refused:?}")),
            Ok(()) => Some("the interpreter takes it".to_owned()),
        };
    }
    match (&verdict.interpreter, made, &marks.error) {
        (Err(said), Err(_), Some(error)) if said.contains(error) => None,
        (Err(said), _, Some(error)) if !said.contains(error) => Some(format!("the interpreter says {said:?}, not {error:?}")),
        (_, Ok(()), Some(error)) => Some(format!("the server takes it, although {error:?} is expected")),
        (_, Err(made), Some(_)) => Some(format!("the interpreter takes it, the server says: {made}")),
        (Err(said), Ok(()), None) => Some(format!("the interpreter refuses it: {said}")),
        (_, Err(made), None) => Some(format!("the server refuses it: {made}")),
        (Ok(()), Ok(()), None) => lines(&verdict.disagreement, !marks.objects_alone),
    }
}

fn lines(disagreement: &Disagreement, with_needs: bool) -> Option<String> {
    let needs = disagreement.needs.iter().filter(|_| with_needs);
    let lines: Vec<&str> = disagreement.objects.iter().chain(needs).map(String::as_str).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// How something differs, once for all majors on which it does so alike.
fn report<'v>(differing: impl Iterator<Item = (&'v str, u32, String)>) {
    let mut texts: BTreeMap<(&str, String), Vec<u32>> = BTreeMap::new();
    for (name, major, text) in differing {
        texts.entry((name, text)).or_default().push(major);
    }
    for ((name, text), majors) in texts {
        println!("{name} on {majors:?}\n{text}\n");
    }
}

#[test]
fn grammar_files_agree() {
    let Verdicts { cases, all } = &*VERDICTS;
    let broken = |((at, major), verdict): (&(usize, u32), &Verdict)| {
        let case = &cases[*at];
        Some((case.name.as_str(), *major, broken(case.marks.as_ref()?, verdict)?))
    };
    let broken: Vec<(&str, u32, String)> = all.iter().filter_map(broken).collect();
    let files = cases.iter().filter(|case| case.marks.is_some()).count();
    let agree = files - broken.iter().map(|(name, ..)| name).collect::<BTreeSet<_>>().len();
    report(broken.into_iter());
    println!("{agree} of {files} grammar files agree wholly");
    let wanted = if std::env::var_os("EXACT").is_none() { FLOOR } else { files };
    assert!(agree >= wanted, "{agree} files agree, and {wanted} must");
}

#[test]
fn most_is_exact_without_a_server() {
    let Verdicts { cases, all } = &*VERDICTS;
    // What the interpreter refuses although servers take it is there to show that.
    let counts = |case: &Case| case.marks.as_ref().is_none_or(|marks| marks.refused.is_none());
    let counted = all.iter().filter(|((at, _), verdict)| counts(&cases[*at]) && !matches!(verdict.server, Err(Refusal::Statement(_))));
    let counted: Vec<(&(usize, u32), &Verdict)> = counted.collect();
    let held = |verdict: &Verdict| verdict.interpreter.is_ok() && verdict.server.is_ok();
    let percent = |agrees: fn(&Disagreement) -> bool| {
        let agreeing = counted.iter().filter(|(_, verdict)| held(verdict) && agrees(&verdict.disagreement)).count();
        100.0 * agreeing as f64 / counted.len() as f64
    };
    let catalogs = percent(|disagreement| disagreement.objects.is_empty());
    let dependencies = percent(|disagreement| disagreement.needs.is_empty());
    // Not by println!, of which tests that pass show nothing.
    writeln!(
        std::io::stdout().lock(),
        "exact without a server, of {} files and majors: {catalogs:.2} % of catalogs, {dependencies:.2} % of dependencies",
        counted.len()
    )
    .unwrap();
    if std::env::var_os("EXACT").is_some() {
        let why = |verdict: &Verdict| match (&verdict.interpreter, &verdict.server) {
            (_, Err(Refusal::Reading(why) | Refusal::Statement(why))) => Some(format!("the server's catalog cannot be read: {why}")),
            (Err(why), Ok(())) => Some(format!("the interpreter refuses it: {why}")),
            (Ok(()), Ok(())) => lines(&verdict.disagreement, true),
        };
        report(counted.iter().filter_map(|((at, major), verdict)| Some((cases[*at].name.as_str(), *major, why(verdict)?))));
        return;
    }
    let [of_catalogs, of_dependencies] = if cases.iter().all(|case| case.marks.is_some()) { EXACT_OF_GRAMMAR } else { EXACT };
    assert!(catalogs >= of_catalogs, "{catalogs:.2} % of the catalogs are the same, and {of_catalogs} % must be");
    assert!(dependencies >= of_dependencies, "{dependencies:.2} % have the same dependencies, and {of_dependencies} % must");
}
