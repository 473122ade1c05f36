//! Procedural languages. Key: `Key::Global`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, ObjectId, Pair, QName, Step};

/// A procedural language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// TRUSTED.
    pub trusted: bool,
    /// HANDLER.
    pub handler: QName,
    /// INLINE.
    pub inline: Option<QName>,
    /// VALIDATOR.
    pub validator: Option<QName>,
}

impl Language {
    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { trusted, handler, inline, validator } = self;
        let trusted = if *trusted { "TRUSTED " } else { "" };
        let inline = inline.as_ref().map(|function| format!(" INLINE {function}")).unwrap_or_default();
        let validator = validator.as_ref().map(|function| format!(" VALIDATOR {function}")).unwrap_or_default();
        format!("{verb} {trusted}{} HANDLER {handler}{inline}{validator}", id.address())
    }
}

impl ObjectDef for Language {
    const KIND: Kind = Kind::Language;
    const QUERY: &'static str = include_str!("language.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_language", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            trusted: row.get("lanpltrusted")?,
            handler: row.qname("handler_schema", "handler_name")?,
            inline: row.opt_qname("inline_schema", "inline_name")?,
            validator: row.opt_qname("validator_schema", "validator_name")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::Language, row.ident("lanname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        plain::create(id, self.definition(id, "CREATE"))
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::InPlace(vec![Step::new(pair.to.definition(id, "CREATE OR REPLACE"), format!("change language {}", id.spelled()))])
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.handler].into_iter().chain(&mut self.inline).chain(&mut self.validator), from, to);
    }

    stands_alone!();
}
