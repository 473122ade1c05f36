//! Defaults of columns. Key: `Key::Of(column)`; parent: the column.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::reading::TABLES;
use super::table::AlterTable;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, family, inheritance, row_type};
use crate::model::{Expr, Hazard, LockMode, ObjectId, Pair, Step};

/// Defaults of columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Default {
    /// The expression.
    pub expr: Expr,
}

impl Default {
    fn set(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Self { expr } = self;
        let Some((table, column)) = id.qname().zip(id.name()) else { return Vec::new() };
        let set = AlterTable::new(table, cx).only(
            LockMode::AccessExclusive,
            &format!("ALTER COLUMN {column} SET DEFAULT {expr}"),
            format!("set the default of {table}.{column}"),
        );
        let comes_late = cx.stays(&family::table(table)) && id.target().is_some_and(|column| cx.created.contains(column));
        let set = if comes_late {
            let fill = format!("UPDATE {table} SET {column} = DEFAULT");
            set.hazard(Hazard::Assumes(format!("rows of {table} that are there have NULL in {column} until they are filled: {fill}")))
        } else {
            set
        };
        [Some(set), self.catch_up(id, cx)].into_iter().flatten().collect()
    }

    /// Whether the parent's ADD COLUMN brings the column together with this default. Where a type brings the column, it brings that alone.
    fn is_brought(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
        let Some((column, table)) = id.target().zip(id.qname()) else { return false };
        is_inherited(column, cx)
            && !cx.from.contains(column)
            && inheritance::parents(cx.to, table).into_iter().any(|(link, inheritance)| {
                let above = id.moved_to(&inheritance.parent);
                let Some(column) = above.target().filter(|column| !cx.from.contains(column)) else { return false };
                let said = !row_type::is_held(&inheritance.parent, cx) && !Column::is_typed(column, cx);
                let equal = matches!(cx.to.object(&above), Some(Object::Default(default)) if default == self);
                said && equal && cx.stays(link) && (!is_inherited(column, cx) || self.is_brought(&above, cx))
            })
    }

    /// A new sequence that shall number the rows of an old column must begin behind the numbers that are there.
    fn catch_up(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Step> {
        let column = id.target().filter(|column| cx.stays(column))?;
        let needs = &cx.to.get(id)?.needs;
        let sequence = needs.iter().find(|need| need.kind == Kind::Sequence && cx.created.contains(*need))?;
        let Some(Object::Sequence(state)) = cx.to.object(sequence) else { return None };
        super::column::catch_up(column, sequence.qname()?, &state.options, cx)
    }
}

fn is_inherited(column: &ObjectId, cx: &Cx<'_>) -> bool {
    matches!(cx.to.object(column), Some(Object::Column(column)) if column.inherited)
}

impl ObjectDef for Default {
    const KIND: Kind = Kind::Default;
    const QUERY: &'static str = include_str!("default.sql");

    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError> {
        let relation: u32 = row.get("adrelid")?;
        let column = server.relation(relation, TABLES).zip(server.column(relation, row.get("adnum")?));
        let Some((table, column)) = column else { return Ok(None) };
        let column = ObjectId::on(Kind::Column, table.clone(), column.name.clone());
        let id = ObjectId::of(Kind::Default, column.clone());
        let default = Self { expr: row.expr("expr", &id)? };
        Ok(Some(Found::child(id, default, column)))
    }

    /// ADD COLUMN with a default is refused where other tables hold rows of this one; without, it only makes a place.
    fn inline(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
        !id.qname().is_some_and(|table| row_type::is_held(table, cx))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        if self.is_brought(id, cx) { Vec::new() } else { self.set(id, cx) }
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some((table, column)) = id.qname().zip(id.name()) else { return Vec::new() };
        let action = format!("ALTER COLUMN {column} DROP DEFAULT");
        vec![AlterTable::new(table, cx).only(LockMode::AccessExclusive, &action, format!("drop the default of {table}.{column}"))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { expr: _ } = pair.to;
        Change::InPlace(pair.to.set(id, cx))
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        // SET DEFAULT would do, but only between the coming of the new and the going of the old.
        None
    }

    fn withstands(&self, id: &ObjectId, disturbed: &ObjectId) -> bool {
        // ALTER COLUMN TYPE casts the default by assignment rules only, and fails where there is no such cast. Rows of a composite type have
        // one value for each attribute.
        id.target() != Some(disturbed) && disturbed.kind != Kind::Composite
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        vec![&mut self.expr]
    }
}
