use super::*;
use crate::object::Session;

/// The canonical form of an expression in an empty database.
fn key(text: &str) -> String {
    let session = Session::new(Catalog::empty(18));
    let place = Place::default();
    match session.expression(&sql::parse_expr(text).unwrap_or_default(), &Scope::None) {
        Ok((expr, _)) => Form::of(&session.catalog, &BTreeMap::new(), &place, &expr.sql).key(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn spellings_become_one() {
    for (one, other) in [
        ("'a'::text = 'b'", "'a' = 'b'::text"),
        ("now() > '2020-01-01'", "now() > '2020-01-01 00:00:00+00'::timestamp with time zone"),
        ("1 IN (2, 3)", "1 = ANY (ARRAY[2, 3])"),
        ("current_setting('x') = ''", "(current_setting('x'::text) = ''::text)"),
        ("'-1'::integer", "-1"),
        ("CAST('t' AS boolean)", "true"),
        ("CASE WHEN true THEN 'a' END", "CASE WHEN true THEN 'a'::text ELSE NULL::text END"),
        ("jsonb_build_object('a', 1)", "pg_catalog.jsonb_build_object('a'::text, 1)"),
        ("'x' NOT LIKE 'y'", "('x'::text !~~ 'y'::text)"),
        ("ARRAY['a', 'b']::text[]", "ARRAY['a'::text, 'b'::text]"),
        ("sqrt(txid_current())", "sqrt((txid_current())::double precision)"),
        ("'90'::interval minute", "'01:30:00'::interval minute"),
        ("'1.5'::interval hour", "'01:00:00'::interval hour"),
        ("'1 day 2.5 hours'::interval", "'1 day 02:30:00'::interval"),
        ("'12.5'::money", "'$12.50'::money"),
        ("'1234'::money", "'$1,234.00'::money"),
        ("x'1F'", "'00011111'::\"bit\""),
        ("jsonb_extract_path_text('{}'::jsonb, VARIADIC (ARRAY['a'::varchar, 'b'])::text[])", "jsonb_extract_path_text('{}', 'a', 'b')"),
        ("jsonb_extract_path_text('{}'::jsonb, VARIADIC ARRAY['a', 'b'])", "jsonb_extract_path_text('{}', 'a', 'b')"),
        ("'2006-11-10 00:00:00+01'::timestamptz", "'2006-11-09 23:00:00+00'::timestamp with time zone"),
        ("length('abc') BETWEEN 1 AND 2", "((length('abc'::text) >= 1) AND (length('abc'::text) <= 2))"),
    ] {
        assert_eq!(key(one), key(other));
    }
}

#[test]
fn meanings_stay_apart() {
    for (one, other) in [
        ("'1'::integer", "'1'::bigint"),
        ("'1'", "1"),
        ("'a'::varchar(1)", "'a'::varchar(2)"),
        ("to_jsonb('1'::text)", "to_jsonb('1'::json)"),
        ("1 / 2", "1 / 2.0"),
        ("1 / 2", "1::numeric / 2"),
        ("pg_typeof(1::bigint)", "pg_typeof(1)"),
        ("'a'::text::bytea", "'a'::bytea::text"),
        ("coalesce('2020-01-01 10:00'::date, now())", "coalesce('2020-01-01 10:00'::timestamp, now())"),
        ("(true OR false) AND false", "true OR (false AND false)"),
        ("(1 - 2) - 3", "1 - (2 - 3)"),
        ("'2020-01-01'::timestamp", "'2020-01-01'::date"),
        ("interval '1 day'", "interval '24 hours'"),
        ("now()", "clock_timestamp()"),
        ("'A' ~~ 'b'", "'A' ~~* 'b'"),
        ("count(DISTINCT 1)", "count(1)"),
        ("sqrt(txid_current()::real)", "sqrt(txid_current())"),
        ("sqrt(txid_current()::real)", "sqrt(txid_current()::double precision)"),
        ("'0.1'::real + random()", "'0.1'::double precision + random()"),
        ("'a '::bpchar || current_setting('x')", "'a ' || current_setting('x')"),
        ("'90'::interval minute", "'01:30:00'::interval"),
        ("'1'::interval day", "'1'::interval year"),
        ("'1.5'::interval hour", "'1.5'::interval second"),
        ("'1,5'::money", "'15'::money"),
        ("'1'::money", "'-1'::money"),
        ("x'1F'", "x'1E'"),
        ("b'1'", "b'01'"),
        ("concat(VARIADIC ARRAY['a', 'b'])", "concat(ARRAY['a', 'b'])"),
        ("jsonb_extract_path_text('{}'::jsonb, VARIADIC ARRAY['a', 'b'])", "jsonb_extract_path_text('{}'::jsonb, 'a', 'c')"),
        ("'2020-01-01 00:00+01'::timestamptz", "'2020-01-01 00:00+02'::timestamptz"),
        ("'1.10'::numeric", "'1.1'::numeric"),
        ("now()::date = current_date", "now() = current_date"),
        ("ARRAY[1, 2]::bigint[]", "ARRAY[1, 2]"),
        ("to_char(now(), 'x')", "to_char(now()::timestamp, 'x')"),
        ("pg_backend_pid() / 2.0", "pg_backend_pid() / 2"),
        ("coalesce(current_setting('x'), 'a')::varchar(1)", "coalesce(current_setting('x'), 'a')"),
        ("date_trunc('day', current_date)", "date_trunc('day', current_date::timestamp)"),
    ] {
        assert_ne!(key(one), key(other), "{one} and {other}");
    }
}

#[test]
fn rows_are_no_columns() {
    let mut session = Session::new(Catalog::empty(18));
    let made = crate::source::interpret::replay(&mut session, ["CREATE SCHEMA s", "CREATE TABLE s.t (t integer, a integer)"]);
    assert!(made.is_ok());
    let table = ObjectId::in_schema(Kind::Table, crate::model::QName::new("s", "t"));
    let place = Place { scope: Scope::Table(&table), ..Place::default() };
    let key = |text: &str| Form::of(&session.catalog, &BTreeMap::new(), &place, text).key();
    assert_ne!(key("t IS NOT NULL"), key("t.* IS NOT NULL"));
    assert_ne!(key("num_nulls(t)"), key("num_nulls(t.*)"));
    assert_eq!(key("num_nulls(s.t.*)"), key("num_nulls(t.*)"));
}

#[test]
fn broken_and_deep_texts_stay() {
    let catalog = Catalog::empty(18);
    let form = |text: &str| Form::of(&catalog, &BTreeMap::new(), &Place::default(), text);
    assert_eq!(form("no sql (").key(), "no sql (");
    let deep = format!("a{}", " || b".repeat(2000));
    let done = sql::stack::run_big(|| (matches!(form(&deep), Form::Tree(_)), form(&deep).key() == form(&deep[..deep.len() - 1]).key()));
    assert!(done.is_ok_and(|done| done == (true, false)));
}
