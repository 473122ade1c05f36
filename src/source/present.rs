//! Which kinds of objects a database has at all: planning the queries for kinds that it has none of is a good part of reading a small database.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use crate::object::Kind;

/// The kinds that there may be objects of, in the order of the registry.
///
/// # Errors
/// Where the server refuses or is lost.
pub async fn kinds(client: &Client) -> Result<Vec<Kind>, tokio_postgres::Error> {
    let asked: BTreeSet<(&str, &str)> = Kind::ALL.iter().filter_map(|kind| kind.rows()).collect();
    let rows = client.query_typed(&query(&asked), &[]).await?;
    let found: Vec<bool> = rows.first().map_or_else(|| Ok(Vec::new()), |row| row.try_get(0))?;
    let empty: BTreeSet<(&str, &str)> = asked.into_iter().zip(found).filter(|(_, found)| !found).map(|(rows, _)| rows).collect();
    Ok(Kind::ALL.iter().copied().filter(|kind| !kind.rows().is_some_and(|rows| empty.contains(&rows))).collect())
}

/// Whether there are rows that initdb has not made (`FirstNormalObjectId`, src/include/access/transam.h).
fn query(asked: &BTreeSet<(&str, &str)>) -> String {
    let exists = |(catalog, oid): &(&str, &str)| format!("EXISTS (SELECT FROM pg_catalog.{catalog} WHERE {oid} >= 16384)");
    format!("SELECT ARRAY[{}]", asked.iter().map(exists).collect::<Vec<_>>().join(", "))
}
