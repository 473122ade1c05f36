//! Schemas.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, ObjectId, Pair, Step};

/// A schema has nothing but its name; owner, privileges and comment are satellites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {}

impl ObjectDef for Schema {
    const KIND: Kind = Kind::Schema;
    const QUERY: &'static str = include_str!("schema.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Ok(Some(Found::new(ObjectId::global(Kind::Schema, row.ident("nspname")?), Self {})))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        vec![Step::new(format!("CREATE SCHEMA {}", id.spelled()), format!("create schema {}", id.spelled()))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP SCHEMA {}", id.spelled()), format!("drop schema {}", id.spelled()))]
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let (Self {}, Self {}) = (pair.from, pair.to);
        Change::InPlace(Vec::new())
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}
