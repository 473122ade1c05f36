//! The settings of a session that schema files are written under.

use std::collections::BTreeMap;

use crate::model::{Ident, quote_ident, quote_literal};
use crate::sql::protobuf::{SelectStmt, VariableSetKind, VariableSetStmt};
use crate::sql::{self, Node, NodeEnum};

/// What of a session a statement was written under, by name of the setting: `search_path`, `role`, ...
pub type Environment = BTreeMap<String, String>;

/// Takes in a SET statement.
///
/// # Errors
/// A form of SET that is about a transaction.
pub fn apply_set(set: &VariableSetStmt, text: &str, environment: &mut Environment) -> Result<(), &'static str> {
    match set.kind() {
        VariableSetKind::VarSetValue => {
            environment.insert(set.name.to_ascii_lowercase(), text.trim_end_matches(';').to_owned());
        }
        VariableSetKind::VarSetDefault | VariableSetKind::VarReset => {
            environment.remove(&set.name.to_ascii_lowercase());
        }
        VariableSetKind::VarResetAll => environment.clear(),
        _ => return Err("this form of SET has no place in schema files"),
    }
    Ok(())
}

/// A setting that gives another meaning to what statements say. It is read where a statement is parsed and analyzed: nothing of it is kept
/// with what is made.
struct Bending {
    name: &'static str,
    /// The values that mean what a new session takes statements for.
    usual: &'static [&'static str],
    /// Whether it may be of consequence to a statement.
    concerns: fn(&str) -> bool,
}

const BENDING: [Bending; 8] = [
    Bending { name: "array_nulls", usual: ON, concerns: has_null },
    // The part that is about output is of no consequence, but that GERMAN is DMY too (`check_datestyle` of src/backend/commands/variable.c).
    Bending { name: "datestyle", usual: &["mdy", "us", "noneuro", "noneuropean", "iso", "postgres", "sql"], concerns: has_literal },
    Bending { name: "intervalstyle", usual: &["postgres", "postgres_verbose", "iso_8601"], concerns: has_literal },
    Bending { name: "lc_monetary", usual: &["c", "posix"], concerns: has_literal },
    Bending { name: "standard_conforming_strings", usual: ON, concerns: |text| text.contains('\\') },
    Bending { name: "timezone", usual: &["utc", "gmt", "etc/utc"], concerns: has_literal },
    Bending { name: "timezone_abbreviations", usual: &["default"], concerns: has_literal },
    Bending { name: "transform_null_equals", usual: &["off", "false", "no"], concerns: has_null },
];

const ON: &[&str] = &["on", "true", "yes"];

/// Whether there may be a literal with something to read a number, a date or an amount from.
fn has_literal(text: &str) -> bool {
    text.contains(['\'', '$']) && text.contains(|c: char| c.is_ascii_digit())
}

fn has_null(text: &str) -> bool {
    text.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"null"))
}

/// Whether what statements make depends on a setting; the others (timeouts, client_encoding, ..) are a session's own business.
pub fn shapes(name: &str) -> bool {
    const OTHERS: [&str; 8] = [
        "search_path",
        "default_tablespace",
        "default_table_access_method",
        "role",
        "session_authorization",
        "default_toast_compression",
        "xmloption",
        "quote_all_identifiers",
    ];
    OTHERS.contains(&name) || BENDING.iter().any(|bending| bending.name == name)
}

/// The SET statement that may give a statement another meaning than the same text has in a new session.
pub fn bent<'a>(environment: &'a Environment, text: &str) -> Option<&'a str> {
    let bends = |name: &str, set: &str| {
        let bending = BENDING.iter().find(|bending| bending.name == name);
        let Some(bending) = bending.filter(|bending| (bending.concerns)(text)) else { return false };
        let values = set_values(set);
        let mut parts = values.iter().flat_map(|value| value.split(',')).map(|part| part.trim().to_ascii_lowercase()).peekable();
        let is_usual = parts.peek().is_some() && parts.all(|part| bending.usual.contains(&part.as_str()));
        !is_usual
    };
    environment.iter().find(|(name, set)| bends(name, set)).map(|(_, set)| set.as_str())
}

/// `SELECT pg_catalog.set_config('search_path', '', false)`, as pg_dump writes it.
pub fn apply_set_config(select: &SelectStmt, environment: &mut Environment) {
    let Some(NodeEnum::ResTarget(target)) = select.target_list.first().and_then(|node| node.node.as_ref()) else { return };
    let Some(NodeEnum::FuncCall(call)) = target.val.as_ref().and_then(|node| node.node.as_ref()) else { return };
    let texts: Vec<String> = call.args.iter().filter_map(|node| sql::literal::string(node).map(str::to_owned)).collect();
    if let [name, value, ..] = texts.as_slice() {
        let parts: Vec<String> =
            value.split(',').map(|part| part.trim().trim_matches('"')).filter(|part| !part.is_empty()).map(quote_ident).collect();
        let name = name.to_ascii_lowercase();
        let list = if name == "search_path" && parts.is_empty() {
            "''".to_owned()
        } else if name == "search_path" {
            parts.join(", ")
        } else {
            quote_literal(value)
        };
        let set = format!("SET {name} = {list}");
        environment.insert(name, set);
    }
}

/// The schemas in which names without one are looked for.
pub fn search_path(environment: &Environment) -> Vec<Ident> {
    // In the first place it is anyway.
    said_path(environment).skip_while(|name| name == "pg_catalog").map(|name| Ident::new(&name)).collect()
}

/// The schema in which things without one are made (`recomputeNamespacePath` of src/backend/catalog/namespace.c), as far as the first one is there.
pub fn creation_schema(environment: &Environment) -> Option<String> {
    said_path(environment).next()
}

fn said_path(environment: &Environment) -> impl Iterator<Item = String> {
    let said = environment.get("search_path").map_or_else(|| vec!["public".to_owned()], |set| set_values(set));
    said.into_iter().filter(|name| !name.is_empty() && name != "$user")
}

/// The values of a SET statement.
pub fn set_values(set: &str) -> Vec<String> {
    let Ok(Node { node: Some(NodeEnum::VariableSetStmt(stmt)) }) = sql::parse_one(set) else { return Vec::new() };
    stmt.args.iter().filter_map(|node| sql::literal::string(node).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_bend_what_they_concern() {
        let bends = |set: &str, text: &str| {
            let mut environment = Environment::new();
            let Ok(Node { node: Some(node) }) = sql::parse_one(set) else { return None };
            match &node {
                NodeEnum::VariableSetStmt(stmt) => apply_set(stmt, set, &mut environment).ok()?,
                NodeEnum::SelectStmt(stmt) => apply_set_config(stmt, &mut environment),
                _ => return None,
            }
            bent(&environment, text).map(str::to_owned)
        };
        let literal = "SELECT '2020-01-01'";
        for set in [
            "SET TimeZone = 'Europe/Berlin'",
            "SET TIME ZONE 5",
            "SET DateStyle = ISO, DMY",
            "SET DateStyle = German",
            "SET \"IntervalStyle\" = sql_standard",
            "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
        ] {
            assert!(bends(set, literal).is_some_and(|said| said.starts_with("SET")), "{set}");
            assert_eq!(bends(set, "SELECT a"), None, "{set}");
        }
        for set in ["SET timezone TO 'UTC'", "SET datestyle = 'ISO, MDY'", "SET intervalstyle = postgres", "SET search_path = a"] {
            assert_eq!(bends(set, literal), None, "{set}");
        }
        assert!(bends("SET standard_conforming_strings = off", r"SELECT '\'").is_some());
        assert_eq!(bends("SET standard_conforming_strings = off", literal), None);
        assert!(bends("SET transform_null_equals = on", "SELECT a = Null").is_some());
        assert_eq!(bends("SET transform_null_equals = off", "SELECT a = NULL"), None);
    }
}
