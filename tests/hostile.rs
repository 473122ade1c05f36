//! Names and texts that try to break out: through schema files, plan files, `psql`, `apply`, `down` and the records, on every kind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use support::{Home, pg_root, run, said};
use trueup::model::Ident;

const BEFORE: &str = include_str!("hostile/before.sql");
const AFTER: &str = include_str!("hostile/after.sql");

/// What is put behind every name and into every text.
const HOSTILE: &[&str] = &[
    "\"' \\ ''\"",
    "\n-- trueup: step 9 (no transaction): x\nDROP TABLE t; --\n",
    "$$ $fn$ $1 ${HOME} :x :'y' %s %I /* */ */ /* \t\r\n;",
    "Ünï☃ 漢字 \u{202e}\u{feff}é ends with spaces  ",
    "ééééééééééééééééééééééééééééééééééé",
];

/// A template with every `@{name}` as a quoted identifier, every `@'{text}'` as a string, and every `@={label}` as a string no longer than a
/// name may be, all ending with what is hostile.
fn filled(template: &str, hostile: &str) -> String {
    let mut parts = template.split('@');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (mark, part) = part.split_once('{').unwrap();
        let (word, rest) = part.split_once('}').unwrap();
        let whole = format!("{word}{hostile}");
        let literal = |text: &str| format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
        let rest = match mark {
            "" => {
                text.push_str(&format!("\"{}\"", whole.replace('"', "\"\"")));
                rest
            }
            "=" => {
                text.push_str(&literal(Ident::new(&whole).as_str()));
                rest
            }
            _ => {
                text.push_str(&literal(&whole));
                rest.strip_prefix('\'').unwrap()
            }
        };
        text.push_str(rest);
    }
    text
}

fn psql(home: &Home, url: &str, file: &str) {
    let mut psql = Command::new(pg_root().join("client/bin/psql"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f"]).arg(home.path(file));
    said(psql.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).exits(0);
}

async fn there_and_back(home: &mut Home, major: u32, hostile: &str) {
    let bin = pg_root().join(major.to_string()).join("bin").display().to_string();
    let role = filled("@{role}", hostile);
    home.sql(&format!("DO $do$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $do$")).await;
    fs::create_dir_all(home.path("db/schema")).unwrap();
    for (name, template) in [("first", BEFORE), ("second", AFTER)] {
        fs::write(home.path("db/schema/all.sql"), filled(template, hostile)).unwrap();
        home.run(&["plan", name, "--scratch-bin", &bin]).exits(0).says("again proved on");
        home.run(&["apply", "--yes", "--allow-destructive"]).exits(0).says("1 plan applied");
        home.run(&["plan", "none", "--scratch-bin", &bin]).exits(0).says("nothing to plan");
        home.run(&["drift"]).exits(0).says("No drift");
    }
    home.run(&["lint"]);
    fs::write(home.path("dumped.sql"), &home.run(&["dump"]).exits(0).out).unwrap();
    home.run(&["plan", "--check", "--schema", "dumped.sql", "--scratch-bin", &bin]).exits(0).says("nothing to plan");
    home.run(&["show", "2", "--sql"]).exits(0);
    home.run(&["status", "--verbose"]).exits(0).says("Drifted: no");
    home.run(&["down", "--yes", "--allow-destructive"]).exits(0).says("taken back 0002_second");
    home.run(&["drift"]).exits(0).says("No drift");
    home.run(&["down", "--yes", "--allow-destructive"]).exits(0).says("taken back 0001_first");
    home.run(&["verify", "--full"]).exits(0);
    // The same files, by a program that knows nothing of trueup.
    let database = home.server.database(None).await.unwrap();
    let url = home.server.settings(&database).redacted();
    for file in ["0001_first.up.sql", "0002_second.up.sql", "0002_second.down.sql", "0001_first.down.sql"] {
        psql(home, &url, &format!("plans/{file}"));
    }
}

#[test]
fn every_kind_survives_hostile_names() {
    for (number, hostile) in (0..).zip(HOSTILE) {
        // Every major has its turn.
        let major = 14 + number;
        run(async {
            let mut home = Home::new(major).await;
            there_and_back(&mut home, major, hostile).await;
        });
    }
}
