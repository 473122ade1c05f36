//! Extensions.

mod interpret;
mod members;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use interpret::{interpret_create, interpret_update, not_altered};
pub use members::{fixed_schema, function_providers, members, members_known, relation_providers, requires, type_providers};

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, Ident, ObjectId, Pair, QName, Step, quote_ident};

/// An extension. PostgreSQL's own `plpgsql`, which is in every new database, is none of these.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The schema of its relocatable objects.
    pub schema: Ident,
    /// The version; `None` where nobody speaks of one.
    pub version: Option<String>,
}

/// Whether one version comes before another one. Versions are words (docs: "Extension Updates"); of those that are not numbers
/// nothing is known.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>();
    numbers(version).zip(numbers(than)).is_some_and(|(version, than)| version < than)
}

/// Whether values of the extension's types may be stored, which would go with it. Extensions seldom have scripts to earlier
/// versions, so that without such values it is dropped and created again.
fn holds_values(id: &ObjectId, cx: &Cx<'_>) -> bool {
    let is_stored = |kind: Kind| matches!(kind, Kind::Table | Kind::Column | Kind::Attribute | Kind::Domain | Kind::Range);
    cx.from.iter().any(|(user, entry)| is_stored(user.kind) && entry.needs.contains(id))
}

/// Where one side speaks of no version, any will do.
impl PartialEq for Extension {
    fn eq(&self, other: &Self) -> bool {
        let Self { schema, version } = self;
        *schema == other.schema && version.as_ref().zip(other.version.as_ref()).is_none_or(|(one, two)| one == two)
    }
}

impl ObjectDef for Extension {
    const KIND: Kind = Kind::Extension;
    const QUERY: &'static str = include_str!("extension.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self { schema: row.ident("nspname")?, version: Some(row.get("extversion")?) };
        Ok(Some(Found::new(ObjectId::global(Kind::Extension, row.ident("extname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { schema, version } = self;
        let version = version.iter().map(|version| format!(" VERSION {}", quote_ident(version))).collect::<String>();
        let name = id.spelled();
        vec![Step::new(format!("CREATE EXTENSION {name} WITH SCHEMA {schema}{version}"), format!("create extension {name}"))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP EXTENSION {}", id.spelled()), format!("drop extension {}", id.spelled()))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { schema, version } = pair.to;
        if pair.from.version.as_ref().zip(version.as_ref()).is_some_and(|(old, new)| is_older(new, old)) && !holds_values(id, cx) {
            return Change::Replace;
        }
        let name = id.spelled();
        let mut steps = Vec::new();
        if *schema != pair.from.schema {
            steps.push(
                Step::new(format!("ALTER EXTENSION {name} SET SCHEMA {schema}"), format!("move extension {name} to schema {schema}"))
                    .hazard(Hazard::Breaks(format!("code that finds members of {name} in schema {}", pair.from.schema))),
            );
        }
        if let Some(version) = version
            && pair.from.version.as_ref().is_some_and(|old| old != version)
        {
            let sql = format!("ALTER EXTENSION {name} UPDATE TO {}", quote_ident(version));
            steps.push(Step::new(sql, format!("bring extension {name} to version {version}")));
        }
        Change::InPlace(steps)
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        let name = id.name().map(Ident::as_str).unwrap_or_default();
        let named = |member: &str| QName::new(self.schema.clone(), member);
        let types = members(name, "t").map(|member| Slot::Type(named(member)));
        types.chain(members(name, "r").map(|member| Slot::Relation(named(member)))).collect()
    }

    stands_alone!(keeping drop, slots);
}
