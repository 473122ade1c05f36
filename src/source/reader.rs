//! What the rows of a live database make: objects by their addresses, and what `pg_depend` says of them.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tokio_postgres::Row;

use super::ignored;
use super::live::{LiveError, Places, Scope};
use crate::model::{Catalog, Entry, Key, ObjectId};
use crate::object::column::numbered_system_column;
use crate::object::read::Address;
use crate::object::resolve::is_systems;
use crate::object::{self, CatalogRow, Found, Kind, ReadError, Reading};

struct Edge {
    from: Address,
    to: Address,
    kind: char,
}

/// What many edges have in common.
struct Sort {
    classid: u32,
    refclassid: u32,
    objsubid: i32,
    refobjsubid: i32,
    deptype: char,
}

impl Sort {
    fn of(row: &CatalogRow<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            classid: row.get("classid")?,
            refclassid: row.get("refclassid")?,
            objsubid: row.get("objsubid")?,
            refobjsubid: row.get("refobjsubid")?,
            deptype: row.char("deptype")?,
        })
    }

    /// In which order sorts are taken in, whatever the server's: the first of what has no name of its own and goes with several counts, and
    /// a table's place in a publication is the publication's, which comes behind tables among the catalogs.
    const fn order(&self) -> impl Ord + use<> {
        (self.classid, Reverse(self.refclassid), self.deptype, self.objsubid, self.refobjsubid)
    }

    const fn edge(&self, object: u32, other: u32) -> Edge {
        let from = Address { class: self.classid, object, sub: self.objsubid };
        let to = Address { class: self.refclassid, object: other, sub: self.refobjsubid };
        Edge { from, to, kind: self.deptype }
    }
}

/// What has been read so far.
pub struct Reader<'a> {
    scope: &'a Scope,
    /// What others are read by.
    pub reading: Reading,
    catalog: Catalog,
    places: FxHashMap<Address, ObjectId>,
    members: FxHashMap<Address, Address>,
    edges: Vec<Edge>,
    internal: FxHashMap<Address, (Address, char)>,
    satellites: Vec<(Address, Found)>,
}

impl<'a> Reader<'a> {
    /// Nothing yet.
    pub fn new(scope: &'a Scope, major: u32) -> Self {
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

    /// Takes in rows of a kind.
    ///
    /// # Errors
    /// Where there is one that trueup cannot take.
    pub fn rows(&mut self, kind: Kind, rows: &[Row]) -> Result<(), LiveError> {
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
        // As many results as rows, so that each is put where it stays.
        let read: Vec<Result<_, _>> = rows.par_iter().map(read).collect();
        for found in read {
            if let Some((address, found)) = found? {
                self.take(address, found);
            }
        }
        Ok(())
    }

    /// Takes in what has no rows of its own.
    pub fn derived(&mut self, kind: Kind) {
        let reading = std::mem::take(&mut self.reading);
        kind.derived(&reading, |address, found| {
            if !self.members.contains_key(&Address { sub: 0, ..address }) {
                self.take(address, found);
            }
        });
        self.reading = reading;
    }

    /// Takes in dependencies.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn edges(&mut self, rows: &[Row]) -> Result<(), LiveError> {
        let sort = |row| Ok((Sort::of(&row)?, row));
        let mut sorted = rows.iter().map(CatalogRow::new).map(sort).collect::<Result<Vec<(Sort, CatalogRow<'_>)>, ReadError>>()?;
        sorted.sort_by_key(|(sort, _)| sort.order());
        for (sort, row) in sorted {
            let (objects, others): (Vec<u32>, Vec<u32>) = (row.get("objids")?, row.get("refobjids")?);
            self.edges.reserve(objects.len());
            for (object, other) in objects.into_iter().zip(others) {
                self.edge(sort.edge(object, other));
            }
        }
        Ok(())
    }

    fn edge(&mut self, edge: Edge) {
        match edge.kind {
            'e' => {
                self.members.insert(edge.from, edge.to);
                return;
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

    /// Refuses objects of kinds that are not managed, unless they are left out.
    ///
    /// # Errors
    /// Where there are others.
    pub fn refuse_unmanaged(&self, rows: &[Row]) -> Result<(), LiveError> {
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

    /// The catalog of all that was read, and where the objects are that the scope's patterns leave out.
    ///
    /// # Errors
    /// Where others need these.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn finish(mut self) -> Result<(Catalog, Places), LiveError> {
        self.take_satellites();
        self.drop_orphans();
        for edge in std::mem::take(&mut self.edges) {
            if !self.is_copy(edge.from)
                && let Some(from) = self.place(edge.from)
                && let Some(to) = self.provider(edge.to)
                && from != to
            {
                let (from, to) = (from.clone(), to.clone());
                self.need(&from, to, edge.kind);
            }
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
        // Partitions' copies are no objects, and what is said of them no dump tells (`getConstraints` of src/bin/pg_dump/pg_dump.c).
        if self.is_copy(address) {
            return None;
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
