//! Addresses in place of OIDs, and the dependencies between them.

use std::borrow::Cow;

use futures_util::TryStreamExt as _;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio_postgres::{Client, Row};

use super::reader::{Piece, Survey, Table, TableRow, Treatment};
use super::scope::Outside;
use super::values::Values;
use super::{Aspect, Column, PhotographedRow, RowAddress, WitnessError, columns, render};
use crate::model::Interned;

/// `(classid, objid, objsubid)` as `pg_depend` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub class: u32,
    pub object: u32,
    pub sub: i32,
}

/// A row of `pg_depend`.
#[derive(Debug)]
pub(super) struct Edge {
    pub from: Address,
    pub to: Address,
    /// `deptype`.
    pub kind: char,
}

impl Edge {
    /// Whether it says that an object is a member of an extension.
    pub(super) const fn is_membership(&self) -> bool {
        self.kind == 'e'
    }

    fn read(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let from = Address { class: row.try_get(0)?, object: row.try_get(1)?, sub: row.try_get(2)? };
        let to = Address { class: row.try_get(3)?, object: row.try_get(4)?, sub: row.try_get(5)? };
        let kind: &str = row.try_get(6)?;
        Ok(Self { from, to, kind: kind.chars().next().unwrap_or('?') })
    }
}

/// Reads `pg_depend`.
pub(super) async fn edges(client: &Client) -> Result<Vec<Edge>, WitnessError> {
    let read = async {
        let statement = client.prepare(include_str!("depend.sql")).await?;
        let rows = client.query_raw(&statement, std::iter::empty::<i32>()).await?;
        rows.and_then(async |row| Edge::read(&row)).try_collect().await
    };
    read.await.map_err(WitnessError::of("pg_depend"))
}

/// What OIDs and column numbers stand for.
pub(super) struct Names<'a> {
    catalogs: FxHashMap<u32, String>,
    relations: u32,
    roles: u32,
    /// Every object that was read; none until its own columns have named it.
    read: FxHashMap<(u32, u32), Option<Cow<'a, str>>>,
    /// What was referred to only.
    asked: FxHashMap<Address, String>,
    columns: FxHashMap<(u32, i32), &'a str>,
    orders: FxHashMap<u32, String>,
}

impl<'a> Names<'a> {
    /// Takes the names of all rows that the server named.
    pub(super) fn collect(survey: &Survey, tables: &'a [Table]) -> Self {
        let mut names = Self {
            catalogs: survey.catalogs().collect(),
            relations: survey.class("pg_class"),
            roles: survey.class("pg_authid"),
            read: FxHashMap::default(),
            asked: FxHashMap::default(),
            columns: FxHashMap::default(),
            orders: FxHashMap::default(),
        };
        let mut orders: FxHashMap<u32, Vec<(i32, &str)>> = FxHashMap::default();
        for table in tables {
            let columns = attribute_cells(table);
            for row in table.rows() {
                if row.oid() != 0 {
                    names.read.insert((table.reader.class, row.oid()), row.identity().map(Cow::Borrowed));
                }
                if let Some([relation, name, number]) = columns {
                    let (relation, number, name) = (row.number(relation), row.number(number), row.cell(name).unwrap_or_default());
                    names.columns.insert((relation, number), name);
                    orders.entry(relation).or_default().push((number, name));
                }
            }
        }
        names.orders = orders.into_iter().map(|(relation, columns)| (relation, in_order(columns))).collect();
        names
    }

    /// Asks the server for the addresses of what is referred to and was not read.
    pub(super) async fn ask(&mut self, client: &Client, tables: &[Table], edges: &[Edge]) -> Result<(), WitnessError> {
        let wanted = self.wanted(tables, edges);
        let classes: Vec<u32> = wanted.iter().map(|address| address.class).collect();
        let objects: Vec<u32> = wanted.iter().map(|address| address.object).collect();
        let subs: Vec<i32> = wanted.iter().map(|address| address.sub).collect();
        let rows =
            client.query(include_str!("addresses.sql"), &[&classes, &objects, &subs]).await.map_err(WitnessError::of("addresses"))?;
        for row in &rows {
            self.learn(row).map_err(WitnessError::of("addresses"))?;
        }
        Ok(())
    }

    /// What is referred to and was not read.
    fn wanted(&self, tables: &[Table], edges: &[Edge]) -> FxHashSet<Address> {
        let parts = tables.par_iter().flat_map(|table| table.parts().par_iter().map(move |rows| (table, rows)));
        let of_rows = parts.flat_map_iter(|(table, rows)| {
            let mut wanted = FxHashSet::default();
            for row in table.rows_of(rows) {
                for (cell, treatment) in row.cells() {
                    each_reference(&row, cell, treatment, |address| self.want(address, &mut wanted));
                }
            }
            wanted
        });
        let of_edges = edges.par_iter().filter(|edge| self.was_read(edge.from)).flat_map_iter(|edge| {
            let mut wanted = FxHashSet::default();
            self.want(edge.from, &mut wanted);
            self.want(edge.to, &mut wanted);
            wanted
        });
        of_rows.chain(of_edges).collect::<Vec<_>>().into_iter().collect()
    }

    fn want(&self, address: Address, wanted: &mut FxHashSet<Address>) {
        let known = self.read.contains_key(&(address.class, address.object))
            && (address.sub == 0 || self.columns.contains_key(&(address.object, address.sub)));
        if address.object != 0 && !known {
            wanted.insert(address);
        }
    }

    fn learn(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        let address = Address { class: row.try_get(0)?, object: row.try_get(1)?, sub: row.try_get(2)? };
        if let Some(identity) = row.try_get::<_, Option<&str>>(3)? {
            self.asked.insert(address, identity.to_owned());
        }
        Ok(())
    }

    /// Names the rows whose own columns name them, catalog after catalog.
    pub(super) fn complete(&mut self, tables: &[Table]) {
        for table in tables {
            let unnamed: Vec<(u32, String)> =
                table.rows().filter(|row| row.oid() != 0 && row.identity().is_none()).map(|row| (row.oid(), self.spelled(&row))).collect();
            for (oid, name) in unnamed {
                self.read.insert((table.reader.class, oid), Some(Cow::Owned(name)));
            }
        }
    }

    /// The address of a row.
    pub(super) fn of_row(&self, row: &TableRow<'_>) -> Cow<'_, str> {
        match self.read.get(&(row.reader.class, row.oid())) {
            Some(Some(name)) => Cow::Borrowed(name),
            _ => self.spelled(row).into(),
        }
    }

    fn spelled(&self, row: &TableRow<'_>) -> String {
        if row.reader.template.is_empty() {
            return format!("OID {}", row.oid());
        }
        let mut text = String::new();
        for piece in &row.reader.template {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Cell(cell) => text.push_str(render::value(row, *cell, row.treatment(*cell), self).as_deref().unwrap_or("-")),
            }
        }
        text
    }

    /// The name of an object of a catalog.
    pub(super) fn object(&self, class: u32, object: u32) -> Cow<'_, str> {
        if object == 0 {
            return Cow::Borrowed(if class == self.roles { "PUBLIC" } else { "-" });
        }
        if let Some(Some(name)) = self.read.get(&(class, object)) {
            return Cow::Borrowed(name);
        }
        match self.asked.get(&Address { class, object, sub: 0 }) {
            Some(name) => Cow::Borrowed(name),
            None => format!("{} OID {object}", self.catalog(class)).into(),
        }
    }

    /// The name of a column of a relation.
    pub(super) fn column(&self, relation: u32, number: i32) -> Cow<'_, str> {
        match self.columns.get(&(relation, number)) {
            Some(name) => Cow::Borrowed(name),
            None if number == 0 => Cow::Borrowed("expression"),
            None => format!("column {number}").into(),
        }
    }

    /// The columns of a relation in their order.
    pub(super) fn order(&self, relation: u32) -> Option<&str> {
        self.orders.get(&relation).map(String::as_str)
    }

    /// Catalog and name of what an address stands for.
    pub(super) fn address(&self, address: Address) -> String {
        let mut text = String::new();
        self.spell(address, &mut text);
        text
    }

    /// As [`address`](Self::address), behind a text.
    fn spell(&self, address: Address, text: &mut String) {
        text.push_str(self.catalog(address.class));
        text.push(' ');
        if let Some(name) = self.asked.get(&address) {
            return text.push_str(name);
        }
        text.push_str(&self.object(address.class, address.object));
        match address.sub {
            0 => {}
            sub if address.class == self.relations => {
                text.push('.');
                text.push_str(&self.column(address.object, sub));
            }
            sub => text.push_str(&format!(" column {sub}")),
        }
    }

    fn catalog(&self, class: u32) -> &str {
        self.catalogs.get(&class).map_or("?", String::as_str)
    }

    fn was_read(&self, address: Address) -> bool {
        self.read.contains_key(&(address.class, address.object))
    }
}

/// The cells of relation, name and number, where the table is `pg_attribute`.
fn attribute_cells(table: &Table) -> Option<[usize; 3]> {
    Some([table.reader.place("attrelid")?, table.reader.place("attname")?, table.reader.place("attnum")?])
}

fn in_order(mut columns: Vec<(i32, &str)>) -> String {
    columns.retain(|(number, _)| *number > 0);
    columns.sort_unstable();
    columns.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

/// Calls back for each object that a cell refers to.
pub(super) fn each_reference(row: &TableRow<'_>, cell: usize, treatment: Treatment, mut found: impl FnMut(Address)) {
    match treatment {
        Treatment::Reference(class) => found(Address { class, object: row.number(cell), sub: 0 }),
        Treatment::References { class, .. } => {
            for object in render::numbers(row.cell(cell).unwrap_or_default()) {
                found(Address { class, object, sub: 0 });
            }
        }
        Treatment::Object { class, sub } => found(Address { class: row.number(class), object: row.number(cell), sub: row.number(sub) }),
        _ => {}
    }
}

/// The dependencies between what was read, as rows. Two objects may depend on each other in several ways at once.
pub(super) fn edge_rows(edges: &[Edge], names: &Names<'_>, out: &Outside) -> Vec<(RowAddress, PhotographedRow)> {
    let shown = edges.par_iter().filter(|edge| names.was_read(edge.from) && (edge.is_membership() || !out.contains(edge.from)));
    let addressed = shown.map_init(String::new, |text, edge| {
        text.clear();
        names.spell(edge.from, text);
        text.push_str(" -> ");
        names.spell(edge.to, text);
        (RowAddress::new("pg_depend", text).object, edge.kind)
    });
    let mut addressed: Vec<(Interned<str>, char)> = addressed.collect();
    addressed.par_sort_unstable_by_key(|(object, kind)| (object.place(), *kind));
    // A domain over a domain needs it once more where its default was said and not taken over, and means the same.
    addressed.dedup();
    let header = columns(vec![Column { name: "deptype".to_owned(), aspect: Aspect::Other }]);
    let mut said: FxHashMap<Vec<char>, Values> = FxHashMap::default();
    let row = |ways: &[(Interned<str>, char)]| {
        let object = ways.first()?.0.clone();
        let kinds: Vec<char> = ways.iter().map(|(_, kind)| *kind).collect();
        let values = said.entry(kinds).or_insert_with_key(|kinds| {
            let kinds: Vec<String> = kinds.iter().map(char::to_string).collect();
            std::iter::once(Some(kinds.join(" ").as_str())).collect()
        });
        let row = PhotographedRow { columns: header.clone(), values: values.clone() };
        Some((RowAddress { catalog: "pg_depend", object }, row))
    };
    addressed.chunk_by(|(one, _), (other, _)| one == other).filter_map(row).collect()
}
