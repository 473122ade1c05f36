//! Text search configurations. Key: `Key::InSchema`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step, quote_ident};

/// A text search configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchConfiguration {
    /// PARSER.
    pub parser: QName,
    /// Dictionaries by kind of token, in the order that they are asked in.
    pub mappings: BTreeMap<String, Vec<QName>>,
}

/// Reads token, schema and dictionary, one after the other, as the query puts them together.
fn mappings(texts: &[String]) -> BTreeMap<String, Vec<QName>> {
    let mut found: BTreeMap<String, Vec<QName>> = BTreeMap::new();
    for text in texts.chunks_exact(3) {
        if let [token, schema, name] = text {
            found.entry(token.clone()).or_default().push(QName::new(schema.as_str(), name.as_str()));
        }
    }
    found
}

fn map(id: &ObjectId, verb: &str, token: &str, dictionaries: &[QName]) -> Step {
    let dictionaries: Vec<String> = dictionaries.iter().map(QName::to_string).collect();
    plain::change(id, &format!("{verb} MAPPING FOR {} WITH {}", quote_ident(token), dictionaries.join(", ")))
}

impl ObjectDef for TextSearchConfiguration {
    const KIND: Kind = Kind::TextSearchConfiguration;
    const QUERY: &'static str = include_str!("text_search_configuration.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_ts_config", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self { parser: row.qname("parser_schema", "prsname")?, mappings: mappings(&row.get::<Vec<String>>("mappings")?) };
        Ok(Some(Found::new(ObjectId::in_schema(Kind::TextSearchConfiguration, row.qname("nspname", "cfgname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { parser, mappings } = self;
        let mut steps = plain::create(id, format!("CREATE {} (PARSER = {parser})", id.address()));
        steps.extend(mappings.iter().map(|(token, dictionaries)| map(id, "ADD", token, dictionaries)));
        steps
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { parser, mappings } = pair.to;
        if pair.from.parser != *parser {
            return Change::Replace;
        }
        let before = &pair.from.mappings;
        let gone = before.keys().filter(|token| !mappings.contains_key(*token));
        let mut steps: Vec<Step> =
            gone.map(|token| plain::change(id, &format!("DROP MAPPING FOR {}", quote_ident(token)))).collect();
        for (token, dictionaries) in mappings {
            match before.get(token) {
                None => steps.push(map(id, "ADD", token, dictionaries)),
                Some(present) if present != dictionaries => steps.push(map(id, "ALTER", token, dictionaries)),
                Some(_) => {}
            }
        }
        Change::InPlace(steps)
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::TextSearchParser, [&mut self.parser], from, to);
        rename::follow(Kind::TextSearchDictionary, self.mappings.values_mut().flatten(), from, to);
    }

    stands_alone!();
}
