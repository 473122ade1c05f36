//! Stand-alone composite types.

mod interpret;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use interpret::{interpret_command, interpret_create};

use super::attribute::Attribute;
use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot, typing};
use crate::model::{Catalog, Expr, Hazard, ObjectId, Pair, Step};

/// A stand-alone composite type has nothing but its name; its attributes are objects of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {}

impl Composite {
    /// How a composite type is swapped when the type of an attribute must change while tables hold values of it, which
    /// PostgreSQL refuses in place.
    ///
    /// Rows come over by their text form, field by field, so that both types must have the same fields in the same order
    /// while they do: the old one gets the new attributes before, the new one loses those that go afterwards.
    pub fn swap(id: &ObjectId, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let old = typing::aside([cx.from, cx.to], name);
        let mut aside: Vec<Step> = attributes(cx.to, id)
            .into_iter()
            .filter(|(attribute, _)| !cx.from.contains(attribute))
            .filter_map(|(attribute, _)| attribute.name())
            .map(|added| {
                let summary = format!("give rows of {name} a place for {added}");
                Step::new(format!("ALTER TYPE {name} ADD ATTRIBUTE {added} pg_catalog.text"), summary)
            })
            .collect();
        aside.push(
            Step::new(format!("ALTER TYPE {name} RENAME TO {}", old.name), format!("put the old type {name} aside as {}", old.name))
                .hazard(Hazard::Assumes(format!("the text of every value of {name} can be read as the new type"))),
        );
        let mut gone = vec![Step::new(format!("DROP TYPE {old}"), format!("drop the old type {name}"))];
        gone.extend(attributes(cx.from, id).into_iter().filter(|(attribute, _)| !cx.to.contains(attribute)).filter_map(
            |(attribute, _)| {
                let attribute = attribute.name()?;
                let step = Step::new(format!("ALTER TYPE {name} DROP ATTRIBUTE {attribute}"), format!("drop attribute {name}.{attribute}"));
                Some(step.hazard(Hazard::Loss(format!("the values of attribute {name}.{attribute}"))))
            },
        ));
        Change::Swap { aside, gone }
    }

    /// The attributes of a new type in their order. Where it is swapped, those of the old one come first, as they were.
    fn fields(id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<String> {
        let wanted = attributes(cx.to, id).into_iter().filter(|(attribute, _)| parts.contains(*attribute));
        let swapped = cx.from.contains(id) && !typing::relations_holding(cx.from, id).is_empty();
        if !swapped {
            return wanted.map(|(attribute, object)| object.field(attribute)).collect();
        }
        let old = attributes(cx.from, id);
        let kept = old.iter().filter_map(|(attribute, _)| match cx.to.object(attribute) {
            // One that closes a circle comes later.
            Some(Object::Attribute(object)) => parts.contains(*attribute).then(|| object.field(attribute)),
            _ => attribute.name().map(|name| format!("{name} pg_catalog.text")),
        });
        kept.chain(wanted.filter(|(attribute, _)| !cx.from.contains(attribute)).map(|(attribute, object)| object.field(attribute))).collect()
    }
}

/// The attributes of a composite type in their order.
fn attributes<'a>(catalog: &'a Catalog, id: &ObjectId) -> Vec<(&'a ObjectId, &'a Attribute)> {
    let mut found: Vec<_> = catalog
        .children_of(id, Kind::Attribute)
        .filter_map(|(attribute, entry)| match &entry.object {
            Object::Attribute(object) => Some((attribute, object)),
            _ => None,
        })
        .collect();
    found.sort_by_key(|(_, object)| object.position.0);
    found
}

impl ObjectDef for Composite {
    const KIND: Kind = Kind::Composite;
    const QUERY: &'static str = include_str!("composite.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Ok(Some(Found::new(ObjectId::in_schema(Kind::Composite, row.qname("nspname", "typname")?), Self {})))
    }

    fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        let name = id.spelled();
        let fields = Self::fields(id, parts, cx).join(", ");
        vec![Step::new(format!("CREATE TYPE {name} AS ({fields})"), format!("create composite type {name}"))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP TYPE {}", id.spelled()), format!("drop composite type {}", id.spelled()))]
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let (Self {}, Self {}) = (pair.from, pair.to);
        Change::InPlace(Vec::new())
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().into_iter().flat_map(|name| [Slot::Type(name.clone()), Slot::Relation(name.clone())]).collect()
    }

    stands_alone!(keeping drop, slots);
}
