//! Addresses in place of OIDs, and the dependencies between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tokio_postgres::{Client, Row};

use super::reader::{Piece, Survey, Table, TableRow, Treatment};
use super::scope::Outside;
use super::{Aspect, Column, PhotographedRow, RowAddress, WitnessError, render};

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
    pub kind: String,
}

impl Edge {
    /// Whether it says that an object is a member of an extension.
    pub(super) fn is_membership(&self) -> bool {
        self.kind == "e"
    }

    fn read(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let from = Address { class: row.try_get(0)?, object: row.try_get(1)?, sub: row.try_get(2)? };
        let to = Address { class: row.try_get(3)?, object: row.try_get(4)?, sub: row.try_get(5)? };
        Ok(Self { from, to, kind: row.try_get(6)? })
    }
}

/// Reads `pg_depend`.
pub(super) async fn edges(client: &Client) -> Result<Vec<Edge>, WitnessError> {
    let rows = client.query(include_str!("depend.sql"), &[]).await.map_err(WitnessError::of("pg_depend"))?;
    rows.iter().map(Edge::read).collect::<Result<_, _>>().map_err(WitnessError::of("pg_depend"))
}

/// What OIDs and column numbers stand for.
pub(super) struct Names {
    catalogs: HashMap<u32, String>,
    relations: u32,
    roles: u32,
    /// Every object that was read; none until its own columns have named it.
    read: HashMap<(u32, u32), Option<Arc<str>>>,
    /// What was referred to only.
    asked: HashMap<Address, Arc<str>>,
    columns: HashMap<(u32, i32), Arc<str>>,
    orders: HashMap<u32, Arc<str>>,
}

impl Names {
    /// Takes the names of all rows that the server named.
    pub(super) fn collect(survey: &Survey, tables: &[Table]) -> Self {
        let mut names = Self {
            catalogs: survey.catalogs(),
            relations: survey.class("pg_class"),
            roles: survey.class("pg_authid"),
            read: HashMap::new(),
            asked: HashMap::new(),
            columns: HashMap::new(),
            orders: HashMap::new(),
        };
        let mut orders: HashMap<u32, Vec<(i32, Arc<str>)>> = HashMap::new();
        for table in tables {
            let columns = attribute_cells(table);
            for row in table.rows() {
                if row.oid() != 0 {
                    names.read.insert((table.reader.class, row.oid()), row.identity().map(Arc::from));
                }
                if let Some([relation, name, number]) = columns {
                    let (relation, number, name) =
                        (row.number(relation), row.number(number), Arc::from(row.cell(name).unwrap_or_default()));
                    names.columns.insert((relation, number), Arc::clone(&name));
                    orders.entry(relation).or_default().push((number, name));
                }
            }
        }
        names.orders = orders.into_iter().map(|(relation, columns)| (relation, in_order(columns))).collect();
        names
    }

    /// Asks the server for the addresses of what is referred to and was not read.
    pub(super) async fn ask(&mut self, client: &Client, tables: &[Table], edges: &[Edge]) -> Result<(), WitnessError> {
        let mut wanted = HashSet::new();
        for table in tables {
            for row in table.rows() {
                for (cell, treatment) in row.cells() {
                    each_reference(&row, cell, treatment, |address| self.want(address, &mut wanted));
                }
            }
        }
        for edge in edges.iter().filter(|edge| self.read.contains_key(&(edge.from.class, edge.from.object))) {
            self.want(edge.from, &mut wanted);
            self.want(edge.to, &mut wanted);
        }
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

    fn want(&self, address: Address, wanted: &mut HashSet<Address>) {
        let known = self.read.contains_key(&(address.class, address.object))
            && (address.sub == 0 || self.columns.contains_key(&(address.object, address.sub)));
        if address.object != 0 && !known {
            wanted.insert(address);
        }
    }

    fn learn(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        let address = Address { class: row.try_get(0)?, object: row.try_get(1)?, sub: row.try_get(2)? };
        if let Some(identity) = row.try_get::<_, Option<&str>>(3)? {
            self.asked.insert(address, Arc::from(identity));
        }
        Ok(())
    }

    /// Names the rows whose own columns name them, catalog after catalog.
    pub(super) fn complete(&mut self, tables: &[Table]) {
        for table in tables {
            let unnamed: Vec<(u32, Arc<str>)> =
                table.rows().filter(|row| row.oid() != 0 && row.identity().is_none()).map(|row| (row.oid(), self.spelled(&row))).collect();
            for (oid, name) in unnamed {
                self.read.insert((table.reader.class, oid), Some(name));
            }
        }
    }

    /// The address of a row.
    pub(super) fn of_row(&self, row: &TableRow<'_>) -> Arc<str> {
        match self.read.get(&(row.reader.class, row.oid())) {
            Some(Some(name)) => Arc::clone(name),
            _ => self.spelled(row),
        }
    }

    fn spelled(&self, row: &TableRow<'_>) -> Arc<str> {
        if row.reader.template.is_empty() {
            return format!("OID {}", row.oid()).into();
        }
        let mut text = String::new();
        for piece in &row.reader.template {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Cell(cell) => text.push_str(render::value(row, *cell, row.treatment(*cell), self).as_deref().unwrap_or("-")),
            }
        }
        text.into()
    }

    /// The name of an object of a catalog.
    pub(super) fn object(&self, class: u32, object: u32) -> Arc<str> {
        if object == 0 {
            return Arc::from(if class == self.roles { "PUBLIC" } else { "-" });
        }
        if let Some(Some(name)) = self.read.get(&(class, object)) {
            return Arc::clone(name);
        }
        match self.asked.get(&Address { class, object, sub: 0 }) {
            Some(name) => Arc::clone(name),
            None => format!("{} OID {object}", self.catalog(class)).into(),
        }
    }

    /// The name of a column of a relation.
    pub(super) fn column(&self, relation: u32, number: i32) -> Arc<str> {
        match self.columns.get(&(relation, number)) {
            Some(name) => Arc::clone(name),
            None if number == 0 => Arc::from("expression"),
            None => format!("column {number}").into(),
        }
    }

    /// The columns of a relation in their order.
    pub(super) fn order(&self, relation: u32) -> Option<Arc<str>> {
        self.orders.get(&relation).cloned()
    }

    /// Catalog and name of what an address stands for.
    pub(super) fn address(&self, address: Address) -> String {
        let catalog = self.catalog(address.class);
        if let Some(name) = self.asked.get(&address) {
            return format!("{catalog} {name}");
        }
        let object = self.object(address.class, address.object);
        match address.sub {
            0 => format!("{catalog} {object}"),
            sub if address.class == self.relations => format!("{catalog} {object}.{}", self.column(address.object, sub)),
            sub => format!("{catalog} {object} column {sub}"),
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

fn in_order(mut columns: Vec<(i32, Arc<str>)>) -> Arc<str> {
    columns.retain(|(number, _)| *number > 0);
    columns.sort();
    columns.iter().map(|(_, name)| &**name).collect::<Vec<_>>().join(", ").into()
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
pub(super) fn edge_rows(edges: &[Edge], names: &Names, out: &Outside) -> Vec<(RowAddress, PhotographedRow)> {
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        if names.was_read(edge.from) && (edge.is_membership() || !out.contains(edge.from)) {
            kinds.entry(format!("{} -> {}", names.address(edge.from), names.address(edge.to))).or_default().push(&edge.kind);
        }
    }
    let header: Arc<[Column]> = Arc::from(vec![Column { name: "deptype".to_owned(), aspect: Aspect::Other }]);
    let row = |(object, mut kinds): (String, Vec<&str>)| {
        kinds.sort_unstable();
        // A domain over a domain needs it once more where its default was said and not taken over, and means the same.
        kinds.dedup();
        let values = Arc::from([Some(Arc::from(kinds.join(" ")))]);
        (RowAddress { catalog: "pg_depend", object: object.into() }, PhotographedRow { columns: Arc::clone(&header), values })
    };
    kinds.into_iter().map(row).collect()
}
