//! Event triggers. Key: `Key::Global`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename};
use crate::model::{Expr, Ident, ObjectId, Pair, Phase, QName, Step, quote_literal};

/// An event trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    /// The event.
    pub event: Ident,
    /// WHEN TAG IN (..).
    pub tags: Vec<String>,
    /// The function.
    pub function: QName,
    /// When it fires: `O` in normal sessions, `R` in replicas, `A` always, `D` never.
    pub enabled: char,
}

fn enable(id: &ObjectId, enabled: char) -> Step {
    let clause = match enabled {
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        'D' => "DISABLE",
        _ => "ENABLE",
    };
    plain::change(id, clause).phase(if enabled == 'D' { Phase::First } else { Phase::Last })
}

impl ObjectDef for EventTrigger {
    const KIND: Kind = Kind::EventTrigger;
    const QUERY: &'static str = include_str!("event_trigger.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_event_trigger", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            event: row.ident("evtevent")?,
            tags: row.get("tags")?,
            function: row.qname("nspname", "proname")?,
            enabled: row.char("evtenabled")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::EventTrigger, row.ident("evtname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { event, tags, function, enabled } = self;
        let tags: Vec<String> = tags.iter().map(|tag| quote_literal(tag)).collect();
        let when = if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
        let mut steps = plain::create(id, format!("CREATE {} ON {event}{when} EXECUTE FUNCTION {function}()", id.address()));
        steps.extend((*enabled != 'O').then(|| enable(id, *enabled)));
        steps.into_iter().map(|step| step.phase(Phase::Last)).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { event, tags, function, enabled } = pair.to;
        if pair.from.event != *event || pair.from.tags != *tags || pair.from.function != *function {
            return Change::Replace;
        }
        Change::InPlace(vec![enable(id, *enabled)])
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        plain::drop(id).into_iter().map(|step| step.phase(Phase::First)).collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, [&mut self.function], from, to);
    }

    stands_alone!(keeping drop);
}
