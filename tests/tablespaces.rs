//! Tablespaces: what is in them is moved, and they themselves are the server's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, pg_root, run};

const HERE: &str = "CREATE TABLE public.t (i int PRIMARY KEY, j int) TABLESPACE fast;
    CREATE INDEX j ON public.t (j) TABLESPACE fast;
    CREATE MATERIALIZED VIEW public.m TABLESPACE fast AS SELECT i FROM public.t;
    CREATE TABLE public.p (i int) PARTITION BY LIST (i) TABLESPACE fast;
    CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);
    CREATE TABLE public.u (i int PRIMARY KEY USING INDEX TABLESPACE fast);";

const MOVED: &str = "ALTER TABLE ALL IN TABLESPACE fast SET TABLESPACE slow;
    ALTER INDEX ALL IN TABLESPACE fast SET TABLESPACE slow;
    ALTER MATERIALIZED VIEW ALL IN TABLESPACE fast SET TABLESPACE pg_default;";

const SHOWN: &str = "SELECT pg_catalog.string_agg(relname || ' ' || coalesce(spcname, '-'), ', ' ORDER BY relname)
    FROM pg_class c LEFT JOIN pg_tablespace s ON s.oid = reltablespace WHERE relnamespace = 'public'::regnamespace";

#[test]
fn what_is_in_a_tablespace_moves() {
    run(async {
        for (name, scratch) in [("proved", "url"), ("interpreted", "off")] {
            let home = Home::new(17).await;
            home.sql("SET allow_in_place_tablespaces = on").await;
            for tablespace in ["fast", "slow"] {
                home.sql(&format!("CREATE TABLESPACE {tablespace} LOCATION ''")).await;
            }
            let scratch = if scratch == "url" { ["--scratch-url", home.url.as_str()] } else { ["--scratch", scratch] };
            home.sql(HERE).await;
            let before = home.text(SHOWN).await;
            assert_eq!(before, "j fast, m fast, p fast, p1 fast, t fast, t_pkey -, u -, u_pkey fast");
            fs::create_dir_all(home.path("db/schema")).unwrap();
            fs::write(home.path("db/schema/a.sql"), format!("{HERE} {MOVED}")).unwrap();
            home.run(&[&["plan", name], scratch.as_slice()].concat()).exits(0).says("to tablespace slow");
            home.run(&["apply", "--yes"]).exits(0);
            assert_eq!(home.text(SHOWN).await, "j slow, m -, p slow, p1 slow, t slow, t_pkey -, u -, u_pkey slow");
            home.run(&[&["plan", "--check"], scratch.as_slice()].concat()).exits(0);
            home.run(&["down", "--yes"]).exits(0);
            assert_eq!(home.text(SHOWN).await, before);
        }
    });
}

#[test]
fn a_server_that_is_lent_lacks_them_and_one_of_its_own_gets_them() {
    run(async {
        for major in [14, 18] {
            let home = Home::new(major).await;
            fs::create_dir_all(home.path("db/schema")).unwrap();
            fs::write(home.path("db/schema/a.sql"), HERE).unwrap();
            home.run(&["plan", "lacking", "--scratch-url", &home.url]).exits(5).says("the scratch server has no tablespace fast");
            let bin = pg_root().join(major.to_string()).join("bin").display().to_string();
            let own = ["--scratch-bin", bin.as_str()];
            home.run(&[&["plan", "here"], own.as_slice()].concat())
                .exits(0)
                .says("there is no tablespace fast on the server, and the plan names it");
            home.run(&["apply", "--yes"]).exits(2).says("tablespace \"fast\" does not exist");
            home.sql("SET allow_in_place_tablespaces = on").await;
            home.sql("CREATE TABLESPACE fast LOCATION ''").await;
            home.run(&["apply", "--yes"]).exits(0);
            let check = home.run(&[&["plan", "--check"], own.as_slice()].concat());
            check.exits(0);
            assert!(!check.err.contains("there is no tablespace"), "{check:?}");
            fs::write(home.path("db/schema/a.sql"), "CREATE TABLE public.t (i int PRIMARY KEY, j int);").unwrap();
            home.run(&[&["plan", "away"], own.as_slice()].concat()).exits(0);
            home.run(&["apply", "--yes", "--allow-destructive"]).exits(0);
            home.run(&["down", "--yes"]).exits(0);
        }
    });
}
