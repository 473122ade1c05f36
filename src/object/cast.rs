//! Casts. Key: `Key::Two(source type, target type)`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Key, ObjectId, Pair, Step};

/// How a cast is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// WITH FUNCTION, with its argument types.
    Function(String),
    /// WITHOUT FUNCTION.
    Binary,
    /// WITH INOUT.
    InOut,
}

/// A cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// How it is done.
    pub method: Method,
    /// When it is done: `e` only where it is written, `a` in assignments too, `i` everywhere.
    pub context: char,
}

impl ObjectDef for Cast {
    const KIND: Kind = Kind::Cast;
    const QUERY: &'static str = include_str!("cast.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_cast", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::new(Kind::Cast, Key::Two(row.get("source")?, row.get("target")?));
        let method = match (row.char("castmethod")?, row.get::<Option<String>>("function")?) {
            ('f', Some(function)) => Method::Function(function),
            ('b', _) => Method::Binary,
            ('i', _) => Method::InOut,
            (other, _) => return Err(ReadError::Unknown { object: id.to_string(), column: "castmethod", value: other.to_string() }),
        };
        Ok(Some(Found::new(id, Self { method, context: row.char("castcontext")? })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { method, context } = self;
        let method = match method {
            Method::Function(function) => format!("WITH FUNCTION {function}"),
            Method::Binary => "WITHOUT FUNCTION".to_owned(),
            Method::InOut => "WITH INOUT".to_owned(),
        };
        let context = match context {
            'a' => " AS ASSIGNMENT",
            'i' => " AS IMPLICIT",
            _ => "",
        };
        plain::create(id, format!("CREATE {} {method}{context}", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    stands_alone!();
}
