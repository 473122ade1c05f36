//! Access methods. Key: `Key::Global`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Catalog, Expr, ObjectId, Pair, QName, Step};

/// An access method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessMethod {
    /// Whether it is for tables; else it is for indexes.
    pub of_tables: bool,
    /// HANDLER.
    pub handler: QName,
}

/// The access method of a relation, where a statement has made it.
pub fn needed(object: &Object, catalog: &Catalog) -> Option<ObjectId> {
    let name = match object {
        Object::Table(table) => table.access_method.as_ref()?,
        Object::MaterializedView(view) => view.access_method.as_ref()?,
        Object::Index(index) => &index.method,
        _ => return None,
    };
    Some(ObjectId::global(Kind::AccessMethod, name.clone())).filter(|id| catalog.contains(id))
}

impl ObjectDef for AccessMethod {
    const KIND: Kind = Kind::AccessMethod;
    const QUERY: &'static str = include_str!("access_method.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_am", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::global(Kind::AccessMethod, row.ident("amname")?);
        let of_tables = match row.char("amtype")? {
            't' => true,
            'i' => false,
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "amtype", value: other.to_string() }),
        };
        Ok(Some(Found::new(id, Self { of_tables, handler: row.qname("nspname", "proname")? })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { of_tables, handler } = self;
        let of = if *of_tables { "TABLE" } else { "INDEX" };
        plain::create(id, format!("CREATE {} TYPE {of} HANDLER {handler}", id.address()))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.handler], from, to);
    }

    stands_alone!();
}
