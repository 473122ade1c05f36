//! What is managed: `[ignore]`, `manage.owners` and `manage.privileges`, from planning to drift.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run};

const MAJOR: u32 = 17;

fn files(home: &Home, settings: &str, schema: &str) {
    fs::create_dir_all(home.path("db/schema")).unwrap();
    fs::write(home.path("db/schema/a.sql"), schema).unwrap();
    fs::write(home.path("trueup.toml"), settings).unwrap();
}

fn plan(home: &Home, scratch: &str, more: &[&str]) -> support::Said {
    home.run(&[&["plan", "--scratch", scratch, "--scratch-url", &home.url], more].concat())
}

#[test]
fn what_is_ignored_is_left_alone() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql(
            "CREATE TABLE tmp_x (id serial PRIMARY KEY, t text); CREATE INDEX ON tmp_x (t); COMMENT ON TABLE tmp_x IS 'x'; \
             CREATE SCHEMA aside; CREATE TABLE aside.y (i int); CREATE VIEW aside.v AS SELECT 1 AS one; CREATE TABLE kept (i int)",
        )
        .await;
        let settings = "[ignore]\ntable = [\"public.tmp_*\"]\nany = \"aside\"\n";
        files(&home, settings, "CREATE TABLE kept (i int, j int);\nCREATE TABLE tmp_z (i int);");
        for scratch in ["auto", "off"] {
            let planned = plan(&home, scratch, &["--check"]);
            planned.exits(1).says("1. add column public.kept.j").says("1 step");
            assert!(!planned.out.contains("which its rebuilt copy has not"), "{planned:?}");
        }
        plan(&home, "auto", &["j"]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        home.sql("DROP TABLE tmp_x").await;
        home.run(&["drift"]).exits(0).says("No drift");
        home.run(&["status"]).exits(0).says("Drifted: no");
        let dump = home.run(&["dump"]);
        assert!(!dump.exits(0).out.contains("aside"), "{dump:?}");
        plan(&home, "auto", &["--check"]).exits(0);
        home.sql("CREATE VIEW over AS SELECT * FROM aside.v").await;
        home.run(&["drift"]).exits(5).says("[ignore] leaves out what others need: VIEW public.over needs VIEW aside.v");
        files(&home, "[ignore]\ncolumn = \"x\"\n", "");
        home.run(&["status"]).exits(5).says("unknown setting ignore.column");
    });
}

#[test]
fn owners_and_privileges_are_managed_as_the_settings_say() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        for role in ["ada", "bob"] {
            home.server.ensure_role(role, false).await.unwrap();
        }
        home.sql("CREATE TABLE t (i int); ALTER TABLE t OWNER TO ada; GRANT SELECT ON t TO bob").await;
        let silent = "CREATE TABLE t (i int);";
        let speaking = "CREATE TABLE t (i int);\nALTER TABLE t OWNER TO bob;\nGRANT INSERT ON t TO ada;";
        for (settings, schema, expected) in [
            ("", silent, &[][..]),
            ("", speaking, &["give table public.t to bob", "grant privileges on table public.t"]),
            ("[manage]\nowners = \"never\"\nprivileges = \"never\"\n", speaking, &[]),
            ("[manage]\nowners = \"never\"\n", speaking, &["revoke privileges on table public.t"]),
            ("[manage]\nowners = \"always\"\n", silent, &["give table public.t to postgres"]),
            ("[manage]\nprivileges = \"always\"\n", silent, &["revoke privileges on table public.t"]),
        ] {
            files(&home, settings, schema);
            let planned = plan(&home, "auto", &["--check"]);
            planned.exits(i32::from(!expected.is_empty()));
            for words in expected {
                planned.says(words);
            }
        }
        // Silence about them is not taken for equality.
        let left = "not managed here, and left as they are although they differ: 1 owner and 1 set of privileges";
        for scratch in ["auto", "off"] {
            files(&home, "", silent);
            plan(&home, scratch, &["--check"]).exits(0).says(left);
            let counts = plan(&home, scratch, &["--check", "--format", "json"]).json()["left_alone"].clone();
            assert_eq!((counts["owners"].as_i64(), counts["privileges"].as_i64()), (Some(1), Some(1)));
            files(&home, "", "CREATE TABLE t (i int);\nALTER TABLE t OWNER TO ada;\nGRANT SELECT ON t TO bob;");
            let planned = plan(&home, scratch, &["--check"]);
            assert!(!planned.exits(0).out.contains("not managed"), "{planned:?}");
        }
        files(&home, "[manage]\nowners = \"always\"\n", silent);
        plan(&home, "off", &["--check"]).exits(5).says("wants a scratch server");
        files(&home, "[manage]\nowners = \"sometimes\"\n", silent);
        plan(&home, "off", &["--check"]).exits(5).says("manage.owners must be one of auto, always, never");
    });
}

/// A sequence that no column owns any longer still belongs to whom the table belonged to, where the files do not say another owner.
#[test]
fn a_freed_sequence_keeps_its_owner() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("ada", false).await.unwrap();
        home.sql("CREATE TABLE t (i serial); ALTER TABLE t OWNER TO ada").await;
        files(&home, "", "CREATE TABLE t (i int);\nCREATE SEQUENCE t_i_seq AS int;");
        for scratch in ["auto", "off"] {
            plan(&home, scratch, &["free"]).exits(0).says("let nobody own sequence public.t_i_seq");
            home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
            plan(&home, scratch, &["--check"]).exits(0);
            assert_eq!(home.text("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 't_i_seq'").await, "ada");
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            fs::remove_dir_all(home.path("plans")).unwrap();
        }
    });
}

/// What a plan creates belongs to whoever runs it: only a sequence for a table of another role is given to that role.
#[test]
fn a_new_sequence_is_given_only_to_another_owner() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.server.ensure_role("ada", false).await.unwrap();
        home.sql("CREATE TABLE mine (x int); CREATE TABLE hers (x int); ALTER TABLE hers OWNER TO ada").await;
        files(&home, "", "CREATE TABLE mine (x int, i serial);\nCREATE TABLE hers (x int, i serial);");
        let planned = plan(&home, "auto", &["numbered"]);
        planned.exits(0).says("give sequence public.hers_i_seq to ada");
        assert!(!planned.out.contains("give sequence public.mine_i_seq"), "{planned:?}");
        home.run(&["apply", "--yes"]).exits(0);
        plan(&home, "auto", &["--check"]).exits(0);
    });
}

/// What is said of the database itself, of members of extensions, and by others than the owner: where the files speak of it, and whatever
/// the database is called.
#[test]
fn what_no_schema_holds_is_managed_where_files_speak_of_it() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        for role in ["ada", "bob"] {
            home.server.ensure_role(role, false).await.unwrap();
        }
        home.sql(
            "CREATE EXTENSION pgcrypto; CREATE TABLE t (i int); GRANT SELECT ON t TO ada WITH GRANT OPTION; SET ROLE ada; GRANT SELECT ON t TO bob; \
             RESET ROLE; GRANT EXECUTE ON FUNCTION digest(text, text) TO ada; \
             DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END $$",
        )
        .await;
        let silent = "CREATE EXTENSION pgcrypto;\nCREATE TABLE t (i int);";
        let speaking = "CREATE EXTENSION pgcrypto;\nCREATE TABLE t (i int);\nCREATE ROLE ada LOGIN;\nGRANT bob TO ada;\n\
            GRANT SELECT, INSERT ON t TO bob WITH GRANT OPTION;\nSET ROLE bob;\nGRANT INSERT ON t TO ada;\nRESET ROLE;\n\
            REVOKE EXECUTE ON FUNCTION digest(text, text) FROM PUBLIC;\nCOMMENT ON DATABASE whatever IS 'ours';\n\
            ALTER DATABASE whatever SET work_mem = '8MB';\nALTER ROLE ada IN DATABASE whatever SET jit = on;\n\
            GRANT CREATE ON DATABASE whatever TO bob;";
        let all = "CREATE EXTENSION pgcrypto;\nCREATE TABLE t (i int);\nGRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ada;";
        for scratch in ["auto", "off"] {
            files(&home, "", silent);
            plan(&home, scratch, &["--check"]).exits(0);
            files(&home, "", speaking);
            let planned = plan(&home, scratch, &["speak"]);
            planned.exits(0);
            let text = fs::read_to_string(home.path("plans/0001_speak.up.sql")).unwrap();
            for words in [
                "SET LOCAL ROLE bob; GRANT INSERT ON TABLE public.t TO ada; RESET ROLE;",
                "REVOKE ALL ON FUNCTION public.digest(text, text) FROM PUBLIC;",
                "COMMENT ON DATABASE %I IS",
                "RESET jit",
                "IN DATABASE %I SET jit TO",
                "GRANT CREATE ON DATABASE %I TO bob",
            ] {
                assert!(text.contains(words), "{words}: {text}");
            }
            assert!(scratch == "off" || planned.out.contains("proved"), "{planned:?}");
            home.run(&["apply", "--yes"]).exits(0);
            plan(&home, scratch, &["--check"]).exits(0);
            home.run(&["drift"]).exits(0).says("No drift");
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            files(&home, "", silent);
            plan(&home, scratch, &["--check"]).exits(0);
            fs::remove_dir_all(home.path("plans")).unwrap();
        }
        files(&home, "", all);
        plan(&home, "auto", &["all"]).exits(0);
        home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
        for scratch in ["auto", "off"] {
            plan(&home, scratch, &["--check"]).exits(0);
        }
        home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
        let dump = home.run(&["dump"]);
        dump.exits(0).says("SET jit TO").says("SET LOCAL ROLE ada").says("ON FUNCTION public.digest(text, text) TO ada");
    });
}
