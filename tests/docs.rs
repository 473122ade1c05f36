//! README.md and the pages of docs/ tell the truth: what they show is run.
//!
//! Every page is run in a folder and on a database of its own. A block that is marked as `console` is run line by line: a line that starts
//! with `$ ` is a command, `# exits N` at its end says that it does not exit with 0, and what stands below it must be among what it prints, in
//! this order (a line `...` stands for anything, and so does `…` within a line). A block that names a file after its language is written
//! to that file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Home, pg_root, run, said};

const MAJOR: u32 = 17;

/// A fenced block of a page.
struct Block {
    /// Where it begins.
    line: usize,
    /// What follows the three backticks.
    info: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(info), None) => open = Some(Block { line: number, info: info.trim().to_owned(), lines: Vec::new() }),
            (Some(_), Some(block)) => found.push(block),
            (None, Some(mut block)) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// A command of a page, and what the page says of it.
struct Shown {
    line: usize,
    command: String,
    exits: i32,
    prints: Vec<String>,
}

fn commands(block: &Block) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for (number, line) in (block.line + 1..).zip(&block.lines) {
        if let Some(command) = line.strip_prefix("$ ") {
            let exits = command.split_once("# exits ").map_or(0, |(_, code)| code.trim().parse().unwrap());
            found.push(Shown { line: number, command: command.to_owned(), exits, prints: Vec::new() });
        } else {
            let last = found.last_mut().unwrap_or_else(|| panic!("line {number} comes before any command"));
            if last.command.ends_with('\\') {
                last.command = format!("{}\n{line}", last.command);
            } else {
                last.prints.push(line.to_owned());
            }
        }
    }
    found
}

/// Whether a line that was printed is what the page shows, but for what is elided.
fn is_as_shown(shown: &str, printed: &str) -> bool {
    let mut parts = shown.trim_end().split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.trim_end().strip_prefix(first)) else { return false };
    let mut elided = false;
    for part in parts {
        elided = true;
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || (elided && shown.ends_with('…'))
}

/// The first line of the page that is not among what was printed.
fn missing<'a>(shown: &'a [String], printed: &str) -> Option<&'a str> {
    let mut printed = printed.lines();
    shown.iter().map(String::as_str).filter(|line| line.trim() != "...").find(|line| !printed.any(|candidate| is_as_shown(line, candidate)))
}

fn shell(home: &Home, command: &str) -> support::Said {
    let programs = Path::new(env!("CARGO_BIN_EXE_trueup")).parent().unwrap();
    let path = format!("{}:{}:/usr/local/bin:/usr/bin:/bin", programs.display(), pg_root().join("client/bin").display());
    let mut shell = Command::new("bash");
    shell.args(["-c", command]).current_dir(home.folder.path()).env_clear();
    shell.env("PATH", path).env("HOME", home.folder.path()).env("DATABASE_URL", &home.url);
    shell.env("TRUEUP_SCRATCH_BIN", pg_root().join(MAJOR.to_string()).join("bin"));
    for who in ["AUTHOR", "COMMITTER"] {
        shell.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
    }
    said(shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

fn hold(page: &str) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    run(async {
        let home = Home::new(MAJOR).await;
        for block in blocks(&text) {
            match block.info.split_once(' ') {
                None if block.info == "console" => commands(&block).iter().for_each(|shown| hold_command(page, shown, &home)),
                Some((_, file)) => {
                    let path = home.path(file.trim());
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, block.lines.join("\n") + "\n").unwrap();
                }
                None => {}
            }
        }
    });
}

fn hold_command(page: &str, shown: &Shown, home: &Home) {
    let said = shell(home, &shown.command);
    let place = format!("{page}:{}: {}\nstdout:\n{}\nstderr:\n{}", shown.line, shown.command, said.out, said.err);
    assert_eq!(said.code, shown.exits, "{place}");
    if let Some(line) = missing(&shown.prints, &format!("{}{}", said.out, said.err)) {
        panic!("it does not print {line:?}\n{place}");
    }
}

macro_rules! pages {
    ($($name:ident: $page:literal),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                hold($page);
            }
        )*

        #[test]
        fn every_page_is_held() {
            let mut pages = vec!["README.md".to_owned()];
            for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")).unwrap() {
                pages.push(format!("docs/{}", entry.unwrap().file_name().to_str().unwrap()));
            }
            pages.sort();
            let mut held = vec![$($page.to_owned()),*];
            held.sort();
            assert_eq!(pages, held);
        }
    };
}

pages! {
    readme: "README.md",
    quick_start: "docs/quick-start.md",
    adopt: "docs/adopt.md",
    review: "docs/review.md",
    ci: "docs/ci.md",
    drift: "docs/drift.md",
    recover: "docs/recover.md",
    reference: "docs/reference.md",
}

#[test]
fn every_setting_is_in_the_reference() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md")).unwrap();
    for known in trueup::config::KNOWN {
        let row = format!("| `{}` | `{}` |", known.key, trueup::config::variable(known.key));
        assert!(page.contains(&row), "no row begins with {row}");
    }
}

#[test]
fn elisions_stand_for_anything() {
    assert!(is_as_shown("applied … in … ms", "applied 0001_first in 94 ms"));
    assert!(is_as_shown("same", "same "));
    assert!(!is_as_shown("applied …", "taken back 0001_first"));
    assert!(!is_as_shown("same", "same but longer"));
    assert_eq!(missing(&["b".to_owned(), "...".to_owned(), "a".to_owned()], "a\nb\n"), Some("a"));
}
