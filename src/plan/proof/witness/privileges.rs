//! Privileges on what users did not make.

use std::iter;

use tokio_postgres::{Client, Row};

use super::reader::Survey;
use super::{Aspect, Column, PhotographedRow, RowAddress, WitnessError, columns, render};

/// Catalog and column of the privileges that `privileges.sql` reads; those of columns are in `pg_attribute`.
const HOMES: &[(&str, &str)] = &[
    ("pg_class", "relacl"),
    ("pg_proc", "proacl"),
    ("pg_type", "typacl"),
    ("pg_namespace", "nspacl"),
    ("pg_language", "lanacl"),
    ("pg_foreign_data_wrapper", "fdwacl"),
    ("pg_foreign_server", "srvacl"),
];

/// Reads what was granted and revoked on system objects and members of extensions since they were made.
pub(super) async fn altered(client: &Client, survey: &Survey) -> Result<Vec<(RowAddress, PhotographedRow)>, WitnessError> {
    let rows = client.query(include_str!("privileges.sql"), &[]).await.map_err(WitnessError::of("pg_init_privs"))?;
    let rows: Result<Vec<_>, _> = rows.iter().map(|row| altered_row(row, survey)).collect();
    Ok(rows.map_err(WitnessError::of("pg_init_privs"))?.into_iter().flatten().collect())
}

fn altered_row(row: &Row, survey: &Survey) -> Result<Option<(RowAddress, PhotographedRow)>, tokio_postgres::Error> {
    let class: u32 = row.try_get(0)?;
    let (Some(identity), sub): (Option<&str>, i32) = (row.try_get(1)?, row.try_get(2)?) else { return Ok(None) };
    let (now, first) = (render::privileges(row.try_get(3)?), render::privileges(row.try_get(4)?));
    let home = HOMES.iter().find(|(catalog, _)| survey.class(catalog) == class);
    let Some((catalog, column)) = home.filter(|_| now != first) else { return Ok(None) };
    let (catalog, column) = if sub == 0 { (*catalog, *column) } else { ("pg_attribute", "attacl") };
    let columns = columns(vec![Column { name: column.to_owned(), aspect: Aspect::Privileges }]);
    Ok(Some((RowAddress::new(catalog, identity), PhotographedRow { columns, values: iter::once(Some(&*now)).collect() })))
}
