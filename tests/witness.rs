//! The witness on real servers: what is the same must look the same, whatever way it came about, and every single change must be seen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::Instant;

use tokio_postgres::Client;
use trueup::plan::proof::witness::{Photograph, RowAddress, Scope, Tolerance, differences, digest, photograph};
use trueup::scratch::Scratch;
use trueup::source::connect::Connection;

const RICH: &str = include_str!("witness/rich.sql");
const CHANGES: &str = include_str!("witness/changes.sql");
const NONE: [&str; 0] = [];

/// Statements in their phases.
fn phases() -> Vec<Vec<&'static str>> {
    let phases = RICH.split("-- phase\n");
    phases.map(|phase| phase.split("\n\n").map(str::trim).filter(|text| !text.is_empty() && !text.starts_with("-- ")).collect()).collect()
}

async fn run(client: &Client, sql: &str) {
    if let Err(error) = client.batch_execute(sql).await {
        panic!("{sql}: {}", error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned()));
    }
}

async fn open(server: &Scratch, database: &str) -> Connection {
    server.connect(database, None).await.unwrap()
}

async fn picture(connection: &Connection) -> Photograph {
    photograph(connection, &Scope::default()).await.unwrap()
}

async fn picture_of(server: &Scratch, database: &str) -> Photograph {
    let connection = open(server, database).await;
    let picture = picture(&connection).await;
    connection.close().await;
    picture
}

fn told(left: &Photograph, right: &Photograph, tolerance: &Tolerance) -> Vec<String> {
    differences(left, right, tolerance).iter().filter(|difference| !difference.own).map(ToString::to_string).collect()
}

/// Makes a database with the schema, each phase from its end where `reversed`.
async fn load(server: &mut Scratch, reversed: bool) -> String {
    let database = server.database(None).await.unwrap();
    let connection = open(server, &database).await;
    for mut phase in phases() {
        if reversed {
            phase.reverse();
        }
        for statement in phase {
            run(&connection.client, statement).await;
        }
    }
    connection.close().await;
    database
}

/// What leaves its traces in OIDs, column numbers, sort orders and flags, but not in what the schema is.
const DETOURS: &[&str] = &[
    "CREATE SCHEMA trueup CREATE TABLE trueup.history (id serial PRIMARY KEY, v varchar(3) DEFAULT 'a') CREATE VIEW trueup.v AS SELECT * FROM trueup.history",
    "COMMENT ON COLUMN trueup.history.v IS 'not looked at'",
    "ALTER TABLE app.item ADD COLUMN junk text; ALTER TABLE app.item DROP COLUMN junk",
    "ALTER TABLE app.parent ADD COLUMN late integer; ALTER TABLE app.parent DROP COLUMN late",
    "ALTER TABLE app.owner_of DROP COLUMN nick; ALTER TABLE app.owner_of ADD COLUMN nick text; ALTER TABLE app.owner_of ALTER COLUMN nick SET (n_distinct = -0.5)",
    "CREATE RULE r AS ON INSERT TO app.parent DO ALSO NOTHING; DROP RULE r ON app.parent",
    "GRANT ALL ON app.parent TO app_reader; REVOKE ALL ON app.parent FROM app_reader",
    "ALTER TABLE app.child ALTER c SET NOT NULL; ALTER TABLE app.child ALTER c DROP NOT NULL",
    "INSERT INTO app.parent SELECT generate_series(1, 99); ANALYZE",
    "CREATE INDEX junk ON app.hashed (id); DROP INDEX app.junk",
    "ALTER TABLE app.part DETACH PARTITION app.part_rest; ALTER TABLE app.part ATTACH PARTITION app.part_rest DEFAULT",
    "ALTER TABLE app.item DROP CONSTRAINT sized, ADD CONSTRAINT sized CHECK ((name)::text = ANY (ARRAY[('s'::character varying)::text, ('l'::character varying)::text]))",
    "CREATE TEMPORARY TABLE mine (x text)",
    "VACUUM",
];

/// Gives the name of the first database for the tests that follow.
async fn the_same_is_the_same(server: &mut Scratch) -> String {
    let one = load(server, false).await;
    let two = load(server, true).await;
    let (first, two) = (picture_of(server, &one).await, open(server, &two).await);
    let second = picture(&two).await;
    assert_eq!(told(&first, &second, &Tolerance::default()), NONE);
    assert_eq!(digest(&first), digest(&second));
    for detour in DETOURS {
        run(&two.client, detour).await;
        assert_eq!(told(&first, &picture(&two).await, &Tolerance::default()), NONE, "{detour}");
    }
    let strict = Tolerance { column_order: false, ..Tolerance::default() };
    assert_eq!(told(&first, &picture(&two).await, &strict), NONE);
    run(&two.client, "ALTER TABLE app.owner_of DROP COLUMN name CASCADE; ALTER TABLE app.owner_of ADD COLUMN name text NOT NULL UNIQUE")
        .await;
    let moved = told(&first, &picture(&two).await, &strict);
    assert!(
        moved.contains(&"pg_class app.owner_of: order of columns is id, name, nick on the left, id, nick, name on the right".to_owned()),
        "{moved:#?}"
    );
    two.close().await;
    one
}

/// What a role may not read is said and not compared.
async fn hidden_is_said(server: &Scratch, one: &str) {
    let full = picture_of(server, one).await;
    assert_eq!(full.hidden, NONE);
    let reader = server.connect(one, Some("app_reader")).await.unwrap();
    let part = picture(&reader).await;
    reader.close().await;
    assert_eq!(part.hidden, ["pg_user_mapping.umoptions", "pg_subscription.subconninfo"]);
    assert_eq!(told(&full, &part, &Tolerance::default()), NONE);
}

/// Every photographed object has the address that PostgreSQL gives it, and no OID is left in any value.
async fn addresses_are_the_servers(server: &Scratch, one: &str) {
    let connection = open(server, one).await;
    let picture = picture(&connection).await;
    let sql = "SELECT i.identity FROM pg_class c, pg_identify_object('pg_class'::regclass, c.oid, 0) i WHERE c.relnamespace = 'app'::regnamespace";
    for row in connection.client.query(sql, &[]).await.unwrap() {
        let object: &str = row.get(0);
        assert!(picture.rows.contains_key(&RowAddress::new("pg_class", object)), "{object}");
    }
    for (address, row) in &picture.rows {
        for text in row.columns().filter_map(|(_, value)| value).chain([&*address.object]) {
            let words = text.split(|c: char| !c.is_ascii_digit());
            let suspicious = words.filter_map(|word| word.parse::<u32>().ok()).any(|number| (16384..60_000).contains(&number));
            assert!(!suspicious && !text.contains("OID"), "{address}: {text}");
        }
    }
    connection.close().await;
}

/// A subscription is the cluster's, so that no copy of its database has it.
async fn subscriptions_are_seen(server: &Scratch, one: &str) {
    let connection = open(server, one).await;
    let before = picture(&connection).await;
    run(&connection.client, "DROP SUBSCRIPTION sub").await;
    let after = picture(&connection).await;
    connection.close().await;
    assert_eq!(told(&before, &after, &Tolerance::default()), ["pg_subscription sub: only on the left"]);
}

/// What a change must show, and the statements; `None` where this major does not know them.
fn change(text: &str, major: u32) -> Option<(&str, &str)> {
    let (expected, sql) = text.split_once('\n').unwrap();
    let expected = expected.strip_prefix("-- ").unwrap();
    let Some((since, expected)) = expected.strip_prefix("since ").and_then(|rest| rest.split_once(": ")) else {
        return Some((expected, sql));
    };
    (major >= since.parse().unwrap()).then_some((expected, sql))
}

/// Runs each change on a copy of the database, and looks for what its comment tells.
async fn every_change_is_seen(server: &mut Scratch, one: &str) {
    let base = picture_of(server, one).await;
    let (major, mut unseen) = (server.major(), Vec::new());
    for (expected, sql) in CHANGES.trim().split("\n\n").filter_map(|text| change(text, major)) {
        let database = server.database(Some(one)).await.unwrap();
        let connection = open(server, &database).await;
        run(&connection.client, sql).await;
        let after = picture(&connection).await;
        connection.close().await;
        server.drop_database(&database).await.unwrap();
        let told = told(&base, &after, &Tolerance::default());
        if !told.iter().any(|line| line.starts_with(expected)) {
            unseen.push(format!("{sql}\nexpected {expected}, told {told:#?}"));
        }
        assert_ne!(digest(&base), digest(&after), "{sql}");
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

/// Owners, privileges, settings and rows may be tolerated.
async fn tolerance_tolerates(server: &mut Scratch, one: &str) {
    let base = picture_of(server, one).await;
    let database = server.database(Some(one)).await.unwrap();
    let other = open(server, &database).await;
    run(&other.client, "ALTER TABLE app.parent OWNER TO app_owner").await;
    let owners = Tolerance { owners: true, ..Tolerance::default() };
    assert_eq!(told(&base, &picture(&other).await, &owners), NONE);
    run(&other.client, "REVOKE ALL ON pg_catalog.pg_class FROM PUBLIC; GRANT SELECT (ctid) ON app.parent TO app_reader").await;
    run(&other.client, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader; REFRESH MATERIALIZED VIEW app.totals").await;
    run(&other.client, &format!("ALTER DATABASE {database} SET work_mem = '9MB'")).await;
    let all = Tolerance { owners: true, privileges: true, database_settings: true, populated: true, column_order: true };
    assert_eq!(told(&base, &picture(&other).await, &all), ["pg_attribute app.parent.ctid: only on the right"]);
    other.close().await;
}

/// A thousand tables in less than the second that a proof can spare (ten times that without optimization, beside other tests).
async fn a_thousand_tables_are_fast(server: &mut Scratch) {
    const TABLES: &str = "DO $do$BEGIN FOR i IN 0..999 LOOP
        EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, ref bigint REFERENCES t%s, a text NOT NULL, b integer DEFAULT 0, c numeric(10,2),
            d date DEFAULT now(), e text, f text, g integer, h boolean CHECK (h OR a <> b::text))', i, i / 2);
        EXECUTE format('CREATE INDEX ON t%s (a, b); CREATE INDEX ON t%s (d) WHERE h', i, i);
        IF i % 100 = 0 THEN COMMIT; END IF;
        END LOOP; END$do$";
    let database = server.database(None).await.unwrap();
    let connection = open(server, &database).await;
    run(&connection.client, TABLES).await;
    picture(&connection).await;
    let start = Instant::now();
    let left = picture(&connection).await;
    let taken = start.elapsed();
    assert_eq!(told(&left, &picture(&connection).await, &Tolerance::default()), NONE);
    // Rows of the system's own are there for their privileges.
    let own = |address: &&RowAddress| !address.object.starts_with("information_schema.");
    let count = |catalog: &str| left.rows.keys().filter(own).filter(|address| address.catalog == catalog).count();
    // A table with its key, its CHECK and two indexes; NOT NULLs are constraints since 18.
    let constraints = if left.major < 18 { 3000 } else { 5000 };
    let counts = ["pg_class", "pg_attribute", "pg_index", "pg_constraint"].map(count);
    assert_eq!(counts, [4000, 14_000, 3000, constraints]);
    connection.close().await;
    eprintln!("{} rows in {taken:?}", left.rows.len());
    assert!(taken.as_secs() < 10, "{taken:?}");
}

fn on(major: u32) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut server = common::server(major).await;
        for role in ["app_owner", "app_reader", "Odd \"role"] {
            server.ensure_role(role, false).await.unwrap();
        }
        let one = the_same_is_the_same(&mut server).await;
        hidden_is_said(&server, &one).await;
        addresses_are_the_servers(&server, &one).await;
        subscriptions_are_seen(&server, &one).await;
        every_change_is_seen(&mut server, &one).await;
        tolerance_tolerates(&mut server, &one).await;
        a_thousand_tables_are_fast(&mut server).await;
        server.stop().await.unwrap();
    });
}

#[test]
fn postgresql_14() {
    on(14);
}

#[test]
fn postgresql_15() {
    on(15);
}

#[test]
fn postgresql_16() {
    on(16);
}

#[test]
fn postgresql_17() {
    on(17);
}

#[test]
fn postgresql_18() {
    on(18);
}
