//! Collations. Key: `Key::InSchema`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, aside};
use crate::model::{Expr, Ident, ObjectId, Pair, QName, Step};

/// Who compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provider {
    /// PostgreSQL itself (from 17 on).
    Builtin,
    /// The operating system.
    Libc,
    /// ICU.
    Icu,
}

/// A collation, without the version that its provider had when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// Who compares.
    pub provider: Provider,
    /// The locale of ICU or of the built-in provider.
    pub locale: Option<String>,
    /// LC_COLLATE of libc.
    pub lc_collate: Option<String>,
    /// LC_CTYPE of libc.
    pub lc_ctype: Option<String>,
    /// Whether strings of different bytes are never equal.
    pub deterministic: bool,
    /// Tailoring rules of ICU (from 16 on).
    pub rules: Option<String>,
}

impl ObjectDef for Collation {
    const KIND: Kind = Kind::Collation;
    const QUERY: &'static str = include_str!("collation.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_collation", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::Collation, row.qname("nspname", "collname")?);
        let provider = match row.char("collprovider")? {
            'b' => Provider::Builtin,
            'c' => Provider::Libc,
            'i' => Provider::Icu,
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "collprovider", value: other.to_string() }),
        };
        let object = Self {
            provider,
            locale: row.get("locale")?,
            lc_collate: row.get("lc_collate")?,
            lc_ctype: row.get("lc_ctype")?,
            deterministic: row.get("collisdeterministic")?,
            rules: row.get("rules")?,
        };
        Ok(Some(Found::new(id, object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { provider, locale, lc_collate, lc_ctype, deterministic, rules } = self;
        let provider = match provider {
            Provider::Builtin => "builtin",
            Provider::Libc => "libc",
            Provider::Icu => "icu",
        };
        let clauses = plain::definition([
            ("PROVIDER", Some(provider.to_owned())),
            ("LOCALE", plain::literal(locale.as_ref())),
            ("LC_COLLATE", plain::literal(lc_collate.as_ref())),
            ("LC_CTYPE", plain::literal(lc_ctype.as_ref())),
            ("DETERMINISTIC", (!deterministic).then(|| "FALSE".to_owned())),
            ("RULES", plain::literal(rules.as_ref())),
        ]);
        plain::create(id, format!("CREATE {} ({clauses})", id.address()))
    }

    /// Columns keep their rows: they take the new collation while the old one waits under another name.
    fn alter(id: &ObjectId, _: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let taken = |name: &QName| [cx.from, cx.to].iter().any(|catalog| catalog.contains(&ObjectId::in_schema(Kind::Collation, name.clone())));
        let old = aside::free(name, aside::OLD, taken);
        let rename = |to: &Ident| plain::change(id, &format!("RENAME TO {to}"));
        Change::Swap { aside: vec![rename(&old.name)], gone: plain::drop(&ObjectId::in_schema(Kind::Collation, old)) }
    }

    stands_alone!();
}
