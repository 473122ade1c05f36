//! Text search templates. Key: `Key::InSchema`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step};

/// A text search template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchTemplate {
    /// INIT.
    pub init: Option<QName>,
    /// LEXIZE.
    pub lexize: QName,
}

impl ObjectDef for TextSearchTemplate {
    const KIND: Kind = Kind::TextSearchTemplate;
    const QUERY: &'static str = include_str!("text_search_template.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_ts_template", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self { init: row.opt_qname("init_schema", "init_name")?, lexize: row.qname("lexize_schema", "lexize_name")? };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::TextSearchTemplate, row.qname("nspname", "tmplname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { init, lexize } = self;
        let clauses = plain::definition([("INIT", init.as_ref().map(QName::to_string)), ("LEXIZE", Some(lexize.to_string()))]);
        plain::create(id, format!("CREATE {} ({clauses})", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.lexize].into_iter().chain(&mut self.init), from, to);
    }

    stands_alone!();
}
