//! Renames: those that hints in the schema files ask for, and those that follow from equal definitions.
//!
//! A renamed object keeps its rows, its values and its OID; a constraint or index that only changes its name need not be built
//! again. Renames run before everything else, and everything else is worked out from the catalog that they leave behind.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::NodeEnum;
use rayon::prelude::*;

use crate::model::{Catalog, Hazard, Ident, LockMode, ObjectId, QName, Step};
use crate::object::{Kind, Object, Slot, makeable, schema};
use crate::source::files::{SchemaFiles, SchemaStatement};
use crate::sql::{HintKind, Name, made};

/// One rename, with its way back.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    /// What it is called now.
    pub from: ObjectId,
    /// What it shall be called.
    pub to: ObjectId,
    /// The schema that it moves to, where that is made first.
    pub makes: Option<ObjectId>,
    /// The schema that it leaves, where that goes afterwards.
    drops: Option<ObjectId>,
}

/// What a hint says: the wanted object, and its old name, with a schema where the hint names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameHint {
    /// Schema and name of the relation, type or routine as the file has it; no schema where the file gives none.
    pub relation: (Option<Ident>, Ident),
    /// The column, where the hint is over one.
    pub column: Option<Ident>,
    /// The old schema, where the hint names one.
    pub old_schema: Option<Ident>,
    /// The old name.
    pub old: Ident,
}

/// Every rename hint of the files.
pub fn hints(files: &SchemaFiles) -> Vec<RenameHint> {
    files.statements.iter().flat_map(hints_of).collect()
}

fn hints_of(statement: &SchemaStatement) -> Vec<RenameHint> {
    if statement.hints.is_empty() {
        return Vec::new();
    }
    let Some(node) = statement.tree.node().ok().and_then(|tree| tree.node) else { return Vec::new() };
    let Some(relation) = created(&node) else { return Vec::new() };
    let columns = columns(&node);
    let mut found = Vec::new();
    for hint in &statement.hints {
        let HintKind::RenamedFrom { schema, name } = &hint.kind else { continue };
        let inside = hint.position > statement.span.start;
        let column = columns.iter().find(|(_, at)| inside && *at > hint.position).map(|(name, _)| name.clone());
        found.push(RenameHint { relation: relation.clone(), column, old_schema: schema.as_deref().map(Ident::new), old: Ident::new(name) });
    }
    found
}

/// The name of what a statement makes, of kinds that hints can rename.
fn created(node: &NodeEnum) -> Option<(Option<Ident>, Ident)> {
    let is_renamed = matches!(
        node,
        NodeEnum::CreateStmt(_)
            | NodeEnum::ViewStmt(_)
            | NodeEnum::CreateSeqStmt(_)
            | NodeEnum::CreateTableAsStmt(_)
            | NodeEnum::CreateEnumStmt(_)
            | NodeEnum::CreateDomainStmt(_)
            | NodeEnum::CompositeTypeStmt(_)
            | NodeEnum::IndexStmt(_)
    );
    let Name { schema, name } = made(node).filter(|_| is_renamed)?;
    Some((schema.as_deref().map(Ident::new), Ident::new(&name)))
}

/// Columns with their places in the file.
fn columns(node: &NodeEnum) -> Vec<(Ident, usize)> {
    let NodeEnum::CreateStmt(stmt) = node else { return Vec::new() };
    stmt.table_elts
        .iter()
        .filter_map(|element| match element.node.as_ref() {
            Some(NodeEnum::ColumnDef(column)) => Some((Ident::new(&column.colname), usize::try_from(column.location).ok()?)),
            _ => None,
        })
        .collect()
}

/// Renames of relations and types that hints ask for and that are still to be done.
pub fn hinted(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Vec<Rename> {
    let (mut found, mut made) = (Vec::new(), BTreeSet::new());
    // What failed is made anew, under its new name.
    let whole = makeable(from);
    for hint in hints.iter().filter(|hint| hint.column.is_none()) {
        let Some(wanted) = wanted_object(to, hint).filter(|wanted| !from.contains(wanted)) else { continue };
        let Some(schema) = wanted.schema() else { continue };
        let old = QName { schema: hint.old_schema.clone().unwrap_or_else(|| schema.clone()), name: hint.old.clone() };
        let before = ObjectId::in_schema(wanted.kind, old);
        if whole.contains(&before) && !to.contains(&before) {
            let schema = ObjectId::global(Kind::Schema, schema.clone());
            let makes = Some(schema).filter(|schema| !from.contains(schema) && made.insert(schema.clone()));
            found.push(Rename { makes, ..Rename::new(before, wanted) });
        }
    }
    found
}

/// Renames of columns that hints ask for and that are still to be done.
pub fn hinted_columns(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Vec<Rename> {
    let mut found = Vec::new();
    for hint in hints {
        let Some(column) = &hint.column else { continue };
        let Some(relation) = wanted_object(to, hint).and_then(|id| id.qname().cloned()) else { continue };
        let before = ObjectId::on(Kind::Column, relation.clone(), hint.old.clone());
        let after = ObjectId::on(Kind::Column, relation, column.clone());
        if from.contains(&before) && !from.contains(&after) && to.contains(&after) && !to.contains(&before) {
            found.push(Rename::new(before, after));
        }
    }
    found
}

fn wanted_object(to: &Catalog, hint: &RenameHint) -> Option<ObjectId> {
    let (schema, name) = &hint.relation;
    to.iter()
        .map(|(id, _)| id)
        .find(|id| {
            matches!(&id.key, crate::model::Key::InSchema(qname) if qname.name == *name && schema.as_ref().is_none_or(|schema| *schema == qname.schema))
        })
        .cloned()
}

/// Renames that nobody needs to ask for: constraints and indexes of one relation that differ by their names alone, and the
/// sequence of a column that stays. Only to names that are free as things are.
#[tracing::instrument(level = "debug", skip_all)]
pub fn evident(from: &Catalog, to: &Catalog) -> Vec<Rename> {
    let mut gone: BTreeMap<(Kind, &ObjectId), Vec<&ObjectId>> = BTreeMap::new();
    let old = renamable(from, to);
    for id in old.iter().filter(|id| !from.object(id).is_some_and(Object::inherited)) {
        if let Some(anchor) = anchor(from, id) {
            gone.entry((id.kind, anchor)).or_default().push(id);
        }
    }
    if gone.is_empty() {
        return Vec::new();
    }
    let new = renamable(to, from);
    let slots = |id: &ObjectId| to.object(id).map(|object| object.slots(id)).unwrap_or_default();
    let asked: BTreeSet<Slot> = new.iter().flat_map(slots).collect();
    let taken = from.scan().flat_map_iter(|(id, entry)| entry.object.slots(id)).filter(|slot| asked.contains(slot));
    let taken: BTreeSet<Slot> = taken.collect::<Vec<_>>().into_iter().collect();
    let mut found = Vec::new();
    for id in new {
        let Some(candidates) = anchor(to, &id).and_then(|anchor| gone.get_mut(&(id.kind, anchor))) else { continue };
        let Some(object) = to.object(&id).filter(|object| !object.inherited()) else { continue };
        // What is attached to something stays so, whatever it is called.
        let equal = |old: &&ObjectId| {
            let attached = |catalog: &Catalog, id: &ObjectId| catalog.get(id).is_some_and(|entry| entry.auto.is_some());
            from.object(old) == Some(object) && old.schema() == id.schema() && attached(from, old) == attached(to, &id)
        };
        if slots(&id).iter().any(|slot| taken.contains(slot)) {
            continue;
        }
        if let Some(at) = candidates.iter().position(equal) {
            let old = candidates.remove(at);
            found.push(Rename::new(old.clone(), id));
        }
    }
    found
}

/// What only the one catalog has, of kinds whose shape tells a rename.
fn renamable(catalog: &Catalog, other: &Catalog) -> Vec<ObjectId> {
    let mut found = catalog.unshared(other);
    found.retain(|id| id.kind.is_renamed_by_shape() && !other.contains(id));
    found
}

/// What must be the same thing on both sides: the relation, or the column that owns a sequence.
fn anchor<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a ObjectId> {
    let entry = catalog.get(id)?;
    entry.parent.as_ref().or(entry.auto.as_ref())
}

impl Rename {
    const fn new(from: ObjectId, to: ObjectId) -> Self {
        Self { from, to, makes: None, drops: None }
    }

    /// The other way.
    pub fn back(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), makes: self.drops.clone(), drops: self.makes.clone() }
    }

    /// The statements. Another schema takes one of its own.
    pub fn steps(&self) -> Vec<Step> {
        let (made, dropped) = (self.makes.iter().map(schema::made), self.drops.iter().map(schema::dropped));
        made.chain(self.named()).chain(dropped).collect()
    }

    fn named(&self) -> Vec<Step> {
        let (Some(old), Some(new)) = (self.from.name(), self.to.name()) else { return Vec::new() };
        let Some(place) = self.from.qname() else { return Vec::new() };
        let words = format!("rename {} {} to {new}", self.from.kind.keyword().to_lowercase(), self.from.spelled());
        let breaks = Hazard::Breaks(format!("code that still says {old}"));
        match self.from.kind {
            Kind::Column => {
                let sql = format!("ALTER TABLE {place} RENAME COLUMN {old} TO {new}");
                vec![Step::new(sql, words).lock(place, LockMode::AccessExclusive).hazard(breaks)]
            }
            Kind::Constraint => {
                let sql = format!("ALTER TABLE {place} RENAME CONSTRAINT {old} TO {new}");
                vec![Step::new(sql, words).lock(place, LockMode::AccessExclusive)]
            }
            Kind::Index => {
                vec![Step::new(format!("ALTER INDEX {place} RENAME TO {new}"), words).lock(place, LockMode::ShareUpdateExclusive)]
            }
            kind => {
                let mut steps = Vec::new();
                let mut at = place.clone();
                if let Some(schema) = self.to.schema().filter(|schema| **schema != place.schema) {
                    let sql = format!("ALTER {} {place} SET SCHEMA {schema}", kind.keyword());
                    steps.push(
                        Step::new(sql, format!("move {} to schema {schema}", self.from.spelled())).lock(place, LockMode::AccessExclusive),
                    );
                    at = QName { schema: schema.clone(), name: place.name.clone() };
                }
                if old != new {
                    let step = Step::new(format!("ALTER {} {at} RENAME TO {new}", kind.keyword()), words);
                    let step = step.lock(&at, LockMode::AccessExclusive);
                    steps.push(if kind == Kind::Sequence { step } else { step.hazard(breaks) });
                }
                steps
            }
        }
    }
}

/// What an object is called after some renames of it.
pub fn renamed(renames: &[Rename], id: &ObjectId) -> ObjectId {
    renames.iter().fold(id.clone(), |id, rename| if rename.from == id { rename.to.clone() } else { id })
}

/// The statements of some renames, in order.
pub fn steps(renames: &[Rename]) -> Vec<Step> {
    renames.iter().flat_map(Rename::steps).collect()
}
