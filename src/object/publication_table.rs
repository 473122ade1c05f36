//! Tables of publications. Key: `Key::OnRelation(table, publication)`; parent: the table; it goes with the publication too.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, family};
use crate::model::{Expr, Ident, LockMode, ObjectId, Pair, QName, Step, name_list};

/// A table of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationTable {
    /// The columns that are published; none where all are.
    pub columns: BTreeSet<Ident>,
    /// WHERE.
    pub filter: Option<Expr>,
}

/// The identity of a table's place in a publication.
pub fn identity(publication: &Ident, table: &QName) -> ObjectId {
    ObjectId::on(Kind::PublicationTable, table.clone(), publication.clone())
}

fn step(id: &ObjectId, verb: &str, rest: &str, cx: &Cx<'_>) -> Vec<Step> {
    let Some((table, publication)) = id.qname().zip(id.name()) else { return Vec::new() };
    let sql = format!("ALTER PUBLICATION {publication} {verb} TABLE ONLY {table}{rest}");
    let words = if verb == "ADD" { format!("publish {table} by {publication}") } else { format!("no longer publish {table} by {publication}") };
    let step = Step::new(sql, words);
    vec![if family::stays(table, cx) { step.lock(table, LockMode::ShareUpdateExclusive) } else { step }]
}

impl ObjectDef for PublicationTable {
    const KIND: Kind = Kind::PublicationTable;
    const QUERY: &'static str = include_str!("publication_table.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_publication", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let (publication, table) = (row.ident("pubname")?, row.qname("nspname", "relname")?);
        let id = identity(&publication, &table);
        let object = Self { columns: row.idents("columns")?.into_iter().collect(), filter: row.opt_expr("filter", &id)? };
        let publication = ObjectId::global(Kind::Publication, publication);
        let found = Found::child(id, object, family::table(&table));
        Ok(Some(Found { needs: vec![publication.clone()], auto: Some(publication), ..found }))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { columns, filter } = self;
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", name_list(columns)) };
        let filter = filter.as_ref().map(|filter| format!(" WHERE ({filter})")).unwrap_or_default();
        step(id, "ADD", &format!("{columns}{filter}"), cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        step(id, "DROP", "", cx)
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        // SET TABLE is about all tables of the publication at once.
        let Self { columns: _, filter: _ } = pair.to;
        Change::Replace
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        // ALTER COLUMN TYPE is refused of columns that a list or a filter names (`RememberAllDependentForRebuilding`).
        disturbed.kind != Kind::Column
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.filter.iter_mut().collect()
    }

    fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if let (Kind::Column, true, Some((old, new))) = (from.kind, from.qname() == id.qname(), from.name().zip(to.name()))
            && self.columns.remove(old)
        {
            self.columns.insert(new.clone());
        }
    }
}
