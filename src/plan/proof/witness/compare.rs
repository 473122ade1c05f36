//! The comparison of two photographs.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use crate::model::hex;
use crate::source::digest::Digest;

use super::{Aspect, Columns, Photograph, PhotographedRow, RowAddress, inherited, lists};

/// No name and no text of a server's holds it.
const END: &str = "\0";

/// Which differences do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// Other owners are tolerated.
    pub owners: bool,
    /// Other privileges are tolerated, default privileges too.
    pub privileges: bool,
    /// Columns may stand in another order. It is true wherever plans are compared: no statement can move a column.
    pub column_order: bool,
    /// Other `ALTER DATABASE .. SET` and `ALTER ROLE .. IN DATABASE .. SET` are tolerated.
    pub database_settings: bool,
    /// A materialized view may be populated on one side only.
    pub populated: bool,
}

impl Default for Tolerance {
    /// Nothing but the order of columns.
    fn default() -> Self {
        Self { owners: false, privileges: false, column_order: true, database_settings: false, populated: false }
    }
}

impl Tolerance {
    fn of_catalog(self, catalog: &str) -> bool {
        self.privileges && catalog == "pg_default_acl" || self.database_settings && catalog == "pg_db_role_setting"
    }

    fn of_aspect(self, aspect: Aspect) -> bool {
        match aspect {
            Aspect::Other | Aspect::Own => false,
            Aspect::Owner => self.owners,
            Aspect::Privileges => self.privileges,
            Aspect::ColumnOrder => self.column_order,
            Aspect::Contents => self.populated,
        }
    }
}

/// Something that one database has otherwise than the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The system catalog.
    pub catalog: String,
    /// The object's address.
    pub object: String,
    /// The column; `None` where only one side has the row.
    pub column: Option<String>,
    /// What the left side says; `None` for null, and for a row that it has not.
    pub left: Option<String>,
    /// What the right side says.
    pub right: Option<String>,
    /// Whether it is only that a table on the left has by itself too what it inherits, which `NO INHERIT` makes so, or that what it inherits
    /// has another name. No statement takes that back.
    pub own: bool,
}

impl Difference {
    fn of_row(address: &RowAddress, left: bool) -> Self {
        let side = |here: bool| here.then(|| "present".to_owned());
        Self {
            catalog: address.catalog.to_owned(),
            object: address.object.to_string(),
            column: None,
            left: side(left),
            right: side(!left),
            own: false,
        }
    }

    fn of_column(address: &RowAddress, column: &str, left: Option<&str>, right: Option<&str>) -> Self {
        let (left, right) = (left.map(str::to_owned), right.map(str::to_owned));
        Self {
            catalog: address.catalog.to_owned(),
            object: address.object.to_string(),
            column: Some(column.to_owned()),
            left,
            right,
            own: false,
        }
    }

    /// Whether it is only the order of a table's columns.
    pub fn is_order(&self) -> bool {
        self.column.as_deref() == Some("order of columns")
    }

    /// Whether it only is as it was before, where no plan could change it.
    pub fn is_as_before(&self, start: &Photograph) -> bool {
        let before = |catalog: &'static str, column: &str| {
            let address = RowAddress::new(catalog, &self.object);
            start.rows.get(&address).and_then(|row| row.get(column))
        };
        match (self.catalog.as_str(), self.column.as_deref()) {
            // A materialized view that has rows loses none, and one that has none need not get any because schema files do not say WITH NO DATA.
            ("pg_class", Some("relispopulated")) => {
                self.left.as_deref() == Some("true") || before("pg_class", "relispopulated") != Some("true")
            }
            // CREATE TABLE makes a column the table's own that it inherits too; later only NO INHERIT does, of all columns at once.
            ("pg_attribute", Some("attislocal")) => {
                self.left.as_deref() == Some("false") && before("pg_attribute", "attislocal") == Some("false")
            }
            _ => false,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { catalog, object, column, left, right, own: _ } = self;
        let Some(column) = column else {
            let side = if left.is_some() { "left" } else { "right" };
            return write!(f, "{catalog} {object}: only on the {side}");
        };
        write!(f, "{catalog} {object}: {column} is ")?;
        match (left, right) {
            (Some(left), Some(right)) if left.contains('\n') || right.contains('\n') => {
                let none = "nothing more";
                let lines = || left.lines().map(Some).chain([None]).zip(right.lines().map(Some).chain([None]));
                let (at, (left, right)) = lines().enumerate().find(|(_, (left, right))| left != right).unwrap_or((0, (None, None)));
                write!(f, "{} on the left, {} on the right, in line {}", left.unwrap_or(none).trim(), right.unwrap_or(none).trim(), at + 1)
            }
            (left, right) => {
                write!(f, "{} on the left, {} on the right", left.as_deref().unwrap_or("null"), right.as_deref().unwrap_or("null"))
            }
        }
    }
}

/// What differs between two photographs, by catalog and object. What either side may not read is not compared.
#[tracing::instrument(level = "debug", skip_all)]
pub fn differences(left: &Photograph, right: &Photograph, tolerance: &Tolerance) -> Vec<Difference> {
    let renamed = inherited::renamed(left, right);
    if renamed.is_empty() {
        return named_differences(left, right, tolerance);
    }
    let named = |(there, here): (&String, &String)| {
        let address = RowAddress::new("pg_constraint", here);
        Difference { own: true, ..Difference::of_column(&address, "its address", Some(here), Some(there)) }
    };
    let names = renamed.iter().map(named);
    names.chain(named_differences(left, &inherited::respelled(right, &renamed), tolerance)).collect()
}

fn named_differences(left: &Photograph, right: &Photograph, tolerance: &Tolerance) -> Vec<Difference> {
    let hidden: BTreeSet<&str> = left.hidden.iter().chain(&right.hidden).map(String::as_str).collect();
    let compared = |address: &RowAddress| !tolerance.of_catalog(address.catalog) && !hidden.contains(address.catalog);
    let mut found = Vec::new();
    if left.major != right.major {
        let server = RowAddress::new("server", "PostgreSQL");
        found.push(Difference::of_column(&server, "major", Some(&left.major.to_string()), Some(&right.major.to_string())));
    }
    let (mut ours, mut theirs) = (left.rows.iter().peekable(), right.rows.iter().peekable());
    loop {
        let order = match (ours.peek(), theirs.peek()) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let a = if order == Ordering::Greater { None } else { ours.next() };
        let b = if order == Ordering::Less { None } else { theirs.next() };
        match (a, b) {
            (Some((address, a)), Some((_, b))) if compared(address) => {
                row_differences(address, (a, left), (b, right), *tolerance, &hidden, &mut found);
            }
            // A row that is there for its privileges alone (a system object's) goes with them.
            (Some((address, row)), None) | (None, Some((address, row)))
                if compared(address)
                    && (row.columns.is_empty() || !row.columns.iter().all(|column| tolerance.of_aspect(column.aspect))) =>
            {
                found.push(Difference::of_row(address, a.is_some()));
            }
            _ => {}
        }
    }
    found
}

fn row_differences(
    address: &RowAddress,
    (a, ours): (&PhotographedRow, &Photograph),
    (b, theirs): (&PhotographedRow, &Photograph),
    tolerance: Tolerance,
    hidden: &BTreeSet<&str>,
    found: &mut Vec<Difference>,
) {
    if a == b {
        return;
    }
    let mut columns: BTreeMap<&str, (Aspect, Option<&str>, Option<&str>)> = BTreeMap::new();
    for (column, value) in a.columns.iter().zip(a.values.iter()) {
        columns.insert(&column.name, (column.aspect, value, None));
    }
    for (column, value) in b.columns.iter().zip(b.values.iter()) {
        columns.entry(&column.name).or_insert((column.aspect, None, None)).2 = value;
    }
    for (name, (aspect, left, right)) in columns {
        let unseen = !hidden.is_empty() && hidden.contains(format!("{}.{name}", address.catalog).as_str());
        let same = match aspect {
            Aspect::ColumnOrder => left == right || same_order(left.unwrap_or_default(), right.unwrap_or_default()),
            _ => left == right || left.zip(right).is_some_and(|(left, right)| lists::same((left, ours), (right, theirs))),
        };
        if !same && !unseen && !tolerance.of_aspect(aspect) {
            let own = aspect == Aspect::Own && left == Some("true");
            found.push(Difference { own, ..Difference::of_column(address, name, left, right) });
        }
    }
}

/// Whether the columns that both have stand in the same order.
fn same_order(left: &str, right: &str) -> bool {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.split(", ").collect(), right.split(", ").collect());
    left.iter().filter(|name| right.contains(name)).eq(right.iter().filter(|name| left.contains(name)))
}

/// SHA-256 of everything but the order of columns and what tables own of what they inherit, in hexadecimal. Two databases of one digest have no differences, as far as their roles see.
pub fn digest(photograph: &Photograph) -> String {
    let mut sha = Sha256::new();
    sha.update(photograph.major.to_be_bytes());
    for (address, row) in &photograph.rows {
        sha.update(told(address, row, |aspect| !matches!(aspect, Aspect::ColumnOrder | Aspect::Own)));
    }
    hex(&sha.finalize())
}

/// A digest of everything.
pub fn exact_digest(photograph: &Photograph) -> Digest {
    let empty = || (FxHashMap::<Columns, Digest>::default(), String::new());
    let rows = photograph.rows.par_iter().map_init(empty, |(headers, text), (address, row)| {
        let header = headers.entry(row.columns.clone()).or_insert_with(|| header_digest(&row.columns));
        row_digest(*header, address, row, text)
    });
    rows.reduce(Digest::default, Digest::mixed).and(&photograph.major.to_be_bytes())
}

fn header_digest(columns: &Columns) -> Digest {
    Digest::of(columns.iter().flat_map(|column| [&column.name, END]).collect::<String>().as_bytes())
}

/// That of all there is of a row: nothing in it holds what ends each of its parts. The text is room to put it together in.
fn row_digest(header: Digest, address: &RowAddress, row: &PhotographedRow, text: &mut String) -> Digest {
    text.clear();
    for part in [address.catalog, END, &address.object, END, row.values.packed()] {
        text.push_str(part);
    }
    header.and(text.as_bytes())
}

/// What counts of a row, so that no two rows are the same.
fn told(address: &RowAddress, row: &PhotographedRow, counts: impl Fn(Aspect) -> bool) -> Vec<u8> {
    let columns = row.columns.iter().zip(row.values.iter()).filter(|(column, _)| counts(column.aspect));
    let columns = columns.flat_map(|(column, value)| [Some(column.name.as_str()), value]);
    let mut told = Vec::new();
    for text in [Some(address.catalog), Some(&address.object)].into_iter().chain(columns) {
        told.extend(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
        told.extend(text.unwrap_or_default().as_bytes());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::{Column, columns};
    use super::*;

    #[test]
    fn whatever_differs_has_another_digest() {
        let of = |address: RowAddress, column: &str, value: Option<&str>| {
            let columns = columns(vec![Column { name: column.to_owned(), aspect: Aspect::Other }]);
            let row = PhotographedRow { columns, values: std::iter::once(value).collect() };
            exact_digest(&Photograph { major: 17, rows: BTreeMap::from([(address, row)]), hidden: Vec::new() })
        };
        let one = of(RowAddress::new("pg_am", "a"), "x", Some("1"));
        assert_eq!(one, of(RowAddress::new("pg_am", "a"), "x", Some("1")));
        let others = [
            of(RowAddress::new("pg_cast", "a"), "x", Some("1")),
            of(RowAddress::new("pg_am", "b"), "x", Some("1")),
            of(RowAddress::new("pg_am", "a"), "y", Some("1")),
            of(RowAddress::new("pg_am", "a"), "x", Some("")),
            of(RowAddress::new("pg_am", "a"), "x", None),
        ];
        let all: BTreeSet<Digest> = others.into_iter().chain([one]).collect();
        assert_eq!(all.len(), 6);
    }
}
