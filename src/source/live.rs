//! The door to a live database: a few set-based queries in one snapshot, sent at once.

use std::collections::VecDeque;
use std::iter;
use std::pin::pin;
use std::time::Instant;

use futures_util::TryStreamExt;
use futures_util::future::{join, try_join_all};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use thiserror::Error;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row, RowStream};

use super::beside::{Beside, answer, beside};
use super::connect::Connection;
use super::{ignored, present};
use crate::config::Ignore;
use crate::model::{Catalog, Entry, Key, ObjectId};
use crate::object::column::numbered_system_column;
use crate::object::read::Address;
use crate::object::resolve::is_systems;
use crate::object::{self, CatalogRow, Found, Kind, ReadError, Reading};
use crate::source::pipeline::sent;

/// A database that cannot be read.
#[derive(Debug, Error)]
pub enum LiveError {
    /// The server refused a query, or was lost.
    #[error("cannot read the catalogs: {}", .0.as_db_error().map_or_else(|| .0.to_string(), |e| e.message().to_owned()))]
    Query(#[from] tokio_postgres::Error),
    /// A row that trueup cannot take.
    #[error(transparent)]
    Row(#[from] ReadError),
    /// There are objects of kinds that are not managed.
    #[error("the database holds objects that this version of trueup does not manage: {}. Nothing is skipped silently: drop them, or list them under [ignore] in trueup.toml", .0.join(", "))]
    Unmanaged(Vec<String>),
    /// What is managed needs what `[ignore]` leaves out.
    #[error("[ignore] leaves out what others need: {}. Leave both out, or neither", .0.join("; "))]
    Torn(Vec<String>),
}

/// What is left out of a reading.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Schemas that are not looked at, such as the tracking schema.
    pub exclude_schemas: Vec<String>,
    /// Objects that are left out. Patterns for every kind are also held against the names that `pg_describe_object` gives to
    /// objects of kinds that are not managed.
    pub ignore: Vec<Ignore>,
}

const EDGES: &str = include_str!("live_edges.sql");
const UNMANAGED: &str = include_str!("live_unmanaged.sql");
const RELATIONS: &str = include_str!("live_relations.sql");
const OPCLASSES: &str = include_str!("live_opclasses.sql");

/// What every reading begins with: one snapshot for all; texts come out the same whatever the database's settings are.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL DateStyle = 'ISO, YMD'; \
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; \
    SET LOCAL quote_all_identifiers = off; SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content'; \
    SET LOCAL statement_timeout = 0; SET LOCAL jit = off";

/// Takes the lines for other majors out of a query: `-- since N`, `-- until N`.
pub fn for_major(query: &str, major: u32) -> String {
    let keeps = |line: &&str| {
        let Some((_, mark)) = line.rsplit_once("-- ") else { return true };
        let mut words = mark.split_whitespace();
        let (word, number) = (words.next(), words.next().and_then(|number| number.parse::<u32>().ok()));
        match (word, number) {
            (Some("since"), Some(number)) => major >= number,
            (Some("until"), Some(number)) => major <= number,
            _ => true,
        }
    };
    query.lines().filter(keeps).collect::<Vec<_>>().join("\n")
}

/// Reads a whole database by one session.
///
/// # Errors
/// Where the server refuses or is lost, where it holds what trueup does not know, or what it does not manage.
pub async fn read(client: &Client, major: u32, scope: &Scope) -> Result<Catalog, LiveError> {
    let kinds = begin(client).await?;
    read_to_end((client, Beside::nobody()), &kinds, major, scope).await
}

/// Begins, and finds what there may be.
async fn begin(client: &Client) -> Result<Vec<Kind>, LiveError> {
    client.batch_execute(BEGIN).await?;
    Ok(present::kinds(client).await?)
}

/// The same by two sessions, where a second one can be had.
///
/// # Errors
/// As [`read`].
pub async fn read_beside(connection: &Connection, scope: &Scope) -> Result<Catalog, LiveError> {
    let (client, major) = (&connection.client, connection.server.major);
    let kinds = begin(client).await?;
    let Some(twin) = beside(connection, BEGIN).await? else {
        return read_to_end((client, Beside::nobody()), &kinds, major, scope).await;
    };
    let spelled = kinds.iter().filter(|kind| kind.is_spelled());
    let queries: Vec<String> = spelled.map(|kind| for_major(kind.query(), major)).collect();
    let (give, take) = Beside::somebody();
    join(read_to_end((client, take), &kinds, major, scope), answer(twin, &queries, give)).await.0
}

#[tracing::instrument(level = "debug", name = "read", skip_all)]
async fn read_to_end((client, beside): (&Client, Beside), kinds: &[Kind], major: u32, scope: &Scope) -> Result<Catalog, LiveError> {
    let began = Instant::now();
    let result = read_in_transaction((client, beside), kinds, major, scope).await;
    let ended = client.batch_execute("ROLLBACK").await;
    let (catalog, _) = result?;
    ended?;
    tracing::debug!(
        objects = catalog.len(),
        milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "read a database"
    );
    Ok(catalog)
}

/// Where in the catalogs the objects are that the scope's patterns leave out: catalog and OID.
///
/// # Errors
/// As [`read`].
pub async fn left_out(client: &Client, major: u32, scope: &Scope) -> Result<Vec<(u32, u32)>, LiveError> {
    if scope.ignore.is_empty() {
        return Ok(Vec::new());
    }
    let kinds = begin(client).await?;
    let result = read_in_transaction((client, Beside::nobody()), &kinds, major, scope).await;
    client.batch_execute("ROLLBACK").await?;
    Ok(result?.1)
}

type Places = Vec<(u32, u32)>;

async fn read_in_transaction(
    (client, mut beside): (&Client, Beside),
    kinds: &[Kind],
    major: u32,
    scope: &Scope,
) -> Result<(Catalog, Places), LiveError> {
    let query = |text: &str| for_major(text, major);
    let alone = beside.is_nobody();
    let own: Vec<Kind> = kinds.iter().copied().filter(|kind| alone || !kind.is_spelled()).collect();
    let special = [EDGES, UNMANAGED, RELATIONS, OPCLASSES].map(query);
    let queries: Vec<String> = special.into_iter().chain(own.iter().map(|kind| query(kind.query()))).collect();
    let statements = try_join_all(queries.iter().map(|query| client.prepare(query))).await?;
    let mut answers: VecDeque<_> = statements.iter().map(|statement| sent(client.query_raw(statement, iter::empty::<i32>()))).collect();
    // Rows are taken in small numbers, while the server works on the next ones: they are larger than what is made of them.
    let mut next = async || match answers.pop_front() {
        Some(rows) => rows.await.map(Some),
        None => Ok(None),
    };
    let mut reader = Reader::new(scope, major);
    in_parts(next().await?, |rows| reader.edges(rows)).await?;
    in_parts(next().await?, |rows| reader.refuse_unmanaged(rows)).await?;
    in_parts(next().await?, |rows| Ok(reader.reading.take_relations(rows)?)).await?;
    in_parts(next().await?, |rows| Ok(reader.reading.take_opclasses(rows)?)).await?;
    // Those of which a part may have to be asked for first are held: a further question is answered only once all answers before it have been
    // taken, since the driver reads no further ahead.
    let mut held = Vec::new();
    for kind in own {
        match next().await? {
            Some(rows) if kind.texts().is_some() => held.push((kind, rows.try_collect().await?)),
            rows => {
                in_parts(rows, |rows| reader.rows(kind, rows)).await?;
                reader.derived(kind);
            }
        }
    }
    for (kind, rows) in held {
        reader.take_rows(client, kind, rows).await?;
    }
    for kind in kinds.iter().copied().filter(|kind| !alone && kind.is_spelled()) {
        let rows = match beside.next().await {
            Some(rows) => rows,
            None => client.query(&query(kind.query()), &[]).await?,
        };
        reader.take_rows(client, kind, rows).await?;
    }
    reader.finish()
}

/// Takes what is answered in parts.
async fn in_parts(rows: Option<RowStream>, mut take: impl FnMut(&[Row]) -> Result<(), LiveError>) -> Result<(), LiveError> {
    const AT_A_TIME: usize = 2048;
    let Some(rows) = rows else { return Ok(()) };
    let mut parts = pin!(rows.try_chunks(AT_A_TIME));
    while let Some(part) = parts.try_next().await.map_err(|error| error.1)? {
        take(&part)?;
    }
    Ok(())
}

struct Edge {
    from: Address,
    to: Address,
    kind: char,
}

struct Reader<'a> {
    scope: &'a Scope,
    reading: Reading,
    catalog: Catalog,
    places: FxHashMap<Address, ObjectId>,
    members: FxHashMap<Address, Address>,
    edges: Vec<Edge>,
    internal: FxHashMap<Address, (Address, char)>,
    satellites: Vec<(Address, Found)>,
}

impl<'a> Reader<'a> {
    fn new(scope: &'a Scope, major: u32) -> Self {
        Self {
            scope,
            reading: Reading { major, ..Reading::default() },
            catalog: Catalog::empty(major),
            places: FxHashMap::default(),
            members: FxHashMap::default(),
            edges: Vec::new(),
            internal: FxHashMap::default(),
            satellites: Vec::new(),
        }
    }

    /// Takes in what was found of a kind, and asks for the texts that it wants beside.
    async fn take_rows(&mut self, client: &Client, kind: Kind, rows: Vec<Row>) -> Result<(), LiveError> {
        if let Some(query) = kind.texts() {
            let mut wanted: Vec<u32> = Vec::new();
            for row in rows.iter().map(CatalogRow::new) {
                if kind.needs_text(&row, &self.reading)? {
                    wanted.push(row.get("objid")?);
                }
            }
            if !wanted.is_empty() {
                self.reading.take_texts(&client.query_typed(query, &[(&wanted, Type::OID_ARRAY)]).await?)?;
            }
        }
        self.rows(kind, &rows)?;
        self.derived(kind);
        Ok(())
    }

    fn rows(&mut self, kind: Kind, rows: &[Row]) -> Result<(), LiveError> {
        if kind == Kind::Column {
            self.reading.take_columns(rows)?;
        }
        let server = &self.reading;
        let read = |row: &Row| -> Result<Option<(Address, Found)>, ReadError> {
            let row = CatalogRow::new(row);
            let address = row.address()?;
            if !kind.is_about_members() && self.members.contains_key(&Address { sub: 0, ..address }) {
                return Ok(None);
            }
            Ok(kind.read(&row, server)?.map(|found| (address, found)))
        };
        let found: Vec<_> = rows.par_iter().map(read).collect::<Result<_, _>>()?;
        found.into_iter().flatten().for_each(|(address, found)| self.take(address, found));
        Ok(())
    }

    /// Takes in what has no rows of its own.
    fn derived(&mut self, kind: Kind) {
        for (address, found) in kind.derived(&self.reading) {
            if !self.members.contains_key(&Address { sub: 0, ..address }) {
                self.take(address, found);
            }
        }
    }

    fn edges(&mut self, rows: &[Row]) -> Result<(), LiveError> {
        for row in rows {
            let row = CatalogRow::new(row);
            let to = Address { class: row.get("refclassid")?, object: row.get("refobjid")?, sub: row.get("refobjsubid")? };
            let edge = Edge { from: row.address()?, to, kind: row.char("deptype")? };
            match edge.kind {
                'e' => {
                    self.members.insert(edge.from, edge.to);
                    continue;
                }
                // What is internal to something stands for it; so does a default for its generated column, and a
                // partition's copy of a constraint or trigger for its parent's.
                'i' => {
                    self.internal.insert(edge.from, (edge.to, 'i'));
                }
                'P' if self.internal.get(&edge.from).is_none_or(|(_, kind)| *kind == 'a') => {
                    self.internal.insert(edge.from, (edge.to, 'P'));
                }
                'a' => {
                    self.internal.entry(edge.from).or_insert((edge.to, 'a'));
                }
                _ => {}
            }
            self.edges.push(edge);
        }
        Ok(())
    }

    fn refuse_unmanaged(&self, rows: &[Row]) -> Result<(), LiveError> {
        let mut names = Vec::new();
        for row in rows {
            let row = CatalogRow::new(row);
            if self.members.contains_key(&row.address()?) {
                continue;
            }
            let name: String = row.get("description")?;
            let schema: Option<String> = row.get("nspname")?;
            if !schema.is_some_and(|schema| self.scope.exclude_schemas.contains(&schema))
                && !self.scope.ignore.iter().any(|pattern| pattern.tolerates(&name))
            {
                names.push(name);
            }
        }
        if names.is_empty() { Ok(()) } else { Err(LiveError::Unmanaged(names)) }
    }

    fn excluded(&self, id: &ObjectId) -> bool {
        let about = id.target().unwrap_or(id);
        let Some(schema) = (if about.kind == Kind::Schema { about.name() } else { about.schema() }) else { return false };
        // Privileges on PostgreSQL's own objects are told, as pg_dump tells them.
        self.scope.exclude_schemas.iter().any(|name| name == schema.as_str()) || is_systems(schema.as_str()) && !id.kind.is_about_members()
    }

    fn take(&mut self, address: Address, found: Found) {
        if found.target.is_some() {
            self.satellites.push((address, found));
            return;
        }
        if self.excluded(&found.id) {
            return;
        }
        if !found.id.is_link() {
            self.places.insert(address, found.id.clone());
        }
        self.put(found);
    }

    fn put(&mut self, found: Found) {
        let Found { id, object, parent, auto, needs, wants, target: _ } = found;
        let mut entry = Entry::new(object, parent).needing(needs);
        entry.auto = auto;
        entry.wants.extend(wants);
        self.catalog.insert(id, entry);
    }

    /// The object that stands for an address: itself, what it is internal to, or the whole of which it is a column.
    fn place(&self, address: Address) -> Option<&ObjectId> {
        let mut at = address;
        for _ in 0..16 {
            if let Some(id) = self.places.get(&at) {
                return Some(id);
            }
            at = match self.internal.get(&at) {
                Some((next, _)) => *next,
                None if at.sub != 0 => Address { sub: 0, ..at },
                None => return None,
            };
        }
        None
    }

    /// Whether it is a partition's copy of something of its parent's. What that needs beside (the partition's columns, its key) is no need
    /// of the original, which stays when the partition goes.
    fn is_copy(&self, address: Address) -> bool {
        let mut at = address;
        for _ in 0..16 {
            match self.internal.get(&at) {
                Some(_) if self.places.contains_key(&at) => return false,
                // A foreign key's copies for partitions of the referenced table are internal to it.
                Some((original, kind)) if *kind == 'P' || *kind == 'i' && original.class == at.class && original.sub == 0 => return true,
                Some((original, _)) => at = *original,
                None => return false,
            }
        }
        false
    }

    fn provider(&self, address: Address) -> Option<&ObjectId> {
        let whole = Address { sub: 0, ..address };
        if let Some(extension) = self.members.get(&whole) {
            return self.places.get(extension);
        }
        // What is only said of a column of a view can go while the column stays.
        let whole_of = |id| self.catalog.get(id).filter(|_| id.kind.is_nominal()).and_then(|entry| entry.parent.as_ref()).unwrap_or(id);
        self.place(address).map(whole_of).or_else(|| {
            let (above, _) = self.internal.get(&whole)?;
            self.places.get(self.members.get(above)?)
        })
    }

    #[tracing::instrument(level = "debug", skip_all)]
    fn finish(mut self) -> Result<(Catalog, Vec<(u32, u32)>), LiveError> {
        self.take_satellites();
        self.drop_orphans();
        let mut seen: FxHashSet<(&ObjectId, &ObjectId)> = FxHashSet::default();
        let mut needs = Vec::new();
        for edge in &self.edges {
            if !self.is_copy(edge.from)
                && let Some(from) = self.place(edge.from)
                && let Some(to) = self.provider(edge.to)
                && from != to
                && seen.insert((from, to))
            {
                needs.push((from.clone(), to.clone(), edge.kind));
            }
        }
        for (from, to, kind) in needs {
            self.need(&from, to, kind);
        }
        self.schema_needs();
        object::complete(&mut self.catalog);
        let out = ignored::strip(&mut self.catalog, &self.scope.ignore).map_err(LiveError::Torn)?;
        let places = self.places.iter().filter(|(address, id)| address.sub == 0 && out.contains(*id));
        let places = places.map(|(address, _)| (address.class, address.object)).collect();
        Ok((self.catalog, places))
    }

    /// Parts of what is left out (extension members, excluded schemas) are left out too.
    fn drop_orphans(&mut self) {
        loop {
            let is_orphan = |entry: &Entry| entry.parent.as_ref().is_some_and(|parent| !self.catalog.contains(parent));
            let orphans: Vec<ObjectId> = self.catalog.scan().filter(|(_, entry)| is_orphan(entry)).map(|(id, _)| id.clone()).collect();
            if orphans.is_empty() {
                break;
            }
            for id in &orphans {
                self.catalog.remove(id);
            }
            let catalog = &self.catalog;
            self.places.retain(|_, id| catalog.contains(id));
        }
    }

    fn need(&mut self, from: &ObjectId, to: ObjectId, kind: char) {
        // That a table inherits, or a sequence belongs to a column, is an object of its own.
        let user = match ObjectId::link_between(from, &to) {
            Some(link) if self.catalog.contains(&link) => link,
            Some(_) if kind == 'a' => return,
            _ => from.clone(),
        };
        // A parent does not need its part: its part's circular edge (a view's own rule) is PostgreSQL's bookkeeping.
        let mut above = self.catalog.get(&to).and_then(|entry| entry.parent.as_ref());
        while let Some(id) = above {
            if *id == user {
                return;
            }
            above = self.catalog.get(id).and_then(|entry| entry.parent.as_ref());
        }
        if let Some(entry) = self.catalog.get_mut(&user) {
            entry.needs.insert(to);
        }
    }

    /// `pg_depend` says nothing of the schema public, which is pinned.
    fn schema_needs(&mut self) {
        let public = ObjectId::global(Kind::Schema, "public");
        if !self.catalog.contains(&public) {
            return;
        }
        let of_public =
            |id: &ObjectId, entry: &Entry| entry.parent.is_none() && id.schema().is_some_and(|schema| schema.as_str() == "public");
        self.catalog.change_all(of_public, |_, entry| {
            entry.needs.insert(public.clone());
        });
    }

    fn take_satellites(&mut self) {
        for (address, found) in std::mem::take(&mut self.satellites) {
            let Some(target) = self.satellite_target(address) else { continue };
            let parent = self.places.get(&address).cloned().or_else(|| self.place(address).cloned());
            let id = match found.id.name().filter(|name| !name.as_str().is_empty()) {
                Some(name) => ObjectId::new(found.id.kind, Key::OfNamed(target, name.clone())),
                None => ObjectId::of(found.id.kind, target),
            };
            self.put(Found { id, parent, target: None, ..found });
        }
    }

    /// Only an exact hit is a target: the comment on a constraint's index is not one on the constraint.
    fn satellite_target(&self, address: Address) -> Option<ObjectId> {
        if address.sub < 0 {
            return numbered_system_column(self.places.get(&Address { sub: 0, ..address })?, address.sub);
        }
        if let Some(id) = self.places.get(&address) {
            return Some(id.clone());
        }
        // The index behind a key can have a comment of its own, the sequence behind an identity privileges too.
        let owner = self.place(address)?;
        if owner.has_two_rows() {
            Some(owner.clone())
        } else {
            owner.index_behind().or_else(|| self.catalog.object(owner)?.sequence_behind())
        }
    }
}
