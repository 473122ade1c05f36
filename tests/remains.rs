//! What is in a database and in no dump of it: indexes that failed, and what users put into PostgreSQL's own schemas.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run, schema};
use trueup::object::Kind;
use trueup::source::live::{self, Scope};

const MAJOR: u32 = 17;

#[test]
fn indexes_that_failed_are_in_no_dump_and_are_made_again() {
    run(async {
        let home = Home::new(MAJOR).await;
        let table = "CREATE TABLE public.t (a int);";
        let ways: [(&str, &[&str]); 2] = [("proved", &["--scratch-url", &home.url]), ("interpreted", &["--scratch", "off"])];
        for (name, scratch) in ways {
            home.sql(&format!("{table} INSERT INTO public.t VALUES (1), (1)")).await;
            home.db.client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY i ON public.t (a)").await.unwrap_err();
            home.sql("COMMENT ON INDEX public.i IS 'failed'").await;
            let dump = home.run(&["dump"]);
            assert!(!dump.out.contains("INDEX"), "{dump:?}");
            schema(&home, &format!("{table} CREATE UNIQUE INDEX i ON public.t (a);"));
            home.run(&[&["plan", name], scratch].concat()).exits(0).says("drop index public.i of public.t, which is not valid");
            home.sql("DELETE FROM public.t").await;
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(home.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.i'::regclass").await, "true");
            home.run(&[&["plan", "--check"], scratch].concat()).exits(0);
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            assert!(!home.exists("public.i").await, "what failed is not made again");
            schema(&home, table);
            home.run(&[&["plan", "--check"], scratch].concat()).exits(0);
            home.sql("DROP TABLE public.t").await;
            fs::remove_dir_all(home.path("plans")).unwrap();
            home.sql("DROP SCHEMA trueup CASCADE").await;
        }
    });
}

#[test]
fn hints_to_rename_leave_no_index_that_failed() {
    run(async {
        let home = Home::new(MAJOR).await;
        let ways: [(&str, &[&str]); 2] = [("proved", &["--scratch-url", &home.url]), ("interpreted", &["--scratch", "off"])];
        let renames = [
            "CREATE SCHEMA s; CREATE TABLE public.t (a int);\n-- trueup: renamed from i\nCREATE UNIQUE INDEX j ON public.t (a);",
            "CREATE SCHEMA s;\n-- trueup: renamed from t\nCREATE TABLE public.u (a int); CREATE UNIQUE INDEX i ON public.u (a);",
            "CREATE SCHEMA s;\n-- trueup: renamed from public.t\nCREATE TABLE s.u (a int); CREATE UNIQUE INDEX j ON s.u (a);",
        ];
        for (wanted, (name, scratch)) in renames.iter().flat_map(|wanted| ways.iter().map(move |way| (wanted, way))) {
            home.sql("CREATE SCHEMA s; CREATE TABLE public.t (a int); INSERT INTO public.t VALUES (1), (1)").await;
            home.db.client.batch_execute("CREATE UNIQUE INDEX CONCURRENTLY i ON public.t (a)").await.unwrap_err();
            schema(&home, wanted);
            home.run(&[&["plan", name], *scratch].concat()).exits(0).says(", which is not valid");
            home.sql("DELETE FROM public.t").await;
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(
                home.text("SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text ~ '^(s.)?[ij]$'").await,
                "true"
            );
            home.run(&[&["plan", "--check"], *scratch].concat()).exits(0);
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            assert!(home.exists("public.t").await && !home.exists("public.i").await, "{wanted}");
            home.sql("DROP TABLE public.t; DROP SCHEMA s; DROP SCHEMA trueup CASCADE").await;
            fs::remove_dir_all(home.path("plans")).unwrap();
        }
    });
}

#[test]
fn what_users_put_into_system_schemas_is_left_alone() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql(
            "CREATE TABLE information_schema.t (a int PRIMARY KEY, b text DEFAULT 'x', c int GENERATED ALWAYS AS IDENTITY);
             CREATE INDEX i ON information_schema.t (b); COMMENT ON TABLE information_schema.t IS 'theirs';
             GRANT SELECT ON information_schema.t TO PUBLIC; CREATE SEQUENCE information_schema.s;
             CREATE DOMAIN information_schema.d AS int CHECK (VALUE > 0); CREATE TYPE information_schema.e AS ENUM ('a');
             CREATE TYPE information_schema.c AS (a int); CREATE OPERATOR FAMILY information_schema.f USING btree;
             CREATE STATISTICS information_schema.st ON a, b FROM information_schema.t; CREATE TYPE information_schema.r AS RANGE (SUBTYPE = int);
             CREATE TEXT SEARCH CONFIGURATION information_schema.tc (PARSER = default);
             CREATE CONVERSION information_schema.cv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
             CREATE TABLE information_schema.p (a int) PARTITION BY LIST (a);
             CREATE TABLE information_schema.p1 PARTITION OF information_schema.p FOR VALUES IN (1);
             CREATE INDEX ON information_schema.p (a); CREATE FUNCTION pg_catalog.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
             COMMENT ON FUNCTION pg_catalog.mine() IS 'theirs'; CREATE TYPE pg_catalog.mood AS ENUM ('a')",
        )
        .await;
        let dump = home.run(&["dump"]);
        assert!(!["information_schema", "pg_catalog"].iter().any(|schema| dump.out.contains(schema)), "{dump:?}");
        schema(&home, "CREATE TABLE public.u (a int);");
        for scratch in [["--scratch-url", home.url.as_str()], ["--scratch", "off"]] {
            home.run(&[&["plan", "u"], &scratch[..]].concat()).exits(0).says("create table public.u");
            home.run(&["apply", "--yes"]).exits(0);
            home.run(&[&["plan", "--check"], &scratch[..]].concat()).exits(0);
            home.run(&["down", "--yes", "--allow-destructive"]).exits(0);
            fs::remove_dir_all(home.path("plans")).unwrap();
            home.sql("DROP SCHEMA trueup CASCADE").await;
        }
    });
}

#[test]
fn privileges_on_members_in_excluded_schemas_are_left_alone() {
    run(async {
        let home = Home::new(MAJOR).await;
        home.sql(
            "CREATE SCHEMA aside; CREATE EXTENSION citext SCHEMA aside; REVOKE ALL ON FUNCTION aside.citext_eq(aside.citext, aside.citext) FROM PUBLIC;
             REVOKE ALL ON FUNCTION pg_catalog.pg_ls_waldir() FROM pg_monitor",
        )
        .await;
        let altered = async |exclude_schemas: &[&str]| {
            let scope = Scope { exclude_schemas: exclude_schemas.iter().map(ToString::to_string).collect(), ignore: Vec::new() };
            let catalog = live::read(&home.db.client, MAJOR, &scope).await.unwrap();
            catalog.of_kind(Kind::AlteredPrivileges).map(|(id, _)| id.to_string()).collect::<Vec<_>>()
        };
        let all = altered(&[]).await;
        assert!(all.len() == 2 && all.iter().any(|id| id.contains("aside.citext_eq")), "{all:?}");
        let rest = altered(&["aside"]).await;
        assert!(rest.len() == 1 && rest.iter().all(|id| id.contains("pg_ls_waldir")), "{rest:?}");
        fs::write(home.path("trueup.toml"), "[ignore]\nschema = \"aside\"\nextension = \"citext\"\n").unwrap();
        let dump = home.run(&["dump"]);
        assert!(dump.exits(0).out.contains("pg_ls_waldir") && !dump.out.contains("aside"), "{dump:?}");
    });
}

#[test]
fn what_is_said_of_partitions_copies_is_left_alone() {
    run(async {
        let home = Home::new(MAJOR).await;
        let tables = "CREATE TABLE public.r (a int PRIMARY KEY);
             CREATE TABLE public.p (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES public.r) PARTITION BY LIST (a);
             CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);
             CREATE FUNCTION public.fn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER t BEFORE INSERT ON public.p FOR EACH ROW EXECUTE FUNCTION public.fn();";
        home.sql(tables).await;
        home.sql("COMMENT ON CONSTRAINT f ON public.p1 IS 'a copy'; COMMENT ON TRIGGER t ON public.p1 IS 'a copy'").await;
        let dump = home.run(&["dump"]);
        assert!(!dump.exits(0).out.contains("COMMENT"), "{dump:?}");
        schema(&home, tables);
        for scratch in [["--scratch-url", home.url.as_str()], ["--scratch", "off"]] {
            home.run(&[&["plan", "--check"], &scratch[..]].concat()).exits(0);
        }
    });
}
