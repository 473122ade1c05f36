//! Foreign tables: where their rows are.

use serde::{Deserialize, Serialize};

use super::{AlterTable, Table};
use crate::model::{Ident, LockMode, Pair, QName, Step};
use crate::object::foreign_options::ForeignOptions;
use crate::object::{CatalogRow, ReadError};

/// What makes a table a foreign one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// The server that has its rows.
    pub server: Ident,
    /// OPTIONS.
    pub options: ForeignOptions,
}

impl Foreign {
    /// From a row of the tables' query.
    ///
    /// # Errors
    /// Where the query does not give its columns.
    pub(super) fn read(row: &CatalogRow<'_>) -> Result<Option<Self>, ReadError> {
        let Some(server) = row.opt_ident("srvname")? else { return Ok(None) };
        Ok(Some(Self { server, options: ForeignOptions::read(row, "ftoptions")? }))
    }

    /// What stands at the end of CREATE FOREIGN TABLE.
    pub(super) fn clause(&self) -> String {
        let Self { server, options } = self;
        let options = options.clause().map(|options| format!(" {options}")).unwrap_or_default();
        format!("SERVER {server}{options}")
    }
}

/// ALTER FOREIGN TABLE .. OPTIONS, where these differ.
pub(super) fn changes(name: &QName, pair: Pair<&Table>, at: &AlterTable<'_>) -> Option<Step> {
    let (Some(from), Some(to)) = (&pair.from.foreign, &pair.to.foreign) else { return None };
    let clause = ForeignOptions::changes(Pair::new(&from.options, &to.options))?;
    let step = Step::new(format!("ALTER FOREIGN TABLE {name} {clause}"), format!("change foreign options of {name}"));
    Some(at.locked(step, LockMode::AccessExclusive))
}
