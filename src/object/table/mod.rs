//! Tables: ordinary, partitioned, partitions, typed, foreign.

mod alter;
mod cluster;
mod create;
mod foreign;
mod interpret;
mod interpret_alter;
pub mod logged;
pub mod partition;
mod partition_key;
mod statement;
mod toast;
mod typed;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, inheritance, row_type, rename};
use crate::model::{Entry, Expr, Hazard, Ident, LockMode, ObjectId, Options, Pair, QName, Step};

pub use alter::is_kept_from_rewriting;
pub use cluster::interpret_cluster;
pub use foreign::Foreign;
pub use interpret::{interpret_create, interpret_create_foreign};
pub use interpret_alter::{Mark, interpret_alter, mark_index, move_sequences};
pub use statement::AlterTable;
pub use typed::staying as typed_tables_staying;

/// What happens to its rows in a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Persistence {
    /// Logged.
    Permanent,
    /// Emptied after a crash.
    Unlogged,
}

/// What logical replication identifies old rows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// An index; the index or constraint itself says that it is the one.
    Index,
}

/// A table without its columns, constraints, and so on, which are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// LOGGED or UNLOGGED.
    pub persistence: Persistence,
    /// What stands behind PARTITION BY.
    pub partition_key: Option<Expr>,
    /// Where the rows of a foreign table are.
    pub foreign: Option<Foreign>,
    /// The composite type of a typed table.
    pub of_type: Option<QName>,
    /// Storage parameters.
    pub options: Options,
    /// Storage parameters of its TOAST table, without `toast.`.
    pub toast_options: Options,
    /// The access method, where it is not heap; of a partitioned table (17 and later), where one is set.
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// REPLICA IDENTITY.
    pub replica_identity: ReplicaIdentity,
    /// Whether some index is the one of CLUSTER ON; the index or constraint itself says that it is the one.
    pub clustered: bool,
    /// ROW LEVEL SECURITY is enabled.
    pub row_security: bool,
    /// ROW LEVEL SECURITY is forced.
    pub force_row_security: bool,
}

impl Table {
    /// Whether it is partitioned, and so holds no rows itself.
    pub const fn is_partitioned(&self) -> bool {
        self.partition_key.is_some()
    }

    /// What DROP, COMMENT ON and the like call it.
    pub const fn keyword(&self) -> &'static str {
        if self.foreign.is_some() { "FOREIGN TABLE" } else { "TABLE" }
    }
}

fn unknown(id: &ObjectId, column: &'static str, value: char) -> ReadError {
    ReadError::Unknown { object: id.to_string(), column, value: value.to_string() }
}

/// A partition that foreign keys reach by the tables above it cannot be dropped while it is one: each key has a part of its
/// own that refers to the partition (`CloneFkReferenced` in src/backend/commands/tablecmds.c).
fn detached(name: &QName, cx: &Cx<'_>) -> Option<Step> {
    let above = inheritance::partitioned_above(cx.from, name);
    let parent = above.first()?;
    let refers = |id: &ObjectId, entry: &Entry| {
        let stays = || cx.stays(id) || id.qname().is_some_and(|table| above.contains(&table));
        entry.object.refers_to().is_some_and(|table| above.contains(&table)) && stays()
    };
    let dependents = cx.from.dependents();
    let tables = above.iter().filter_map(|name| cx.from.relation(name)).map(|(table, _)| table);
    let mut users = tables.flat_map(|table| cx.from.children(table)).flat_map(|part| dependents.of(part));
    users.any(|id| cx.from.get(id).is_some_and(|entry| refers(id, entry))).then(|| {
        let sql = format!("ALTER TABLE {parent} DETACH PARTITION {name}");
        Step::new(sql, format!("{name} is no longer a partition of {parent}")).lock(parent, LockMode::AccessExclusive)
    })
}

impl ObjectDef for Table {
    const KIND: Kind = Kind::Table;
    const QUERY: &'static str = include_str!("table.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::Table, row.qname("nspname", "relname")?);
        let persistence = match row.char("relpersistence")? {
            'p' => Persistence::Permanent,
            'u' => Persistence::Unlogged,
            other => return Err(unknown(&id, "relpersistence", other)),
        };
        let foreign = Foreign::read(row)?;
        let replica_identity = match (row.char("relreplident")?, row.get("identity_index")?) {
            // A foreign table is told to have none, and no statement can say otherwise (heap_create).
            _ if foreign.is_some() => ReplicaIdentity::Default,
            ('d', _) => ReplicaIdentity::Default,
            ('f', _) => ReplicaIdentity::Full,
            ('i', true) => ReplicaIdentity::Index,
            // Where the index was dropped, rows are identified by nothing (docs: ALTER TABLE, REPLICA IDENTITY).
            ('n' | 'i', _) => ReplicaIdentity::Nothing,
            (other, _) => return Err(unknown(&id, "relreplident", other)),
        };
        let partition_key = row.get::<Option<String>>("partition_key")?;
        let partition_key = partition_key.map(|key| partition::normalize_key(&key)).transpose();
        let partition_key = partition_key.map_err(|source| ReadError::Text { object: id.to_string(), source })?;
        let table = Self {
            persistence,
            partition_key,
            foreign,
            of_type: row.opt_qname("type_schema", "type_name")?,
            options: row.options("reloptions")?,
            toast_options: row.options("toast_options")?,
            access_method: row.opt_ident("access_method")?,
            tablespace: row.opt_ident("tablespace")?,
            replica_identity,
            clustered: row.get("clustered")?,
            row_security: row.get("relrowsecurity")?,
            force_row_security: row.get("relforcerowsecurity")?,
        };
        Ok(Some(Found::new(id, table)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        create::create(self, id, parts, cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some(name) = id.qname() else { return Vec::new() };
        let word = self.keyword();
        let summary = format!("drop {} {name}", word.to_lowercase());
        let mut step = Step::new(format!("DROP {word} {name}"), summary).lock(name, LockMode::AccessExclusive);
        for (_, link) in inheritance::parents(cx.from, name).into_iter().filter(|(_, link)| link.bound.is_some()) {
            step = step.lock(&link.parent, LockMode::AccessExclusive);
        }
        // A partitioned table holds no rows itself; each of its partitions says what it loses. Those of a foreign table are elsewhere.
        let hazard = if self.is_partitioned() || self.foreign.is_some() {
            Hazard::Breaks(format!("whatever uses {name}"))
        } else {
            Hazard::Loss(format!("all rows of {name}"))
        };
        detached(name, cx).into_iter().chain([step.hazard(hazard)]).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        alter::alter(id, pair, cx)
    }

    fn in_the_way(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Vec<ObjectId> {
        row_type::in_the_way(id, pair, cx)
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        typed::rebind(id, pair, rebuilt, cx)
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().into_iter().flat_map(|name| [Slot::Relation(name.clone()), Slot::Type(name.clone())]).collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.partition_key.iter_mut().collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if let Some(key) = &mut self.partition_key {
            partition_key::follow(key, from, to);
        }
        if let Some(foreign) = &mut self.foreign {
            rename::follow_global(Kind::Server, &mut foreign.server, from, to);
        }
        let of_type = self.of_type.as_ref();
        if from.kind == Kind::Composite && of_type.is_some() && of_type == from.qname() {
            self.of_type = to.qname().cloned();
        }
    }
}
