//! Transforms. Key: `Key::Two(type, language)`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use super::rename::FunctionAs;
use crate::model::{Expr, Key, ObjectId, Pair, Step};

/// A transform; functions with their argument types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transform {
    /// FROM SQL WITH FUNCTION.
    pub from_sql: Option<String>,
    /// TO SQL WITH FUNCTION.
    pub to_sql: Option<String>,
}

impl ObjectDef for Transform {
    const KIND: Kind = Kind::Transform;
    const QUERY: &'static str = include_str!("transform.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_transform", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::new(Kind::Transform, Key::Two(row.get("type_name")?, row.ident("lanname")?.quoted()));
        Ok(Some(Found::new(id, Self { from_sql: row.get("from_sql")?, to_sql: row.get("to_sql")? })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { from_sql, to_sql } = self;
        let from = from_sql.as_ref().map(|function| format!("FROM SQL WITH FUNCTION {function}"));
        let to = to_sql.as_ref().map(|function| format!("TO SQL WITH FUNCTION {function}"));
        let clauses: Vec<String> = from.into_iter().chain(to).collect();
        plain::create(id, format!("CREATE {} ({})", id.address(), clauses.join(", ")))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow_functions(self.from_sql.iter_mut().chain(&mut self.to_sql), FunctionAs::Signature, from, to);
    }

    stands_alone!();
}
