//! Text search dictionaries. Key: `Key::InSchema`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step, quote_ident, quote_literal};
use crate::sql::{self, NodeEnum};

/// A text search dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    /// TEMPLATE.
    pub template: QName,
    /// Options of the template, as the server spells them for CREATE (`serialize_deflist` in src/backend/commands/tsearchcmds.c).
    pub options: Option<String>,
}

/// Options by name; `None` where they do not parse.
fn named(options: Option<&String>) -> Option<Vec<(String, String)>> {
    let Some(options) = options else { return Some(Vec::new()) };
    let statement = sql::parse_one(&format!("CREATE TEXT SEARCH DICTIONARY d ({options})")).ok()?;
    let Some(NodeEnum::DefineStmt(statement)) = statement.node else { return None };
    sql::literal::options(&statement.definition).ok()
}

impl ObjectDef for TextSearchDictionary {
    const KIND: Kind = Kind::TextSearchDictionary;
    const QUERY: &'static str = include_str!("text_search_dictionary.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_ts_dict", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self { template: row.qname("template_schema", "template_name")?, options: row.get("dictinitoption")? };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::TextSearchDictionary, row.qname("nspname", "dictname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { template, options } = self;
        let options = options.as_ref().map(|options| format!(", {options}")).unwrap_or_default();
        plain::create(id, format!("CREATE {} (TEMPLATE = {template}{options})", id.address()))
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { template, options } = pair.to;
        let (Some(before), Some(after)) = (named(pair.from.options.as_ref()), named(options.as_ref())) else { return Change::Replace };
        if pair.from.template != *template {
            return Change::Replace;
        }
        // Each option that is set moves to the end (`AlterTSDictionary`), so that naming all keeps their order.
        let gone = before.iter().filter(|(name, _)| after.iter().all(|(other, _)| other != name)).map(|(name, _)| quote_ident(name));
        let set = after.iter().map(|(name, value)| format!("{} = {}", quote_ident(name), quote_literal(value)));
        let clauses: Vec<String> = gone.chain(set).collect();
        Change::InPlace(vec![plain::change(id, &format!("({})", clauses.join(", ")))])
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::TextSearchTemplate, [&mut self.template], from, to);
    }

    stands_alone!();
}
