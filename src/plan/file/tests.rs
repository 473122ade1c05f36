#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::model::{Lock, LockMode, QName, Transaction};

fn header(name: &str, direction: Direction) -> Header {
    Header {
        number: 7,
        name: name.to_owned(),
        direction,
        parent: None,
        from: Some("aa".to_owned()),
        to: None,
        server: Some(17),
        proof: "up, down and up again on PostgreSQL 17.6".to_owned(),
        risk: Risk::Low,
        checksum: None,
    }
}

/// Text made of what could confuse a reader.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("-- trueup: step 2 (transaction 1): x"),
        Just("\n-- trueup: commit transaction 1\nCOMMIT;\n"),
        Just("-- trueup:   lines 3"),
        Just("\n--TrueUp"),
        Just("$$"),
        Just("$f$"),
        Just(";"),
        Just(";\n"),
        Just("'"),
        Just("''"),
        Just("\""),
        Just("--"),
        Just("/*"),
        Just("*/"),
        Just("\\"),
        Just("\\n"),
        Just(" "),
        Just("\t"),
        Just("BEGIN;\n"),
        Just("COMMIT;"),
        Just(", "),
        Just("."),
        Just("é"),
        Just("\u{2028}"),
        Just("\u{3000}"),
        Just("\u{1b}[0m"),
        Just("SELECT 1"),
        Just("-- trueup: checksum none\n"),
        Just("x"),
        Just("(")
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn qname() -> impl Strategy<Value = QName> {
    (hostile(), hostile()).prop_map(|(schema, name)| QName::new(schema.as_str(), name.as_str()))
}

fn step() -> impl Strategy<Value = Step> {
    let hazard = (0..4, hostile()).prop_map(|(kind, words)| match kind {
        0 => Hazard::Loss(words),
        1 => Hazard::Assumes(words),
        2 => Hazard::Breaks(words),
        _ => Hazard::Blocks(words),
    });
    let transaction = prop_oneof![Just(Transaction::Shared), Just(Transaction::Fresh), Just(Transaction::None)];
    let locks = prop::collection::vec(qname().prop_map(|relation| Lock { relation, mode: LockMode::ShareRowExclusive }), 0..3);
    (hostile(), hostile(), locks, prop::collection::vec(qname(), 0..2), prop::collection::vec(hazard, 0..3), transaction).prop_map(
        |(sql, summary, locks, scans, hazards, transaction)| {
            // A step that is nothing but comments is refused, and no step of trueup's is.
            let mut step = Step::new(format!("SELECT 2{sql}"), summary).transaction(transaction);
            step.locks = locks;
            step.possibly_cosmetic = step.locks.first().map(|lock| lock.relation.to_string());
            step.rewrites = scans.clone();
            step.scans = scans;
            step.hazards = hazards;
            step
        },
    )
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        name in hostile(), proof in hostile(), parent in prop::option::of("[0-9a-f]{8}"), steps in prop::collection::vec(step(), 0..6),
        lost in prop::collection::vec(hostile(), 0..2), down in any::<bool>(), estimate in prop::option::of(0..100_000u64)
    ) {
        let mut plan = PlanFile {
            header: Header { proof, parent: parent.filter(|_| !down), ..header(&name, if down { Direction::Down } else { Direction::Up }) },
            session: vec![("lock_timeout".to_owned(), "'3s'".to_owned()), ("search_path".to_owned(), "''".to_owned())],
            steps: crate::plan::batch::batch(steps),
        };
        for step in &mut plan.steps {
            step.estimate = estimate.map(Duration::from_millis);
            step.irretrievable.clone_from(&lost);
            step.allowed = lost.iter().map(|words| Allowed { rule: "drop-table".to_owned(), reason: words.clone() }).collect();
        }
        let text = write(&plan);
        let parsed = read("f", &text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert!(!parsed.is_edited(), "{text}");
        plan.header.checksum = Some(parsed.checksum.clone());
        prop_assert_eq!(&parsed.plan, &plan, "{}", text);
        for (step, start) in parsed.plan.steps.iter().zip(&parsed.starts) {
            prop_assert!(text[*start..].starts_with(&step.step.sql));
        }
    }

    #[test]
    fn takes_any_text(text in hostile()) {
        let _ = read("f", &text);
        let _ = read("f", &format!("{}{text}", write(&PlanFile { header: header("x", Direction::Up), session: Vec::new(), steps: Vec::new() })));
    }
}

fn sample() -> String {
    let steps = vec![
        Step::new("CREATE TABLE a ()", "create table a"),
        Step::new("CREATE INDEX CONCURRENTLY i ON b (c)", "index b")
            .transaction(Transaction::None)
            .lock(&QName::new("public", "b"), LockMode::ShareUpdateExclusive),
        Step::new("DROP TABLE c", "drop table c").hazard(Hazard::Loss("the rows of c".to_owned())),
    ];
    write(&PlanFile {
        header: header("add_a", Direction::Up),
        session: vec![("lock_timeout".to_owned(), "'3s'".to_owned())],
        steps: crate::plan::batch::batch(steps),
    })
}

#[test]
fn looks_as_documented() {
    insta::assert_snapshot!(sample());
}

#[test]
fn an_edit_shows() {
    let text = sample().replace("create table a", "create table A");
    assert!(read("f", &text).unwrap().is_edited());
}

#[test]
fn is_strict_and_names_the_line() {
    for (from, to, line, message) in [
        ("-- trueup: risk low", "-- trueup: risk tiny", 10, "'tiny' is no risk"),
        ("-- trueup: risk low", "-- trueup: rsik low", 10, "expected '-- trueup: risk ..'"),
        ("plan format 1", "plan format 2", 1, "knows format 1"),
        ("-- trueup:   locks", "-- trueup:   lokcs", 26, "is not understood"),
        ("ShareUpdateExclusive", "ShareUpdate", 26, "is not understood"),
        ("-- trueup: step 2", "-- trueup: step 3", 25, "expected '-- trueup: step 2 (no transaction): ..'"),
        ("-- trueup: step 2", "--trueup: step 2", 25, "looks like one of trueup's lines"),
        ("\nCOMMIT;\n\n-- trueup: step 2", "\n\n-- trueup: step 2", 24, "must be followed by COMMIT;"),
        (
            "-- trueup: step 2 (no transaction): index b\n-- trueup:   locks ShareUpdateExclusive public.b\n",
            "",
            25,
            "SQL that belongs to no step",
        ),
        ("DROP TABLE c;", "DROP TABLE c", 34, "must end with a semicolon"),
        ("DROP TABLE c;", "-- nothing", 34, "has no SQL"),
        ("BEGIN;\n\n-- trueup: step 1", "BEGIN;\nDROP TABLE x;\n-- trueup: step 1", 18, "SQL that belongs to no step"),
    ] {
        let text = sample().replacen(from, to, 1);
        assert_ne!(text, sample(), "{from}");
        let error = read("f.sql", &text).unwrap_err();
        assert!(error.message().contains(message), "{message}: {error}");
        assert_eq!(error.diagnostics[0].places[0].position().0, line, "{message}\n{text}");
    }
}

#[test]
fn plain_comments_are_free() {
    let text = sample()
        .replace("\n\n-- trueup: begin", "\n\n-- reviewed by all\n-- trueup: begin")
        .replace("CREATE TABLE a", "-- a table\nCREATE TABLE a");
    let parsed = read("f", &text).unwrap();
    assert_eq!(parsed.plan.steps[0].step.sql, "-- a table\nCREATE TABLE a ()");
}
