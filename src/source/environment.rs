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
            environment.insert(set.name.clone(), text.trim_end_matches(';').to_owned());
        }
        VariableSetKind::VarSetDefault | VariableSetKind::VarReset => {
            environment.remove(&set.name);
        }
        VariableSetKind::VarResetAll => environment.clear(),
        _ => return Err("this form of SET has no place in schema files"),
    }
    Ok(())
}

/// `SELECT pg_catalog.set_config('search_path', '', false)`, as pg_dump writes it.
pub fn apply_set_config(select: &SelectStmt, environment: &mut Environment) {
    let Some(NodeEnum::ResTarget(target)) = select.target_list.first().and_then(|node| node.node.as_ref()) else { return };
    let Some(NodeEnum::FuncCall(call)) = target.val.as_ref().and_then(|node| node.node.as_ref()) else { return };
    let texts: Vec<String> = call.args.iter().filter_map(|node| sql::literal::string(node).map(str::to_owned)).collect();
    if let [name, value, ..] = texts.as_slice() {
        let parts: Vec<String> =
            value.split(',').map(|part| part.trim().trim_matches('"')).filter(|part| !part.is_empty()).map(quote_ident).collect();
        let list = if name == "search_path" && parts.is_empty() {
            "''".to_owned()
        } else if name == "search_path" {
            parts.join(", ")
        } else {
            quote_literal(value)
        };
        environment.insert(name.clone(), format!("SET {name} = {list}"));
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
