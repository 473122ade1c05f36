//! Indexes that no constraint owns. Parent: the table or materialized view.

mod collation;
mod contrib;
pub mod element;
pub mod failed;
pub mod interpret;
pub mod name;
pub mod opclass;
pub mod parse;
pub mod partition;
mod read;
pub mod replica;
pub mod swap;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::constraint::{Constraint, IndexTraits, flags, index_storage, key};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, inheritance, rename};
use super::reading::ParentIndex;
use crate::model::{
    Expr, Hazard, Ident, LockMode, ObjectId, Options, Pair, QName, Step, Transaction, name_list, with_options,
};
use element::{IndexElement, all_columns, element_list};

/// Indexes that no constraint owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The relation that it indexes.
    pub relation: QName,
    /// UNIQUE.
    pub unique: bool,
    /// The access method.
    pub method: Ident,
    /// Its key columns.
    pub elements: Vec<IndexElement>,
    /// INCLUDE.
    pub include: Vec<Ident>,
    /// NULLS NOT DISTINCT (15 and later).
    pub nulls_not_distinct: bool,
    /// WHERE.
    pub predicate: Option<Expr>,
    /// Storage parameters.
    pub options: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// SET STATISTICS of its expressions, by column number.
    pub statistics: BTreeMap<i16, i32>,
    /// Whether the table's REPLICA IDENTITY uses it.
    pub replica_identity: bool,
    /// Whether the table is to be clustered on it.
    pub clustered: bool,
    /// Whether it is on a partitioned table, and so holds no rows itself.
    pub partitioned: bool,
    /// `indisvalid`: a failed CONCURRENTLY build leaves an index that is not; so is one on a partitioned table until every
    /// partition has its own attached.
    pub valid: bool,
}

/// Whether a partition leaves its parent and comes back, and its index with it, whose name is free only in between. Its rows would be missing from the
/// parent for as long as it is built by itself.
fn is_between(id: &ObjectId, partition: &QName, cx: &Cx<'_>) -> bool {
    let link = inheritance::partition_link(cx.from, partition).map(|(link, _)| link);
    cx.from.contains(id) && link.is_some_and(|link| cx.to.contains(link) && !cx.stays(link))
}

impl Index {
    fn stays(&self, cx: &Cx<'_>) -> bool {
        [Kind::Table, Kind::MaterializedView].into_iter().any(|kind| cx.stays(&ObjectId::in_schema(kind, self.relation.clone())))
    }

    fn traits(&self) -> IndexTraits {
        let (replica_identity, clustered) = (self.replica_identity, self.clustered);
        IndexTraits { replica_identity, clustered, ..IndexTraits::default() }
    }

    /// CREATE INDEX.
    pub fn statement(&self, name: &Ident, concurrently: bool) -> String {
        let Self { relation, unique, method, elements, include, nulls_not_distinct, predicate, options, tablespace, .. } = self;
        let unique = if *unique { "UNIQUE " } else { "" };
        let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
        // Partitions get theirs by name, attached afterwards.
        let only = if self.partitioned { "ONLY " } else { "" };
        let mut sql =
            format!("CREATE {unique}INDEX {concurrently}{name} ON {only}{relation} USING {method} ({})", element_list(elements));
        sql.push_str(&behind_elements(include, *nulls_not_distinct, options, tablespace.as_ref()));
        if let Some(predicate) = predicate {
            sql.push_str(&format!(" WHERE {predicate}"));
        }
        sql
    }

    fn definition_differs(pair: Pair<&Self>) -> bool {
        let Self { relation, unique, method, elements, include, nulls_not_distinct, predicate, partitioned, options, .. } = pair.from;
        let to = pair.to;
        (relation, unique, method, elements, include) != (&to.relation, &to.unique, &to.method, &to.elements, &to.include)
            || (nulls_not_distinct, predicate, partitioned) != (&to.nulls_not_distinct, &to.predicate, &to.partitioned)
            // ALTER INDEX SET "cannot be performed" on an index without storage (ATSimplePermissions)
            || (*partitioned && *options != to.options)
    }
}

/// ` INCLUDE (..)`, or nothing where there is nothing to include.
pub fn including(columns: &[Ident]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", name_list(columns)) }
}

/// What CREATE INDEX has behind its elements: INCLUDE, NULLS NOT DISTINCT, WITH, TABLESPACE.
pub fn behind_elements(include: &[Ident], nulls_not_distinct: bool, options: &Options, tablespace: Option<&Ident>) -> String {
    let nulls = if nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let tablespace = tablespace.map(|tablespace| format!(" TABLESPACE {tablespace}")).unwrap_or_default();
    format!("{}{nulls}{}{tablespace}", including(include), with_options(options))
}

/// Whether it is the table, view or materialized view of that name.
pub fn is_relation(id: &ObjectId, name: &QName) -> bool {
    id.kind.has_columns() && id.qname() == Some(name)
}

/// SET STATISTICS where the targets differ.
fn statistics_steps(index: &QName, pair: Pair<&BTreeMap<i16, i32>>) -> Vec<Step> {
    let columns: BTreeSet<i16> = pair.from.keys().chain(pair.to.keys()).copied().collect();
    columns
        .into_iter()
        .filter(|column| pair.from.get(column) != pair.to.get(column))
        .map(|column| {
            let target = pair.to.get(&column).copied().unwrap_or(-1);
            Step::new(
                format!("ALTER INDEX {index} ALTER COLUMN {column} SET STATISTICS {target}"),
                format!("change the statistics target of column {column} of index {index}"),
            )
            .lock(index, LockMode::ShareUpdateExclusive)
        })
        .collect()
}

/// The index that one is attached to, or the constraint that owns that.
pub fn parent_index(oid: u32, server: &Reading) -> Option<ObjectId> {
    let ParentIndex { relation, index, constraint } = server.index_parents.get(&oid)?.clone();
    Some(index_or_constraint(relation, constraint, index))
}

/// Notes that what an index is made for goes with the index of the partitioned table.
pub fn attach(found: &mut Found, oid: u32, server: &Reading) {
    if let Some(parent) = parent_index(oid, server) {
        // It outlives a parent that is made anew while the partition is detached.
        found.wants.push(parent.clone());
        found.auto = Some(parent);
    }
}

/// The object that an index belongs to: its constraint, or itself.
pub fn index_or_constraint(relation: QName, constraint: Option<Ident>, index: Ident) -> ObjectId {
    match constraint {
        Some(name) => Constraint::named_id(&relation, &name),
        None => ObjectId::in_schema(Kind::Index, QName { schema: relation.schema, name: index }),
    }
}

/// Gives an index another name.
pub fn rename(from: &ObjectId, to: &Ident) -> Option<Step> {
    let (Kind::Index, Some(name)) = (from.kind, from.qname()) else { return None };
    Some(
        Step::new(format!("ALTER INDEX {name} RENAME TO {to}"), format!("rename index {name} to {to}"))
            .lock(name, LockMode::ShareUpdateExclusive),
    )
}

impl ObjectDef for Index {
    const KIND: Kind = Kind::Index;
    const QUERY: &'static str = include_str!("index.sql");

    const TEXTS: Option<&'static str> = Some(include_str!("index_definition.sql"));

    fn needs_text(row: &CatalogRow<'_>, server: &Reading) -> Result<bool, ReadError> {
        read::needs_text(row, server)
    }

    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
        let (oid, table): (u32, u32) = (row.get("objid")?, row.get("indrelid")?);
        let Some(relation) = server.relation(table, read::INDEXED).cloned() else { return Ok(None) };
        let name = row.ident("indname")?;
        let id = ObjectId::in_schema(Kind::Index, QName { schema: relation.schema.clone(), name: name.clone() });
        let kind = if server.relation(table, &['m']).is_some() { Kind::MaterializedView } else { Kind::Table };
        let keys = read::keys(row)?;
        let columns: Vec<i16> = row.get("indkey")?;
        let targets = server.columns.get(&oid).into_iter().flatten();
        let index = Self {
            unique: row.get("indisunique")?,
            method: row.ident("amname")?,
            elements: read::elements((row, server), table, columns.get(..keys).unwrap_or_default(), &id)?,
            include: server.names(table, columns.get(keys..).unwrap_or_default()),
            nulls_not_distinct: row.get("indnullsnotdistinct")?,
            predicate: row.opt_expr("predicate", &id)?,
            options: row.options("reloptions")?,
            tablespace: row.opt_ident("spcname")?,
            statistics: targets.filter_map(|(number, column)| Some((*number, column.statistics?))).collect(),
            replica_identity: row.get("indisreplident")?,
            clustered: row.get("indisclustered")?,
            partitioned: row.get("partitioned")?,
            valid: row.get("indisvalid")?,
            relation: relation.clone(),
        };
        let mut found = Found::child(id, index, ObjectId::in_schema(kind, relation));
        attach(&mut found, oid, server);
        Ok(Some(found))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Some(name) = id.qname() else { return Vec::new() };
        let Self { relation, unique, partitioned, statistics, replica_identity: _, clustered: _, valid: _, .. } = self;
        let stays = self.stays(cx);
        let concurrently = cx.online && stays && !partitioned && !is_between(id, relation, cx);
        let kind = if *unique { "unique index" } else { "index" };
        let mut build = Step::new(self.statement(&name.name, concurrently), format!("create {kind} {} on {relation}", name.name));
        if stays {
            build = build.lock(relation, if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share });
            if !partitioned {
                build = build.scan(relation);
            }
            if *unique {
                build = build.hazard(Hazard::Assumes(format!("no two rows of {relation} are the same in {}", name.name)));
            }
            if !concurrently && !partitioned {
                build = build.hazard(Hazard::Blocks(format!("{relation} takes no writes while the index is built")));
            }
        }
        if concurrently {
            build = build.transaction(Transaction::None);
        }
        let mut steps = vec![build];
        steps.extend(statistics_steps(name, Pair::new(&BTreeMap::new(), statistics)));
        steps.extend(flags(None, &self.traits(), relation, &name.name, stays));
        steps
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some(name) = id.qname() else { return Vec::new() };
        if key::takes(id, cx) {
            return Vec::new();
        }
        // "cannot drop partitioned index concurrently", and an attached one not at all without its parent.
        let attached = cx.from.get(id).is_some_and(|entry| entry.auto.is_some());
        // No statement makes one that failed, so that a rebuilt copy of the database does not have it.
        let (if_exists, failed) = if self.valid || self.partitioned { ("", "") } else { ("IF EXISTS ", ", which is not valid") };
        let summary = format!("drop index {name} of {}{failed}", self.relation);
        if cx.online && self.stays(cx) && !self.partitioned && !attached {
            let step = Step::new(format!("DROP INDEX CONCURRENTLY {if_exists}{name}"), summary);
            return vec![step.lock(&self.relation, LockMode::ShareUpdateExclusive).transaction(Transaction::None)];
        }
        let with = partition::constraints_going_with(id, cx);
        let (cascade, along) = if with.is_empty() {
            ("", String::new())
        } else {
            (" CASCADE", format!(", with {}", with.iter().map(ObjectId::to_string).collect::<Vec<_>>().join(" and ")))
        };
        let step = Step::new(format!("DROP INDEX {if_exists}{name}{cascade}"), format!("{summary}{along}"));
        let partitions = with.iter().filter_map(ObjectId::qname);
        let step = partitions.fold(step.lock(name, LockMode::AccessExclusive), |step, table| step.lock(table, LockMode::AccessExclusive));
        vec![step.lock(&self.relation, LockMode::AccessExclusive)]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self {
            relation,
            unique: _,
            method: _,
            elements: _,
            include: _,
            nulls_not_distinct: _,
            predicate: _,
            options,
            tablespace,
            statistics,
            replica_identity: _,
            clustered: _,
            partitioned,
            valid,
        } = pair.to;
        let broken = *valid && !pair.from.valid && !partitioned;
        let Some(name) = id.qname() else { return Change::Replace };
        if Self::definition_differs(pair) || broken {
            return swap::change(id, pair, cx).unwrap_or(Change::Replace);
        }
        let mut steps = index_storage(name, Pair::new(&pair.from.options, options), Pair::new(&pair.from.tablespace, tablespace));
        steps.extend(statistics_steps(name, Pair::new(&pair.from.statistics, statistics)));
        steps.extend(flags(Some(&pair.from.traits()), &pair.to.traits(), relation, &name.name, true));
        Change::InPlace(steps)
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL rebuilds indexes when a column of theirs changes its type (`ATPostAlterTypeCleanup`); statistics targets
    /// are lost by that, and expressions come out as the type before left them.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        !matches!(disturbed.kind, Kind::Column | Kind::Composite) || (all_columns(&self.elements) && self.predicate.is_none() && self.statistics.is_empty())
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().map(|name| vec![Slot::Relation(name.clone())]).unwrap_or_default()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.elements.iter_mut().filter_map(IndexElement::expr_mut).chain(self.predicate.as_mut()).collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        for element in &mut self.elements {
            rename::follow(Kind::Collation, &mut element.collation, from, to);
            rename::follow(Kind::OperatorClass, &mut element.opclass, from, to);
        }
        if from.qname() == Some(&self.relation)
            && from.kind == Kind::Column
            && let (Some(old), Some(new)) = (from.name(), to.name())
        {
            interpret::rename_columns(&mut self.elements, &mut self.include, old, new);
        }
        if let (true, Some(new)) = (is_relation(from, &self.relation), to.qname()) {
            self.relation = new.clone();
        }
    }
}
