//! `dump --split` over files that are there, and `drift --adopt`: what still says the same stays as it is, comments and all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::process::Command;

use support::{Home, pg_root, run};

const MAJOR: u32 = 17;

const DATABASE: &str = "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, total numeric); \
     ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE INDEX a_b ON a (b); CREATE VIEW v AS SELECT id FROM a; \
     COMMENT ON TABLE a IS 'ah'; CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN (SELECT max(id) FROM a); \
     ALTER TABLE b ALTER total SET DEFAULT f();";

fn read(home: &Home, path: &str) -> String {
    fs::read_to_string(home.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn dump(home: &Home, scratch: &str) -> support::Said {
    home.run(&["dump", "--split", "--out", "db/schema", "--scratch", scratch, "--scratch-url", &home.url])
}

fn plan(home: &Home, scratch: &str) -> support::Said {
    home.run(&["plan", "--check", "--scratch", scratch, "--scratch-url", &home.url])
}

#[test]
fn a_dump_is_loaded_by_its_main_file() {
    run(async {
        let mut home = Home::new(MAJOR).await;
        home.sql(DATABASE).await;
        dump(&home, "auto").exits(0).says("files under db/schema");
        // Each of the two tables refers to the other.
        assert!(read(&home, "db/schema/zz_later.sql").matches(';').count() <= 2);
        let name = home.server.database(None).await.unwrap();
        let url = home.server.settings(&name).redacted();
        let psql = pg_root().join("client/bin/psql");
        let loaded =
            Command::new(psql).args(["-Xq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-f"]).arg(home.path("db/schema/main.sql")).output();
        let loaded = loaded.unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        for scratch in ["auto", "off"] {
            plan(&home, scratch).exits(0).says("nothing to plan");
            let from_main = ["plan", "--check", "--schema", "db/schema/main.sql", "--scratch", scratch, "--scratch-url", &home.url];
            home.run(&from_main).exits(0).says("nothing to plan");
            home.run(&["diff", "db/schema/main.sql", &url, "--scratch", scratch, "--scratch-url", &home.url]).exits(0);
        }
        dump(&home, "off").exits(0).says("nothing is written");
    });
}

#[test]
fn files_change_where_objects_do() {
    run(async {
        for scratch in ["auto", "off"] {
            let home = Home::new(MAJOR).await;
            home.sql(DATABASE).await;
            dump(&home, scratch).exits(0);
            // People move, reformat and explain.
            let table = format!("-- About everything here.\n\n-- The a.\n{}", read(&home, "db/schema/public/table/a.sql"));
            let table = table.replace("CREATE INDEX a_b ON", "-- Found by b.\ncreate index a_b   on");
            fs::write(home.path("db/schema/public/table/a.sql"), &table).unwrap();
            let view = format!("-- What is shown.\n{}", read(&home, "db/schema/public/view/v.sql"));
            fs::write(home.path("db/schema/public/table/b.sql"), format!("{}\n{view}", read(&home, "db/schema/public/table/b.sql")))
                .unwrap();
            fs::remove_file(home.path("db/schema/public/view/v.sql")).unwrap();
            home.edit("db/schema/main.sql", "\\ir public/view/v.sql\n", "");
            plan(&home, scratch).exits(0).says("nothing to plan");
            dump(&home, scratch).exits(0).says("nothing is written");

            let b = read(&home, "db/schema/public/table/b.sql");
            let function = read(&home, "db/schema/public/function/f.sql");
            home.sql("ALTER TABLE a ADD note text; CREATE TABLE c (id int); COMMENT ON TABLE c IS 'see'; DROP INDEX a_b").await;
            dump(&home, scratch).exits(0).says("wrote db/schema/public/table/c.sql").says("wrote db/schema/public/table/a.sql");
            let after = read(&home, "db/schema/public/table/a.sql");
            assert!(
                after.starts_with("-- About everything here.\n\n-- The a.\nCREATE TABLE public.a (") && after.contains("note text"),
                "{after}"
            );
            assert!(!after.contains("Found by b") && !after.contains("index") && after.contains("IS 'ah'"), "{after}");
            assert_eq!((b, function), (read(&home, "db/schema/public/table/b.sql"), read(&home, "db/schema/public/function/f.sql")));
            assert!(read(&home, "db/schema/main.sql").contains("\\ir public/table/c.sql\n"));
            plan(&home, scratch).exits(0).says("nothing to plan");

            home.sql("DROP TABLE c; DROP VIEW v").await;
            dump(&home, scratch).exits(0).says("removed db/schema/public/table/c.sql").says("wrote db/schema/public/table/b.sql");
            assert!(!read(&home, "db/schema/public/table/b.sql").contains("shown"));
            assert!(!read(&home, "db/schema/main.sql").contains("table/c.sql"));
            plan(&home, scratch).exits(0).says("nothing to plan");
        }
    });
}

#[test]
fn what_people_write_in_their_own_words_stays() {
    run(async {
        let home = Home::new(MAJOR).await;
        let own = "-- Orders.\ncreate table orders (\n    -- its number\n    id serial primary key,\n    at date default now()\n);\n\n\
                   create table lines (n int references orders);\n\n-- by order\ncreate index on lines(n);\n";
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(home.path("db/schema/shop.sql"), own).unwrap();
        home.run(&["plan", "first", "--scratch-url", &home.url]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        for scratch in ["auto", "off"] {
            dump(&home, scratch).exits(0).says("nothing is written");
        }
        home.sql("ALTER TABLE lines ADD price numeric(10, 2); GRANT SELECT ON orders TO PUBLIC").await;
        dump(&home, "off").exits(0).says("wrote db/schema/shop.sql");
        let after = read(&home, "db/schema/shop.sql");
        let (head, tail) = own.split_once("create table lines").unwrap();
        assert!(after.starts_with(head) && after.ends_with(tail.split_once(";\n").unwrap().1), "{after}");
        // The files do not speak of privileges.
        assert!(after.contains("price numeric(10,2)") && !after.contains("GRANT") && !home.path("db/schema/public").exists(), "{after}");
        plan(&home, "auto").exits(0).says("nothing to plan");
    });
}

#[test]
fn drift_is_adopted_and_nothing_else() {
    run(async {
        let home = Home::new(MAJOR).await;
        fs::create_dir_all(home.path("db/schema")).unwrap();
        fs::write(home.path("db/schema/shop.sql"), "create table t (i int); -- of many\n").unwrap();
        home.run(&["plan", "first", "--scratch-url", &home.url]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        home.run(&["drift", "--adopt", "--scratch-url", &home.url]).exits(0).says("No drift");
        home.sql("CREATE INDEX quick ON t (i)").await;
        let ahead = "create table t (i int); -- of many\n\ncreate table ahead (i int);\n";
        fs::write(home.path("db/schema/shop.sql"), ahead).unwrap();
        home.run(&["drift", "--adopt", "--scratch-url", &home.url]).exits(0).says("wrote db/schema/shop.sql");
        let after = read(&home, "db/schema/shop.sql");
        assert!(
            after.starts_with("create table t (i int);") && after.contains("-- of many") && after.contains("create table ahead"),
            "{after}"
        );
        assert!(after.contains("CREATE INDEX quick ON public.t USING btree (i);") || after.contains("CREATE INDEX quick ON"), "{after}");
        home.run(&["plan", "--check", "--scratch-url", &home.url]).exits(1).says("create table public.ahead").says("1 step");
    });
}
