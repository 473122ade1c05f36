//! Pairs of schemas in `tests/pairs`, one way and the other: the plan that a scratch server proves, and the one that is made without a
//! server, make what pg_dump says the wanted one is, leave nothing to plan, keep the tables, and lead back.
//!
//! `PAIRS=name` in the environment picks pairs, `PAIRS_MAJOR` the server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use support::dump::{Dump, difference, dump};
use support::{Home, run, schema};

/// The first major that understands a file, where its first line says `-- since N`.
fn since(sql: &str) -> u32 {
    sql.lines().next().and_then(|line| line.strip_prefix("-- since ")?.parse().ok()).unwrap_or_default()
}

struct Schemas {
    name: String,
    old: String,
    new: String,
    /// What fills the tables of either, where that matters.
    rows: String,
}

/// `name.old.sql` and `name.new.sql`; hints to rename are only in one of them, and hold one way. `name.rows.sql` is for both.
fn pairs() -> Vec<Schemas> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs");
    let wanted = std::env::var("PAIRS").unwrap_or_default();
    let mut olds: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    olds.retain(|path| path.to_string_lossy().ends_with(".old.sql"));
    olds.sort();
    let pair = |old: PathBuf| {
        let name = old.file_name().unwrap().to_string_lossy().trim_end_matches(".old.sql").to_owned();
        let new = folder.join(format!("{name}.new.sql"));
        let rows = fs::read_to_string(folder.join(format!("{name}.rows.sql"))).unwrap_or_default();
        Schemas { name, old: fs::read_to_string(old).unwrap(), new: fs::read_to_string(new).unwrap(), rows }
    };
    olds.into_iter().map(pair).filter(|pair| pair.name.contains(&wanted)).collect()
}

/// The dump of what statements make, in a database that goes again.
async fn made(home: &mut Home, sql: &str) -> Dump {
    let name = home.server.database(None).await.unwrap();
    let session = home.server.connect(&name, None).await.unwrap();
    session.client.batch_execute(sql).await.unwrap();
    session.close().await;
    let found = dump(&home.server.settings(&name).redacted());
    home.server.drop_database(&name).await.unwrap();
    found
}

async fn tables(home: &Home) -> BTreeMap<String, u32> {
    let sql = "SELECT oid::pg_catalog.regclass::text || relkind::text || coalesce(pg_catalog.pg_get_partkeydef(oid), ''), oid FROM pg_catalog.pg_class
        WHERE relkind IN ('r', 'p') AND oid > 16383 AND relnamespace <> coalesce(to_regnamespace('trueup'), 0)";
    home.db.client.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn same(what: &str, left: &Dump, right: &Dump) -> Result<(), String> {
    if left == right { Ok(()) } else { Err(format!("{what}: {}", difference(left, right).join("; "))) }
}

/// What is wrong with how it goes, if anything. Each side comes with what pg_dump says of it.
async fn trial(home: &mut Home, [(old, before), (new, wanted)]: [(&str, &Dump); 2], rows: &str, scratch: &[&str]) -> Result<(), String> {
    let name = home.server.database(None).await.unwrap();
    home.db = home.server.connect(&name, None).await.unwrap();
    home.url = home.server.settings(&name).redacted();
    let folder = tempfile::Builder::new().prefix("trueup-test-").tempdir_in("/tmp").unwrap();
    home.folder = folder;
    home.sql(old).await;
    home.sql(rows).await;
    schema(home, new);
    let kept = tables(home).await;
    let run = |args: &[&str]| {
        let said = home.run(args);
        if said.code == 0 { Ok(()) } else { Err(format!("{args:?}: {}{}", said.out, said.err)) }
    };
    run(&[&["plan", "pair"], scratch].concat())?;
    run(&["apply", "--yes", "--allow-destructive"])?;
    same("up", &dump(&home.url), wanted)?;
    let now = tables(home).await;
    if let Some((name, _)) = kept.iter().find(|(name, oid)| now.get(*name).is_some_and(|now| now != *oid)) {
        return Err(format!("{name} is another table"));
    }
    run(&[&["plan", "--check"], scratch].concat())?;
    run(&["down", "--yes", "--allow-destructive"])?;
    same("down", &dump(&home.url), before)
}

/// All pairs that the major understands, less those that majors before `oldest` do.
fn try_all(major: u32, oldest: u32, proved: bool) {
    let major = std::env::var("PAIRS_MAJOR").ok().and_then(|major| major.parse().ok()).unwrap_or(major);
    let faults: Vec<String> = run(async {
        let mut home = Home::new(major).await;
        let first = home.url.clone();
        let scratch = if proved { ["--scratch-url", &first] } else { ["--scratch", "off"] };
        let mut faults = Vec::new();
        for Schemas { name, old, new, rows } in pairs().into_iter().filter(|pair| (oldest..=major).contains(&since(&pair.old))) {
            let (old_dump, new_dump) = (made(&mut home, &old).await, made(&mut home, &new).await);
            let (old, new) = ((&*old, &old_dump), (&*new, &new_dump));
            for (way, sides) in [("forth", [old, new]), ("back", [new, old])] {
                if let Err(fault) = trial(&mut home, sides, &rows, &scratch).await {
                    faults.push(format!("{name}, {way}: {fault}"));
                }
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn proved_plans_lead_there_and_back() {
    try_all(17, 0, true);
}

/// What only that understands.
#[test]
fn proved_plans_lead_there_and_back_on_18() {
    try_all(18, 18, true);
}

#[test]
fn plans_without_a_server_lead_there_and_back() {
    try_all(18, 0, false);
}

/// NOT NULL has no name there, and no ALTER COLUMN .. SET EXPRESSION.
#[test]
fn plans_without_a_server_lead_there_and_back_on_15() {
    try_all(15, 0, false);
}
