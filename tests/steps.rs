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
fn an_extension_goes_back_to_an_earlier_version_by_coming_anew_unless_values_would_be_lost() {
    const S: &str = "CREATE SCHEMA s";
    let version = |number: &str| format!("CREATE EXTENSION hstore SCHEMA s VERSION '{number}'");
    let (newer, older) = (version("1.10"), version("1.9"));
    assert_eq!(statements(&[S, &newer], &[S, &older]), ["DROP EXTENSION hstore", "CREATE EXTENSION hstore WITH SCHEMA s VERSION \"1.9\""]);
    assert_eq!(statements(&[S, &older], &[S, &newer]), ["ALTER EXTENSION hstore UPDATE TO \"1.10\""]);
    let table = "CREATE TABLE s.t (h s.hstore)";
    assert_eq!(statements(&[S, &newer, table], &[S, &older, table]), ["ALTER EXTENSION hstore UPDATE TO \"1.9\""]);
}
