//! Indexes from rows of `pg_index`.

use super::element::IndexElement;
use super::parse;
use crate::model::ObjectId;
use crate::object::{CatalogRow, ReadError, Reading};

/// What has indexes, as `pg_class.relkind` has it.
pub const INDEXED: &[char] = &['r', 'p', 'm'];

/// How many columns are keys; the others are INCLUDEd.
pub fn keys(row: &CatalogRow<'_>) -> Result<usize, ReadError> {
    Ok(usize::try_from(row.get::<i16>("indnkeyatts")?).unwrap_or(0))
}

/// Whether only the whole statement tells what the index is on: expressions, operator classes and collations that do not go without
/// saying, options of operator classes.
pub fn needs_text(row: &CatalogRow<'_>, server: &Reading) -> Result<bool, ReadError> {
    let (oid, table): (u32, u32) = (row.get("objid")?, row.get("indrelid")?);
    if server.relation(table, INDEXED).is_none() {
        return Ok(false);
    }
    if server.columns.get(&oid).is_some_and(|columns| columns.values().any(|column| column.has_options)) {
        return Ok(true);
    }
    let numbers: Vec<i16> = row.get("indkey")?;
    let classes: Vec<u32> = row.get("indclass")?;
    let collations: Vec<u32> = row.get("indcollation")?;
    let plain = |((number, class), collation): ((&i16, &u32), &u32)| is_plain(server, table, (*number, *class, *collation));
    let keys_plain = numbers.iter().zip(&classes).zip(&collations).all(plain);
    Ok(!keys_plain || numbers.contains(&0))
}

/// Whether a key is a column by the default operator class and the collation of its type. Polymorphic classes, and `text_ops` for varchar,
/// are defaults too.
fn is_plain(server: &Reading, table: u32, (number, class, collation): (i16, u32, u32)) -> bool {
    const TEXT: u32 = 25;
    const VARCHAR: u32 = 1043;
    // anyarray, anyenum, anyrange, anymultirange, record
    const POLYMORPHIC: [u32; 5] = [2277, 3500, 3831, 4537, 2249];
    let Some((column, of)) = server.column(table, number).zip(server.opclasses.get(&class)) else { return false };
    let fits = *of == column.type_id || POLYMORPHIC.contains(of) || *of == TEXT && column.type_id == VARCHAR;
    fits && collation == column.collation
}

/// What the index is on.
pub fn elements(
    (row, server): (&CatalogRow<'_>, &Reading),
    table: u32,
    keys: &[i16],
    id: &ObjectId,
) -> Result<Vec<IndexElement>, ReadError> {
    if let Some(text) = server.texts.get(&row.get("objid")?) {
        return parse::elements_of_definition(text).map_err(|source| ReadError::Text { object: id.to_string(), source });
    }
    let sorting: Vec<i16> = row.get("sorting")?;
    let element = |(number, sorting): (&i16, i16)| {
        Some(IndexElement {
            descending: sorting & 1 != 0,
            nulls_first: sorting & 2 != 0,
            ..IndexElement::column(server.column(table, *number)?.name.clone())
        })
    };
    Ok(keys.iter().zip(sorting).filter_map(element).collect())
}
