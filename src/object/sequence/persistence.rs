//! LOGGED and UNLOGGED of sequences, which follow their table from PostgreSQL 15 on unless said otherwise.

use crate::model::{Catalog, Entry, ObjectId, QName, Step};
use crate::object::table::Persistence;
use crate::object::{Cx, Kind, Object, family};

fn of_table(table: &QName, catalog: &Catalog) -> Option<Persistence> {
    match catalog.object(&family::table(table)) {
        Some(Object::Table(table)) => Some(table.persistence),
        _ => None,
    }
}

/// Whether a sequence that comes with a column of the table is UNLOGGED.
pub fn of_new_sequences(table: &QName, catalog: &Catalog) -> bool {
    catalog.major >= 15 && of_table(table, catalog) == Some(Persistence::Unlogged)
}

/// Whether the table becomes LOGGED or UNLOGGED where it is, and the sequences that it owns with it.
pub fn changes(table: &QName, cx: &Cx<'_>) -> bool {
    cx.major() >= 15 && family::stays(table, cx) && of_table(table, cx.from) != of_table(table, cx.to)
}

/// The statement for one sequence.
pub fn step(sequence: &QName, unlogged: bool) -> Step {
    let word = if unlogged { "UNLOGGED" } else { "LOGGED" };
    Step::new(format!("ALTER SEQUENCE {sequence} SET {word}"), format!("make sequence {sequence} {word}"))
}

/// A sequence that a table owns: its name, and whether it is UNLOGGED.
fn owned(id: &ObjectId, entry: &Entry, table: &QName) -> Option<(QName, bool)> {
    match &entry.object {
        Object::Sequence(sequence) if entry.auto.as_ref().and_then(ObjectId::qname) == Some(table) => Some((id.qname()?.clone(), sequence.unlogged)),
        Object::Column(column) => column.identity.as_ref().map(|identity| (identity.sequence.clone(), identity.unlogged)),
        _ => None,
    }
}

/// What sequences of a table are otherwise than the table, with which they have just changed (`ATRewriteTables` of
/// src/backend/commands/tablecmds.c).
pub fn beside_their_table(table: &QName, unlogged: bool, cx: &Cx<'_>) -> Vec<Step> {
    let of = family::table(table);
    let columns = cx.from.children_of(&of, Kind::Column);
    let otherwise = |(id, entry): (&ObjectId, &Entry)| {
        let (name, _) = owned(id, entry, table)?;
        let (_, wanted) = owned(id, cx.to.get(id).filter(|_| cx.stays(id))?, table)?;
        (wanted != unlogged).then(|| step(&name, wanted))
    };
    columns.chain(cx.from.of_kind(Kind::Sequence)).filter_map(otherwise).collect()
}

/// The table that owns a sequence before the plan.
pub fn owner<'a>(sequence: &ObjectId, cx: &Cx<'a>) -> Option<&'a QName> {
    cx.from.get(sequence)?.auto.as_ref()?.qname()
}
