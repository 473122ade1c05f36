//! Hints to rename: rows stay where a drop and a create would lose them, in chains of names too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run};

const MAJOR: u32 = 17;

struct Case {
    old: &'static str,
    new: &'static str,
    /// Queries of the new names, and of the old ones after going down, with what they give.
    rows: (&'static str, &'static str, &'static str),
}

const CASES: [Case; 5] = [
    Case {
        old: "CREATE TABLE a (x int); CREATE TABLE b (y int);",
        new: "-- trueup: renamed from b\nCREATE TABLE c (y int);\n-- trueup: renamed from a\nCREATE TABLE b (x int);",
        rows: ("SELECT b.x || ' ' || c.y FROM b, c", "SELECT a.x || ' ' || b.y FROM a, b", "1 2"),
    },
    Case {
        old: "CREATE TABLE a (x int); CREATE TABLE b (y int);",
        new: "CREATE TABLE a (x int);\n-- trueup: renamed from b\nCREATE TABLE c (y int);\nCREATE TABLE b (z text);",
        rows: ("SELECT a.x || ' ' || c.y FROM a, c WHERE NOT EXISTS (SELECT FROM b)", "SELECT a.x || ' ' || b.y FROM a, b", "1 2"),
    },
    Case {
        old: "CREATE TABLE a (x int, y int); CREATE TABLE b (z int);",
        new: "CREATE TABLE a (\n y int, -- trueup: renamed from x\n z int -- trueup: renamed from y\n); CREATE TABLE b (z int);",
        rows: ("SELECT y || ' ' || z FROM a", "SELECT x || ' ' || y FROM a", "1 2"),
    },
    Case {
        old: "CREATE SCHEMA o; CREATE TABLE o.a (x int, y int); CREATE TABLE b (x int); CREATE VIEW o.v AS SELECT y FROM o.a;",
        new: "-- trueup: renamed from o\nCREATE SCHEMA n; CREATE TABLE n.a (x int, z int); CREATE TABLE b (x int); \
              CREATE VIEW n.v AS SELECT x FROM n.a;",
        rows: ("SELECT x FROM n.v", "SELECT x FROM o.a", "1"),
    },
    Case {
        old: "CREATE TYPE p AS (x int, y int); CREATE TABLE a (p p); CREATE TABLE b OF p; CREATE SCHEMA q; CREATE TABLE q.p (x int, z int);",
        new: "CREATE TYPE p AS (\n -- trueup: renamed from x\n z int, y int); CREATE TABLE a (p p); CREATE TABLE b OF p; \
              CREATE SCHEMA q; CREATE TABLE q.p (x int, z int);",
        rows: ("SELECT (a.p).z || ' ' || b.z FROM a, b", "SELECT (a.p).x || ' ' || b.x FROM a, b", "5 7"),
    },
];

const ROWS: [&str; 5] = [
    "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)",
    "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)",
    "INSERT INTO a VALUES (1, 2)",
    "INSERT INTO o.a VALUES (1, 2)",
    "INSERT INTO a VALUES ((5, 6)); INSERT INTO b VALUES (7, 8)",
];

#[test]
fn rows_stay_where_hints_rename() {
    run(async {
        let home = Home::new(MAJOR).await;
        let ways: [(&str, &[&str]); 2] = [("proved", &["--scratch-url", &home.url]), ("interpreted", &["--scratch", "off"])];
        fs::create_dir_all(home.path("db/schema")).unwrap();
        for ((case, rows), (name, scratch)) in CASES.iter().zip(ROWS).flat_map(|case| ways.iter().map(move |way| (case, way))) {
            home.sql(case.old).await;
            home.sql(rows).await;
            fs::write(home.path("db/schema/a.sql"), case.new).unwrap();
            home.run(&[&["plan", name], *scratch].concat()).exits(0);
            home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
            let (after, before, expected) = case.rows;
            assert_eq!(home.text(after).await, expected, "{name}: {}", case.new);
            home.run(&[&["plan", "--check"], *scratch].concat()).exits(0);
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            assert_eq!(home.text(before).await, expected, "{name}, back: {}", case.new);
            home.sql("DROP SCHEMA public, trueup CASCADE; DROP SCHEMA IF EXISTS o, n, q CASCADE; CREATE SCHEMA public").await;
            fs::remove_dir_all(home.path("plans")).unwrap();
        }
    });
}

#[test]
fn hints_are_about_the_schema_that_their_statement_means() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE SCHEMA s; CREATE TABLE s.o (a int); INSERT INTO s.o VALUES (1); CREATE TABLE t (a int)").await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        let wanted = "CREATE SCHEMA s; CREATE TABLE t (a int); SET search_path = s;\n-- trueup: renamed from o\nCREATE TABLE t (a int);";
        fs::write(home.path("db/schema/a.sql"), wanted).unwrap();
        home.run(&["plan", "one", "--scratch", "off"]).exits(0).says("rename table s.o to t");
        home.run(&["apply", "--yes"]).exits(0);
        assert_eq!(home.text("SELECT count(*) FROM s.t").await, "1");
    });
}
