//! Indexes from rows of `pg_index`.

use super::element::{IndexElement, Indexed};
use super::parse;
use crate::model::ObjectId;
use crate::object::{CatalogRow, ReadError, Reading};

/// What has indexes, as `pg_class.relkind` has it.
pub const INDEXED: &[char] = &['r', 'p', 'm'];

/// How many columns are keys; the others are INCLUDEd.
pub fn keys(row: &CatalogRow<'_>) -> Result<usize, ReadError> {
    Ok(usize::try_from(row.get::<i16>("indnkeyatts")?).unwrap_or(0))
}

/// Whether only the whole statement tells what the index is on: operator classes and collations that do not go without saying, options of
/// operator classes.
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
    let types: Vec<u32> = row.get::<Option<_>>("types")?.unwrap_or_default();
    let printed = row.get::<Option<&str>>("expressions")?.is_some();
    let plain = |(at, ((number, class), collation)): (usize, ((&i16, &u32), &u32))| match number {
        0 => printed && types.get(at).is_some_and(|of| is_plain_expression(server, *of, (*class, *collation))),
        number => is_plain(server, table, (*number, *class, *collation)),
    };
    Ok(!numbers.iter().zip(&classes).zip(&collations).enumerate().all(plain))
}

/// Whether a key is a column by the default operator class and the collation of its type.
fn is_plain(server: &Reading, table: u32, (number, class, collation): (i16, u32, u32)) -> bool {
    let Some(column) = server.column(table, number) else { return false };
    server.default_opclass(class, column.type_id).is_some() && collation == column.collation
}

/// The same of an expression that has, if any, the database's own collation. The type is that of the index's column, which is the
/// expression's where the operator class does not ask for another.
fn is_plain_expression(server: &Reading, of: u32, (class, collation): (u32, u32)) -> bool {
    const DEFAULT_COLLATION: u32 = 100;
    server.default_opclass(class, of).is_some_and(|class| class.key == 0) && matches!(collation, 0 | DEFAULT_COLLATION)
}

/// What the index is on; where no whole text was wanted, columns and expressions sorted as `indoption` says (`INDOPTION_DESC` and
/// `INDOPTION_NULLS_FIRST` of src/include/catalog/pg_index.h).
pub fn elements(
    (row, server): (&CatalogRow<'_>, &Reading),
    table: u32,
    keys: &[i16],
    id: &ObjectId,
) -> Result<Vec<IndexElement>, ReadError> {
    let wrong = |source| ReadError::Text { object: id.to_string(), source };
    if let Some(text) = server.texts.get(&row.get("objid")?) {
        return parse::elements_of_definition(text).map_err(wrong);
    }
    let sorting: Vec<i16> = row.get("sorting")?;
    let text: Option<&str> = row.get("expressions")?;
    let mut expressions = text.map_or_else(|| Ok(Vec::new()), parse::expressions).map_err(wrong)?.into_iter();
    let element = |(number, sorting): (&i16, i16)| {
        let indexed = match number {
            0 => Indexed::Expression(expressions.next()?),
            number => Indexed::Column(server.column(table, *number)?.name.clone()),
        };
        Some(IndexElement { descending: sorting & 1 != 0, nulls_first: sorting & 2 != 0, ..IndexElement::of(indexed) })
    };
    Ok(keys.iter().zip(sorting).filter_map(element).collect())
}
