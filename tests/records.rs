//! Records set right by a person's word: dirty plans, edited plans, lost records, and what is told of all that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{Home, run, schema};

const MAJOR: u32 = 17;

fn plan(home: &Home, name: &str) -> support::Said {
    home.run(&["plan", name, "--scratch-url", &home.url])
}

#[test]
fn a_dirty_plan_is_settled_by_hand() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        home.run(&["apply"]).exits(0);
        home.run(&["resolve", "a", "--applied"]).exits(1).says("0001_a is not dirty");
        home.run(&["resolve", "a"]).exits(5);
        home.run(&["resolve", "a", "--applied", "--rolled-back"]).exits(5);
        for (word, state, pending) in [("--rolled-back", "rolled_back", "1"), ("--applied", "applied", "0")] {
            home.sql("UPDATE trueup.history SET state = 'dirty', finished_at = NULL").await;
            home.run(&["status"]).exits(1).says("dirty");
            home.run(&["resolve", "a", word]).exits(0).says("0001_a is recorded as");
            assert_eq!(home.text("SELECT state FROM trueup.history").await, state);
            home.run(&["status"]).exits(0).says(&format!("Pending: {pending}"));
        }
        assert_eq!(
            home.text("SELECT string_agg(detail, ' ' ORDER BY id) FROM trueup.audit WHERE action = 'resolve'").await,
            "rolled_back applied"
        );
        home.sql("SELECT pg_advisory_lock(1953658213, 30064)").await;
        home.sql("UPDATE trueup.history SET state = 'dirty'").await;
        home.run(&["resolve", "a", "--applied"]).exits(7);
    });
}

#[test]
fn an_edit_of_an_applied_plan_is_accepted_once() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        home.run(&["apply"]).exits(0);
        home.run(&["accept-checksum", "a"]).exits(1).says("nothing to accept");
        for _ in 0..2 {
            home.edit("plans/0001_a.up.sql", "(i int);", "(i  int);");
            home.run(&["verify"]).exits(1);
            home.run(&["apply"]).exits(1).says("0001_a was changed after it was applied");
            home.run(&["accept-checksum", "a"]).exits(0).says("the text of 0001_a is taken");
            home.run(&["verify", "--full"]).exits(0);
            home.run(&["apply"]).exits(0).says("nothing to apply");
            home.edit("plans/0001_a.up.sql", "(i  int);", "(i int);");
            home.run(&["verify"]).exits(1);
            home.run(&["accept-checksum", "a"]).exits(0);
        }
        assert_eq!(
            home.text("SELECT count(*) FROM trueup.audit WHERE action = 'accept-checksum' AND detail LIKE 'from % to %'").await,
            "4"
        );
    });
}

#[test]
fn lost_records_are_found_again() {
    run(async {
        let home = Home::new(MAJOR).await;
        for (name, columns) in [("a", "i int"), ("b", "i int, j int"), ("c", "i int, j int, k int")] {
            schema(&home, &format!("CREATE TABLE t ({columns});"));
            plan(&home, name).exits(0);
            home.run(&["apply", "--yes"]).exits(0);
        }
        home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
        let export = home.run(&["history", "export"]);
        assert_eq!(export.exits(0).json()["history"].as_array().unwrap().len(), 3);
        home.sql("DROP SCHEMA trueup CASCADE").await;
        home.run(&["history"]).exits(5).says("there are no tracking tables");
        home.run(&["status"]).exits(0).says("Tracking tables: absent").says("Pending: 3");
        home.run(&["history", "rebuild"]).exits(0).says("recorded to stand at 0002_b");
        home.run(&["status"]).exits(0).says("Applied: 2").says("Pending: 1").says("Drifted: no");
        home.run(&["history", "list"]).exits(0).says("applied     0001_a").says("applied     0002_b");
        assert_eq!(home.run(&["history", "--format", "json"]).json().as_array().unwrap().len(), 2);
        home.run(&["history", "baseline", "c"]).exits(1).says("the database is not what 0003_c ends at");
        home.run(&["history", "baseline", "c", "--force"]).exits(0).says("recorded to stand at 0003_c");
        home.run(&["history", "rebuild"]).exits(0).says("recorded to stand at 0002_b");
        assert_eq!(
            home.text("SELECT string_agg(version || state, ' ' ORDER BY version) FROM trueup.history").await,
            "0001applied 0002applied 0003rolled_back"
        );
        home.run(&["apply", "--yes"]).exits(0).says("applied 0003_c");
        home.sql("CREATE TABLE stranger ()").await;
        home.run(&["history", "rebuild"]).exits(1).says("no plan ends at what the database is");
    });
}

#[test]
fn privileges_that_were_changed_are_drift() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("ada", false).await.unwrap();
        schema(&home, "CREATE TABLE t (i int);");
        plan(&home, "a").exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        home.run(&["status"]).exits(0).says("Drifted: no");
        home.sql("GRANT SELECT ON t TO ada").await;
        home.run(&["status"]).exits(1).says("Drifted: the database is not what the applied plans say");
        home.run(&["drift"]).exits(1).says("grant privileges on table public.t");
    });
}

#[test]
fn planning_tells_what_lint_finds() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE t (i int, gone int)").await;
        schema(&home, "CREATE TABLE t (i int);");
        home.run(&["plan", "a", "--scratch", "off"]).exits(0).says("drop-column").says("wrote plans/0001_a.up.sql");
        let document = home.run(&["plan", "--check", "--scratch", "off", "--format", "json"]).exits(1).json();
        assert!(document["findings"].as_array().unwrap().iter().any(|finding| finding["step"] == 1), "{document}");
    });
}

#[test]
fn shells_complete() {
    run(async {
        let home = Home::new(MAJOR).await;
        for shell in ["bash", "elvish", "fish", "powershell", "zsh", "man"] {
            home.run(&["completions", shell]).exits(0).says("trueup").says("apply");
        }
        home.run(&["completions", "cmd"]).exits(5);
    });
}
