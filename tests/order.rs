//! Files whose statements are not all understood without a server: the others keep their places behind those, so that a database that was
//! made by running the files as they stand needs no change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, run, schema};

/// Each with the statement in front that only a server understands.
const SCRIPTS: &[(&str, &str)] = &[
    (
        "privileges of all that is there",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE TABLE people (id int, feels mood);
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor;",
    ),
    (
        "functions of all that is there",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE FUNCTION felt(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;",
    ),
    (
        "privileges of what comes later",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE TABLE people (id int, feels mood);
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO pg_monitor;",
    ),
    (
        "columns in their order, and a star",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE TABLE people (id int);
         ALTER TABLE people ADD COLUMN feels mood;
         ALTER TABLE people ADD COLUMN age int;
         CREATE VIEW all_of_it AS SELECT * FROM people;",
    ),
    (
        "names that are chosen",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE TABLE people (id int, feels text);
         ALTER TABLE people ADD CHECK (feels::mood = 'a');
         ALTER TABLE people ADD CHECK (feels <> '');",
    ),
    (
        "what a function makes",
        "CREATE FUNCTION made() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE hidden (a int); END $$;
         SELECT made();
         CREATE VIEW seen AS SELECT a FROM hidden;
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor;",
    ),
    (
        "what is dropped and made again",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
         CREATE TABLE people (id int, feels mood);
         DROP TABLE IF EXISTS people;
         CREATE TABLE people (id int, feels mood, age int);",
    ),
];

#[test]
fn what_is_not_understood_keeps_the_order() {
    let faults: Vec<String> = run(async {
        let mut home = Home::new(17).await;
        let scratch = home.url.clone();
        let mut faults = Vec::new();
        for (what, script) in SCRIPTS {
            let name = home.server.database(None).await.unwrap();
            home.db = home.server.connect(&name, None).await.unwrap();
            home.url = home.server.settings(&name).redacted();
            home.sql(script).await;
            schema(&home, script);
            let said = home.run(&["plan", "--check", "--scratch-url", &scratch]);
            if said.code != 0 {
                faults.push(format!("{what}: {}{}", said.out, said.err));
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// What needs something of a later file comes behind that all the same.
#[test]
fn files_are_in_any_order_beside_it() {
    run(async {
        let home = Home::new(17).await;
        schema(
            &home,
            "DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typname = 'mood') = 0 THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
             CREATE VIEW early AS SELECT id, feels FROM people;
             CREATE TABLE pets (id int, owner int REFERENCES people (id), feels mood);",
        );
        fs::write(home.path("db/schema/b.sql"), "CREATE TABLE people (id int PRIMARY KEY, feels mood);").unwrap();
        home.run(&["plan", "all", "--scratch-url", &home.url]).exits(0);
        home.run(&["apply", "--yes"]).exits(0);
        home.run(&["plan", "--check", "--scratch-url", &home.url]).exits(0);
    });
}
