//! Without a server, a change that may be one of spelling alone is marked so: in the report, in the plan, in JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run};

const MAJOR: u32 = 17;

#[test]
fn changes_that_only_a_server_can_judge_are_marked() {
    run(async {
        let home = Home::new(MAJOR).await;
        let schema = "CREATE TABLE t (id int, words tsquery DEFAULT 'a & b');\nCREATE VIEW v AS SELECT id FROM t WHERE words <> 'a | c';\n";
        home.sql(schema).await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(home.path("db/schema/a.sql"), format!("{schema}CREATE TABLE new (i int);\n")).unwrap();
        let off = ["--scratch", "off"];
        let planned = home.run(&[&["plan", "spans"], &off[..]].concat());
        planned.exits(0).says("(possibly cosmetic)").says("of 3 steps possibly cosmetic: no server says").says("VIEW public.v");
        let plan = fs::read_to_string(home.path("plans/0001_spans.up.sql")).unwrap();
        assert_eq!(plan.matches("-- trueup:   possibly cosmetic no server says whether both spellings of").count(), 2, "{plan}");
        assert!(fs::read_to_string(home.path("plans/0001_spans.down.sql")).unwrap().contains("possibly cosmetic"));
        home.run(&["show", "1"]).exits(0).says("possibly cosmetic: no server says");
        let shown = home.run(&["show", "1", "--format", "json"]).json().to_string();
        assert!(shown.contains("\"possibly_cosmetic\":\"no server says"), "{shown}");
        let planned = home.run(&[&["plan", "--check", "--format", "json"], &off[..]].concat()).json();
        let marks = planned["up"]["steps"].as_array().unwrap().iter().filter(|step| step.to_string().contains("possibly_cosmetic")).count();
        assert_eq!(marks, 2, "{planned}");
        home.run(&[&["diff", &home.url, "db/schema"], &off[..]].concat()).exits(0).says("-- possibly cosmetic: no server says");
        home.run(&[&["drift", "--against"], &off[..]].concat()).exits(1).says("(possibly cosmetic)");
        // With a server there is nothing to doubt, nor where something else is meant for certain.
        let proved = home.run(&["plan", "--check", "--scratch-url", &home.url]);
        assert!(proved.exits(1).says("1 step").out.find("possibly").is_none(), "{proved:?}");
        fs::write(home.path("db/schema/a.sql"), schema.replace("id FROM", "id + 1 AS id FROM").replace("DEFAULT 'a & b'", "")).unwrap();
        let certain = home.run(&[&["plan", "--check"], &off[..]].concat());
        assert!(!certain.exits(1).out.contains("possibly"), "{certain:?}");
    });
}

/// The columns of relations of extensions are not known, so that a cast beside one may say something or nothing.
#[test]
fn casts_beside_unknown_types_are_marked() {
    run(async {
        let home = Home::new(MAJOR).await;
        let schema = "CREATE EXTENSION pg_stat_statements;\n";
        home.sql(&format!("{schema}CREATE VIEW v AS SELECT calls FROM pg_stat_statements WHERE query = 'x'::varchar;")).await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(
            home.path("db/schema/a.sql"),
            format!("{schema}CREATE VIEW v AS SELECT calls FROM pg_stat_statements WHERE query = 'x';"),
        )
        .unwrap();
        home.run(&["plan", "--check", "--scratch", "off"]).exits(1).says("3 of 3 steps possibly cosmetic").says("VIEW public.v");
    });
}

/// A server writes casts into what stays the same, which are wrong once that needs something else.
#[test]
fn what_needs_something_else_is_spelled_anew() {
    run(async {
        let home = Home::new(MAJOR).await;
        let schema = |of: &str| {
            format!(
                "CREATE FUNCTION f(a {of}) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a::int';
                CREATE TABLE t (a int, b int DEFAULT f(1));
                CREATE POLICY p ON t USING (f(a) > 0);
                CREATE VIEW v AS SELECT a::{of} AS x FROM t;
                CREATE VIEW w AS SELECT x * 2 AS y FROM v;"
            )
        };
        home.sql(&schema("numeric")).await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(home.path("db/schema/a.sql"), schema("int")).unwrap();
        home.run(&["plan", "f", "--scratch", "off"]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        home.run(&["plan", "--check", "--scratch", "off"]).exits(0);
        assert!(home.text("SELECT pg_get_viewdef('w'::regclass)").await.contains("(x * 2)"));
        assert_eq!(home.text("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy").await, "(f(a) > 0)");
        home.run(&["down", "--yes", "--steps", "1"]).exits(0);
        assert!(home.text("SELECT pg_get_viewdef('w'::regclass)").await.contains("numeric"));
    });
}
