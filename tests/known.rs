//! Plans that are made of what earlier ones found out: as right as those for which all files were run, and only where nothing leaves a doubt.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::dump::{Dump, difference, dump};
use support::{Home, Said, run, said};

/// What a plan says that was proved on a part.
const PART: &str = "known from earlier plans";

const GROUND: &str = "CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad', 'happy');
    CREATE TABLE app.people (id bigint PRIMARY KEY, name text NOT NULL, mood app.mood DEFAULT 'sad');
    CREATE TABLE app.pets (id bigint PRIMARY KEY, owner bigint, name varchar(20), age integer DEFAULT 0 CHECK (age >= 0));
    ALTER TABLE app.pets ADD CONSTRAINT pets_owner_fkey FOREIGN KEY (owner) REFERENCES app.people (id);
    CREATE INDEX pets_name_idx ON app.pets (name);
    CREATE TABLE app.far (id integer PRIMARY KEY, note text);
    COMMENT ON TABLE app.far IS 'far away';";

/// What is said beside the ground, before and after, and whether it can be told from a part, where that is of interest.
const CASES: &[(&str, &str, &str, Option<bool>)] = &[
    ("a table of its own", "", "CREATE TABLE app.toys (id integer PRIMARY KEY, pet bigint REFERENCES app.pets (id))", Some(true)),
    (
        "a star",
        "CREATE TABLE app.t (a int); CREATE VIEW app.v AS SELECT * FROM app.t; CREATE VIEW app.w AS SELECT * FROM app.v",
        "CREATE TABLE app.t (a int, b int); CREATE VIEW app.v AS SELECT * FROM app.t; CREATE VIEW app.w AS SELECT * FROM app.v",
        Some(true),
    ),
    (
        "a type under views",
        "CREATE TABLE app.t (a int, b text); CREATE VIEW app.v AS SELECT a + 1 AS n, b FROM app.t; CREATE INDEX ON app.t (b)",
        "CREATE TABLE app.t (a bigint, b text); CREATE VIEW app.v AS SELECT a + 1 AS n, b FROM app.t; CREATE INDEX ON app.t (b)",
        Some(true),
    ),
    (
        "a parent of partitions",
        "CREATE TABLE app.m (id int, at date) PARTITION BY RANGE (at);
         CREATE TABLE app.m1 PARTITION OF app.m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); CREATE INDEX m_at ON app.m (at)",
        "CREATE TABLE app.m (id int, at date, note text NOT NULL DEFAULT '') PARTITION BY RANGE (at);
         CREATE TABLE app.m1 PARTITION OF app.m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); CREATE INDEX m_at ON app.m (at, id)",
        Some(true),
    ),
    (
        "a parent of tables that inherit",
        "CREATE TABLE app.p (a int, CONSTRAINT positive CHECK (a > 0)); CREATE TABLE app.c (b int) INHERITS (app.p)",
        "CREATE TABLE app.p (a bigint, x text, CONSTRAINT positive CHECK (a > 1)); CREATE TABLE app.c (b int) INHERITS (app.p)",
        Some(true),
    ),
    (
        "a trigger and its function",
        "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER touch BEFORE UPDATE ON app.far FOR EACH ROW EXECUTE FUNCTION app.touch()",
        "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := ''; RETURN NEW; END $$;
         CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON app.far FOR EACH ROW EXECUTE FUNCTION app.touch()",
        Some(true),
    ),
    (
        "a table that goes",
        "CREATE TABLE app.gone (id int PRIMARY KEY, person bigint REFERENCES app.people (id)); COMMENT ON COLUMN app.gone.id IS 'key'",
        "",
        Some(true),
    ),
    (
        "a key that others refer to",
        "CREATE TABLE app.k (a int PRIMARY KEY, b int NOT NULL UNIQUE); CREATE TABLE app.r (k int REFERENCES app.k (b))",
        "CREATE TABLE app.k (a int PRIMARY KEY, b int NOT NULL, CONSTRAINT other UNIQUE (b) INCLUDE (a));
         CREATE TABLE app.r (k int REFERENCES app.k (b))",
        Some(true),
    ),
    (
        "a label",
        "CREATE TYPE app.level AS ENUM ('low', 'high'); CREATE TABLE app.l (level app.level)",
        "CREATE TYPE app.level AS ENUM ('low', 'middle', 'high'); CREATE TABLE app.l (level app.level)",
        Some(true),
    ),
    (
        "a domain in checks and functions",
        "CREATE DOMAIN app.n AS int CHECK (VALUE > 0); CREATE TABLE app.d (n app.n);
         CREATE FUNCTION app.f(app.n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE INDEX d_f ON app.d (app.f(n))",
        "CREATE DOMAIN app.n AS int CHECK (VALUE > 1); CREATE TABLE app.d (n app.n);
         CREATE FUNCTION app.f(app.n) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; CREATE INDEX d_f ON app.d (app.f(n))",
        Some(true),
    ),
    (
        "a column with a sequence",
        "CREATE TABLE app.s (a int)",
        "CREATE TABLE app.s (a int, b serial)",
        Some(true),
    ),
    ("a comment", "", "COMMENT ON COLUMN app.pets.name IS 'as it is called'", Some(true)),
    ("an alteration", "ALTER TABLE app.far SET (fillfactor = 70)", "ALTER TABLE app.far SET (fillfactor = 80)", Some(true)),
    (
        "a function of a name that is there",
        "CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE VIEW app.v AS SELECT app.g(id) FROM app.far",
        "CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE VIEW app.v AS SELECT app.g(id) FROM app.far;
         CREATE FUNCTION app.g(integer) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
        Some(false),
    ),
    (
        "a table that hides another one",
        "CREATE SCHEMA first; SET search_path = first, app; CREATE VIEW app.v AS SELECT id FROM far; RESET search_path",
        "CREATE SCHEMA first; SET search_path = first, app; CREATE VIEW app.v AS SELECT id FROM far; RESET search_path;
         CREATE TABLE first.far (id integer)",
        Some(false),
    ),
    (
        "a table that is like another one",
        "CREATE TABLE app.source (a int DEFAULT 1); CREATE TABLE app.copy (LIKE app.source INCLUDING ALL)",
        "CREATE TABLE app.source (a int DEFAULT 2, b text); CREATE TABLE app.copy (LIKE app.source INCLUDING ALL)",
        Some(true),
    ),
    (
        "a table that is more like another one",
        "CREATE TABLE app.source (a int DEFAULT 1); CREATE TABLE app.copy (LIKE app.source)",
        "CREATE TABLE app.source (a int DEFAULT 1); CREATE TABLE app.copy (LIKE app.source INCLUDING ALL)",
        Some(true),
    ),
    (
        "an argument of the type of a column",
        "CREATE TABLE app.source (a int); CREATE FUNCTION app.f(app.source.a%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE app.source (a text); CREATE FUNCTION app.f(app.source.a%TYPE) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        Some(true),
    ),
    (
        "a name that PostgreSQL chooses",
        "CREATE TABLE app.a_b (c int); CREATE TABLE app.a (b_c int); CREATE INDEX ON app.a (b_c)",
        "CREATE TABLE app.a_b (c int); CREATE INDEX ON app.a_b (c); CREATE TABLE app.a (b_c int); CREATE INDEX ON app.a (b_c)",
        Some(true),
    ),
    (
        "a function that a built-in one would stand in for",
        "CREATE TABLE app.born (id int, at date); CREATE FUNCTION app.age(date) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
        "CREATE TABLE app.born (id int, at date); CREATE FUNCTION app.age(date) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         SET search_path = app; CREATE VIEW ages AS SELECT id, age(at) AS age FROM born; RESET search_path",
        Some(true),
    ),
    (
        "a function of the next schema",
        "CREATE SCHEMA b; CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE FUNCTION b.g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
        "CREATE SCHEMA b; CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE FUNCTION b.g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
         SET search_path = app, b; CREATE VIEW app.v AS SELECT g(id) FROM far; RESET search_path",
        Some(true),
    ),
    (
        "a function in a check and an index",
        "CREATE FUNCTION app.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text'",
        "CREATE FUNCTION app.lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
         SET search_path = app; CREATE TABLE app.n (c varchar CHECK (lower(c) <> '')); CREATE INDEX n_c ON app.n (lower(c)); RESET search_path",
        Some(true),
    ),
    (
        "an operator of one's own",
        "CREATE TABLE app.mn (m app.mood, n text); CREATE FUNCTION app.cat(app.mood, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $2';
         CREATE OPERATOR app.|| (FUNCTION = app.cat, LEFTARG = app.mood, RIGHTARG = text)",
        "CREATE TABLE app.mn (m app.mood, n text); CREATE FUNCTION app.cat(app.mood, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $2';
         CREATE OPERATOR app.|| (FUNCTION = app.cat, LEFTARG = app.mood, RIGHTARG = text);
         SET search_path = app; CREATE VIEW app.v AS SELECT m || n AS x FROM mn; RESET search_path",
        Some(true),
    ),
    (
        "an operator of an extension",
        "CREATE EXTENSION intarray; CREATE TABLE app.ab (a int[], b int[])",
        "CREATE EXTENSION intarray; CREATE TABLE app.ab (a int[], b int[]); CREATE VIEW app.v AS SELECT a && b AS x FROM app.ab",
        Some(true),
    ),
    (
        "a function that hides one of an extension",
        "CREATE EXTENSION pg_trgm SCHEMA app; CREATE TABLE app.ab (a varchar, b varchar); CREATE VIEW app.v AS SELECT app.similarity(a, b) FROM app.ab",
        "CREATE EXTENSION pg_trgm SCHEMA app; CREATE TABLE app.ab (a varchar, b varchar);
         CREATE FUNCTION app.similarity(varchar, varchar) RETURNS real LANGUAGE sql AS 'SELECT 1.0::real'; CREATE VIEW app.v AS SELECT app.similarity(a, b) FROM app.ab",
        Some(false),
    ),
    (
        "a table like another one that has an index",
        "CREATE TABLE app.source (id int PRIMARY KEY, a int, b int); CREATE INDEX ON app.source (a)",
        "CREATE TABLE app.source (id int PRIMARY KEY, a int, b int); CREATE INDEX ON app.source (a);
         CREATE TABLE app.copy (sid int REFERENCES app.source (id), LIKE app.source INCLUDING ALL)",
        None,
    ),
    (
        "an attribute under a star",
        "CREATE TYPE app.addr AS (street text); CREATE TABLE app.t (id int, a app.addr); CREATE VIEW app.v AS SELECT id, (a).* FROM app.t",
        "CREATE TYPE app.addr AS (street text, zip text); CREATE TABLE app.t (id int, a app.addr); CREATE VIEW app.v AS SELECT id, (a).* FROM app.t",
        Some(true),
    ),
    (
        "a column under the star of a function",
        "CREATE TABLE app.item (k int); CREATE TABLE app.o (id int, items app.item[]);
         CREATE VIEW app.v AS SELECT * FROM app.o o CROSS JOIN unnest(o.items) i",
        "CREATE TABLE app.item (k int, note text); CREATE TABLE app.o (id int, items app.item[]);
         CREATE VIEW app.v AS SELECT * FROM app.o o CROSS JOIN unnest(o.items) i",
        Some(true),
    ),
    (
        "a column that a name means first",
        "CREATE TABLE app.a (id int, x int); CREATE TABLE app.b (pid int);
         CREATE VIEW app.v AS SELECT id FROM app.a WHERE EXISTS (SELECT 1 FROM app.b WHERE b.pid = a.id AND x = 1)",
        "CREATE TABLE app.a (id int, x int); CREATE TABLE app.b (pid int, x int);
         CREATE VIEW app.v AS SELECT id FROM app.a WHERE EXISTS (SELECT 1 FROM app.b WHERE b.pid = a.id AND x = 1)",
        Some(true),
    ),
    (
        "statements in another order",
        "CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE VIEW app.v AS SELECT app.g(id) FROM app.far;
         CREATE FUNCTION app.g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
        "CREATE FUNCTION app.g(numeric) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         CREATE FUNCTION app.g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; CREATE VIEW app.v AS SELECT app.g(id) FROM app.far",
        Some(true),
    ),
    (
        "a constraint's name that is taken",
        "CREATE TABLE app.usr (group_id bigint REFERENCES app.people (id))",
        "CREATE TABLE app.usr (group_id bigint REFERENCES app.people (id)); CREATE TABLE app.usr_group (id bigint REFERENCES app.people (id))",
        None,
    ),
    (
        "a type that hides a built-in one",
        "SET search_path = app, pg_catalog; CREATE TABLE app.t (a uuid); RESET search_path",
        "SET search_path = app, pg_catalog; CREATE DOMAIN app.uuid AS text; CREATE TABLE app.t (a uuid); RESET search_path",
        Some(false),
    ),
    (
        "a cast",
        "CREATE FUNCTION app.h(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
        "CREATE FUNCTION app.h(app.mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (app.mood AS int) WITH FUNCTION app.h(app.mood) AS IMPLICIT",
        Some(false),
    ),
    (
        "default privileges",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC; CREATE TABLE app.z (a int)",
        Some(false),
    ),
];

fn remembering(home: &Home, cache: &str, args: &[&str]) -> Said {
    let mut command = home.command(&[args, &["--scratch-url", &home.url]].concat());
    command.env("XDG_CACHE_HOME", home.path(cache)).env("TRUEUP_SCRATCH_KNOWN_FROM", "1").env("TRUEUP_LOG", "trueup::plan=debug");
    said(command.spawn().unwrap())
}

/// Another database on the same server.
async fn fresh(home: &mut Home) {
    let name = home.server.database(None).await.unwrap();
    home.db = home.server.connect(&name, None).await.unwrap();
    home.url = home.server.settings(&name).redacted();
}

fn write(home: &Home, own: &str) {
    fs::create_dir_all(home.path("db/schema")).unwrap();
    fs::write(home.path("db/schema/ground.sql"), GROUND).unwrap();
    fs::write(home.path("db/schema/own.sql"), own).unwrap();
}

/// What is wrong with how it goes, if anything.
async fn trial(home: &mut Home, old: &str, new: &str, by_part: Option<bool>) -> Result<(), String> {
    fresh(home).await;
    home.sql(&format!("{GROUND}{new}")).await;
    let wanted = dump(&home.url);
    fresh(home).await;
    home.folder = tempfile::Builder::new().prefix("trueup-test-").tempdir_in("/tmp").unwrap();
    let run = |home: &Home, cache: &str, args: &[&str]| {
        let said = remembering(home, cache, args);
        if said.code == 0 { Ok(said) } else { Err(format!("{args:?}: {}{}", said.out, said.err)) }
    };
    let same = |what: &str, home: &Home, wanted: &Dump| match difference(&dump(&home.url), wanted) {
        differences if differences.is_empty() => Ok(()),
        differences => Err(format!("{what}: {}", differences.join("; "))),
    };
    write(home, old);
    run(home, "cache", &["plan", "first"])?;
    run(home, "cache", &["apply", "--yes"])?;
    let before = dump(&home.url);
    write(home, new);
    let planned = run(home, "cache", &["plan", "second", "--format", "json"])?;
    let otherwise = run(home, "another", &["plan", "second", "--format", "json", "--plans", "others"])?;
    let (document, whole) = (planned.json(), otherwise.json());
    for way in ["up", "down"] {
        let [steps, wanted] = [&document, &whole].map(|document| document[way]["steps"].to_string());
        if steps != wanted {
            return Err(format!("{way} is another one than without the cache:\n{steps}\n{wanted}"));
        }
    }
    let proof = document["proof"].as_str().unwrap_or_default().to_owned();
    if !proof.contains("again proved") || by_part.is_some_and(|by_part| proof.contains(PART) != by_part) {
        return Err(format!("{proof}\n{}", planned.err));
    }
    run(home, "cache", &["apply", "--yes", "--allow-destructive"])?;
    same("up", home, &wanted)?;
    for cache in ["cache", "another"] {
        run(home, cache, &["plan", "--check"])?;
    }
    run(home, "cache", &["down", "--yes", "--allow-destructive"])?;
    same("down", home, &before)
}

fn try_all(major: u32, ways: usize) {
    let faults: Vec<String> = run(async {
        let mut home = Home::new(major).await;
        let mut faults = Vec::new();
        for &(name, old, new, by_part) in CASES {
            for (way, old, new) in [("forth", old, new), ("back", new, old)].into_iter().take(ways) {
                if let Err(fault) = trial(&mut home, old, new, by_part).await {
                    faults.push(format!("{name}, {way}: {fault}"));
                }
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn what_is_known_makes_the_same_plans() {
    try_all(17, 1);
}

#[test]
fn what_is_known_makes_the_same_plans_on_18() {
    try_all(18, 2);
}

#[test]
fn what_is_known_makes_the_same_plans_on_14() {
    try_all(14, 1);
}

/// The same twice: the second one is told from what the first one found out.
#[test]
fn the_same_plan_again_is_the_same_byte_by_byte() {
    run(async {
        let home = Home::new(17).await;
        write(&home, "");
        home.sql("CREATE SCHEMA app; CREATE TABLE app.far (id integer PRIMARY KEY)").await;
        let plans = ["one", "two", "three"].map(|plans| {
            remembering(&home, "cache", &["plan", "same", "--plans", plans]).exits(0);
            fs::read_to_string(home.path(plans).join("0001_same.up.sql")).unwrap()
        });
        assert_eq!(plans[0], plans[1]);
        assert_eq!(plans[0], plans[2]);
    });
}

/// What the cache knows of files.
fn kept(home: &Home) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(home.path("cache")).into_iter().flatten().map(walkdir::DirEntry::into_path);
    files.filter(|path| path.is_file() && path.file_name().unwrap().to_string_lossy().starts_with("known-")).collect()
}

/// A cache is nothing to rely on: what is in it may be cut short, or somebody's else.
#[test]
fn a_broken_cache_costs_time_only() {
    run(async {
        let home = Home::new(17).await;
        write(&home, "");
        remembering(&home, "cache", &["plan", "--check"]).exits(1);
        let known = || kept(&home).into_iter().find(|path| path.extension().is_none()).unwrap();
        let whole = fs::read(known()).unwrap();
        write(&home, "CREATE TABLE app.more (id integer)");
        for broken in [&whole[..whole.len() / 2], &b"nothing of use"[..], &[]] {
            fs::write(known(), broken).unwrap();
            let said = remembering(&home, "cache", &["plan", "--check"]);
            assert!(!said.exits(1).out.contains(PART), "{}", said.out);
        }
        write(&home, "");
        remembering(&home, "cache", &["plan", "--check"]).exits(1).says(PART);
    });
}

/// What somebody did to the database is seen, whatever is known of the files.
#[test]
fn drift_is_seen() {
    run(async {
        let home = Home::new(17).await;
        write(&home, "");
        remembering(&home, "cache", &["plan", "first"]).exits(0);
        remembering(&home, "cache", &["apply", "--yes"]).exits(0);
        remembering(&home, "cache", &["plan", "--check"]).exits(0);
        home.sql("ALTER TABLE app.pets ADD COLUMN stray text; DROP INDEX app.pets_name_idx; COMMENT ON TABLE app.far IS 'near'").await;
        let said = remembering(&home, "cache", &["plan", "--check", "--format", "json"]);
        let proof = said.exits(1).json()["proof"].as_str().unwrap().to_owned();
        assert!(proof.contains(PART), "{proof}");
        for words in ["stray", "pets_name_idx", "far away"] {
            assert!(said.out.contains(words), "{}", said.out);
        }
    });
}

/// Passwords have no place in a cache.
#[test]
fn secrets_are_not_kept() {
    run(async {
        let home = Home::new(17).await;
        let secret = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
            CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'ada', password 'hunter2')";
        write(&home, secret);
        remembering(&home, "cache", &["plan", "--check"]).exits(1);
        assert_eq!(kept(&home), Vec::<PathBuf>::new());
    });
}
