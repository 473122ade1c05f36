//! Renames: those that hints in the schema files ask for, and those that follow from equal definitions.
//!
//! A renamed object keeps its rows, its values and its OID; a constraint or index that only changes its name need not be built
//! again. Renames run before everything else, and everything else is worked out from the catalog that they leave behind.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::{Catalog, Hazard, Ident, LockMode, ObjectId, QName, Step};
use crate::object::{Kind, Object, Slot, makeable, schema};
use crate::source::files::SchemaFiles;
use crate::source::renames::{RenameHint, Subject};

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

/// Every rename hint of the files.
pub fn hints(files: &SchemaFiles) -> Vec<RenameHint> {
    files.statements.iter().flat_map(|statement| statement.renames.iter().cloned()).collect()
}

/// Renames of schemas that hints ask for and that are still to be done.
pub fn hinted_schemas(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Vec<Rename> {
    asked(from, to, hints, |hint| match &hint.subject {
        Subject::Schema(name) => Some((ObjectId::global(Kind::Schema, hint.old.clone()), ObjectId::global(Kind::Schema, name.clone()))),
        _ => None,
    })
}

/// Renames of relations and types that hints ask for and that are still to be done.
pub fn hinted(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Vec<Rename> {
    let mut found = asked(from, to, hints, |hint| {
        let Subject::Object(made) = &hint.subject else { return None };
        let wanted = made.find(to)?;
        let schema = hint.old_schema.as_ref().or(wanted.schema())?.clone();
        Some((ObjectId::in_schema(wanted.kind, QName { schema, name: hint.old.clone() }), wanted))
    });
    let mut made = BTreeSet::new();
    for rename in &mut found {
        let schema = rename.to.schema().map(|schema| ObjectId::global(Kind::Schema, schema.clone()));
        rename.makes = schema.filter(|schema| !from.contains(schema) && made.insert(schema.clone()));
    }
    found
}

/// Renames of columns and attributes that hints ask for and that are still to be done. What is inherited takes its parent's name.
pub fn hinted_columns(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Vec<Rename> {
    let mut found = asked(from, to, hints, |hint| {
        let Subject::Part(made, name) = &hint.subject else { return None };
        let whole = made.find(to)?;
        let kind = if whole.kind == Kind::Composite { Kind::Attribute } else { Kind::Column };
        let part = |name: &Ident| Some(ObjectId::on(kind, whole.qname()?.clone(), name.clone()));
        Some((part(&hint.old)?, part(name)?))
    });
    found.retain(|rename| !from.object(&rename.from).is_some_and(Object::inherited));
    found
}

/// Renames to names that are free, or that others of them leave before: `b` to `c` where `a` becomes `b`.
fn asked(from: &Catalog, to: &Catalog, hints: &[RenameHint], names: impl Fn(&RenameHint) -> Option<(ObjectId, ObjectId)>) -> Vec<Rename> {
    // What failed is made anew, under its new name.
    let whole = makeable(from);
    let is_open = |(old, new): &(ObjectId, ObjectId)| whole.contains(old) && to.contains(new);
    let mut open: Vec<(ObjectId, ObjectId)> = hints.iter().filter_map(names).filter(is_open).collect();
    let news: BTreeSet<ObjectId> = open.iter().map(|(_, new)| new.clone()).collect();
    let mut left: BTreeSet<ObjectId> = BTreeSet::new();
    let mut found = Vec::new();
    loop {
        // A name that was taken is free where what had it has gone, and then the hint is one of the past if what it names stays.
        let follows = |(old, new): &(ObjectId, ObjectId)| left.contains(new) && (!to.contains(old) || news.contains(old));
        let is_next = |names: &(ObjectId, ObjectId)| !left.contains(&names.0) && (!from.contains(&names.1) || follows(names));
        let Some(next) = open.iter().position(is_next) else { return found };
        let (old, new) = open.remove(next);
        left.insert(old.clone());
        found.push(Rename::new(old, new));
    }
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
        // What is attached to something stays so, whatever it is called; an index and a constraint's are two things.
        let equal = |old: &&ObjectId| {
            let attached = |catalog: &Catalog, id: &ObjectId| catalog.get(id).and_then(|entry| entry.auto.as_ref()).map(|above| above.kind);
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
        let words = format!("rename {} {} to {new}", self.from.kind.keyword().to_lowercase(), self.from.spelled());
        let breaks = Hazard::Breaks(format!("code that still says {old}"));
        let Some(place) = self.from.qname() else {
            return vec![Step::new(format!("ALTER {} {old} RENAME TO {new}", self.from.kind.keyword()), words).hazard(breaks)];
        };
        match self.from.kind {
            Kind::Column => {
                let sql = format!("ALTER TABLE {place} RENAME COLUMN {old} TO {new}");
                vec![Step::new(sql, words).lock(place, LockMode::AccessExclusive).hazard(breaks)]
            }
            Kind::Attribute => {
                let sql = format!("ALTER TYPE {place} RENAME ATTRIBUTE {old} TO {new} CASCADE");
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
