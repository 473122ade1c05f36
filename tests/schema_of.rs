//! What commands print with `--format json` is what `schema-of` says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use serde_json::Value;
use support::{Home, run};

/// The part of JSON Schema that the schemas use; a field that a schema does not name is wrong, too.
fn wrong(schema: &Value, value: &Value, root: &Value, at: &str) -> Option<String> {
    if let Some(allowed) = schema.as_bool() {
        return (!allowed).then(|| format!("{at}: nothing may be here"));
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        return wrong(target, value, root, at);
    }
    for name in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[name].as_array() {
            let all: Vec<String> = choices.iter().map_while(|choice| wrong(choice, value, root, at)).collect();
            if all.len() == choices.len() {
                return Some(all.join(" | "));
            }
        }
    }
    if schema.get("const").is_some_and(|only| only != value) || schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        return Some(format!("{at}: {value} is none of those that may be"));
    }
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is(name)) {
        return Some(format!("{at}: {value} is not {}", types.join(" or ")));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        return values.iter().enumerate().find_map(|(index, value)| wrong(items, value, root, &format!("{at}[{index}]")));
    }
    let object = value.as_object()?;
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            return Some(format!("{at}: there is no {name}"));
        }
    }
    let closed = schema.get("properties").is_some() && ["anyOf", "oneOf"].iter().all(|name| schema.get(name).is_none());
    object.iter().find_map(|(name, value)| match (schema["properties"].get(name), schema.get("additionalProperties")) {
        (Some(schema), _) | (None, Some(schema)) => wrong(schema, value, root, &format!("{at}.{name}")),
        (None, None) => closed.then(|| format!("{at}: {name} is not described")),
    })
}

fn holds(home: &Home, code: i32, args: &[&str]) {
    let command = if matches!(code, 0 | 1) { args[0] } else { "error" };
    let schema = home.run(&["schema-of", command]).json();
    let said = home.run(&[args, &["--format", "json", "--scratch-url", &home.url]].concat());
    let document = said.exits(code).json();
    if let Some(wrong) = wrong(&schema, &document, &schema, command) {
        panic!("{args:?}: {wrong}\n{document:#}");
    }
}

#[test]
fn documents_are_what_their_schemas_say() {
    run(async {
        let home = Home::new(17).await;
        let names = home.run(&["schema-of", "--format", "json"]).json();
        for name in names.as_array().unwrap().iter().filter_map(Value::as_str) {
            assert!(home.run(&["schema-of", name]).json()["$schema"].is_string(), "{name}");
            assert_eq!(home.run(&["schema-of", name, "--format", "json"]).json(), home.run(&["schema-of", name]).json());
        }
        home.run(&["schema-of", "completions"]).exits(5).says("lists those that do");
        holds(&home, 0, &["init"]);
        fs::write(
            home.path("db/schema/a.sql"),
            "CREATE TABLE a (id int PRIMARY KEY, t text);\nCREATE INDEX ON a (t);\nDROP ROLE IF EXISTS gone;\n",
        )
        .unwrap();
        holds(&home, 1, &["plan", "--check"]);
        holds(&home, 0, &["plan", "first"]);
        holds(&home, 0, &["show", "1"]);
        holds(&home, 0, &["lint"]);
        holds(&home, 0, &["lint", "--explain", "all"]);
        holds(&home, 0, &["status"]);
        holds(&home, 0, &["apply", "--dry-run"]);
        holds(&home, 0, &["apply", "--yes"]);
        holds(&home, 0, &["plan", "--check"]);
        holds(&home, 0, &["diff", "empty", "db/schema"]);
        home.sql("ALTER TABLE a ADD x int; ALTER TABLE a DROP t").await;
        for args in [&["drift"][..], &["drift", "--against"]] {
            holds(&home, 1, args);
        }
        holds(&home, 1, &["status"]);
        holds(&home, 0, &["drift", "--adopt"]);
        holds(&home, 0, &["dump"]);
        holds(&home, 0, &["dump", "--split", "--out", "elsewhere"]);
        holds(&home, 0, &["verify"]);
        holds(&home, 0, &["history", "list"]);
        holds(&home, 0, &["history", "export"]);
        holds(&home, 0, &["lock", "status"]);
        holds(&home, 0, &["new", "mine"]);
        holds(&home, 5, &["show", "77"]);
        holds(&home, 5, &["plan", "--from", "nowhere"]);
    });
}
