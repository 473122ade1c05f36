//! What schema files would put into PostgreSQL's own schemas. No dump tells of it (`selectDumpableNamespace` of src/bin/pg_dump/pg_dump.c) and no
//! catalog, so that a plan for it could not be made: with a server it is an error, as it is without.

use rayon::prelude::*;

use super::block;
use super::environment::creation_schema;
use super::files::{FilesError, SchemaFiles, SchemaStatement};
use crate::sql::protobuf::ObjectType;
use crate::sql::{NodeEnum, made};

const OWN: [&str; 2] = ["pg_catalog", "information_schema"];

/// Refuses the first statement that makes something there.
pub fn refuse(files: &SchemaFiles) -> Result<(), FilesError> {
    files.statements.par_iter().find_map_first(|statement| refusal(files, statement)).map_or(Ok(()), Err)
}

fn refusal(files: &SchemaFiles, statement: &SchemaStatement) -> Option<FilesError> {
    let text = files.text(statement);
    let path = statement.environment.get("search_path");
    // Few statements name them at all.
    if path.is_none_or(|path| mentions(path).is_none()) && mentions(text).is_none() {
        return None;
    }
    let whole = statement.tree.node().ok()?;
    let statements = match &whole.node {
        Some(NodeEnum::DoStmt(stmt)) => block::read(stmt).unwrap_or_default().statements,
        _ => vec![whole],
    };
    let schema =
        statements.iter().find_map(|node| put_into(node.node.as_ref()?, statement).filter(|schema| OWN.contains(&schema.as_str())))?;
    let message = format!("{schema} is PostgreSQL's own: what is put there is neither managed nor dumped; put it into another schema");
    Some(files.error(statement, mentions(text), message))
}

/// Where a text first mentions one of them, however it is spelled.
fn mentions(text: &str) -> Option<usize> {
    let at = |name: &str| text.as_bytes().windows(name.len()).position(|part| part.eq_ignore_ascii_case(name.as_bytes()));
    OWN.iter().filter_map(|name| at(name)).min()
}

/// The schema that a statement puts something into.
fn put_into(node: &NodeEnum, statement: &SchemaStatement) -> Option<String> {
    match node {
        // Extensions may be there, with what belongs to them.
        NodeEnum::AlterObjectSchemaStmt(stmt) if stmt.object_type() != ObjectType::ObjectExtension => Some(stmt.newschema.clone()),
        // An index is where its table is, which need not be in the first schema of the path.
        NodeEnum::IndexStmt(_) => made(node)?.schema,
        _ => made(node)?.schema.or_else(|| creation_schema(&statement.environment)),
    }
}
