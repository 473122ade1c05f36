//! Which names are seen where: the levels of queries, what stands in their FROM, and the search for a column through them
//! (`colNameToVar` and `refnameNamespaceItem` of src/backend/parser/parse_relation.c, in the order of `transformColumnRef` of
//! src/backend/parser/parse_expr.c).

use std::ops::Range;

use super::by_column::by_column;
use super::system::Columns;
use super::types::Type;
use crate::model::ObjectId;
use crate::object::Kind;
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
    /// A relation.
    Relation,
    /// A query of WITH.
    With,
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
    /// What they are called without the list of names behind the alias; empty where there is none.
    pub plain: Vec<String>,
    /// Where they are not, those that it may have.
    pub some: Option<&'static Columns>,
    /// The relation or composite type whose rows it gives, where it is one.
    pub rows_of: Option<ObjectId>,
    /// Whether its columns are not to be had by their name alone.
    pub qualified_only: bool,
}

/// A column as `*` gives it.
#[derive(Clone, Debug)]
pub struct StarColumn {
    /// How it is referred to.
    pub fields: Vec<String>,
    /// The [number](Source::number) of what has it; none for what belongs to neither side of a join.
    pub source: Option<usize>,
    /// What it is.
    pub attr: Attr,
}

/// A column that USING has made of two.
#[derive(Clone, Debug)]
pub struct Merged {
    /// As `*` gives it.
    pub column: StarColumn,
    /// The place of the first that is joined among the sources of the level.
    pub at: usize,
    /// The numbers of all that is joined.
    pub joined: Range<usize>,
    /// The alias of USING.
    pub alias: Option<String>,
}

/// The names of one level of query.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// What stands in FROM, as far as the walk has come.
    pub sources: Vec<Source>,
    /// Columns that USING has made of two, those of outer joins last.
    pub merged: Vec<Merged>,
    /// Queries of WITH.
    pub ctes: Vec<(String, Option<Vec<Attr>>)>,
    /// The part of `sources` that is seen, where not all is: within ON, what is joined; in a query of FROM that is not LATERAL, nothing.
    pub seen: Option<Range<usize>>,
    /// The name of a routine, and its input parameters in order.
    pub parameters: Option<(String, Vec<Attr>)>,
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
        /// Whether its source is one whose columns [must be qualified](Source::qualified_only).
        qualified: bool,
    },
    /// A column that FULL JOIN USING has made of two, which belongs to neither; with the numbers of all that is joined.
    Merged(Attr, Range<usize>),
    /// A whole row, by the number of its source, and its type, where it is known.
    Row(Option<usize>, Option<String>),
    /// A system column: as of [`Self::Attr`], and whether it must be qualified.
    System {
        /// 0 is the level at hand.
        up: usize,
        /// Of its source.
        source: Option<usize>,
        /// Whether its source is one whose columns must be qualified.
        qualified: bool,
    },
    /// Perhaps a column of something whose columns are not all known: of the source given, and of the type, if these can be told.
    Unknown(Option<usize>, Option<String>),
    /// Nothing.
    Missing,
}

/// Searches what a name means: columns and rows from the innermost level outwards, then the parameters of the routine.
pub fn find(levels: &[Level], fields: &[String]) -> Found {
    let found = match fields {
        [name] => find_bare(levels, name),
        [alias, name] => find_qualified(levels, None, alias, name),
        [schema, alias, name] => find_qualified(levels, Some(schema), alias, name),
        _ => Found::Unknown(None, None),
    };
    match parameter(levels, fields) {
        Some((parts, attr)) if matches!(found, Found::Missing) && parts == fields.len() => {
            Found::Attr { up: levels.len().saturating_sub(1), source: None, attr: attr.clone(), qualified: false }
        }
        _ => found,
    }
}

/// A column at any level comes before any row (`transformColumnRef`).
fn find_bare(levels: &[Level], name: &str) -> Found {
    let column = levels.iter().rev().enumerate().find_map(|(up, level)| level.column(up, name));
    let row = || levels.iter().rev().find_map(|level| level.source(None, name)).map(Source::row);
    let open = || levels.iter().any(|level| level.open).then_some(Found::Unknown(None, None));
    column.or_else(row).or_else(open).unwrap_or(Found::Missing)
}

fn find_qualified(levels: &[Level], schema: Option<&String>, alias: &str, name: &str) -> Found {
    let Some((up, source)) = source(levels, schema, alias) else {
        return if levels.iter().any(|level| level.open) { Found::Unknown(None, None) } else { Found::Missing };
    };
    if name == "*" {
        return source.row();
    }
    if source.kind == SourceKind::Merged {
        let merged = levels.iter().rev().nth(up).and_then(|level| level.merged_as(alias, name));
        return merged.map_or(Found::Missing, |merged| merged.found(up));
    }
    match source.column(up, name) {
        Some(found) => found,
        None if source.attrs.is_none() => source.unknown(name),
        None => Found::Missing,
    }
}

/// What is qualified so, from the innermost level outwards, and how many levels up it is.
pub fn source<'l>(levels: &'l [Level], schema: Option<&String>, alias: &str) -> Option<(usize, &'l Source)> {
    levels.iter().rev().enumerate().find_map(|(up, level)| Some((up, level.source(schema, alias)?)))
}

/// The parameter of the routine that a name begins with, and how many parts of the name say it (`sql_fn_post_column_ref` of
/// src/backend/executor/functions.c).
pub fn parameter<'l>(levels: &'l [Level], fields: &[String]) -> Option<(usize, &'l Attr)> {
    let (routine, parameters) = levels.first()?.parameters.as_ref()?;
    let called = |name: &String| parameters.iter().find(|attr| attr.name == *name);
    let named = fields.iter().take_while(|field| *field != "*").count();
    match fields.get(..named)? {
        [first, second, _] => called(second).filter(|_| first == routine).map(|attr| (2, attr)),
        [first, second] if first == routine => called(second).map(|attr| (2, attr)).or_else(|| Some((1, called(first)?))),
        [first] | [first, _] => called(first).map(|attr| (1, attr)),
        _ => None,
    }
}

/// The parameter that `$1` stands for.
pub fn numbered(levels: &[Level], number: i32) -> Option<Found> {
    let (_, parameters) = levels.first()?.parameters.as_ref()?;
    let attr = parameters.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    Some(Found::Attr { up: levels.len().saturating_sub(1), source: None, attr: attr.clone(), qualified: false })
}

impl Level {
    /// What is seen of FROM.
    fn seen(&self) -> &[Source] {
        match &self.seen {
            Some(seen) => self.sources.get(seen.start..seen.end.min(self.sources.len())).unwrap_or_default(),
            None => &self.sources,
        }
    }

    /// What is seen under a name.
    fn source(&self, schema: Option<&String>, alias: &str) -> Option<&Source> {
        let named = |source: &&Source| source.alias.as_deref() == Some(alias) && (schema.is_none() || source.schema.as_ref() == schema);
        self.seen().iter().find(named)
    }

    /// What a name alone means among the columns of this level.
    fn column(&self, up: usize, name: &str) -> Option<Found> {
        let start = self.seen.as_ref().map_or(0, |seen| seen.start);
        let end = self.seen.as_ref().map_or(usize::MAX, |seen| seen.end);
        let mut merged = self.merged.iter().rev().filter(|merged| (start..end).contains(&merged.at));
        if let Some(merged) = merged.find(|merged| merged.column.attr.name == name) {
            return Some(merged.found(up));
        }
        let bare = || self.seen().iter().filter(|source| !source.qualified_only);
        if let Some(found) = bare().find_map(|source| source.column(up, name)) {
            return Some(found);
        }
        let mut unknown = bare().filter(|source| source.attrs.is_none());
        let first = unknown.next()?;
        Some(if unknown.next().is_none() { first.unknown(name) } else { Found::Unknown(None, None) })
    }

    /// A merged column by the alias of USING.
    fn merged_as(&self, alias: &str, name: &str) -> Option<&Merged> {
        self.merged.iter().find(|merged| merged.alias.as_deref() == Some(alias) && merged.column.attr.name == name)
    }
}

impl Merged {
    fn found(&self, up: usize) -> Found {
        let attr = self.column.attr.clone();
        match self.column.source {
            Some(number) => Found::Attr { up, source: Some(number), attr, qualified: false },
            None => Found::Merged(attr, self.joined.clone()),
        }
    }
}

impl Source {
    /// Something with a name and columns.
    pub fn new(kind: SourceKind, alias: Option<&str>, attrs: Option<Vec<Attr>>) -> Self {
        Self {
            kind,
            number: None,
            schema: None,
            alias: alias.map(str::to_owned),
            attrs,
            plain: Vec::new(),
            some: None,
            rows_of: None,
            qualified_only: false,
        }
    }

    /// Whether some of its columns are those of a relation or a composite type, in whose order others can come between them.
    pub fn is_of_columns(&self) -> bool {
        self.attrs.iter().flatten().any(|attr| attr.id.is_some())
    }

    /// How many of the names in the list behind the alias say something: what follows is what the columns are called anyway.
    pub fn said(&self) -> usize {
        let mut pairs = self.plain.iter().zip(self.attrs.iter().flatten()).collect::<Vec<_>>().into_iter();
        pairs.rposition(|(plain, attr)| *plain != attr.name).map_or(0, |last| last + 1)
    }

    /// How the list behind the alias calls the columns that it calls otherwise than they are called without it, wherever these stand.
    pub fn called(&self) -> Vec<String> {
        by_column(&self.plain, self.attrs.iter().flatten().map(|attr| attr.name.as_str()))
    }

    /// The column of that name.
    pub fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.as_ref()?.iter().find(|attr| attr.name == name)
    }

    /// What a name means among its columns, those of the system after its own; queries and views have none of these.
    fn column(&self, up: usize, name: &str) -> Option<Found> {
        let (source, qualified) = (self.number, self.qualified_only);
        if let Some(attr) = self.attr(name) {
            return Some(Found::Attr { up, source, attr: attr.clone(), qualified });
        }
        let stored = self.rows_of.as_ref().is_some_and(|of| matches!(of.kind, Kind::Table | Kind::MaterializedView | Kind::Sequence));
        let has_system = stored && matches!(self.kind, SourceKind::Scope | SourceKind::Relation);
        (has_system && is_system(name)).then_some(Found::System { up, source, qualified })
    }

    /// What a name means of which it is not known whether it has such a column.
    fn unknown(&self, name: &str) -> Found {
        Found::Unknown(self.number, self.some.and_then(|some| some.get(name)).map(Type::display))
    }

    /// Whether it is known that it has no column of that name.
    pub fn misses(&self, name: &str) -> bool {
        self.attrs.is_some() && self.column(0, name).is_none()
    }

    /// Its row as a whole.
    fn row(&self) -> Found {
        Found::Row(self.number, self.row_type())
    }

    /// The type of its rows: queries and joins give records.
    pub fn row_type(&self) -> Option<String> {
        let of_relation = || Some(self.rows_of.as_ref()?.qname()?.to_string());
        match self.kind {
            SourceKind::With | SourceKind::Query | SourceKind::Join => Some("record".to_owned()),
            _ => of_relation(),
        }
    }

    /// All columns, as `*` gives them.
    pub fn star(&self) -> Option<Vec<StarColumn>> {
        let column = |attr: &Attr| StarColumn {
            fields: self.alias.iter().cloned().chain(std::iter::once(attr.name.clone())).collect(),
            source: self.number,
            attr: attr.clone(),
        };
        Some(self.attrs.as_ref()?.iter().map(column).collect())
    }
}
