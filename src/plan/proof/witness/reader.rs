//! Turns what the server says of its catalogs into one query per catalog, and runs it.

use std::collections::HashMap;

use futures_util::future::try_join;
use tokio_postgres::{Client, Row};

use super::catalogs::{CATALOGS, INSTEAD, Identity, LEFT_OUT, SystemCatalog};
use super::packed::{self, Packed};
use super::rules::{RULES, Rule};
use super::{Aspect, Column, Columns, WitnessError, columns};

/// The catalogs of this server: their OIDs, columns, and what the columns refer to.
pub(super) struct Survey {
    classes: HashMap<String, u32>,
    columns: HashMap<String, Vec<SurveyedColumn>>,
    references: HashMap<(u32, String), Reference>,
}

struct SurveyedColumn {
    name: String,
    readable: bool,
}

/// What a column refers to: a catalog; or columns of the relation that another column of the row names.
struct Reference {
    target: u32,
    array: bool,
    relation: Option<String>,
}

/// How the text of a cell is made comparable.
#[derive(Clone, Copy, Debug)]
pub(super) enum Treatment {
    /// Not at all.
    Text,
    /// An expression or statement as the server spells it.
    Expression,
    /// An array in any order.
    Set,
    /// An OID of the catalog.
    Reference(u32),
    /// OIDs of the catalog.
    References { class: u32, sorted: bool },
    /// Numbers of columns of the relation whose OID is in another cell.
    Columns { relation: usize, sorted: bool },
    /// An OID of the catalog whose OID is in another cell, with a column number in a third.
    Object { class: usize, sub: usize },
    /// An owner's name and the privileges.
    Privileges,
    /// The columns of the relation that the row describes.
    ColumnOrder,
}

/// A part of a row's address.
#[derive(Debug)]
pub(super) enum Piece {
    Literal(String),
    Cell(usize),
}

/// One catalog's query, and what its cells are.
pub(super) struct Reader {
    pub catalog: &'static SystemCatalog,
    pub class: u32,
    /// The compared columns.
    pub header: Columns,
    /// How rows are addressed that the server does not address.
    pub template: Vec<Piece>,
    /// The cells that say what a row is part of.
    pub part_of: Vec<usize>,
    names: Vec<String>,
    cells: Vec<(Treatment, bool)>,
    sql: String,
}

/// What a reader found.
pub(super) struct Table {
    pub reader: Reader,
    rows: Vec<Packed>,
}

/// A row of a table: its OID, its identity as the server gives it, its cells.
pub(super) struct TableRow<'a> {
    pub reader: &'a Reader,
    rows: &'a Packed,
    at: usize,
}

impl Table {
    pub(super) fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().flat_map(|rows| self.rows_of(rows))
    }

    /// All rows, some at a time.
    pub(super) fn parts(&self) -> &[Packed] {
        &self.rows
    }

    /// Some of the rows.
    pub(super) fn rows_of<'a>(&'a self, rows: &'a Packed) -> impl Iterator<Item = TableRow<'a>> {
        (0..rows.len()).map(move |at| TableRow { reader: &self.reader, rows, at })
    }
}

impl<'a> TableRow<'a> {
    /// 0 in catalogs without OIDs.
    pub(super) fn oid(&self) -> u32 {
        self.rows.oid(self.at)
    }

    pub(super) fn identity(&self) -> Option<&'a str> {
        self.rows.cell(self.at, 0)
    }

    pub(super) fn cell(&self, cell: usize) -> Option<&'a str> {
        self.rows.cell(self.at, cell + 1)
    }

    /// An OID or a number in a cell; 0 where there is none.
    pub(super) fn number<T: std::str::FromStr + Default>(&self, cell: usize) -> T {
        self.cell(cell).and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, Treatment)> + use<'a> {
        self.reader.cells.iter().enumerate().map(|(at, (treatment, _))| (at, *treatment))
    }

    pub(super) fn shown(&self) -> impl Iterator<Item = (usize, Treatment)> + use<'a> {
        self.reader.cells.iter().enumerate().filter(|(_, (_, shown))| *shown).map(|(at, (treatment, _))| (at, *treatment))
    }

    pub(super) fn treatment(&self, cell: usize) -> Treatment {
        self.reader.cells.get(cell).map_or(Treatment::Text, |(treatment, _)| *treatment)
    }
}

/// Asks the server about its catalogs.
pub(super) async fn survey(client: &Client) -> Result<Survey, WitnessError> {
    let (columns, references) = try_join(client.query(include_str!("columns.sql"), &[]), client.query(include_str!("references.sql"), &[]))
        .await
        .map_err(WitnessError::of("pg_attribute"))?;
    let mut survey = Survey { classes: HashMap::new(), columns: HashMap::new(), references: HashMap::new() };
    for row in &columns {
        survey.add_column(row).map_err(WitnessError::of("pg_attribute"))?;
    }
    for row in &references {
        survey.add_reference(row).map_err(WitnessError::of("pg_get_catalog_foreign_keys()"))?;
    }
    Ok(survey)
}

impl Survey {
    fn add_column(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        let catalog: String = row.try_get(1)?;
        self.classes.insert(catalog.clone(), row.try_get(0)?);
        self.columns.entry(catalog).or_default().push(SurveyedColumn { name: row.try_get(2)?, readable: row.try_get(3)? });
        Ok(())
    }

    fn add_reference(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        let (mut columns, target, array): (Vec<String>, u32, bool) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        if let Some(column) = columns.pop() {
            self.references.insert((row.try_get(0)?, column), Reference { target, array, relation: columns.pop() });
        }
        Ok(())
    }

    /// Whether every catalog is known.
    pub(super) fn check(&self) -> Result<(), WitnessError> {
        let known = |name: &str| {
            name == "pg_depend" || CATALOGS.iter().any(|catalog| catalog.name == name) || LEFT_OUT.iter().any(|(out, _)| *out == name)
        };
        self.classes.keys().find(|name| !known(name)).map_or(Ok(()), |name| Err(WitnessError::UnknownCatalog(name.clone())))
    }

    /// The OID of a catalog, 0 where this server has none of the name.
    pub(super) fn class(&self, catalog: &str) -> u32 {
        self.classes.get(catalog).copied().unwrap_or(0)
    }

    /// The names of the catalogs by their OIDs.
    pub(super) fn catalogs(&self) -> impl Iterator<Item = (u32, String)> {
        self.classes.iter().map(|(name, oid)| (*oid, name.clone()))
    }

    /// The readers of all catalogs that this server has and this role may read.
    pub(super) fn readers(&self) -> Vec<Reader> {
        CATALOGS.iter().filter_map(|catalog| self.reader(catalog)).collect()
    }

    /// `catalog.column`, or a catalog, that this role may not read.
    pub(super) fn hidden(&self) -> Vec<String> {
        let mut hidden = Vec::new();
        for catalog in CATALOGS {
            let Some(columns) = self.columns.get(catalog.name) else { continue };
            let readable = self.readable(catalog.name);
            if readable.is_empty() {
                hidden.push(catalog.name.to_owned());
                continue;
            }
            hidden.extend(
                columns
                    .iter()
                    .filter(|column| !readable.contains(&column.name.as_str()))
                    .map(|column| format!("{}.{}", catalog.name, column.name)),
            );
        }
        hidden
    }

    fn readable(&self, catalog: &str) -> Vec<&str> {
        let columns = self.columns.get(catalog).map_or(&[][..], Vec::as_slice);
        let readable: Vec<&str> = columns.iter().filter(|column| column.readable).map(|column| column.name.as_str()).collect();
        match INSTEAD.iter().find(|(name, ..)| *name == catalog) {
            Some((_, _, instead)) if readable.is_empty() => instead.to_vec(),
            _ => readable,
        }
    }

    fn reader(&self, catalog: &'static SystemCatalog) -> Option<Reader> {
        let readable = self.readable(catalog.name);
        if readable.is_empty() {
            return None;
        }
        let class = self.class(catalog.name);
        let has_oid = readable.contains(&"oid");
        let fetched = fetched(catalog.name, &readable);
        let place = |name: &str| fetched.iter().position(|(column, _)| *column == name);
        let (template, identity) = identity(catalog, class, &place);
        let mut select = vec![if has_oid { "r.oid" } else { "0::pg_catalog.oid" }.to_owned(), identity];
        let (mut cells, mut header) = (Vec::new(), Vec::new());
        for (column, rule) in &fetched {
            let reference = self.references.get(&(class, (*column).to_owned()));
            let treatment = treatment(column, *rule, reference, &place);
            select.push(expression(column, *rule, treatment));
            let shown = !matches!(rule, Some(Rule::Address | Rule::AddressAs(_)));
            cells.push((treatment, shown));
            if shown {
                let owner = reference.is_some_and(|reference| reference.target == self.class("pg_authid")) && column.ends_with("owner");
                header.push(Column { name: (*column).to_owned(), aspect: aspect(*rule, owner) });
            }
        }
        let whole = !self.columns.get(catalog.name)?.iter().any(|column| column.readable);
        let instead = INSTEAD.iter().find(|(name, ..)| whole && *name == catalog.name).map(|(_, relation, _)| (*relation).to_owned());
        let from = instead.unwrap_or_else(|| format!("pg_catalog.{}", catalog.name));
        let sql = format!("SELECT {} FROM {from} r {} WHERE {}", select.join(", "), catalog.join, catalog.users);
        let names = fetched.iter().map(|(name, _)| (*name).to_owned()).collect();
        let part_of = catalog.part_of.iter().filter_map(|column| place(column)).collect();
        Some(Reader { catalog, class, header: columns(header), template, part_of, names, cells, sql })
    }
}

impl Reader {
    /// The cell of a column.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }

    pub(super) async fn read(self, client: &Client) -> Result<Table, WitnessError> {
        let rows = packed::rows(client, &self.sql).await.map_err(WitnessError::of(self.catalog.name))?;
        Ok(Table { reader: self, rows })
    }
}

/// The columns that are read, with their rules: those of the catalog that are not left out, and those that rules add.
fn fetched<'a>(catalog: &str, readable: &[&'a str]) -> Vec<(&'a str, Option<Rule>)> {
    let rules: Vec<(&'static str, Rule)> =
        RULES.iter().filter(|(of, ..)| *of == catalog).map(|(_, column, rule, _)| (*column, *rule)).collect();
    let rule = |name: &str| rules.iter().find(|(column, _)| *column == name).map(|(_, rule)| *rule);
    let mut fetched: Vec<(&str, Option<Rule>)> = readable.iter().filter(|name| **name != "oid").map(|name| (*name, rule(name))).collect();
    fetched.retain(|(_, rule)| !matches!(rule, Some(Rule::LeftOut)));
    // Names with a space and `definition` are no catalog's columns; other rules are for columns of other majors, or unreadable ones.
    let added = rules.iter().filter(|(name, _)| name.contains(' ') || *name == "definition");
    fetched.extend(added.map(|(name, rule)| (*name, Some(*rule))));
    fetched
}

fn aspect(rule: Option<Rule>, owner: bool) -> Aspect {
    match rule {
        Some(Rule::Privileges(..)) => Aspect::Privileges,
        Some(Rule::ColumnOrder) => Aspect::ColumnOrder,
        Some(Rule::Contents) => Aspect::Contents,
        Some(Rule::Own) => Aspect::Own,
        _ if owner => Aspect::Owner,
        _ => Aspect::Other,
    }
}

fn treatment(column: &str, rule: Option<Rule>, reference: Option<&Reference>, place: &dyn Fn(&str) -> Option<usize>) -> Treatment {
    let sorted = matches!(rule, Some(Rule::Set));
    match (rule, reference) {
        (Some(Rule::Privileges(..)), _) => Treatment::Privileges,
        (Some(Rule::ColumnOrder), _) => Treatment::ColumnOrder,
        (Some(Rule::As(_) | Rule::AddressAs(_)), _) => Treatment::Text,
        (Some(Rule::Deparsed(_)), _) => Treatment::Expression,
        (Some(Rule::SetAs(_)), _) => Treatment::Set,
        (Some(Rule::ColumnsOf(relation)), _) => {
            place(relation).map_or(Treatment::Text, |relation| Treatment::Columns { relation, sorted: true })
        }
        (_, Some(Reference { relation: Some(relation), .. })) => {
            place(relation).map_or(Treatment::Text, |relation| Treatment::Columns { relation, sorted })
        }
        (_, Some(Reference { target, array: true, .. })) => Treatment::References { class: *target, sorted },
        // Of the columns that hold OIDs of catalogs themselves, only those of addresses matter, with the OID beside them.
        (_, Some(_)) if column == "classoid" => Treatment::Text,
        (_, Some(Reference { target, .. })) => Treatment::Reference(*target),
        (_, None) if column == "objoid" => match (place("classoid"), place("objsubid")) {
            (Some(class), Some(sub)) => Treatment::Object { class, sub },
            _ => Treatment::Text,
        },
        (Some(Rule::Set), None) => Treatment::Set,
        _ => Treatment::Text,
    }
}

fn expression(column: &str, rule: Option<Rule>, treatment: Treatment) -> String {
    match (rule, treatment) {
        (Some(Rule::As(sql) | Rule::AddressAs(sql) | Rule::Deparsed(sql) | Rule::SetAs(sql)), _) => format!("({sql})::text"),
        (Some(Rule::Privileges(letter, owner)), _) => format!(
            "CASE WHEN ({letter}) IS NOT NULL THEN pg_catalog.array_prepend(pg_catalog.pg_get_userbyid({owner})::text, \
             coalesce(r.{column}, pg_catalog.acldefault({letter}, {owner}))::text[])::text END"
        ),
        (Some(Rule::ColumnOrder), _) => "NULL::text".to_owned(),
        (_, Treatment::Reference(_)) => format!("r.{column}::pg_catalog.oid::text"),
        _ if column == "classoid" => format!("r.{column}::pg_catalog.oid::text"),
        _ => format!("r.{column}::text"),
    }
}

fn identity(catalog: &SystemCatalog, class: u32, place: &dyn Fn(&str) -> Option<usize>) -> (Vec<Piece>, String) {
    let server = format!("(pg_catalog.pg_identify_object({class}, r.oid, 0)).identity");
    match catalog.identity {
        Identity::Server => (Vec::new(), server),
        Identity::Expression(sql) => (Vec::new(), sql.to_owned()),
        Identity::Columns(template) => (pieces(template, place), "NULL::text".to_owned()),
        Identity::Unless(condition, template) => (pieces(template, place), format!("CASE WHEN NOT ({condition}) THEN {server} END")),
    }
}

fn pieces(template: &str, place: &dyn Fn(&str) -> Option<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in template.split('{') {
        let Some((column, literal)) = part.split_once('}') else {
            pieces.push(Piece::Literal(part.to_owned()));
            continue;
        };
        pieces.extend(place(column).map(Piece::Cell));
        pieces.push(Piece::Literal(literal.to_owned()));
    }
    pieces
}
