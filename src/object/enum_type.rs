//! Enum types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use pg_query::protobuf;

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, typing};
use crate::model::{Entry, Expr, Hazard, ObjectId, Pair, Step, Transaction, quote_literal};

/// Enum types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// The labels in their order.
    pub labels: Vec<String>,
}

impl EnumType {
    /// The labels that must be added, each with its `BEFORE ..` or `AFTER ..`, where adding is all it takes.
    fn additions(pair: Pair<&Self>) -> Option<Vec<(&String, String)>> {
        let mut old = pair.from.labels.iter().peekable();
        let mut added = Vec::new();
        for (index, label) in pair.to.labels.iter().enumerate() {
            if old.next_if_eq(&label).is_some() {
                continue;
            }
            let place = match (index.checked_sub(1).and_then(|before| pair.to.labels.get(before)), old.peek()) {
                (Some(before), Some(_)) => format!(" AFTER {}", quote_literal(before)),
                (None, Some(next)) => format!(" BEFORE {}", quote_literal(next)),
                (_, None) => String::new(),
            };
            added.push((label, place));
        }
        old.next().is_none().then_some(added)
    }

    fn swap(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let old = typing::aside([cx.from, cx.to], name);
        let removed: Vec<String> =
            pair.from.labels.iter().filter(|label| !pair.to.labels.contains(label)).map(|label| quote_literal(label)).collect();
        let rename =
            Step::new(format!("ALTER TYPE {name} RENAME TO {}", old.name), format!("put the old enum {name} aside as {}", old.name));
        let rename = if removed.is_empty() {
            rename.hazard(Hazard::Breaks(format!("values of {name} sort and compare in another order")))
        } else {
            rename.hazard(Hazard::Assumes(format!("no row holds {}", removed.join(", "))))
        };
        Change::Swap { aside: vec![rename], gone: vec![Step::new(format!("DROP TYPE {old}"), format!("drop the old enum {name}"))] }
    }
}

/// CREATE TYPE .. AS ENUM.
///
/// # Errors
/// Where the name is taken or a label stands there twice.
pub fn interpret_create(stmt: &protobuf::CreateEnumStmt, session: &mut Session) -> Result<(), DdlError> {
    let name = typing::new_type(&stmt.type_name, session)?;
    let labels = crate::sql::literal::names(&stmt.vals);
    if let Some((_, twice)) = labels.iter().enumerate().find(|(index, label)| labels[..*index].contains(label)) {
        return Err(DdlError::Invalid(format!("enum label {} of {name} stands there twice", quote_literal(twice))));
    }
    session.add(ObjectId::in_schema(Kind::Enum, name), Entry::new(EnumType { labels }, None))
}

/// ALTER TYPE .. ADD VALUE and RENAME VALUE.
///
/// # Errors
/// Where the type or a label does not exist, or the new label does.
pub fn interpret_alter(stmt: &protobuf::AlterEnumStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = typing::type_of(&stmt.type_name, Kind::Enum, session)?;
    let Some(Object::Enum(object)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) else { return Ok(()) };
    let missing = |label: &str| DdlError::Missing { what: "enum label", name: quote_literal(label) };
    let place = |labels: &[String], label: &str| labels.iter().position(|other| other == label);
    if place(&object.labels, &stmt.new_val).is_some() {
        let quiet = stmt.skip_if_new_val_exists;
        return if quiet { Ok(()) } else { Err(DdlError::Exists(format!("enum label {}", quote_literal(&stmt.new_val)))) };
    }
    if !stmt.old_val.is_empty() {
        let at = place(&object.labels, &stmt.old_val).ok_or_else(|| missing(&stmt.old_val))?;
        if let Some(label) = object.labels.get_mut(at) {
            label.clone_from(&stmt.new_val);
        }
        return Ok(());
    }
    let at = if stmt.new_val_neighbor.is_empty() {
        object.labels.len()
    } else {
        place(&object.labels, &stmt.new_val_neighbor).ok_or_else(|| missing(&stmt.new_val_neighbor))? + usize::from(stmt.new_val_is_after)
    };
    object.labels.insert(at, stmt.new_val.clone());
    Ok(())
}

impl ObjectDef for EnumType {
    const KIND: Kind = Kind::Enum;
    const QUERY: &'static str = include_str!("enum_type.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::Enum, row.qname("nspname", "typname")?);
        Ok(Some(Found::new(id, Self { labels: row.get("labels")? })))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { labels } = self;
        let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
        let name = id.spelled();
        vec![Step::new(format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", ")), format!("create enum {name}"))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP TYPE {}", id.spelled()), format!("drop enum {}", id.spelled()))]
    }

    /// A new value cannot be used before the transaction that added it is committed (docs: ALTER TYPE, Notes), so that each
    /// is added outside of any. Labels that go or move make a new type, since PostgreSQL can neither drop nor move them.
    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let (Self { labels: _ }, Self { labels: _ }) = (pair.from, pair.to);
        match Self::additions(pair) {
            Some(added) => Change::InPlace(
                added
                    .into_iter()
                    .map(|(label, place)| {
                        let (name, label) = (id.spelled(), quote_literal(label));
                        let sql = format!("ALTER TYPE {name} ADD VALUE {label}{place}");
                        Step::new(sql, format!("add {label} to enum {name}")).transaction(Transaction::None)
                    })
                    .collect(),
            ),
            None if typing::is_held(cx.from, id) => Self::swap(id, pair, cx),
            None => Change::Replace,
        }
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().map(|name| Slot::Type(name.clone())).into_iter().collect()
    }

    stands_alone!(keeping drop, slots);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> EnumType {
        EnumType { labels: text.chars().map(String::from).collect() }
    }

    fn added(from: &str, to: &str) -> Option<String> {
        let (from, to) = (labels(from), labels(to));
        EnumType::additions(Pair::new(&from, &to)).map(|added| added.iter().map(|(label, place)| format!("{label}{place};")).collect())
    }

    #[test]
    fn labels_are_added_in_their_places() {
        assert_eq!(added("bd", "abcdef").as_deref(), Some("a BEFORE 'b';c AFTER 'b';e;f;"));
        assert_eq!(added("c", "abc").as_deref(), Some("a BEFORE 'c';b AFTER 'a';"));
        assert_eq!(added("", "ab").as_deref(), Some("a;b;"));
        assert_eq!(added("ab", "ba"), None);
        assert_eq!(added("ab", "a"), None);
    }
}
