//! What is out of scope: left out schemas with everything in them, and what belongs to extensions.

use rustc_hash::{FxHashMap, FxHashSet};
use tokio_postgres::Client;

use super::address::{Address, Edge, each_reference};
use super::reader::{Survey, Table, TableRow, Treatment};
use super::{Scope, WitnessError};

/// Reads which schemas are out of scope.
pub(super) async fn hidden_schemas(client: &Client, scope: &Scope) -> Result<Vec<u32>, WitnessError> {
    let rows =
        client.query(include_str!("hidden_schemas.sql"), &[&scope.exclude_schemas]).await.map_err(WitnessError::of("pg_namespace"))?;
    rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(WitnessError::of("pg_namespace"))
}

/// The objects that are out of scope, by catalog and OID.
pub(super) struct Outside {
    objects: FxHashSet<(u32, u32)>,
    /// Schemas that belong to an extension: what users put into them is their own.
    schemas: FxHashSet<(u32, u32)>,
}

impl Outside {
    /// Follows parts and internal dependencies from left out schemas and objects, and from members of extensions.
    pub(super) fn new((hidden_schemas, left_out): (Vec<u32>, &[(u32, u32)]), survey: &Survey, tables: &[Table], edges: &[Edge]) -> Self {
        let namespace = survey.class("pg_namespace");
        let members = edges.iter().filter(|edge| edge.is_membership()).map(|edge| (edge.from.class, edge.from.object));
        let (schemas, members): (FxHashSet<_>, FxHashSet<_>) = members.partition(|(class, _)| *class == namespace);
        let mut pending: Vec<(u32, u32)> =
            hidden_schemas.into_iter().map(|oid| (namespace, oid)).chain(members).chain(left_out.iter().copied()).collect();
        let parts = parts(survey, tables, edges);
        let mut objects = FxHashSet::default();
        while let Some(object) = pending.pop() {
            if objects.insert(object) {
                pending.extend(parts.get(&object).into_iter().flatten().copied());
            }
        }
        Self { objects, schemas }
    }

    /// Whether an object is out of scope.
    pub(super) fn contains(&self, address: Address) -> bool {
        self.objects.contains(&(address.class, address.object))
    }

    /// Whether a row is: its object, or what it is part of.
    pub(super) fn holds(&self, row: &TableRow<'_>) -> bool {
        let own = (row.reader.class, row.oid());
        if self.objects.contains(&own) || self.schemas.contains(&own) {
            return true;
        }
        let mut holds = false;
        for &cell in &row.reader.part_of {
            let treatment = row.treatment(cell);
            let of_schema = matches!(treatment, Treatment::Object { .. });
            each_reference(row, cell, treatment, |whole| {
                holds |= self.contains(whole) || of_schema && self.schemas.contains(&(whole.class, whole.object));
            });
        }
        holds
    }
}

type Parts = FxHashMap<(u32, u32), Vec<(u32, u32)>>;

/// What goes out of scope with what.
fn parts(survey: &Survey, tables: &[Table], edges: &[Edge]) -> Parts {
    let mut parts: Parts = FxHashMap::default();
    let relations = survey.class("pg_class");
    for table in tables {
        let index = table.reader.catalog.name == "pg_index";
        for row in table.rows() {
            let own = if index {
                table.reader.place("indexrelid").map(|cell| (relations, row.number(cell)))
            } else {
                Some((table.reader.class, row.oid()))
            };
            let Some(own) = own.filter(|(_, oid)| *oid != 0) else { continue };
            for &cell in &table.reader.part_of {
                each_reference(&row, cell, row.treatment(cell), |whole| parts.entry((whole.class, whole.object)).or_default().push(own));
            }
        }
    }
    for edge in edges.iter().filter(|edge| edge.kind == 'i') {
        parts.entry((edge.to.class, edge.to.object)).or_default().push((edge.from.class, edge.from.object));
    }
    parts
}
