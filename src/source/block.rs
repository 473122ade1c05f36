//! DO: the blocks of which it can be told what they make, whatever rows there are. People write them so that a script can run twice.

use serde_json::Value;

use super::guard::Guard;
use crate::model::{Ident, quote_literal};
use crate::object::{DdlError, database};
use crate::sql::protobuf::{DoStmt, ObjectType};
use crate::sql::{self, Node, NodeEnum, literal};

/// What a block does.
#[derive(Debug, Default)]
pub struct Block {
    /// Its statements, in order.
    pub statements: Vec<Node>,
    /// What must not be there, each before the statement of that number: whether it is there is not known here.
    pub guards: Vec<(usize, Guard)>,
    /// Whether it ends without a trace where what it makes is there already: EXCEPTION WHEN duplicate_object THEN NULL.
    pub unless_there: bool,
    /// Statements about roles that stand in conditions: a role that is there already is left there.
    pub roles: Vec<Node>,
}

/// Whether a step is about roles alone, which are the server's and no database's.
pub fn is_about_roles(sql: &str) -> bool {
    let may_be = ["ROLE", "GRANT", "REVOKE", "DATABASE"].iter().any(|word| sql.contains(word));
    match may_be.then(|| sql::parse_one(sql).ok()).flatten().and_then(|node| node.node) {
        Some(NodeEnum::DoStmt(stmt)) => read(&stmt).is_ok_and(|Block { statements, roles, .. }| {
            !(roles.is_empty() && statements.is_empty()) && statements.iter().all(|node| node.node.as_ref().is_some_and(is_of_server))
        }),
        Some(node) => is_of_server(&node),
        None => false,
    }
}

/// The roles that a step creates.
pub fn created_roles(sql: &str) -> Vec<Ident> {
    let node = if sql.contains("CREATE ROLE") { sql::parse_one(sql).ok().and_then(|node| node.node) } else { None };
    let statements = match node {
        Some(NodeEnum::DoStmt(stmt)) => read(&stmt).unwrap_or_default().roles,
        Some(node) => vec![Node { node: Some(node) }],
        None => Vec::new(),
    };
    let name = |node: Node| match node.node {
        Some(NodeEnum::CreateRoleStmt(stmt)) => Some(Ident::new(&stmt.role)),
        _ => None,
    };
    statements.into_iter().filter_map(name).collect()
}

/// `NOTICE` and what is below: src/include/utils/elog.h.
const WARNING: i64 = 19;

/// Takes a block apart.
///
/// # Errors
/// A block that does more than statements, messages, and conditions around statements that make no schema.
pub fn read(stmt: &DoStmt) -> Result<Block, DdlError> {
    let text = |name: &str| literal::option(&stmt.args, name).and_then(|option| literal::string(option.arg.as_deref()?));
    let body = text("as").unwrap_or_default();
    if text("language").is_some_and(|language| language != "plpgsql") {
        return Err(DdlError::Unsupported("DO in a language other than PL/pgSQL".to_owned()));
    }
    let parsed = pg_query::parse_plpgsql(&format!("DO {}", quote_literal(body))).map_err(|error| DdlError::Invalid(error.to_string()))?;
    let mut block = Block::default();
    let mut top = &parsed[0]["PLpgSQL_function"]["action"]["PLpgSQL_stmt_block"];
    // EXCEPTION gets a block around it, for the RETURN that goes without saying (`do_compile` in src/pl/plpgsql/src/pl_comp.c).
    let inner = &top["body"][0]["PLpgSQL_stmt_block"];
    if !inner.is_null() && top["body"].as_array().is_some_and(|body| body.len() <= 2) {
        top = inner;
    }
    if !top["exceptions"].is_null() {
        passes_over_duplicates(&top["exceptions"])?;
        block.unless_there = true;
    }
    take(&top["body"], &mut block)?;
    Ok(block)
}

/// A block that does something of which it cannot be told here what.
pub fn unsupported(what: &str) -> DdlError {
    DdlError::Unsupported(format!("DO with {what}: what it makes depends on what is there when it runs, and"))
}

fn take(body: &Value, block: &mut Block) -> Result<(), DdlError> {
    for statement in body.as_array().into_iter().flatten() {
        let Some((kind, inner)) = statement.as_object().and_then(|fields| fields.iter().next()) else { continue };
        match kind.as_str() {
            "PLpgSQL_stmt_execsql" => {
                let text = inner["sqlstmt"]["PLpgSQL_expr"]["query"].as_str().unwrap_or_default();
                block.statements.push(sql::parse_one(text)?);
            }
            "PLpgSQL_stmt_if" => match guarded(inner) {
                Some((guard, body)) => {
                    let first = block.statements.len();
                    take(body, block)?;
                    if block.statements.len() > first {
                        block.guards.push((first, guard));
                    }
                }
                None => makes_nothing(inner, &mut block.roles)?,
            },
            "PLpgSQL_stmt_dynexecute" => {
                let text = inner["query"]["PLpgSQL_expr"]["query"].as_str().and_then(database::executed);
                block.statements.push(sql::parse_one(&text.ok_or_else(|| unsupported("EXECUTE"))?)?);
            }
            _ => is_silent(kind, inner)?,
        }
    }
    Ok(())
}

/// What is done where something is not there, and nothing otherwise.
fn guarded(condition: &Value) -> Option<(Guard, &Value)> {
    let otherwise = [&condition["elsif_list"], &condition["else_body"]];
    let text = condition["cond"]["PLpgSQL_expr"]["query"].as_str().filter(|_| otherwise.iter().all(|branch| branch.is_null()))?;
    Some((Guard::read(text)?, &condition["then_body"]))
}

/// What has no effect on any schema.
fn is_silent(kind: &str, inner: &Value) -> Result<(), DdlError> {
    match kind {
        "PLpgSQL_stmt_return" if inner["expr"].is_null() => Ok(()),
        "PLpgSQL_stmt_raise" if inner["elog_level"].as_i64().is_some_and(|level| level <= WARNING) => Ok(()),
        other => Err(unsupported(&other.trim_start_matches("PLpgSQL_stmt_").to_uppercase())),
    }
}

/// A condition need not be known where nothing that hangs on it makes any schema.
fn makes_nothing(condition: &Value, roles: &mut Vec<Node>) -> Result<(), DdlError> {
    let elsif = condition["elsif_list"].as_array().into_iter().flatten().map(|branch| &branch["PLpgSQL_if_elsif"]["stmts"]);
    for body in [&condition["then_body"], &condition["else_body"]].into_iter().chain(elsif) {
        for statement in body.as_array().into_iter().flatten() {
            let Some((kind, inner)) = statement.as_object().and_then(|fields| fields.iter().next()) else { continue };
            match kind.as_str() {
                "PLpgSQL_stmt_execsql" => {
                    let node = sql::parse_one(inner["sqlstmt"]["PLpgSQL_expr"]["query"].as_str().unwrap_or_default())?;
                    if !node.node.as_ref().is_some_and(is_of_server) {
                        return Err(unsupported("IF"));
                    }
                    roles.push(node);
                }
                "PLpgSQL_stmt_if" => makes_nothing(inner, roles)?,
                _ => is_silent(kind, inner)?,
            }
        }
    }
    Ok(())
}

/// EXCEPTION WHEN duplicate_.. THEN, with nothing behind it.
fn passes_over_duplicates(exceptions: &Value) -> Result<(), DdlError> {
    for handler in exceptions["PLpgSQL_exception_block"]["exc_list"].as_array().into_iter().flatten() {
        let handler = &handler["PLpgSQL_exception"];
        let conditions = handler["conditions"].as_array().into_iter().flatten();
        let mut names = conditions.map(|condition| condition["PLpgSQL_condition"]["condname"].as_str().unwrap_or_default());
        if names.any(|name| !name.starts_with("duplicate_")) {
            return Err(unsupported("EXCEPTION"));
        }
        for statement in handler["action"].as_array().into_iter().flatten() {
            let Some((kind, inner)) = statement.as_object().and_then(|fields| fields.iter().next()) else { continue };
            is_silent(kind, inner)?;
        }
    }
    Ok(())
}

/// Statements about roles, which belong to the server, and are no objects of any database; what a role is set to in one database is said of
/// the database.
pub fn is_of_server(node: &NodeEnum) -> bool {
    match node {
        NodeEnum::CreateRoleStmt(_) | NodeEnum::AlterRoleStmt(_) | NodeEnum::DropRoleStmt(_) | NodeEnum::GrantRoleStmt(_) => true,
        NodeEnum::AlterRoleSetStmt(stmt) => stmt.database.is_empty(),
        NodeEnum::CommentStmt(stmt) => matches!(stmt.objtype(), ObjectType::ObjectRole | ObjectType::ObjectTablespace),
        NodeEnum::RenameStmt(stmt) => stmt.rename_type() == ObjectType::ObjectRole,
        // Who owns the database is no more a matter of its schema than who may log in: pg_dump says it with --create alone.
        NodeEnum::AlterOwnerStmt(stmt) => stmt.object_type() == ObjectType::ObjectDatabase,
        _ => false,
    }
}

/// What other statements are that no database holds.
pub const fn form_of_server(node: &NodeEnum) -> Option<&'static str> {
    Some(match node {
        NodeEnum::CreatedbStmt(_) => "CREATE DATABASE",
        NodeEnum::DropdbStmt(_) => "DROP DATABASE",
        NodeEnum::CreateTableSpaceStmt(_) => "CREATE TABLESPACE",
        NodeEnum::DropTableSpaceStmt(_) => "DROP TABLESPACE",
        NodeEnum::AlterTableSpaceOptionsStmt(_) => "ALTER TABLESPACE",
        NodeEnum::AlterSystemStmt(_) => "ALTER SYSTEM",
        NodeEnum::ReassignOwnedStmt(_) => "REASSIGN OWNED",
        NodeEnum::DropOwnedStmt(_) => "DROP OWNED",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(body: &str) -> Result<(usize, bool), String> {
        let node = sql::parse_one(&format!("DO $do$ {body} $do$")).map_err(|error| error.to_string())?;
        let Some(NodeEnum::DoStmt(stmt)) = node.node else { return Err("no DO".to_owned()) };
        read(&stmt).map(|block| (block.statements.len(), block.unless_there)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_certain_is_taken() {
        for (body, what) in [
            ("BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'r') THEN CREATE ROLE r; END IF; END", (0, false)),
            ("BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END", (1, true)),
            ("BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object OR duplicate_table THEN RAISE NOTICE 'x'; END", (1, true)),
            ("BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'x'); END", (1, false)),
            ("BEGIN CREATE TABLE a (); CREATE TABLE b (); RAISE NOTICE 'made %', 2; END", (2, false)),
            ("BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN CREATE TYPE a AS ENUM (); END IF; END", (1, false)),
            ("BEGIN IF to_regclass('a') IS NULL THEN CREATE TABLE a (); END IF; END", (1, false)),
        ] {
            assert_eq!(block(body), Ok(what), "{body}");
        }
    }

    #[test]
    fn what_is_not_is_refused() {
        for body in [
            "BEGIN IF true THEN CREATE TABLE a (); END IF; END",
            "BEGIN IF EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN CREATE TABLE a (); END IF; END",
            "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname <> 'a') THEN CREATE TABLE a (); END IF; END",
            "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a' OR typname = 'b') THEN CREATE TABLE a (); END IF; END",
            "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN CREATE TABLE a (); ELSE CREATE TABLE b (); END IF; END",
            "BEGIN IF NOT EXISTS (SELECT count(*) FROM pg_type WHERE typname = 'a') THEN CREATE TABLE a (); END IF; END",
            "BEGIN EXECUTE 'CREATE TABLE ' || name || ' ()'; END",
            "BEGIN FOR i IN 1..3 LOOP CREATE TABLE a (); END LOOP; END",
            "BEGIN CREATE TABLE a (); EXCEPTION WHEN OTHERS THEN NULL; END",
            "BEGIN RAISE EXCEPTION 'no'; END",
        ] {
            assert!(block(body).is_err_and(|error| error.contains("DO with")), "{body}");
        }
    }
}
