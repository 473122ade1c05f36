//! Which statements a difference gives, where that can be seen without a server.
#![allow(clippy::unwrap_used)]

use trueup::model::{Catalog, Pair};
use trueup::object::Session;
use trueup::plan::steps::steps;
use trueup::source::interpret::replay;

fn catalog(ddl: &[&str]) -> Catalog {
    let mut session = Session::new(Catalog::empty(17));
    replay(&mut session, ddl.iter().copied()).unwrap();
    session.catalog
}

fn statements(from: &[&str], to: &[&str]) -> Vec<String> {
    let (from, to) = (catalog(from), catalog(to));
    steps(Pair::new(&from, &to), true).unwrap().into_iter().map(|step| step.sql).collect()
}

#[test]
fn a_column_that_a_child_keeps_outlives_its_parents() {
    let from = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.above (a integer, b integer)",
        "CREATE TABLE s.keeps (c integer) INHERITS (s.above)",
        "CREATE TABLE s.loses (c integer) INHERITS (s.above)",
        "CREATE TABLE s.below (d integer) INHERITS (s.loses)",
    ];
    let to = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.above (a integer)",
        "CREATE TABLE s.keeps (c integer, b integer) INHERITS (s.above)",
        "CREATE TABLE s.loses (c integer) INHERITS (s.above)",
        "CREATE TABLE s.below (d integer) INHERITS (s.loses)",
    ];
    assert_eq!(statements(&from, &to), ["ALTER TABLE ONLY s.above DROP COLUMN b", "ALTER TABLE s.loses DROP COLUMN b"]);
}

#[test]
fn a_view_and_a_default_are_never_missed_between_two_transactions() {
    let from = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a integer, b integer)",
        "CREATE VIEW s.v AS SELECT a FROM s.t",
        "CREATE INDEX i ON s.t USING btree (b)",
    ];
    let to = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a bigint, b integer)",
        "CREATE VIEW s.v AS SELECT a FROM s.t",
        "CREATE INDEX j ON s.t USING btree (b DESC)",
    ];
    let all = statements(&from, &to);
    let at = |start: &str| all.iter().position(|sql| sql.starts_with(start)).unwrap();
    let (gone, back) = (at("DROP VIEW"), at("CREATE VIEW"));
    assert!(gone < back);
    assert!(all[gone..back].iter().all(|sql| !sql.contains("CONCURRENTLY")), "{all:#?}");
}

#[test]
fn a_view_is_back_before_an_index_is_built_that_others_wait_for() {
    let from = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a integer, b integer) PARTITION BY RANGE (b)",
        "CREATE TABLE s.p PARTITION OF s.t FOR VALUES FROM (0) TO (9)",
        "CREATE VIEW s.v AS SELECT a FROM s.t",
    ];
    let to = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a bigint, b integer) PARTITION BY RANGE (b)",
        "CREATE TABLE s.p PARTITION OF s.t FOR VALUES FROM (0) TO (9)",
        "CREATE VIEW s.v AS SELECT a FROM s.t",
        "CREATE INDEX i ON s.t USING btree (a)",
    ];
    let all = statements(&from, &to);
    let at = |start: &str| all.iter().position(|sql| sql.starts_with(start)).unwrap();
    let (back, built, attached) = (at("CREATE VIEW"), at("CREATE INDEX CONCURRENTLY"), at("ALTER INDEX"));
    assert!(back < built && built < attached, "{all:#?}");
}

#[test]
fn no_rows_are_missing_from_a_parent_while_an_index_is_built() {
    let from = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a integer, b integer) PARTITION BY RANGE (b)",
        "CREATE TABLE s.p PARTITION OF s.t FOR VALUES FROM (0) TO (9)",
        "CREATE INDEX i ON s.t USING btree (a)",
    ];
    let to = [
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (a integer, b integer) PARTITION BY RANGE (b)",
        "CREATE TABLE s.p PARTITION OF s.t FOR VALUES FROM (0) TO (19)",
        "CREATE INDEX i ON s.t USING btree (a DESC)",
    ];
    let all = statements(&from, &to);
    let at = |what: &str| all.iter().position(|sql| sql.contains(what)).unwrap();
    let (gone, back) = (at("DETACH PARTITION"), at("ATTACH PARTITION s.p FOR"));
    assert!(gone < back);
    assert!(all[gone..back].iter().all(|sql| !sql.contains("CONCURRENTLY")), "{all:#?}");
}

#[test]
fn an_extension_goes_back_to_an_earlier_version_by_coming_anew_unless_values_would_be_lost() {
    const S: &str = "CREATE SCHEMA s";
    let version = |number: &str| format!("CREATE EXTENSION hstore SCHEMA s VERSION '{number}'");
    let (newer, older) = (version("1.10"), version("1.9"));
    assert_eq!(statements(&[S, &newer], &[S, &older]), ["DROP EXTENSION hstore", "CREATE EXTENSION hstore WITH SCHEMA s VERSION \"1.9\""]);
    assert_eq!(statements(&[S, &older], &[S, &newer]), ["ALTER EXTENSION hstore UPDATE TO \"1.10\""]);
    let table = "CREATE TABLE s.t (h s.hstore)";
    assert_eq!(statements(&[S, &newer, table], &[S, &older, table]), ["ALTER EXTENSION hstore UPDATE TO \"1.9\""]);
}

const KEYED: [&str; 4] = [
    "CREATE SCHEMA s",
    "CREATE TABLE s.t (id integer NOT NULL, a integer, b integer, CONSTRAINT u UNIQUE (a))",
    "CREATE INDEX i ON s.t USING btree (a)",
    "CREATE UNIQUE INDEX k ON s.t USING btree (id)",
];

#[test]
fn an_index_serves_until_the_one_that_takes_its_place_is_built() {
    let to = [KEYED[0], KEYED[1], "CREATE INDEX i ON s.t USING btree (a, b)", KEYED[3]];
    assert_eq!(
        statements(&KEYED, &to),
        [
            "ALTER INDEX s.i RENAME TO i__trueup_old",
            "CREATE INDEX CONCURRENTLY i ON s.t USING btree (a, b)",
            "DROP INDEX CONCURRENTLY s.i__trueup_old",
        ]
    );
}

#[test]
fn a_key_holds_until_the_index_of_the_next_one_is_built() {
    let to = [KEYED[0], "CREATE TABLE s.t (id integer NOT NULL, a integer, b integer, CONSTRAINT u UNIQUE (a, b))", KEYED[2], KEYED[3]];
    assert_eq!(
        statements(&KEYED, &to),
        [
            "CREATE UNIQUE INDEX CONCURRENTLY u__trueup_new ON s.t (a, b)",
            "ALTER TABLE s.t DROP CONSTRAINT u",
            "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE USING INDEX u__trueup_new",
        ]
    );
}

#[test]
fn a_key_takes_an_index_that_is_there() {
    let table = |more: &str| format!("CREATE TABLE s.t (id integer NOT NULL, a integer, b integer, CONSTRAINT u UNIQUE (a){more})");
    let (same, other) = (table(", CONSTRAINT k UNIQUE (id)"), table(", CONSTRAINT p PRIMARY KEY (id)"));
    assert_eq!(statements(&KEYED, &[KEYED[0], &same, KEYED[2]]), ["ALTER TABLE s.t ADD CONSTRAINT k UNIQUE USING INDEX k"]);
    assert_eq!(statements(&KEYED, &[KEYED[0], &other, KEYED[2]]), ["ALTER TABLE s.t ADD CONSTRAINT p PRIMARY KEY USING INDEX k"]);
    let descending = "CREATE UNIQUE INDEX k ON s.t USING btree (id DESC)";
    let all = statements(&[KEYED[0], KEYED[1], KEYED[2], descending], &[KEYED[0], &same, KEYED[2]]);
    assert!(all.iter().any(|sql| sql.starts_with("CREATE UNIQUE INDEX CONCURRENTLY k")), "{all:#?}");
}

#[test]
fn not_null_takes_the_place_of_a_check_that_says_the_same() {
    let from = ["CREATE SCHEMA s", "CREATE TABLE s.t (a integer, b integer, CONSTRAINT k CHECK (a IS NOT NULL))"];
    let to = ["CREATE SCHEMA s", "CREATE TABLE s.t (a integer NOT NULL, b integer)"];
    assert_eq!(statements(&from, &to), ["ALTER TABLE s.t ALTER COLUMN a SET NOT NULL", "ALTER TABLE s.t DROP CONSTRAINT k"]);
}
