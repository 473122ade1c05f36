//! What users get wrong, command by command: a clear error at its place, the exit code that says so, and nothing changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use support::{Home, Said, pg_root, run, said, schema};

const MAJOR: u32 = 17;

fn bin() -> String {
    pg_root().join(MAJOR.to_string()).join("bin").display().to_string()
}

/// `plan`, with scratch databases on the project's own server or without.
fn plan(home: &Home, scratch: &str, more: &[&str]) -> Said {
    home.run(&[&["plan", "--scratch", scratch, "--scratch-url", &home.url], more].concat())
}

const SYSTEMS: &str = "is PostgreSQL's own: what is put there is neither managed nor dumped";

/// Schema files that are wrong; what is said with a scratch server, what without one, and the place as `line:column` of both.
const WRONG: &[(&str, &str, &str, &str, &str)] = &[
    ("CREATE TABLE t (\n  i int;", "syntax error at or near \";\"", "syntax error at or near \";\"", "2:8", "2:8"),
    ("SELECT 'x", "unterminated quoted string", "unterminated quoted string", "1:8", "1:8"),
    ("\n\\connect x", "\\connect is a command of psql", "\\connect is a command of psql", "2:1", "2:1"),
    ("CREATE TABLE a (i int);\nCREATE TABLE a (j int);", "relation \"a\" already exists", "relation public.a already exists", "2:1", "2:1"),
    ("CREATE TABLE a (i int, i int);", "column \"i\" specified more than once", "column public.a.i already exists", "1:1", "1:1"),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        "function \"f\" already exists",
        "FUNCTION public.f() already exists",
        "2:1",
        "2:1",
    ),
    ("CREATE VIEW v AS\nSELECT * FROM gone;", "relation \"gone\" does not exist", "relation gone does not exist", "2:15", "1:1"),
    ("CREATE TABLE t (i gone);", "type \"gone\" does not exist", "type gone does not exist", "1:19", "1:1"),
    ("CREATE TABLE t (i int REFERENCES gone);", "relation \"gone\" does not exist", "relation gone does not exist", "1:1", "1:1"),
    ("CREATE TABLE t (i int DEFAULT gone());", "function gone() does not exist", "function gone does not exist", "1:31", "1:1"),
    ("CREATE TABLE t (i int);\nCREATE INDEX ON t (gone);", "column \"gone\" does not exist", "t.gone does not exist", "2:1", "2:1"),
    ("CREATE TABLE gone.t (i int);", "schema \"gone\" does not exist", "schema gone does not exist", "1:14", "1:1"),
    ("COMMENT ON TABLE gone IS 'x';", "relation \"gone\" does not exist", "relation gone does not exist", "1:1", "1:1"),
    ("ALTER TABLE gone ADD c int;", "relation \"gone\" does not exist", "relation gone does not exist", "1:1", "1:1"),
    ("-- é\n/* ☃ */ CREATE TABLE t (i gone);", "type \"gone\" does not exist", "type gone does not exist", "2:27", "2:9"),
    ("CREATE TYPE pg_catalog.mood AS ENUM ('a');", SYSTEMS, SYSTEMS, "1:13", "1:13"),
    ("CREATE TABLE\n  information_schema.t (i int);", SYSTEMS, SYSTEMS, "2:3", "2:3"),
    ("SET search_path = pg_catalog, public;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';", SYSTEMS, SYSTEMS, "2:1", "2:1"),
    ("CREATE INDEX ON information_schema.sql_features (feature_id);", SYSTEMS, SYSTEMS, "1:17", "1:17"),
    ("CREATE DOMAIN d AS int;\nALTER DOMAIN d SET SCHEMA PG_CATALOG;", SYSTEMS, SYSTEMS, "2:27", "2:27"),
    ("DO $$ BEGIN CREATE VIEW pg_catalog.v AS SELECT 1; END $$;", SYSTEMS, SYSTEMS, "1:25", "1:25"),
    ("-- trueup: renamd from x\nCREATE TABLE t (i int);", "trueup does not understand", "trueup does not understand", "1:12", "1:12"),
];

#[test]
fn wrong_schema_files_are_shown_at_their_place() {
    run(async {
        let home = Home::new(MAJOR).await;
        for (sql, with, without, place_with, place_without) in WRONG {
            schema(&home, sql);
            for (scratch, message, place) in [("auto", with, place_with), ("off", without, place_without)] {
                plan(&home, scratch, &[]).exits(5).says(message).says(&format!("db/schema/a.sql:{place}\n"));
            }
            for check in [&["plan", "--check"][..], &["diff", "empty", "db/schema"], &["drift", "--against"]] {
                home.run(&[check, &["--scratch", "off"]].concat()).exits(5).says(without);
            }
            assert!(!home.path("plans").exists(), "{sql}");
        }
        schema(&home, WRONG[0].0);
        let error = plan(&home, "off", &["--format", "json"]).json()["error"].clone();
        assert_eq!((error["exit"].as_str(), error["diagnostics"][0]["level"].as_str()), (Some("usage"), Some("error")));
        let place = &error["diagnostics"][0]["places"][0];
        assert_eq!((place["file"].as_str(), place["line"].as_u64(), place["column"].as_u64()), (Some("db/schema/a.sql"), Some(2), Some(8)));
        fs::write(home.path("db/schema/a.sql"), b"SELECT '\xff';").unwrap();
        plan(&home, "off", &[]).exits(5).says("db/schema/a.sql");
    });
}

#[test]
fn names_of_postgresqls_own_schemas_are_no_mistake() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(
            &home,
            "SET search_path = pg_catalog;\nCREATE EXTENSION citext SCHEMA pg_catalog;\n\
             CREATE TABLE public.t (a pg_catalog.int4 DEFAULT pg_catalog.abs(1), b text COLLATE pg_catalog.\"C\");\n\
             CREATE INDEX ON public.t (a);\nGRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_waldir() TO PUBLIC;\n\
             CREATE FUNCTION public.f(public.t) RETURNS int LANGUAGE sql SET search_path = pg_catalog AS 'SELECT 1';\n\
             CREATE CAST (public.t AS int) WITH FUNCTION public.f(public.t);\nCREATE OPERATOR FAMILY public.o USING btree;",
        );
        for scratch in ["auto", "off"] {
            plan(&home, scratch, &["--check"]).exits(1).says("citext").says("pg_ls_waldir").says("family public.o");
        }
    });
}

#[test]
fn sql_that_is_wrong_is_shown_by_lint_too() {
    run(async {
        let home = Home::new(MAJOR).await;
        fs::write(home.path("x.sql"), "CREATE TABLE t (\n  i int;").unwrap();
        home.run(&["lint", "x.sql"]).exits(5).says("x.sql:2:8");
        home.run(&["lint", "gone.sql"]).exits(5).says("there is no gone.sql");
    });
}

#[test]
fn a_role_that_is_not_there_is_told_when_planning_and_stops_applying() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(&home, "CREATE TABLE t (i int);\nGRANT SELECT ON t TO \"no one\";\nCREATE POLICY p ON t TO nobody_else;");
        plan(&home, "auto", &[]).exits(0).says("there is no role \"no one\" on the server").says("there is no role nobody_else");
        home.run(&["apply"]).exits(2).says("role \"nobody_else\" does not exist").says("nothing of it is left");
        assert!(!home.exists("public.t").await);
    });
}

#[test]
fn long_expressions_are_no_matter() {
    run(async {
        let home = Home::new(MAJOR).await;
        let nested = format!("{}i{}", "abs(".repeat(600), ")".repeat(600));
        let chained = vec!["i"; 3000].join(" + ");
        let choice = vec!["i = 1"; 3000].join(" OR ");
        for scratch in ["auto", "off"] {
            schema(
                &home,
                &format!(
                    "CREATE TABLE t (i bigint, CHECK ({chained} > 0), CHECK ({choice}));\nCREATE VIEW v AS SELECT {nested} AS n FROM t;"
                ),
            );
            plan(&home, scratch, &[scratch]).exits(0);
            home.run(&["apply", "--yes"]).exits(0);
            plan(&home, scratch, &["--check"]).exits(0).says("nothing to plan");
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            fs::remove_dir_all(home.path("plans")).unwrap();
            home.sql("DROP SCHEMA trueup CASCADE").await;
        }
    });
}

/// Every command that wants the database.
const CONNECTING: &[&[&str]] = &[
    &["init"],
    &["plan"],
    &["plan", "--check"],
    &["drift"],
    &["drift", "--against", "empty"],
    &["dump"],
    &["status"],
    &["apply"],
    &["apply", "--dry-run"],
    &["down"],
    &["verify"],
    &["lock"],
    &["lock", "release", "--force"],
    &["diff", "empty", "postgres://me:hunter2@127.0.0.1:1/x"],
    &["prove", "--scratch-url", "postgres://me:hunter2@127.0.0.1:1/x"],
];

#[test]
fn a_server_that_cannot_be_reached_is_exit_6_of_every_command() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(&home, "CREATE TABLE t (i int);");
        home.plan("a", &["SELECT 1"], &["SELECT 1"]);
        for command in CONNECTING {
            for format in ["text", "json"] {
                let all = [
                    *command,
                    &["--format", format, "--scratch", "auto", "-v", "--database-url"],
                    &["postgres://me:hunter2@127.0.0.1:1/x"],
                ];
                let done = home.run(&all.concat());
                done.exits(6).says("cannot reach PostgreSQL at 127.0.0.1:1");
                assert!(!format!("{done:?}").contains("hunter2"), "{done:?}");
                if format == "json" {
                    assert_eq!(done.json()["error"]["exit"], "unreachable", "{command:?}");
                }
            }
        }
    });
}

#[test]
fn passwords_are_never_shown() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql("CREATE TABLE t (i int)").await;
        let with_password = home.url.replacen('@', ":hunter2@", 1);
        schema(&home, "");
        let bin = bin();
        for command in [
            &["drift", "--against", &with_password][..],
            &["drift", "--against", "postgers://me:hunter2@host/x"],
            &["drift", "--against", "host=/nowhere password=hunter2"],
            &["diff", "empty", &with_password],
            &["plan", "x", "--from", "postgres://me:hunter2@[nowhere/x"],
            &["plan", "x", "--check", "--from", "empty", "--to", &with_password, "--scratch-bin", &bin],
            &["status"],
            &["apply", "-v"],
            &["init"],
        ] {
            for format in ["text", "json"] {
                let mut run = home.command(&[command, &["--format", format]].concat());
                run.env("DATABASE_URL", &with_password).env("PGPASSWORD", "hunter2").env("TRUEUP_LOG", "trace");
                let done = said(run.spawn().unwrap());
                assert!(!format!("{done:?}").contains("hunter2"), "{command:?}: {done:?}");
            }
        }
        fs::write(home.path("trueup.toml"), "database_url = \"postgres://me:hunter2@host:port/x\"").unwrap();
        let done = said(home.command(&["status"]).env_remove("DATABASE_URL").spawn().unwrap());
        done.exits(5).says("a port that is no number");
        assert!(!format!("{done:?}").contains("hunter2"), "{done:?}");
    });
}

#[test]
fn missing_rights_are_told_and_change_nothing() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("guest", false).await.unwrap();
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        let url = format!("postgres://guest@{}", home.url.split_once('@').unwrap().1);
        let guest = |args: &[&str]| home.run(&[args, &["--database-url", &url]].concat());
        guest(&["init"]).exits(2).says("permission denied").says("GRANT CREATE ON DATABASE");
        home.run(&["apply"]).exits(0);
        for (command, code) in
            [(&["status"][..], 6), (&["verify"], 6), (&["apply"], 2), (&["down", "--allow-destructive"], 4), (&["drift"], 6)]
        {
            guest(command).exits(code).says("permission denied for schema trueup").says("42501");
        }
        // What it may read, it may plan from.
        schema(&home, "CREATE TABLE t (i int);");
        guest(&["plan", "--check", "--scratch", "off"]).exits(1);
        guest(&["dump"]).exits(0).says("CREATE TABLE public.a");
        home.sql("GRANT USAGE ON SCHEMA trueup TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA trueup TO guest").await;
        guest(&["status"]).exits(0);
        guest(&["down", "--allow-destructive"]).exits(4).says("permission denied");
        assert!(home.exists("public.a").await);
    });
}

#[test]
fn one_session_is_enough() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("many", false).await.unwrap();
        home.server.ensure_role("lone", false).await.unwrap();
        home.sql("ALTER ROLE lone CONNECTION LIMIT 1; CREATE TABLE a (i int CHECK (i > 0), t text); CREATE VIEW v AS SELECT i FROM a")
            .await;
        home.sql("CREATE INDEX ON a (lower(t)) WHERE i > 1; CREATE RULE r AS ON DELETE TO a DO ALSO NOTIFY n").await;
        schema(&home, "CREATE TABLE a (i int CHECK (i > 1), t text); CREATE VIEW v AS SELECT i, t FROM a;");
        for scratch in ["auto", "off"] {
            let [many, lone] = ["many", "lone"].map(|role| {
                let url = format!("postgres://{role}@{}", home.url.split_once('@').unwrap().1);
                let said = plan(&home, scratch, &["--check", "--format", "json", "--database-url", &url]);
                said.exits(1);
                said.json()["up"]["steps"].clone()
            });
            assert!(many.as_array().is_some_and(|steps| !steps.is_empty()), "{many}");
            assert_eq!(many, lone);
        }
    });
}

#[test]
fn a_broken_chain_and_an_edited_plan_stop_every_command_that_runs_plans() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(&home, "CREATE TABLE t (i int);");
        for name in ["a", "b", "c"] {
            home.plan(name, &[&format!("CREATE TABLE public.{name} (i int)")], &[&format!("DROP TABLE public.{name}")]);
        }
        home.run(&["apply", "--steps", "1"]).exits(0);
        let [up, down] = ["up", "down"].map(|way| fs::read(home.path(&format!("plans/0002_b.{way}.sql"))).unwrap());
        home.edit("plans/0002_b.up.sql", "(i int)", "(i bigint)");
        home.run(&["apply"]).exits(1).says("0002_b.up.sql was edited since it was written").says("trueup rehash");
        home.run(&["verify"]).exits(0);
        home.run(&["verify", "--full"]).exits(1).says("0002_b.up.sql was edited since it was written");
        home.run(&["show", "b"]).exits(0).says("was edited since it was written");
        for way in ["up", "down"] {
            fs::remove_file(home.path(&format!("plans/0002_b.{way}.sql"))).unwrap();
        }
        let bin = bin();
        for command in [&["apply"][..], &["down"], &["prove", "--scratch-bin", &bin], &["plan", "--scratch", "off"], &["new", "d"]] {
            home.run(command).exits(5).says("broken chain: 0003_c was not made on top of 0001_a as it is now").says("0003_c.up.sql:5:1");
        }
        home.run(&["status"]).exits(1).says("broken chain");
        home.run(&["verify", "--full"]).exits(1).says("broken chain");
        fs::write(home.path("plans/0002_b.up.sql"), up).unwrap();
        fs::write(home.path("plans/0002_b.down.sql"), down).unwrap();
        fs::write(home.path("plans/0001_a.up.sql"), "-- trueup: plan format 99\n").unwrap();
        for command in [&["apply"][..], &["down"], &["status"], &["verify"], &["show", "b"]] {
            home.run(command).exits(5).says("0001_a.up.sql:1:1");
        }
        assert!(!home.exists("public.c").await);
    });
}

#[test]
fn a_held_lock_is_exit_7_of_every_command_that_wants_it() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["SELECT 1"], &["SELECT 1"]);
        home.run(&["apply"]).exits(0);
        home.plan("b", &["SELECT 1"], &["SELECT 1"]);
        home.sql("SELECT pg_advisory_lock(1953658213, 30064)").await;
        for command in [&["apply"][..], &["down"], &["init", "--force"]] {
            let done = said(home.command(command).env("TRUEUP_LOCK_TIMEOUT", "50").spawn().unwrap());
            done.exits(7).says("the migration lock was not to be had within 0.05 s: it is held by server process");
        }
        for command in [&["status"][..], &["verify"], &["drift"], &["apply", "--dry-run"]] {
            home.run(command).exits(0);
        }
        home.run(&["lock", "release"]).exits(1).says("--force");
    });
}

#[test]
fn a_server_that_dies_in_the_middle_loses_nothing() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.plan("a", &["CREATE TABLE public.a (i int)"], &["DROP TABLE public.a"]);
        home.plan("b", &["CREATE TABLE public.b (i int)", "SELECT pg_sleep(60)"], &["DROP TABLE public.b"]);
        let apply = home.spawn(&["apply"]);
        let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
        while home.text(sleeping).await == "0" {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        home.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND pid <> pg_backend_pid()")
            .await;
        said(apply)
            .exits(6)
            .says("0002_b could not be applied")
            .says("when the database is back, trueup apply goes on where this run ended");
        assert!(home.exists("public.a").await && !home.exists("public.b").await);
        home.run(&["status"]).exits(0).says("applied  0001_a").says("pending  0002_b");
        home.run(&["lock"]).exits(0).says("free");
        // The whole server, this time.
        let apply = home.spawn(&["apply"]);
        while home.text(sleeping).await == "0" {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let postmaster = home.text("SELECT pg_read_file('postmaster.pid')").await;
        Command::new("kill").args(["-QUIT", postmaster.lines().next().unwrap()]).status().unwrap();
        said(apply).exits(6).says("0002_b could not be applied");
    });
}

#[test]
fn a_full_disk_of_the_server_is_undone() {
    run(async {
        let home = Home::new(MAJOR).await;
        let full = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$";
        home.plan("a", &["CREATE TABLE public.a (i int)", full], &["DROP TABLE public.a"]);
        home.run(&["apply"]).exits(2).says("No space left on device").says("53100").says("nothing of it is left");
        assert!(!home.exists("public.a").await);
    });
}

/// Runs the program where no file can grow: `ulimit -f 0` with SIGXFSZ ignored makes every write to a file fail.
fn without_room(home: &Home, words: &str) -> Said {
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f 0; exec \"$TRUEUP\" {words}")]).current_dir(home.folder.path()).env_clear();
    shell.env("TRUEUP", env!("CARGO_BIN_EXE_trueup")).env("DATABASE_URL", &home.url).env("PATH", "/usr/bin:/bin");
    said(shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

#[test]
fn a_full_disk_leaves_no_half_files() {
    run(async {
        let home = Home::new(MAJOR).await;
        schema(&home, "CREATE TABLE t (i int);");
        without_room(&home, "plan x --scratch off").exits(5).says("cannot write plans/0001_x.down.sql");
        without_room(&home, "new x").exits(5).says("cannot write plans/0001_x");
        without_room(&home, "init").exits(5).says("cannot write trueup.toml");
        home.sql("CREATE TABLE t (i int)").await;
        without_room(&home, "dump --split --out dumped").exits(5).says("cannot write dumped/");
        let left = fs::read_dir(home.path("plans")).unwrap().count();
        assert_eq!(left, 0);
        assert_eq!(fs::metadata(home.path("trueup.toml")).map_or(0, |file| file.len()), 0);
        for command in ["dump", "status", "status --format json"] {
            without_room(&home, &format!("{command} > /dev/full"))
                .exits(5)
                .says("the output could not be written: No space left on device");
        }
        without_room(&home, "dump | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}").exits(0);
    });
}

#[test]
fn wrong_arguments_are_exit_5_in_both_formats() {
    run(async {
        let home = Home::new(MAJOR).await;
        for arguments in [
            &["aply"][..],
            &["plan", "--phases"],
            &["apply", "--skip-backup"],
            &["apply", "--steps", "many"],
            &["down", "--steps", "1", "--to", "2"],
            &["backup"],
            &["show"],
            &["show", "gone"],
            &["status", "--lock-timeout", "1"],
            &["apply", "--lock-timeout", "soon"],
            &["diff", "gone", "empty"],
            &["diff", "git:HEAD:db", "empty"],
            &["diff", "plans@7", "empty"],
            &["lint", "--explain", "gone"],
            &["status", "--env", "gone"],
            &["status", "--config", "gone.toml"],
        ] {
            home.run(arguments).exits(5).says("error");
            let document = home.run(&[arguments, &["--format", "json"]].concat()).exits(5).json();
            assert_eq!(document["error"]["exit"], "usage", "{arguments:?}");
        }
    });
}

/// What stands in the database and what is wanted, of tables whose rows `b` holds; and what is said.
const HELD: &[(&str, &str, &str)] = &[
    (
        "CREATE TABLE a (x int)",
        "CREATE TABLE a (x bigint)",
        "the type of public.a.x cannot change: public.b.r, public.b.rs hold rows of public.a",
    ),
    ("CREATE TABLE a (x int)", "CREATE UNLOGGED TABLE a (x int)", "table public.a cannot be written anew"),
    ("CREATE TABLE a (x int)", "CREATE TABLE a (x int, y int GENERATED ALWAYS AS IDENTITY)", "column public.a.y cannot be added"),
    (
        "CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x) STORED)",
        "CREATE TABLE a (x int)",
        "could not be taken back (down): column public.a.y",
    ),
];

#[test]
fn rows_that_other_tables_hold_are_told_before_postgresql_refuses() {
    run(async {
        let home = Home::new(MAJOR).await;
        for (live, wanted, message) in HELD {
            let holder = "CREATE DOMAIN d AS a; CREATE TABLE b (r a, rs d[])";
            home.sql(&format!("{live}; {holder};")).await;
            schema(&home, &format!("{wanted}; {holder};"));
            for scratch in ["auto", "off"] {
                plan(&home, scratch, &[]).exits(5).says(message).says("(ALTER TABLE public.b ALTER COLUMN r TYPE text)");
            }
            home.sql("DROP TABLE b; DROP DOMAIN d; DROP TABLE a;").await;
        }
    });
}
