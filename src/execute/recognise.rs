//! How far a step came that runs outside of transactions: the catalog tells.

use tokio_postgres::Client;

use crate::model::quote_ident;
use crate::sql::protobuf::{AlterTableType, ObjectType, RangeVar};
use crate::sql::{Node, NodeEnum};

/// What an interrupted statement left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Nothing that is known of: run it (again).
    None,
    /// All of its work.
    Finished,
    /// Something that must go before it can run again, by this statement.
    Clean(String),
    /// Something that this statement completes.
    Complete(String),
}

/// Looks for what a statement left.
///
/// # Errors
/// What the server says.
pub async fn trace(client: &Client, statement: &Node) -> Result<Trace, tokio_postgres::Error> {
    match &statement.node {
        Some(NodeEnum::IndexStmt(index)) if index.concurrent && !index.idxname.is_empty() => {
            let Some(relation) = &index.relation else { return Ok(Trace::None) };
            built_index(client, relation, &index.idxname).await
        }
        Some(NodeEnum::DropStmt(drop)) if drop.concurrent && drop.remove_type() == ObjectType::ObjectIndex => {
            let Some(name) = drop.objects.first().and_then(names) else { return Ok(Trace::None) };
            let row = client.query_one("SELECT pg_catalog.to_regclass($1) IS NULL", &[&name]).await?;
            // A dropped index that is still there is invalid, but can be dropped again as it is.
            Ok(if row.get(0) { Trace::Finished } else { Trace::None })
        }
        Some(NodeEnum::AlterTableStmt(alter)) => {
            let Some(parent) = &alter.relation else { return Ok(Trace::None) };
            match alter.cmds.first().and_then(concurrent_detach) {
                Some(partition) if alter.cmds.len() == 1 => detached(client, parent, partition).await,
                _ => Ok(Trace::None),
            }
        }
        _ => Ok(Trace::None),
    }
}

/// "the command fails but leaves behind an invalid index" (docs: "Building Indexes Concurrently").
async fn built_index(client: &Client, table: &RangeVar, index: &str) -> Result<Trace, tokio_postgres::Error> {
    let row = client
        .query_opt(
            "SELECT i.indisvalid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) \
             FROM pg_catalog.pg_class t JOIN pg_catalog.pg_class c ON c.relnamespace = t.relnamespace AND c.relname = $2 \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid AND i.indrelid = t.oid \
             WHERE t.oid = pg_catalog.to_regclass($1)",
            &[&range_var(table), &index],
        )
        .await?;
    let Some(row) = row else { return Ok(Trace::None) };
    Ok(if row.get(0) { Trace::Finished } else { Trace::Clean(format!("DROP INDEX CONCURRENTLY {}", row.get::<_, &str>(1))) })
}

/// Its second transaction may be missing: "FINALIZE" completes it (docs: ALTER TABLE .. DETACH PARTITION).
async fn detached(client: &Client, parent: &RangeVar, partition: &RangeVar) -> Result<Trace, tokio_postgres::Error> {
    let (parent, partition) = (range_var(parent), range_var(partition));
    let row = client
        .query_opt(
            "SELECT i.inhdetachpending FROM pg_catalog.pg_inherits i \
             WHERE i.inhparent = pg_catalog.to_regclass($1) AND i.inhrelid = pg_catalog.to_regclass($2)",
            &[&parent, &partition],
        )
        .await?;
    Ok(match row {
        None => Trace::Finished,
        Some(row) if row.get(0) => Trace::Complete(format!("ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE")),
        Some(_) => Trace::None,
    })
}

fn concurrent_detach(command: &Node) -> Option<&RangeVar> {
    let Some(NodeEnum::AlterTableCmd(command)) = &command.node else { return None };
    if command.subtype() != AlterTableType::AtDetachPartition {
        return None;
    }
    match command.def.as_ref()?.node.as_ref()? {
        NodeEnum::PartitionCmd(partition) if partition.concurrent => partition.name.as_ref(),
        _ => None,
    }
}

fn range_var(relation: &RangeVar) -> String {
    let name = quote_ident(&relation.relname);
    if relation.schemaname.is_empty() { name } else { format!("{}.{name}", quote_ident(&relation.schemaname)) }
}

fn names(object: &Node) -> Option<String> {
    let Some(NodeEnum::List(list)) = &object.node else { return None };
    let parts = list.items.iter().map(|item| match &item.node {
        Some(NodeEnum::String(part)) => Some(quote_ident(&part.sval)),
        _ => None,
    });
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("."))
}
