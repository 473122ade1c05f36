//! What a range is before it is defined, where it has a canonical function: that takes and returns the range, and must be there first
//! (`DefineRange` in src/backend/commands/typecmds.c). Ranges without one have none. Key: `Key::Of(range)`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Entry, Expr, ObjectId, Pair, Step};

/// The shell of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeShell {}

impl RangeShell {
    /// The identity of a range's shell.
    pub fn id(range: &ObjectId) -> ObjectId {
        ObjectId::of(Kind::RangeShell, range.clone())
    }

    /// The shell of a range, which goes with it.
    pub fn entry(range: &ObjectId) -> Entry {
        let schema = range.schema().map(|schema| ObjectId::global(Kind::Schema, schema.clone()));
        Entry { auto: Some(range.clone()), ..Entry::new(Self {}, None).needing(schema) }
    }
}

/// The canonical function of a range that is one of the catalog.
pub fn canonical(range: &ObjectId, catalog: &Catalog) -> Option<ObjectId> {
    let entry = catalog.get(range)?;
    let Object::Range(object) = &entry.object else { return None };
    let name = object.canonical.as_ref()?;
    entry.needs.iter().find(|need| need.kind == Kind::Function && need.qname() == Some(name)).cloned()
}

/// A range goes with its shell, which its canonical function goes with.
pub fn bound(range: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    Some(RangeShell::id(range)).filter(|shell| catalog.contains(shell)).into_iter().collect()
}

/// The canonical function needs the shell and goes with the range, which needs both.
pub fn complete(catalog: &mut Catalog) {
    let shells: Vec<(ObjectId, ObjectId)> =
        catalog.of_kind(Kind::RangeShell).filter_map(|(id, _)| Some((id.clone(), id.target()?.clone()))).collect();
    for (shell, range) in shells {
        let function = canonical(&range, catalog);
        // It moves with the range.
        if let Some(entry) = catalog.get_mut(&shell) {
            entry.needs = RangeShell::entry(&range).needs;
        }
        if let Some(entry) = catalog.get_mut(&range) {
            entry.needs.insert(shell.clone());
        }
        if let Some(entry) = function.and_then(|function| catalog.get_mut(&function)) {
            entry.needs.remove(&range);
            entry.needs.insert(shell);
            entry.auto = Some(range);
        }
    }
}

impl ObjectDef for RangeShell {
    const KIND: Kind = Kind::RangeShell;
    const QUERY: &'static str = include_str!("range_shell.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_range", "rngtypid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let range = ObjectId::in_schema(Kind::Range, row.qname("nspname", "typname")?);
        let Entry { auto, needs, .. } = Self::entry(&range);
        Ok(Some(Found { auto, needs: needs.into_iter().collect(), ..Found::new(Self::id(&range), Self {}) }))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        let Some(range) = id.target() else { return Vec::new() };
        vec![Step::new(format!("CREATE TYPE {}", range.spelled()), format!("announce range {}", range.spelled()))]
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self {} = pair.to;
        Change::InPlace(Vec::new())
    }

    fn drop(&self, _: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        // It never goes without its range.
        Vec::new()
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.target().and_then(ObjectId::qname).into_iter().map(|name| Slot::Type(name.clone())).collect()
    }

    stands_alone!(keeping drop, slots);
}
