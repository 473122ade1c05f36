//! Which names are seen where: the levels of queries, what stands in their FROM, and the search for a column through them
//! (`colNameToVar` and `refnameNamespaceItem` of src/backend/parser/parse_relation.c).

use crate::model::ObjectId;
use crate::object::column::is_system;

/// A column of something in FROM, or of what a query gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attr {
    /// Its name.
    pub name: String,
    /// The column of a table that it is.
    pub id: Option<ObjectId>,
    /// Its type as `format_type` spells it, where it is known.
    pub type_name: Option<String>,
}

impl Attr {
    /// A column that is none of a table.
    pub fn new(name: impl Into<String>, type_name: Option<String>) -> Self {
        Self { name: name.into(), id: None, type_name }
    }
}

/// What stands in FROM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// It is there before the walk, or another name for what is there.
    Scope,
    /// A relation, or a query of WITH.
    Relation,
    /// A query.
    Query,
    /// A function, or something that is written like one.
    Function,
    /// A join with an alias.
    Join,
    /// The columns that USING has merged, under a name of their own.
    Merged,
}

/// Something in FROM.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Its place in the order of the walk; what is there before the walk has none.
    pub number: Option<usize>,
    /// The schema, where its columns can be qualified by it: relations without alias.
    pub schema: Option<String>,
    /// What its columns are qualified by.
    pub alias: Option<String>,
    /// Its columns, where they are known.
    pub attrs: Option<Vec<Attr>>,
    /// Whether its columns are not to be had by their name alone.
    pub qualified_only: bool,
}

/// A column as `*` gives it.
#[derive(Clone, Debug)]
pub struct StarColumn {
    /// How it is referred to.
    pub fields: Vec<String>,
    /// What it is.
    pub attr: Attr,
}

/// The names of one level of query.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// What stands in FROM, as far as the walk has come.
    pub sources: Vec<Source>,
    /// Columns that USING has made of two.
    pub merged: Vec<StarColumn>,
    /// Queries of WITH.
    pub ctes: Vec<(String, Option<Vec<Attr>>)>,
    /// The first of `sources` that is seen: within ON, the first of the join.
    pub floor: usize,
    /// Whether there may be more than is known.
    pub open: bool,
}

/// What a column reference means.
#[derive(Clone, Debug)]
pub enum Found {
    /// A column: how many levels up, the [number](Source::number) of what has it, and which it is.
    Attr {
        /// 0 is the level at hand.
        up: usize,
        /// Of its source; none for what is there before the walk.
        source: Option<usize>,
        /// The column.
        attr: Attr,
    },
    /// A column that FULL JOIN USING has made of two, which belongs to neither.
    Merged(Attr),
    /// A whole row, by the number of its source.
    Row(Option<usize>),
    /// A system column.
    System,
    /// Perhaps a column of something whose columns are not known: of the source given, if it can be told.
    Unknown(Option<usize>),
    /// Nothing.
    Missing,
}

/// Searches a column from the innermost level outwards.
pub fn find(levels: &[Level], fields: &[String]) -> Found {
    match fields {
        [name] => find_bare(levels, name),
        [alias, name] => find_qualified(levels, None, alias, name),
        [schema, alias, name] => find_qualified(levels, Some(schema), alias, name),
        _ => Found::Unknown(None),
    }
}

fn find_bare(levels: &[Level], name: &str) -> Found {
    for (up, level) in levels.iter().rev().enumerate() {
        if let Some(merged) = level.merged.iter().find(|merged| merged.attr.name == name) {
            return match merged.fields.as_slice() {
                [_] => Found::Merged(merged.attr.clone()),
                fields => find(&levels[..levels.len() - up], fields).raised(up),
            };
        }
        let seen = || level.sources.iter().skip(level.floor).filter(|source| !source.qualified_only);
        for source in seen() {
            if let Some(attr) = source.attr(name) {
                return Found::Attr { up, source: source.number, attr: attr.clone() };
            }
        }
        let mut unknown = seen().filter(|source| source.attrs.is_none());
        if let Some(first) = unknown.next() {
            return Found::Unknown(if unknown.next().is_none() { first.number } else { None });
        }
        if is_system(name) && seen().next().is_some() {
            return Found::System;
        }
        if let Some(source) = level.sources.iter().find(|source| source.alias.as_deref() == Some(name)) {
            return Found::Row(source.number);
        }
        if level.open {
            return Found::Unknown(None);
        }
    }
    Found::Missing
}

fn find_qualified(levels: &[Level], schema: Option<&String>, alias: &str, name: &str) -> Found {
    for (up, level) in levels.iter().rev().enumerate() {
        let named = |source: &&Source| source.alias.as_deref() == Some(alias) && (schema.is_none() || source.schema.as_ref() == schema);
        if let Some(source) = level.sources.iter().find(named) {
            if name == "*" {
                return Found::Row(source.number);
            }
            if source.kind == SourceKind::Merged && source.attr(name).is_some() {
                return find_bare(&levels[..levels.len() - up], name).raised(up);
            }
            return match (source.attr(name), &source.attrs) {
                (Some(attr), _) => Found::Attr { up, source: source.number, attr: attr.clone() },
                (None, None) => Found::Unknown(source.number),
                (None, Some(_)) if is_system(name) => Found::System,
                (None, Some(_)) => Found::Missing,
            };
        }
        if level.open {
            return Found::Unknown(None);
        }
    }
    Found::Missing
}

impl Found {
    fn raised(self, by: usize) -> Self {
        match self {
            Self::Attr { up, source, attr } => Self::Attr { up: up + by, source, attr },
            other => other,
        }
    }
}

impl Source {
    /// The column of that name.
    pub fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.as_ref()?.iter().find(|attr| attr.name == name)
    }

    /// All columns, as `*` gives them.
    pub fn star(&self) -> Option<Vec<StarColumn>> {
        let column = |attr: &Attr| StarColumn {
            fields: self.alias.iter().cloned().chain(std::iter::once(attr.name.clone())).collect(),
            attr: attr.clone(),
        };
        Some(self.attrs.as_ref()?.iter().map(column).collect())
    }
}
