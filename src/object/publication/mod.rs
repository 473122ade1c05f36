//! Publications. Key: `Key::Global`. What they publish, where that is not all tables, are objects of their own.

mod interpret;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Key, ObjectId, Pair, Step};

pub use interpret::{interpret_alter, interpret_create};

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// FOR ALL TABLES.
    pub all_tables: bool,
    /// `publish` has `insert`.
    pub insert: bool,
    /// `publish` has `update`.
    pub update: bool,
    /// `publish` has `delete`.
    pub delete: bool,
    /// `publish` has `truncate`.
    pub truncate: bool,
    /// `publish_via_partition_root`.
    pub via_root: bool,
    /// `publish_generated_columns` is `stored` (18 and later).
    pub generated_columns: bool,
}

impl Publication {
    /// With nothing said.
    pub const DEFAULT: Self =
        Self { all_tables: false, insert: true, update: true, delete: true, truncate: true, via_root: false, generated_columns: false };

    /// What stands in the parentheses of WITH or SET to make one of the other.
    fn parameters(pair: Pair<&Self>) -> Option<String> {
        let Self { all_tables: _, insert, update, delete, truncate, via_root, generated_columns } = *pair.to;
        let published = |one: &Self| [one.insert, one.update, one.delete, one.truncate];
        let words = [(insert, "insert"), (update, "update"), (delete, "delete"), (truncate, "truncate")];
        let words: Vec<&str> = words.into_iter().filter_map(|(said, word)| said.then_some(word)).collect();
        let said = [
            pair.map(published).differs().then(|| format!("publish = '{}'", words.join(", "))),
            (pair.from.via_root != via_root).then(|| format!("publish_via_partition_root = {via_root}")),
            (pair.from.generated_columns != generated_columns)
                .then(|| format!("publish_generated_columns = {}", if generated_columns { "stored" } else { "none" })),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// What tables and schemas of publications are called once a publication or a schema has another name; tables take theirs along.
pub fn members_renamed<'a>(catalog: &'a Catalog, from: &'a ObjectId, to: &ObjectId) -> impl Iterator<Item = (ObjectId, ObjectId)> + use<'a> {
    let (old, new) = (from.spelled(), to.spelled());
    let name = to.name().cloned();
    catalog.of_kind(Kind::PublicationTable).chain(catalog.of_kind(Kind::PublicationSchema)).filter_map(move |(id, _)| {
        let key = match (&id.key, from.kind) {
            (Key::OnRelation(table, publication), Kind::Publication) if Some(publication) == from.name() => {
                Key::OnRelation(table.clone(), name.clone()?)
            }
            (Key::Two(publication, schema), Kind::Publication) if *publication == old => Key::Two(new.clone(), schema.clone()),
            (Key::Two(publication, schema), Kind::Schema) if *schema == old => Key::Two(publication.clone(), new.clone()),
            _ => return None,
        };
        Some((id.clone(), ObjectId::new(id.kind, key)))
    })
}

impl ObjectDef for Publication {
    const KIND: Kind = Kind::Publication;
    const QUERY: &'static str = include_str!("publication.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_publication", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            all_tables: row.get("puballtables")?,
            insert: row.get("pubinsert")?,
            update: row.get("pubupdate")?,
            delete: row.get("pubdelete")?,
            truncate: row.get("pubtruncate")?,
            via_root: row.get("pubviaroot")?,
            generated_columns: row.get("generated_columns")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::Publication, row.ident("pubname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let all = if self.all_tables { " FOR ALL TABLES" } else { "" };
        let with = Self::parameters(Pair::new(&Self::DEFAULT, self)).map(|list| format!(" WITH ({list})")).unwrap_or_default();
        plain::create(id, format!("CREATE {}{all}{with}", id.address()))
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        // No statement makes one for all tables of one for some, or the other way round.
        if pair.from.all_tables != pair.to.all_tables {
            return Change::Replace;
        }
        Change::InPlace(Self::parameters(pair).iter().map(|list| plain::change(id, &format!("SET ({list})"))).collect())
    }

    stands_alone!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_differs() {
        let some = Publication { truncate: false, via_root: true, ..Publication::DEFAULT };
        let parameters = Publication::parameters(Pair::new(&Publication::DEFAULT, &some));
        assert_eq!(parameters.as_deref(), Some("publish = 'insert, update, delete', publish_via_partition_root = true"));
        let none = Publication { insert: false, update: false, delete: false, truncate: false, ..Publication::DEFAULT };
        assert_eq!(Publication::parameters(Pair::new(&some, &none)).as_deref(), Some("publish = '', publish_via_partition_root = false"));
    }
}
