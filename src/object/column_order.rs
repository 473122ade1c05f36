//! Where columns will stand: those that a table or a composite type has already keep their places, and what is added comes behind them.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::column::Position;
use super::{Kind, Object, column_list};
use crate::model::{Catalog, ObjectId};

/// What is wanted with its columns in the places that they will have, and lists of columns by these. Where there are no such lists, nobody asks.
pub fn landed<'c>(from: &Catalog, to: Cow<'c, Catalog>) -> Cow<'c, Catalog> {
    let has_lists = |catalog: &Catalog| catalog.scan().any(|(_, entry)| column_list::stands_in(&entry.object));
    if !has_lists(&to) && !has_lists(from) {
        return to;
    }
    let stays = |id: &ObjectId| matches!(id.kind, Kind::Table | Kind::Composite) && from.contains(id);
    let moved: Vec<(ObjectId, i32)> = to.scan().filter(|(id, _)| stays(id)).flat_map_iter(|(id, _)| moved(id, from, &to)).collect();
    if moved.is_empty() {
        return to;
    }
    let mut landed = to.into_owned();
    for (id, place) in &moved {
        match landed.get_mut(id).map(|entry| &mut entry.object) {
            Some(Object::Column(column)) => column.position = Position(*place),
            Some(Object::Attribute(attribute)) => attribute.position = Position(*place),
            _ => {}
        }
    }
    column_list::settle(&mut landed);
    Cow::Owned(landed)
}

/// The columns that will have other places than those that are wanted.
fn moved(id: &ObjectId, from: &Catalog, to: &Catalog) -> Vec<(ObjectId, i32)> {
    let present = places(id, from);
    let last = present.iter().map(|(place, _)| *place).max().unwrap_or_default();
    let kept: FxHashMap<&ObjectId, i32> = present.iter().map(|(place, column)| (*column, *place)).collect();
    let mut added = last..;
    let landed = places(id, to).into_iter().filter_map(|(wanted, column)| {
        let place = kept.get(column).copied().or_else(|| added.next().map(|before| before + 1))?;
        (place != wanted).then(|| (column.clone(), place))
    });
    landed.collect()
}

/// The columns of a table, or the attributes of a composite type, with their places, in their order.
pub fn places<'c>(id: &ObjectId, catalog: &'c Catalog) -> Vec<(i32, &'c ObjectId)> {
    let columns = catalog.children(id).filter(|child| matches!(child.kind, Kind::Column | Kind::Attribute));
    let mut places: Vec<(i32, &ObjectId)> = columns.filter_map(|column| Some((catalog.object(column)?.beside().0, column))).collect();
    places.sort_unstable();
    places
}
