//! Columns of tables.

use serde::{Deserialize, Serialize};

use super::sequence::SequenceOptions;
use crate::model::{Expr, Ident, Options, QName, TypeName};

/// Where a column stands; it orders columns in new tables, and is no difference, since PostgreSQL cannot move columns.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Position(pub i32);

impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Position {}

/// GENERATED .. AS IDENTITY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// ALWAYS, or BY DEFAULT.
    pub always: bool,
    /// The name of its sequence.
    pub sequence: QName,
    /// The options of its sequence.
    pub options: SequenceOptions,
}

/// GENERATED ALWAYS AS (..).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The expression.
    pub expr: Expr,
    /// STORED, or VIRTUAL (18 and later).
    pub stored: bool,
}

/// A column of a table. Its default and its NOT NULL are objects of their own, with the column as parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Where it stands.
    pub position: Position,
    /// Its type.
    pub type_name: TypeName,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
    /// GENERATED .. AS IDENTITY.
    pub identity: Option<Identity>,
    /// GENERATED ALWAYS AS (..).
    pub generated: Option<Generated>,
    /// The storage (PLAIN, EXTERNAL, EXTENDED, MAIN), where it is not the type's.
    pub storage: Option<String>,
    /// The compression method, where one is set.
    pub compression: Option<Ident>,
    /// SET STATISTICS, where one is set.
    pub statistics: Option<i32>,
    /// SET (n_distinct = ..).
    pub options: Options,
    /// Whether it comes from parent tables alone (`attislocal` is false).
    pub inherited: bool,
}

super::pending!(Column);
