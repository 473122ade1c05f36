//! The program against real servers: applying, going back, and everything that can stand in the way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::time::Duration;

use support::{Home, run, said};
use trueup::model::{Hazard, LockMode, QName, Step, Transaction};

const MAJOR: u32 = 17;

#[test]
fn applies_records_and_goes_back() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)", "COMMENT ON TABLE public.a IS 'x'"], &["DROP TABLE public.a"]);
        home.plan("b", &["CREATE TABLE public.b (i int)"], &["DROP TABLE public.b"]);
        home.run(&["status"]).exits(0).says("Tracking tables: absent").says("pending  0001_a (risk: low)").says("Pending: 2");
        assert!(!home.exists("trueup.history").await, "status writes nothing");
        home.run(&["apply", "--dry-run"]).exits(0).says("would apply 0002_b").says("CREATE TABLE public.b (i int)");
        assert!(!home.exists("trueup.history").await, "a dry run writes nothing");
        home.run(&["apply", "--steps", "1"]).exits(0).says("applied 0001_a").says("1 plan applied");
        assert!(home.exists("public.a").await && !home.exists("public.b").await);
        home.run(&["apply"]).exits(0).says("applied 0002_b");
        home.run(&["apply"]).exits(0).says("nothing to apply");
        let status = home.run(&["status", "--format", "json"]);
        assert_eq!(status.exits(0).json()["applied"], 2);
        assert_eq!(status.json()["current"], "0002_b");
        assert_eq!(
            home.text("SELECT string_agg(version || state || run, ' ' ORDER BY version) FROM trueup.history").await,
            "0001applied1 0002applied1"
        );
        assert_eq!(home.text("SELECT count(*) FROM trueup.step WHERE state = 'done' AND duration IS NOT NULL").await, "3");
        assert_eq!(home.text("SELECT count(*) FROM trueup.lock").await, "0");
        home.run(&["verify", "--full"]).exits(0).says("Verified: 2").says("All checksums valid");
        home.run(&["down", "--allow-destructive"]).exits(0).says("taken back 0002_b");
        home.run(&["down", "--allow-destructive", "--to", "0002"]).exits(1).says("0002_b is not applied");
        assert!(home.exists("public.a").await && !home.exists("public.b").await);
        home.run(&["apply"]).exits(0);
        home.run(&["down", "--allow-destructive", "--steps", "5"]).exits(0).says("2 plans taken back");
        assert_eq!(
            home.text("SELECT string_agg(version || state || run, ' ' ORDER BY version) FROM trueup.history").await,
            "0001rolled_back2 0002rolled_back4"
        );
        assert_eq!(
            home.text("SELECT string_agg(action || outcome, ' ' ORDER BY id) FROM trueup.audit").await,
            "applydone applydone downdone applydone downdone downdone"
        );
    });
}

#[test]
fn a_failing_step_leaves_nothing_half_done() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)", "CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        let failed = home.run(&["apply"]);
        failed
            .exits(2)
            .says("step 2 (create table public.a (i int)) failed: relation \"a\" already exists")
            .says("0001_a.up.sql:")
            .says("nothing of it is left");
        assert!(!home.exists("public.a").await);
        assert_eq!(
            home.text("SELECT state || ': ' || error FROM trueup.history").await,
            "rolled_back: step 2 (create table public.a (i int)): relation \"a\" already exists"
        );
        home.run(&["status", "--verbose"]).exits(0).says("pending  0001_a").says("error: step 2");
        // Corrected and sealed again, it goes through.
        home.edit(
            "plans/0001_a.up.sql",
            "CREATE TABLE public.a (i int);\n\n-- trueup: commit",
            "CREATE TABLE public.c (i int);\n\n-- trueup: commit",
        );
        home.run(&["apply"]).exits(1).says("was edited since it was written");
        let text = fs::read_to_string(home.path("plans/0001_a.up.sql")).unwrap();
        let sum = trueup::plan::file::checksum(&text);
        let old = text.lines().find(|line| line.contains("checksum")).unwrap().to_owned();
        fs::write(home.path("plans/0001_a.up.sql"), text.replace(&old, &format!("-- trueup: checksum sha256:{sum}"))).unwrap();
        home.run(&["apply"]).exits(0);
        assert!(home.exists("public.c").await);
    });
}

#[test]
fn goes_on_where_it_was_interrupted() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE public.t (i int); INSERT INTO public.t VALUES (1), (1)").await;
        let steps = vec![
            Step::new("CREATE TABLE public.a (i int)", "a"),
            Step::new("CREATE UNIQUE INDEX CONCURRENTLY u ON public.t (i)", "u").transaction(Transaction::None),
            Step::new("CREATE TABLE public.b (i int)", "b"),
        ];
        let down = vec![
            Step::new("DROP INDEX CONCURRENTLY public.u", "no u").transaction(Transaction::None),
            Step::new("DROP TABLE public.a, public.b", "no tables"),
        ];
        home.plan_between("a", steps, down, None, None);
        home.run(&["apply"]).exits(2).says("could not create unique index").says("1 step done already").says("dirty");
        assert!(home.exists("public.a").await && !home.exists("public.u").await, "the invalid index is dropped");
        assert_eq!(home.text("SELECT string_agg(number || state, ' ' ORDER BY number) FROM trueup.step").await, "1done 2failed");
        home.run(&["status"]).exits(1).says("dirty    0001_a");
        home.run(&["down", "--allow-destructive"]).exits(1).says("0001_a is half-way up");
        // An invalid leftover, as a killed server leaves it.
        home.db.client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY u ON public.t (i)").await.unwrap_err();
        home.sql("DELETE FROM public.t").await;
        home.run(&["apply"]).exits(0).says("going on after 1 step");
        assert_eq!(home.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.u'::regclass").await, "true");
        assert_eq!(home.text("SELECT state || run FROM trueup.history").await, "applied1");
        // A step that was finished, but whose record was lost with the session.
        home.sql("UPDATE trueup.history SET state = 'dirty', finished_at = NULL; UPDATE trueup.step SET state = 'running' WHERE number = 2; DELETE FROM trueup.step WHERE number = 3; DROP TABLE public.b").await;
        home.run(&["apply"]).exits(0).says("2. u: found finished");
        home.run(&["down", "--allow-destructive"]).exits(0);
        assert!(!home.exists("public.u").await && !home.exists("public.b").await);
    });
}

#[test]
fn an_edited_applied_plan_is_refused() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        home.run(&["apply"]).exits(0);
        home.plan("b", &["CREATE TABLE public.b (i int)"], &["DROP TABLE public.b"]);
        home.edit("plans/0001_a.up.sql", "(i int);", "(i bigint);");
        home.run(&["verify"]).exits(1).says("0001_a was changed after it was applied").says("git checkout").says("Mismatches: 1");
        home.run(&["status"]).exits(1).says("changed  0001_a");
        home.run(&["apply"]).exits(1).says("0001_a was changed after it was applied");
        assert!(!home.exists("public.b").await);
        home.run(&["down", "--allow-destructive"]).exits(1);
        home.run(&["down", "--allow-destructive", "--skip-checksums"]).exits(0);
        fs::remove_file(home.path("plans/0001_a.up.sql")).unwrap();
        home.run(&["apply"]).exits(5).says("has no up file");
    });
}

#[test]
fn a_broken_chain_is_refused() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        home.plan("b", &["CREATE TABLE public.b (i int)"], &["DROP TABLE public.b"]);
        for way in ["up", "down"] {
            fs::remove_file(home.path(&format!("plans/0001_a.{way}.sql"))).unwrap();
        }
        home.run(&["apply"]).exits(5).says("0002_b is the first plan here, but follows another one");
    });
}

#[test]
fn rows_are_not_lost_without_consent() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE public.a (i int)").await;
        let up = vec![Step::new("DROP TABLE public.a", "drop table a").hazard(Hazard::Loss("the rows of a".to_owned()))];
        home.plan_between("gone", up, vec![Step::new("CREATE TABLE public.a (i int)", "create table a")], None, None);
        home.run(&["apply"])
            .exits(1)
            .says("drop table a destroys rows or values: it drops table public.a with all its rows")
            .says("--allow-destructive");
        assert!(home.exists("public.a").await);
        home.run(&["apply", "--dry-run"]).exits(0).says("loses the rows of a");
        home.run(&["apply", "--allow-destructive"]).exits(0);
        assert!(!home.exists("public.a").await);
    });
}

#[test]
fn the_database_must_be_what_the_plan_starts_from() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan_between(
            "a",
            vec![Step::new("CREATE TABLE public.a (i int)", "a")],
            vec![Step::new("DROP TABLE public.a", "no a")],
            Some("0123"),
            None,
        );
        home.run(&["apply"]).exits(1).says("it was changed since the plan was made");
        assert!(!home.exists("public.a").await);
    });
}

#[test]
fn the_database_must_be_what_the_plan_ends_at() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan_between(
            "a",
            vec![Step::new("CREATE TABLE public.a (i int)", "a")],
            vec![Step::new("DROP TABLE public.a", "no a")],
            None,
            Some("0123"),
        );
        home.run(&["apply"]).exits(3).says("the database is not what 0001_a ends at");
        assert_eq!(home.text("SELECT state FROM trueup.history").await, "applied");
        home.run(&["down", "--allow-destructive"]).exits(1).says("it was changed since the plan was made");
        home.run(&["down", "--allow-destructive", "--force"]).exits(0);
    });
}

#[test]
fn a_held_lock_is_waited_for_and_named() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["SELECT pg_sleep(2)"], &["SELECT 1"]);
        let first = home.spawn(&["apply"]);
        tokio::time::sleep(Duration::from_millis(1000)).await;
        home.run(&["lock", "status"]).exits(0).says("held by server process").says("apply");
        let second = home.run(&["apply", "--lock-timeout", "100"]);
        second.exits(7).says("the migration lock was not to be had within 0.1 s: it is held by server process");
        let third = home.run(&["apply"]);
        third.exits(0).says("waiting for the migration lock").says("0 plans applied");
        said(first).exits(0);
        home.run(&["lock"]).exits(0).says("free");
    });
}

#[test]
fn a_held_table_lock_is_tried_again() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE public.t (i int)").await;
        let table = QName::new("public", "t");
        let step = |sql: &str| vec![Step::new(sql, "add a column").lock(&table, LockMode::AccessExclusive)];
        home.plan_between("a", step("ALTER TABLE public.t ADD COLUMN j int"), step("ALTER TABLE public.t DROP COLUMN j"), None, None);
        home.sql("BEGIN; LOCK TABLE public.t IN ACCESS SHARE MODE").await;
        let apply = home.spawn(&["apply"]);
        tokio::time::sleep(Duration::from_millis(1200)).await;
        home.sql("COMMIT").await;
        said(apply).exits(0).says("canceling statement due to lock timeout; try 2").says("has a lock there");
        home.sql("BEGIN; LOCK TABLE public.t IN ACCESS SHARE MODE").await;
        let mut down = home.command(&["down", "--allow-destructive"]);
        let down = said(down.env("TRUEUP_RETRIES", "1").spawn().unwrap());
        down.exits(4).says("it was tried 2 times").says("has a lock there");
        home.sql("COMMIT").await;
        assert_eq!(home.text("SELECT state FROM trueup.history").await, "applied");
    });
}

#[test]
fn an_unreachable_server_is_exit_6() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["SELECT 1"], &["SELECT 1"]);
        let unreachable = home.run(&["status", "--database-url", "postgres://me:hunter2@127.0.0.1:1/x?connect_timeout=2"]);
        unreachable.exits(6).says("cannot reach PostgreSQL at 127.0.0.1:1").says("help: ");
        assert!(!format!("{unreachable:?}").contains("hunter2"));
        let url = home.url.rsplit_once('/').unwrap().0;
        home.run(&["apply", "--database-url", &format!("{url}/nowhere")]).exits(6).says("database \"nowhere\" does not exist");
        let document = home.run(&["apply", "--format", "json", "--database-url", &format!("{url}/nowhere")]).json();
        assert_eq!(document["error"]["exit"], "unreachable");
    });
}

#[test]
fn a_wrong_password_is_exit_6() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE ROLE locked LOGIN PASSWORD 'right'").await;
        let hba = home.text("SELECT current_setting('hba_file')").await;
        home.sql(&format!("COPY (VALUES ('local all locked scram-sha-256'), ('local all all trust')) TO '{hba}'; SELECT pg_reload_conf()"))
            .await;
        let (user, rest) = home.url.split_once('@').unwrap();
        assert!(user.starts_with("postgres://"));
        for _ in 0..20 {
            if home.run(&["status", "--database-url", &format!("postgres://locked@{rest}")]).code == 6 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let wrong = home.run(&["status", "-v", "--database-url", &format!("postgres://locked:hunter2@{rest}")]);
        wrong.exits(6).says("does not accept user \"locked\"");
        assert!(!format!("{wrong:?}").contains("hunter2"));
        home.run(&["status", "--database-url", &format!("postgres://locked:right@{rest}")]).exits(0);
    });
}

#[test]
fn missing_rights_are_exit_2() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("guest", false).await.unwrap();
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        let (_, rest) = home.url.split_once('@').unwrap();
        let url = format!("postgres://guest@{rest}");
        home.run(&["apply", "--database-url", &url]).exits(2).says("cannot make the tracking schema").says("GRANT CREATE ON DATABASE");
        let database = home.text("SELECT quote_ident(current_database())").await;
        home.sql(&format!("GRANT CREATE ON DATABASE {database} TO guest")).await;
        home.run(&["apply", "--database-url", &url]).exits(2).says("permission denied for schema public").says("42501");
    });
}

#[test]
fn statements_that_end_the_transaction_are_refused() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["SELECT 1; COMMIT; SELECT 2"], &["SELECT 1"]);
        home.run(&["apply"]).exits(5).says("step 1 begins or ends a transaction by itself");
    });
}

#[test]
fn a_statement_that_takes_too_long_is_ended() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["SELECT pg_sleep(20)"], &["SELECT 1"]);
        home.run(&["apply", "--statement-timeout", "200"]).exits(2).says("canceling statement due to statement timeout");
    });
}

#[test]
fn a_project_begins_with_init_and_new() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.run(&["init"]).exits(0).says("made db/schema").says("made plans").says("made trueup.toml").says("version 0001");
        home.run(&["init"]).exits(0);
        home.run(&["new", "bad name"]).exits(5);
        home.run(&["new", "backfill"]).exits(0).says("plans/0001_backfill.up.sql");
        home.run(&["status"]).exits(0).says("pending  0001_backfill");
        home.run(&["apply"]).exits(1).says("has no steps yet");
        let step = "-- trueup: begin transaction 1\nBEGIN;\n-- trueup: step 1 (transaction 1): fill\nCREATE TABLE public.a AS SELECT 1 AS i;\n-- trueup: commit transaction 1\nCOMMIT;\n";
        for (way, sql) in [("up", step.to_owned()), ("down", step.replace("CREATE TABLE public.a AS SELECT 1 AS i", "DROP TABLE public.a"))]
        {
            let path = home.path(&format!("plans/0001_backfill.{way}.sql"));
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, format!("{text}{sql}")).unwrap();
        }
        home.run(&["apply"]).exits(0);
        home.run(&["show", "backfill"]).exits(0).says("0001_backfill up  1 step").says("1. fill");
        assert_eq!(home.run(&["show", "1", "--format", "json"]).json()["up"]["steps"][0]["summary"], "fill");
        home.run(&["init", "--force"]).exits(0).says("the old rows are kept");
        let kept = home.text("SELECT relname FROM pg_class WHERE relname LIKE 'history\\_before\\_%'").await;
        assert_eq!(home.text(&format!("SELECT count(*) FROM trueup.{kept}")).await, "1");
        assert_eq!(home.text("SELECT count(*) FROM trueup.history").await, "0");
        assert_eq!(home.text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'trueup_%'").await, "0");
    });
}

#[test]
fn usage_errors_are_exit_5() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.run(&["aply"]).exits(5).says("apply");
        home.run(&["--help"]).exits(0);
        home.run(&["--version"]).exits(0);
        fs::write(home.path("trueup.toml"), "plams = \"x\"\n").unwrap();
        home.run(&["status"]).exits(5).says("unknown setting plams").says("did you mean plans?").says("trueup.toml:1:1");
    });
}

#[test]
fn every_major_keeps_the_records() {
    for major in [14, 15, 16, 18] {
        run(async {
            let home = Home::new(major).await;
            home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
            home.run(&["apply"]).exits(0);
            home.run(&["down", "--allow-destructive"]).exits(0);
        });
    }
}

#[test]
fn a_database_that_changed_since_it_was_planned_is_refused() {
    run(async {
        let home = Home::new(MAJOR).await;
        let bin = support::pg_root().join(MAJOR.to_string()).join("bin");
        home.sql("CREATE TABLE public.a (i int)").await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(
            home.path("db/schema/a.sql"),
            "CREATE TABLE public.a (i int, j int NOT NULL DEFAULT 1);\nCREATE INDEX a_j ON public.a (j);\n",
        )
        .unwrap();
        home.run(&["plan", "j", "--scratch-bin", bin.to_str().unwrap()]).exits(0).says("wrote plans/0001_j.up.sql");
        home.sql("CREATE TABLE public.stranger (i int)").await;
        home.run(&["apply"]).exits(1).says("it was changed since the plan was made");
        home.sql("DROP TABLE public.stranger").await;
        home.run(&["apply"]).exits(0);
        home.run(&["status"]).exits(0).says("Drifted: no");
        home.sql("COMMENT ON TABLE public.a IS 'by hand'").await;
        home.run(&["status"]).exits(1).says("Drifted: the database is not what the applied plans say");
        home.run(&["down", "--allow-destructive"]).exits(1);
        home.sql("COMMENT ON TABLE public.a IS NULL").await;
        home.run(&["down"]).exits(1).says("destroys rows or values");
        home.run(&["down", "--allow-destructive"]).exits(0);
        assert_eq!(home.text("SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'public.a'::regclass AND attnum > 0 AND NOT attisdropped").await, "i");
    });
}
