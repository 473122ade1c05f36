//! ALTER SEQUENCE .. OWNED BY. Key: `Key::Of(sequence)`; parent: the sequence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot};
use crate::model::{Catalog, Entry, Expr, Ident, LockMode, ObjectId, Pair, Step};

/// ALTER SEQUENCE .. OWNED BY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedBy {
    /// The column that takes the sequence with it.
    pub column: ObjectId,
}

impl OwnedBy {
    fn own(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Self { column } = self;
        let Some(sequence) = id.qname() else { return Vec::new() };
        let sql = format!("ALTER SEQUENCE {sequence} OWNED BY {}", column.spelled());
        let mut step = Step::new(sql, format!("let {} own sequence {sequence}", column.spelled()));
        if id.target().is_some_and(|target| cx.stays(target)) {
            step = step.lock(sequence, LockMode::ShareRowExclusive);
        }
        if let Some(table) = column.qname().filter(|_| cx.stays(column)) {
            step = step.lock(table, LockMode::AccessShare);
        }
        self.same_owner(id, cx).into_iter().chain([step]).collect()
    }

    /// PostgreSQL lets a column own only sequences that its table's owner owns. Owners change after this.
    fn same_owner(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Step> {
        let (sequence, name) = (id.target()?, id.qname()?);
        let (table, _) = cx.to.relation(self.column.qname()?)?;
        let owned = |id: &ObjectId| match cx.from.object(&id.owner()) {
            Some(Object::Owner(owner)) => Some(Some(owner.role.clone())),
            _ => None,
        };
        let before = match cx.from.object(id) {
            Some(Object::OwnedBy(before)) => before.column.qname().and_then(|table| cx.from.relation(table)).map(|(table, _)| table.clone()),
            _ => Some(sequence.clone()),
        };
        // `None` is whoever runs the plan, to whom belongs what it creates.
        let present = if cx.stays(sequence) { owned(&before?)? } else { None };
        let needed = if cx.stays(table) { owned(table)? } else { None };
        let role = needed.as_ref().map_or_else(|| "CURRENT_USER".to_owned(), Ident::quoted);
        let step = Step::new(format!("ALTER SEQUENCE {name} OWNER TO {role}"), format!("give sequence {name} to {role}"));
        let differ = present != needed;
        let unless_run_by = present.xor(needed);
        differ.then_some(Step { unless_run_by, ..step })
    }
}

/// Lets a column own a sequence, whoever did before; `serial` does so too.
pub fn own(sequence: &ObjectId, column: &ObjectId, session: &mut Session) {
    disown(sequence, session);
    let mut entry = Entry::new(OwnedBy { column: column.clone() }, Some(sequence.clone())).needing([column.clone()]);
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(ObjectId::of(Kind::OwnedBy, sequence.clone()), entry);
    set_auto(sequence, Some(column), session);
}

/// Lets nobody own a sequence.
pub fn disown(sequence: &ObjectId, session: &mut Session) {
    session.catalog.remove(&ObjectId::of(Kind::OwnedBy, sequence.clone()));
    set_auto(sequence, None, session);
}

/// The owner of a sequence that a column owns is the table's.
pub fn leave_owners(catalog: &mut Catalog) {
    let owners = catalog.of_kind(Kind::OwnedBy).filter_map(|(id, _)| Some(ObjectId::of(Kind::Owner, id.target()?.clone())));
    let owners: Vec<ObjectId> = owners.filter(|owner| catalog.contains(owner)).collect();
    for owner in owners {
        catalog.remove(&owner);
    }
}

fn set_auto(sequence: &ObjectId, column: Option<&ObjectId>, session: &mut Session) {
    if let Some(entry) = session.catalog.get_mut(sequence) {
        entry.auto = column.cloned();
    }
}

impl ObjectDef for OwnedBy {
    const KIND: Kind = Kind::OwnedBy;
    const QUERY: &'static str = include_str!("owned_by.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let sequence = ObjectId::in_schema(Kind::Sequence, row.qname("nspname", "relname")?);
        let column = ObjectId::on(Kind::Column, row.qname("table_schema", "table_name")?, row.ident("attname")?);
        let found = Found::child(ObjectId::of(Kind::OwnedBy, sequence.clone()), Self { column: column.clone() }, sequence);
        Ok(Some(Found { needs: vec![column], ..found }))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        self.own(id, cx)
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        let Some(sequence) = id.qname() else { return Vec::new() };
        let step = Step::new(format!("ALTER SEQUENCE {sequence} OWNED BY NONE"), format!("let nobody own sequence {sequence}"));
        vec![step.lock(sequence, LockMode::ShareRowExclusive)]
    }

    /// In two steps, so that the old column can go, and its table's names with it, before the new one comes.
    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let (Self { column: _ }, Self { column: _ }) = (pair.from, pair.to);
        Change::Replace
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if self.column == *from {
            self.column = to.clone();
        }
    }
}
