//! Plans that are made official, made again, or shown: `rehash`, `rebase`, `drift --revert`, `show --html`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run, schema};

const MAJOR: u32 = 17;

fn scratch(home: &Home, args: &[&str]) -> support::Said {
    home.run(&[args, &["--scratch-url", &home.url]].concat())
}

#[test]
fn an_edited_plan_is_made_official_by_its_proof() {
    run(async {
        let home = Home::new(MAJOR).await;
        for (name, columns) in [("a", "i int"), ("b", "i int, j int")] {
            schema(&home, &format!("CREATE TABLE public.t ({columns});"));
            if name == "a" {
                scratch(&home, &["plan", name]).exits(0);
                home.run(&["apply", "--yes"]).exits(0);
            } else {
                scratch(&home, &["plan", name]).exits(0);
            }
        }
        scratch(&home, &["rehash", "b"]).exits(0).says("there is nothing to do");
        scratch(&home, &["rehash", "a"]).exits(0);
        home.plan("c", &["CREATE TABLE public.c (i int)"], &["DROP TABLE public.c"]);
        // Up and down no longer fit each other.
        home.edit("plans/0002_b.up.sql", "ADD COLUMN j integer", "ADD COLUMN k integer");
        scratch(&home, &["rehash", "b"]).exits(1).says("0002_b is not proved").says("FAILED");
        home.run(&["apply"]).exits(1).says("was edited");
        home.edit("plans/0002_b.down.sql", "DROP COLUMN j", "DROP COLUMN k");
        fs::write(home.path("plans/0002_b.up.sql"), fs::read_to_string(home.path("plans/0002_b.up.sql")).unwrap() + "-- by hand\n")
            .unwrap();
        scratch(&home, &["rehash", "b"]).exits(0).says("up, down and up again proved").says("0003_c.up.sql");
        assert!(fs::read_to_string(home.path("plans/0002_b.up.sql")).unwrap().ends_with("-- by hand\n"));
        home.run(&["verify", "--full"]).exits(0);
        home.run(&["apply", "--yes"]).exits(0).says("2 plans applied");
        assert_eq!(
            home.text("SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'public.t'::regclass AND attnum > 0").await,
            "i,k"
        );
        home.edit("plans/0002_b.up.sql", "-- by hand", "-- by somebody");
        scratch(&home, &["rehash", "b"]).exits(1).says("0002_b is applied").says("accept-checksum");
        // Without anything to prove it on, only by saying so.
        home.run(&["new", "d"]).exits(0);
        let step = "-- trueup: begin transaction 1\nBEGIN;\n-- trueup: step 1 (transaction 1): fill\nUPDATE public.t SET i = 1;\n-- trueup: commit transaction 1\nCOMMIT;\n";
        for way in ["up", "down"] {
            let path = home.path(&format!("plans/0004_d.{way}.sql"));
            fs::write(&path, fs::read_to_string(&path).unwrap() + step).unwrap();
        }
        home.run(&["rehash", "d", "--scratch", "off"]).exits(1).says("no scratch server");
        home.run(&["rehash", "d", "--scratch", "off", "--unproved"]).exits(0).says("sealed");
        assert!(home.run(&["show", "d", "--format", "json"]).json()["up"]["header"]["checksum"].is_string());
    });
}

/// Two plans on top of the first one, as two branches make them.
fn branches(home: &Home) {
    schema(home, "CREATE TABLE a (i int);");
    scratch(home, &["plan", "a"]).exits(0);
    home.run(&["apply", "--yes"]).exits(0);
    schema(home, "CREATE TABLE a (i int);\nCREATE TABLE c (i int);");
    scratch(home, &["plan", "c"]).exits(0);
    for way in ["up", "down"] {
        fs::rename(home.path(&format!("plans/0002_c.{way}.sql")), home.path(&format!("{way}.sql"))).unwrap();
    }
    schema(home, "CREATE TABLE a (i int);\nCREATE TABLE b (i int);");
    scratch(home, &["plan", "b"]).exits(0);
    for way in ["up", "down"] {
        fs::rename(home.path(&format!("{way}.sql")), home.path(&format!("plans/0002_c.{way}.sql"))).unwrap();
    }
    schema(home, "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\nCREATE TABLE c (i int);");
}

#[test]
fn of_two_heads_one_is_planned_again_on_top_of_the_other() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.run(&["rebase"]).exits(1).says("there are no two heads");
        branches(&home);
        home.run(&["apply"]).exits(5).says("two heads: 0002_b and 0002_c both follow 0001_a").says("trueup rebase 0002_c");
        scratch(&home, &["rebase", "a"]).exits(1).says("0001_a is no head beside another one");
        scratch(&home, &["rebase"]).exits(0).says("0002_c is 0003_c now");
        home.run(&["apply", "--yes"]).exits(0).says("2 plans applied");
        scratch(&home, &["plan", "--check"]).exits(0);
        home.run(&["down", "--yes", "--allow-destructive", "--steps", "3"]).exits(0);

        let home = Home::new(MAJOR).await;
        branches(&home);
        // The other branch was applied here before.
        for way in ["up", "down"] {
            fs::rename(home.path(&format!("plans/0002_b.{way}.sql")), home.path(&format!("{way}.sql"))).unwrap();
        }
        home.run(&["apply", "--yes"]).exits(0).says("applied 0002_c");
        for way in ["up", "down"] {
            fs::rename(home.path(&format!("{way}.sql")), home.path(&format!("plans/0002_b.{way}.sql"))).unwrap();
        }
        scratch(&home, &["rebase"]).exits(0).says("0002_b is 0003_b now");
        home.run(&["apply", "--yes"]).exits(0).says("applied 0003_b");
        scratch(&home, &["plan", "--check"]).exits(0);
    });
}

#[test]
fn drift_is_reverted_by_a_plan() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("ada", false).await.unwrap();
        home.run(&["drift", "--revert"]).exits(5).says("nothing is recorded");
        schema(&home, "CREATE TABLE t (i int CHECK (i > 0));\nCREATE VIEW v AS SELECT i + 1 AS n FROM t;");
        scratch(&home, &["plan", "a"]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        scratch(&home, &["drift", "--revert"]).exits(0).says("No drift");
        home.sql("ALTER TABLE t ADD COLUMN j int; DROP VIEW v; CREATE TABLE stranger (i int); GRANT SELECT ON t TO ada").await;
        home.run(&["drift"]).exits(1);
        scratch(&home, &["drift", "--revert"]).exits(0).says("wrote plans/0002_revert_drift.up.sql");
        home.run(&["apply", "--yes"]).exits(1).says("--allow-destructive");
        home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
        home.run(&["drift"]).exits(0).says("No drift");
        scratch(&home, &["plan", "--check"]).exits(0).says("nothing to plan");
    });
}

#[test]
fn a_difference_is_shown_side_by_side() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(&home, "CREATE TABLE t (i int, k text);");
        fs::write(home.path("b.sql"), "CREATE TABLE t (i bigint, k text);").unwrap();
        let diff = home.run(&["diff", "db/schema", "b.sql", "--scratch", "off", "--output", "side-by-side"]);
        let lines: Vec<Vec<&str>> = diff.exits(0).out.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.contains(&vec!["i", "integer,", "|", "i", "bigint,"]), "{diff:?}");
        assert!(lines.contains(&vec!["k", "text", "k", "text"]), "{diff:?}");
        home.run(&["diff", "empty", "b.sql", "--scratch", "off", "--output", "side-by-side"]).exits(0).says("> CREATE TABLE public.t (");
    });
}

#[test]
fn a_plan_is_a_page_for_reviewers() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE \"<script>\" (i int)").await;
        schema(&home, "");
        scratch(&home, &["plan", "gone"]).exits(0);
        home.run(&["show", "1", "--html", "page.html"]).exits(0).says("0001_gone up");
        let page = fs::read_to_string(home.path("page.html")).unwrap();
        for part in ["<h1>0001_gone</h1>", "DROP TABLE public.&quot;&lt;script&gt;&quot;", "class=\"high\">high", "drop-table"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
        home.run(&["show", "1", "--html", "nowhere/page.html"]).exits(5).says("cannot write nowhere/page.html");
    });
}
