//! Rules by their own documentation, and the linter's machinery.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use trueup::lint::{self, Finding, Levels, RULES};
use trueup::plan::file::{self, Direction, Header, PlanFile, Risk};
use trueup::report::Level;
use trueup::source::files::SourceFile;

/// An example may be several files, each under a comment with its name.
fn files(example: &str) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = Vec::new();
    for line in example.lines() {
        match line.strip_prefix("-- ").filter(|name| name.ends_with(".sql")) {
            Some(name) => files.push(SourceFile { path: name.to_owned(), text: String::new() }),
            None if files.is_empty() => files.push(SourceFile { path: "example.sql".to_owned(), text: format!("{line}\n") }),
            None => files.last_mut().unwrap().text += &format!("{line}\n"),
        }
    }
    files
}

fn of_files(example: &str) -> Vec<Finding> {
    lint::lint_files(&files(example), &Levels::default()).unwrap_or_else(|error| panic!("{example}\n{error}"))
}

fn sql(text: &str) -> Vec<Finding> {
    lint::lint_sql(text, "test.sql", &Levels::default()).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn rules(text: &str) -> Vec<&'static str> {
    sql(text).iter().map(|finding| finding.rule).collect()
}

#[test]
fn rules_keep_what_their_documentation_says() {
    for rule in RULES {
        let document = rule.document();
        assert!(!document.summary().is_empty() && document.summary().ends_with('.'), "{}", rule.name);
        assert!(!document.section("Why").is_empty() && !document.section("Instead").is_empty(), "{}", rule.name);
        let examples = document.examples();
        let (bad, good) = examples.split_first().expect(rule.name);
        assert!(!good.is_empty(), "{} shows no other way", rule.name);
        let found = of_files(bad);
        let hits: Vec<_> = found.iter().filter(|finding| finding.rule == rule.name).collect();
        assert!(!hits.is_empty(), "{} does not find its example", rule.name);
        assert_eq!(hits[0].severity, rule.level, "{}", rule.name);
        assert!(hits.iter().all(|finding| finding.place.is_some()), "{}", rule.name);
        for example in good {
            let found = of_files(example);
            // The way back of what was made takes it away, which is noted.
            let left: Vec<_> = found.iter().filter(|finding| finding.severity > Level::Note).map(|finding| finding.rule).collect();
            assert!(left.is_empty(), "{}: {example} gives {left:?}", rule.name);
        }
    }
}

#[test]
fn rules_are_in_order_and_named_like_their_files() {
    assert!(RULES.windows(2).all(|pair| pair[0].name < pair[1].name));
    for rule in RULES {
        assert!(std::path::Path::new("src/lint/rules").join(format!("{}.rs", rule.name.replace('-', "_"))).exists(), "{}", rule.name);
        assert!(lint::named(rule.name).is_ok());
    }
}

#[test]
fn forms_that_linters_overlook() {
    for (text, expected) in [
        ("ALTER TABLE t ADD COLUMN a int CHECK (a > 0)", vec!["constraint-without-not-valid"]),
        ("ALTER TABLE t ADD COLUMN a int REFERENCES r", vec![]),
        ("ALTER TABLE t ADD COLUMN a int DEFAULT 1 REFERENCES r", vec!["constraint-without-not-valid"]),
        ("ALTER TABLE t ADD COLUMN a int UNIQUE", vec!["key-under-lock"]),
        ("ALTER TABLE t ADD COLUMN a bigserial", vec!["column-default-rewrite"]),
        ("ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS IDENTITY", vec!["column-default-rewrite"]),
        ("ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b + 1) STORED", vec!["column-default-rewrite"]),
        ("ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b + 1) VIRTUAL", vec![]),
        ("ALTER TABLE t ADD COLUMN a timestamptz NOT NULL DEFAULT now()", vec![]),
        ("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT NULL", vec!["required-column"]),
        ("CREATE DOMAIN d AS int CHECK (VALUE > 0); ALTER TABLE t ADD COLUMN a d", vec!["column-default-rewrite"]),
        ("ALTER TABLE t ALTER a TYPE int USING a::int, DROP COLUMN b", vec!["column-type-rewrite", "drop-column"]),
        ("ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", vec![]),
        ("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES r", vec!["constraint-without-not-valid"]),
        (
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES r NOT VALID, VALIDATE CONSTRAINT c",
            vec!["validate-in-same-transaction"],
        ),
        ("ALTER TABLE t ADD EXCLUDE USING gist (a WITH &&)", vec!["key-under-lock"]),
        ("ALTER TABLE t ADD PRIMARY KEY USING INDEX i", vec![]),
        ("ALTER TABLE t ADD CONSTRAINT c NOT NULL a", vec!["not-null-scan"]),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL", vec!["not-null-scan"]),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE t ALTER a SET NOT NULL",
            vec!["constraint-without-not-valid", "not-null-scan"],
        ),
        ("CREATE INDEX i ON ONLY t (a)", vec![]),
        ("REINDEX TABLE t", vec!["index-not-concurrent"]),
        ("DROP INDEX i", vec!["index-not-concurrent"]),
        ("BEGIN; VACUUM t; COMMIT", vec!["concurrent-in-transaction"]),
        ("BEGIN; ALTER TABLE p DETACH PARTITION c CONCURRENTLY", vec!["concurrent-in-transaction"]),
        ("DELETE FROM t", vec!["truncate"]),
        ("ALTER TYPE mood RENAME VALUE 'a' TO 'b'", vec!["rename"]),
        ("ALTER TABLE t RENAME COLUMN a TO b", vec!["rename"]),
        ("ALTER FUNCTION f(int) RENAME TO g", vec!["rename"]),
        ("ALTER SCHEMA s RENAME TO z", vec!["rename"]),
        ("ALTER TABLE t SET SCHEMA z", vec!["rename"]),
        ("ALTER INDEX i RENAME TO j", vec![]),
        ("ALTER TABLE t RENAME CONSTRAINT a TO b", vec![]),
        ("DROP DATABASE d", vec!["data-loss"]),
        ("DROP SEQUENCE s", vec!["data-loss"]),
        ("ALTER TYPE c DROP ATTRIBUTE a", vec!["data-loss"]),
    ] {
        assert_eq!(rules(text), expected, "{text}");
    }
}

#[test]
fn what_the_file_itself_made_is_free() {
    for text in [
        "CREATE TABLE t (a int); CREATE INDEX ON t (a); ALTER TABLE public.t ADD UNIQUE (a), ALTER a SET NOT NULL; TRUNCATE t; DROP TABLE t",
        "SET search_path = s; CREATE TABLE t (a int); ALTER TABLE s.t ADD COLUMN b uuid DEFAULT gen_random_uuid()",
        "CREATE TABLE t AS SELECT 1 AS a; ALTER TABLE t RENAME TO u; ALTER TABLE u DROP COLUMN a",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX ON m (a)",
    ] {
        assert!(rules(text).is_empty(), "{text}: {:?}", rules(text));
    }
    assert_eq!(rules("SET search_path = s; CREATE TABLE t (a int); CREATE INDEX ON public.t (a)"), ["index-not-concurrent"]);
}

#[test]
fn hints_silence_one_rule_for_one_statement() {
    let text = "-- trueup: allow(drop-table) nobody asked for it in a year\nDROP TABLE a;\nDROP TABLE b;\n";
    let found = sql(text);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].step, found[0].place.as_ref().unwrap().position()), (Some(2), (3, 1)));
    let wrong = lint::lint_sql("DROP TABLE a; -- trueup: allow(drop-tables) why", "f", &Levels::default()).unwrap_err();
    assert_eq!(wrong.diagnostics[0].help.as_deref(), Some("did you mean drop-table?"));
}

#[test]
fn errors_have_their_place() {
    let error = lint::lint_sql("DROP TABLE a;\nDORP TABLE b;\n", "f.sql", &Levels::default()).unwrap_err();
    assert_eq!(error.diagnostics[0].places[0].position(), (2, 1));
    let shown = sql("SELECT 1;\nALTER TABLE t\n  ALTER a TYPE int,\n  DROP COLUMN b;")[0].diagnostic().render(false);
    assert!(shown.contains("column-type-rewrite") && shown.contains("test.sql:3:9"), "{shown}");
}

fn plan(direction: Direction, steps: &[&str]) -> PlanFile {
    let header = Header {
        number: 1,
        name: "a".to_owned(),
        direction,
        parent: None,
        from: None,
        to: None,
        server: None,
        proof: String::new(),
        risk: Risk::Low,
        checksum: None,
    };
    let step = |(number, sql): (u32, &&str)| file::PlanStep::new(number, trueup::model::Step::new(*sql, "does it"), Some(1));
    PlanFile { header, session: Vec::new(), steps: (1..).zip(steps).map(step).collect() }
}

#[test]
fn plans_tell_their_facts() {
    let table = trueup::model::QName::new("s", "t");
    let mut up = plan(Direction::Up, &["ALTER TABLE s.t ALTER COLUMN a TYPE text", "DROP TABLE s.u"]);
    // A stated fact outweighs the form: this change was measured not to rewrite.
    up.steps[0].step = up.steps[0].step.clone().lock(&table, trueup::model::LockMode::AccessExclusive);
    let found = lint::lint_plan(&up, &Levels::default()).unwrap();
    assert_eq!(found.iter().map(|finding| (finding.rule, finding.step)).collect::<Vec<_>>(), [("drop-table", Some(2))]);
    // Who edits a plan does not get around consent by leaving the facts as they were.
    let sealed = file::write(&up);
    let edited = sealed.replace("ALTER TABLE s.t ALTER COLUMN a TYPE text", "TRUNCATE s.t");
    let lost =
        |text: &str| lint::destructive(&file::read("f", text).unwrap()).unwrap().iter().map(|finding| finding.rule).collect::<Vec<_>>();
    assert_eq!(lost(&sealed), ["drop-table"]);
    assert_eq!(lost(&edited), ["truncate", "drop-table"]);
}

#[test]
fn plans_have_their_hints() {
    let mut up = plan(Direction::Up, &["DROP TABLE s.u"]);
    up.steps[0].allowed.push(file::Allowed { rule: "drop-table".to_owned(), reason: "it is empty".to_owned() });
    let text = file::write(&up);
    assert!(lint::lint_sql(&text, "0001_a.up.sql", &Levels::default()).unwrap().is_empty());
    assert!(text.contains("\n-- trueup: allow(drop-table) it is empty\nDROP TABLE s.u;"), "{text}");
    assert_eq!(lint::destructive(&file::read("f", &text).unwrap()).unwrap().len(), 1);
}

#[test]
fn ways_back_may_drop_what_they_made() {
    let down = lint::lint_plan(&plan(Direction::Down, &["DROP TABLE s.u"]), &Levels::default()).unwrap();
    assert_eq!((down[0].rule, down[0].severity), ("drop-table", Level::Note));
    let empty = of_files("-- a.up.sql\nCREATE TABLE t ();\n-- a.down.sql\nBEGIN; COMMIT;\n");
    assert_eq!(empty.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), ["the down file brings nothing back"]);
}

#[test]
fn views_may_take_a_renamed_tables_place() {
    assert_eq!(rules("ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('a')"), Vec::<&str>::new());
    assert_eq!(rules("ALTER TABLE t RENAME TO u; CREATE VIEW v AS SELECT 1"), ["rename"]);
}

#[test]
fn deep_expressions_go_through() {
    let text = format!("ALTER TABLE t ADD COLUMN a int DEFAULT {}1{}", "abs(".repeat(600), ")".repeat(600));
    assert!(rules(&text).is_empty());
}

fn trueup(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let output = assert_cmd::Command::cargo_bin("trueup").unwrap().current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_says_what_it_found() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("plans")).unwrap();
    std::fs::write(home.path().join("good.sql"), "CREATE TABLE t (a int);\n").unwrap();
    std::fs::write(home.path().join("bad.sql"), "SELECT 1;\nCREATE INDEX i ON t (a);\n").unwrap();
    let run = |arguments: &[&str]| trueup(home.path(), arguments);
    assert_eq!(run(&["lint"]).0, 0);
    assert_eq!(run(&["lint", "good.sql"]), (0, "1 file: nothing found\n".to_owned(), String::new()));
    let (code, out, _) = run(&["lint", "."]);
    assert_eq!(code, 1);
    assert!(
        out.contains("error[index-not-concurrent]")
            && out.contains("bad.sql:2:")
            && out.ends_with("2 files: 1 error, 0 warnings, 0 notes\n"),
        "{out}"
    );
    let (code, out, _) = run(&["lint", "bad.sql", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, json["errors"].as_u64(), json["findings"][0]["place"]["line"].as_u64()), (1, Some(1), Some(2)));
    std::fs::write(home.path().join("trueup.toml"), "[lint]\nindex-not-concurrent = \"warning\"\n").unwrap();
    assert_eq!(run(&["lint", "bad.sql"]).0, 0);
    std::fs::write(home.path().join("trueup.toml"), "[lint]\nindex-not-concurent = \"off\"\n").unwrap();
    let (code, _, err) = run(&["lint", "bad.sql"]);
    assert!(code == 5 && err.contains("trueup.toml:2") && err.contains("did you mean index-not-concurrent?"), "{code} {err}");
    std::fs::remove_file(home.path().join("trueup.toml")).unwrap();
    assert!(run(&["lint", "--explain", "rename"]).1.contains("CREATE VIEW shop.orders"));
    assert_eq!(run(&["lint", "--explain", "renames"]).0, 5);
    assert_eq!(run(&["lint", "nowhere"]).0, 5);
}
