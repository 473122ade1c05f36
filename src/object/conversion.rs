//! Encoding conversions. Key: `Key::InSchema`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step, quote_literal};

/// An encoding conversion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// The encoding that it reads.
    pub source: String,
    /// The encoding that it writes.
    pub target: String,
    /// The function.
    pub function: QName,
    /// DEFAULT.
    pub default: bool,
}

impl ObjectDef for Conversion {
    const KIND: Kind = Kind::Conversion;
    const QUERY: &'static str = include_str!("conversion.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_conversion", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            source: row.get("source")?,
            target: row.get("target")?,
            function: row.qname("function_schema", "function_name")?,
            default: row.get("condefault")?,
        };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::Conversion, row.qname("nspname", "conname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { source, target, function, default } = self;
        let default = if *default { "DEFAULT " } else { "" };
        let (source, target) = (quote_literal(source), quote_literal(target));
        plain::create(id, format!("CREATE {default}{} FOR {source} TO {target} FROM {function}", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.function], from, to);
    }

    stands_alone!();
}
