//! Comments. Key: `Key::Of(target)`; parent: the target.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::database::whatever_its_name;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, ObjectId, Pair, Step, quote_literal};

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The text.
    pub text: String,
}

fn set(id: &ObjectId, text: Option<&str>, catalog: &Catalog) -> Vec<Step> {
    let Some(target) = id.target() else { return Vec::new() };
    let literal = text.map_or_else(|| "NULL".to_owned(), quote_literal);
    let verb = if text.is_some() { "comment on" } else { "take the comment off" };
    let sql = match target.kind {
        Kind::Database => whatever_its_name(|name| format!("COMMENT ON DATABASE {name} IS {literal}")),
        _ => format!("COMMENT ON {} IS {literal}", spelled_address(target, catalog)),
    };
    vec![Step::new(sql, format!("{verb} {}", address_in_words(target)))]
}

/// The address as COMMENT ON and SECURITY LABEL take it, where the identity alone does not tell.
pub fn spelled_address(target: &ObjectId, catalog: &Catalog) -> String {
    let table = match catalog.object(target) {
        Some(super::Object::Table(table)) => Some(format!("{} {}", table.keyword(), target.spelled())),
        _ => None,
    };
    table.or_else(|| super::constraint::address(target, catalog)).unwrap_or_else(|| target.address())
}

/// `table s.t`: an address as summaries spell it.
pub fn address_in_words(id: &ObjectId) -> String {
    format!("{} {}", id.kind.keyword().to_lowercase(), id.spelled())
}

impl ObjectDef for Comment {
    const KIND: Kind = Kind::Comment;
    const QUERY: &'static str = include_str!("comment.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Found::satellite(Kind::Comment, Self { text: row.get("description")? }, row).map(Some)
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { text } = self;
        set(id, Some(text), cx.to)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        set(id, None, cx.from)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { text } = pair.to;
        Change::InPlace(set(id, Some(text), cx.to))
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
