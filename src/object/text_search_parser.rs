//! Text search parsers. Key: `Key::InSchema`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step};

/// A text search parser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchParser {
    /// START.
    pub start: QName,
    /// GETTOKEN.
    pub token: QName,
    /// END.
    pub end: QName,
    /// HEADLINE.
    pub headline: Option<QName>,
    /// LEXTYPES.
    pub types: QName,
}

impl ObjectDef for TextSearchParser {
    const KIND: Kind = Kind::TextSearchParser;
    const QUERY: &'static str = include_str!("text_search_parser.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_ts_parser", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            start: row.qname("start_schema", "start_name")?,
            token: row.qname("token_schema", "token_name")?,
            end: row.qname("end_schema", "end_name")?,
            headline: row.opt_qname("headline_schema", "headline_name")?,
            types: row.qname("types_schema", "types_name")?,
        };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::TextSearchParser, row.qname("nspname", "prsname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { start, token, end, headline, types } = self;
        let clauses = plain::definition([
            ("START", Some(start.to_string())),
            ("GETTOKEN", Some(token.to_string())),
            ("END", Some(end.to_string())),
            ("HEADLINE", headline.as_ref().map(QName::to_string)),
            ("LEXTYPES", Some(types.to_string())),
        ]);
        plain::create(id, format!("CREATE {} ({clauses})", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.start, &mut self.token, &mut self.end, &mut self.types].into_iter().chain(&mut self.headline), from, to);
    }

    stands_alone!();
}
