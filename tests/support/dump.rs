//! Databases compared by what pg_dump says of them, which knows nothing of trueup.

use std::collections::BTreeMap;
use std::process::Command;

use trueup::scratch::Scratch;

/// The entries of a schema dump by name, type and schema, free of what differs without meaning anything: the order of columns
/// (which one that was added by ALTER TABLE cannot have) and of grants.
pub type Dump = BTreeMap<(String, String, String), String>;

/// Makes all that tables inherit their own, on a copy that is only dumped: no statement takes back what NO INHERIT made a
/// table's own, so that a table that left a parent and came back differs by that. Nor does one change the name of an inherited NOT NULL.
pub const OWN: &str = "SET allow_system_table_mods = on;
    UPDATE pg_attribute SET attislocal = true WHERE attinhcount > 0;
    UPDATE pg_constraint SET conname = 'inherited ' || attname FROM pg_attribute
        WHERE attrelid = conrelid AND attnum = conkey[1] AND coninhcount > 0 AND contype = 'n';
    UPDATE pg_constraint SET conislocal = true WHERE coninhcount > 0 AND contype IN ('c', 'n')";

/// Dumps the schema of a scratch database as [`OWN`] makes it.
pub async fn dump_own(server: &mut Scratch, database: &str) -> Dump {
    let copy = server.database(Some(database)).await.unwrap();
    let session = server.connect(&copy, None).await.unwrap();
    session.client.batch_execute(OWN).await.unwrap();
    session.close().await;
    let found = dump(&server.settings(&copy).redacted());
    server.drop_database(&copy).await.unwrap();
    found
}

/// Dumps the schema of a database, without trueup's own.
pub fn dump(url: &str) -> Dump {
    let program = super::pg_root().join("client/bin/pg_dump");
    let done = Command::new(program).args(["-s", "-N", "trueup", "-d", url]).output().unwrap();
    assert!(done.status.success(), "pg_dump: {}", String::from_utf8_lossy(&done.stderr));
    entries(&String::from_utf8(done.stdout).unwrap())
}

fn entries(text: &str) -> Dump {
    let mut found = Dump::new();
    let mut key = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "--"
            && lines.peek().is_some_and(|next| next.starts_with("-- Name: ") || next.starts_with("-- PostgreSQL database dump complete"))
        {
            key = lines.next().and_then(head);
            lines.next();
        } else if let Some(key) = &key {
            let meaningless = line.starts_with("SET default_") || line.starts_with("\\unrestrict") || line.starts_with("SET xmloption");
            if !meaningless {
                let body = found.entry(Clone::clone(key)).or_default();
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    for ((_, kind, _), body) in &mut found {
        let tidy = body.trim().to_owned();
        *body = match kind.as_str() {
            "TABLE" | "TYPE" if !tidy.contains("AS ENUM") => unordered(&tidy),
            "ACL" => sorted_lines(&tidy),
            // VALUES on the right of a set operation are written thus once they are read back.
            "VIEW" => with_sorted_lists(&tidy.replace("FROM ( VALUES (", "FROM (VALUES (")),
            _ => with_sorted_lists(&tidy),
        };
    }
    found
}

/// `-- Name: t; Type: TABLE; Schema: s; Owner: o`
fn head(line: &str) -> Option<(String, String, String)> {
    let rest = line.strip_prefix("-- Name: ")?;
    let (rest, _owner) = rest.rsplit_once("; Owner:")?;
    let (rest, schema) = rest.rsplit_once("; Schema: ")?;
    let (name, kind) = rest.rsplit_once("; Type: ")?;
    Some((name.to_owned(), kind.to_owned(), schema.to_owned()))
}

fn sorted_lines(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches(',')).collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// The text with the names in lists behind aliases (`FROM t x(a, b)`) in one order, since they stand as the columns do. Of functions there is
/// always one, which does not even get the columns that their type gets later.
fn with_sorted_lists(text: &str) -> String {
    let is_name = |c: char| c.is_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '"');
    let mut sorted = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('(') {
        sorted.push_str(before);
        sorted.push('(');
        rest = behind;
        let other = before.trim_end_matches(is_name).strip_suffix(' ').unwrap_or_default();
        let Some((list, _)) = behind.split_once(')').filter(|_| before.ends_with(is_name)) else { continue };
        if other.ends_with(')') || other.ends_with(" ORDINALITY") {
            rest = &behind[list.len()..];
        } else if other.ends_with(is_name) {
            let mut names: Vec<&str> = list.split(", ").collect();
            names.sort_unstable();
            sorted.push_str(&names.join(", "));
            rest = &behind[list.len()..];
        }
    }
    sorted + rest
}

/// pg_dump writes one column a line; what spans several lines (a constraint with a string) is torn the same way on both sides.
fn unordered(text: &str) -> String {
    sorted_lines(text)
}

/// What differs, in a few lines.
pub fn difference(is: &Dump, wanted: &Dump) -> Vec<String> {
    let keys: std::collections::BTreeSet<_> = is.keys().chain(wanted.keys()).collect();
    let differing = keys.into_iter().filter(|key| is.get(*key) != wanted.get(*key));
    let told = differing.map(|key| {
        let of = |dump: &Dump, other: &Dump| {
            let there = other.get(key).map(String::as_str).unwrap_or_default();
            dump.get(key).map_or_else(
                || "nothing".to_owned(),
                |body| body.lines().filter(|line| !there.lines().any(|other| other == *line)).collect::<Vec<_>>().join(" | "),
            )
        };
        format!("{} {}.{}: is {}; wanted {}", key.1, key.2, key.0, of(is, wanted), of(wanted, is))
    });
    told.collect()
}
