//! Rows as the server sent them, packed: a row of the driver's takes several times what is in it.

use futures_util::TryStreamExt as _;
use tokio_postgres::{Client, Row};

/// Some rows: the OID, and the cells one behind the other. The first cell is the row's identity.
pub(super) struct Packed {
    oids: Vec<u32>,
    text: String,
    /// By row and cell: where it ends, with [`NULL`] where it is none.
    ends: Vec<u32>,
    width: usize,
}

const NULL: u32 = 1 << 31;
const ROWS: usize = 512;
/// Bytes: the server sends no row of more than a gigabyte (`MaxAllocSize` of src/include/utils/memutils.h), so that a place in the text stays
/// below [`NULL`].
const TEXT: usize = 16 << 20;

impl Packed {
    fn new(width: usize) -> Self {
        Self { oids: Vec::new(), text: String::new(), ends: Vec::new(), width }
    }

    const fn is_full(&self) -> bool {
        self.oids.len() >= ROWS || self.text.len() >= TEXT
    }

    fn push(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        self.oids.push(row.try_get(0)?);
        for cell in 1..=self.width {
            let text: Option<&str> = row.try_get(cell)?;
            self.text.push_str(text.unwrap_or_default());
            let end = u32::try_from(self.text.len()).unwrap_or(NULL);
            self.ends.push(if text.is_some() { end } else { end | NULL });
        }
        Ok(())
    }

    fn fitted(mut self) -> Self {
        self.oids.shrink_to_fit();
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self
    }

    /// How many rows.
    pub(super) const fn len(&self) -> usize {
        self.oids.len()
    }

    /// The OID of a row; 0 in catalogs without OIDs.
    pub(super) fn oid(&self, row: usize) -> u32 {
        self.oids.get(row).copied().unwrap_or_default()
    }

    /// A cell of a row; `None` for null.
    pub(super) fn cell(&self, row: usize, cell: usize) -> Option<&str> {
        let at = row * self.width + cell;
        let end = self.ends.get(at).copied().filter(|end| end & NULL == 0)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end & !NULL);
        self.text.get(start as usize..end as usize)
    }
}

/// The rows of a query whose first column is an OID, and all others text.
pub(super) async fn rows(client: &Client, sql: &str) -> Result<Vec<Packed>, tokio_postgres::Error> {
    let statement = client.prepare(sql).await?;
    let empty = || Packed::new(statement.columns().len().saturating_sub(1));
    let mut rows = std::pin::pin!(client.query_raw(&statement, std::iter::empty::<i32>()).await?);
    let (mut full, mut open) = (Vec::new(), empty());
    while let Some(row) = rows.try_next().await? {
        open.push(&row)?;
        if open.is_full() {
            full.push(std::mem::replace(&mut open, empty()).fitted());
        }
    }
    full.push(open.fitted());
    Ok(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_where_they_were_put() {
        let (text, ends) = ("abc".to_owned(), vec![1, 1 | NULL, 1, 3, 3 | NULL, 3 | NULL]);
        let packed = Packed { oids: vec![7, 8], text, ends, width: 3 };
        let cells = |row| [0, 1, 2].map(|cell| packed.cell(row, cell));
        assert_eq!((cells(0), cells(1)), ([Some("a"), None, Some("")], [Some("bc"), None, None]));
        assert_eq!((packed.oid(0), packed.oid(1), packed.oid(2), packed.cell(2, 0)), (7, 8, 0, None));
    }
}
