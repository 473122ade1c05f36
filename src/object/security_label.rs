//! Security labels. Key: `Key::OfNamed(target, provider)`; parent: the target.

use std::collections::BTreeSet;

use pg_query::protobuf;
use serde::{Deserialize, Serialize};

use super::comment::{address_in_words, spelled_address};
use super::database::whatever_its_name;
use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Session, Slot, address};
use crate::model::{Catalog, Entry, Expr, Ident, Key, ObjectId, Pair, Step, quote_literal};

/// A security label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityLabel {
    /// The label.
    pub label: String,
}

fn set(id: &ObjectId, label: Option<&str>, catalog: &Catalog) -> Vec<Step> {
    let Key::OfNamed(target, provider) = &id.key else { return Vec::new() };
    let literal = label.map_or_else(|| "NULL".to_owned(), quote_literal);
    let sql = match target.kind {
        Kind::Database => whatever_its_name(|name| format!("SECURITY LABEL FOR {provider} ON DATABASE {name} IS {literal}")),
        _ => format!("SECURITY LABEL FOR {provider} ON {} IS {literal}", spelled_address(target, catalog)),
    };
    vec![Step::new(sql, format!("change the security label of {}", address_in_words(target)))]
}

impl ObjectDef for SecurityLabel {
    const KIND: Kind = Kind::SecurityLabel;
    const QUERY: &'static str = include_str!("security_label.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let found = Found::satellite(Kind::SecurityLabel, Self { label: row.get("label")? }, row)?;
        Ok(Some(Found { id: ObjectId::global(Kind::SecurityLabel, row.ident("provider")?), ..found }))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { label } = self;
        set(id, Some(label), cx.to)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { label } = pair.to;
        Change::InPlace(set(id, Some(label), cx.to))
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        set(id, None, cx.from)
    }

    stands_alone!(keeping drop);
}

/// SECURITY LABEL.
///
/// # Errors
/// Where the object does not exist, or no provider is named.
pub fn interpret(stmt: &protobuf::SecLabelStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(node) = &stmt.object else { return Err(DdlError::Unsupported("SECURITY LABEL without an object".to_owned())) };
    if stmt.provider.is_empty() {
        return Err(DdlError::Invalid("SECURITY LABEL without FOR: which provider is meant depends on the server; name it".to_owned()));
    }
    let target = address::resolve(session, stmt.objtype(), node)?;
    let id = ObjectId::new(Kind::SecurityLabel, Key::OfNamed(target.clone(), Ident::new(&stmt.provider)));
    if stmt.label.is_empty() {
        session.catalog.remove(&id);
        return Ok(());
    }
    let mut entry = Entry::new(SecurityLabel { label: stmt.label.clone() }, Some(target));
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(id, entry);
    Ok(())
}
