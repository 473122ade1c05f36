//! What ALTER .. DEPENDS ON EXTENSION makes. Key: `Key::OfNamed(target, extension)`; parent: the target.

use std::collections::BTreeSet;

use pg_query::protobuf::{AlterObjectDependsStmt, ObjectType};
use pg_query::{Node, NodeEnum};
use serde::{Deserialize, Serialize};

use super::comment::address_in_words;
use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Session, Slot, address};
use crate::model::{Catalog, Entry, Expr, Hazard, Ident, Key, ObjectId, Pair, Step};

/// That an object goes with an extension of which it is no member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionDependency {}

fn step(id: &ObjectId, no: &str) -> Option<Step> {
    let Key::OfNamed(target, extension) = &id.key else { return None };
    let words = if no.is_empty() { "go with" } else { "stay without" };
    let sql = format!("ALTER {} {no}DEPENDS ON EXTENSION {extension}", target.address());
    Some(Step::new(sql, format!("let {} {words} extension {extension}", address_in_words(target))))
}

impl ObjectDef for ExtensionDependency {
    const KIND: Kind = Kind::ExtensionDependency;
    const QUERY: &'static str = include_str!("extension_dependency.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let extension = row.ident("extname")?;
        let found = Found::satellite(Kind::ExtensionDependency, Self {}, row)?;
        let needs = vec![ObjectId::global(Kind::Extension, extension.clone())];
        Ok(Some(Found { id: ObjectId::global(Kind::ExtensionDependency, extension), needs, ..found }))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        let hazard = Hazard::Breaks("whoever drops the extension and does not know that this goes too".to_owned());
        step(id, "").into_iter().map(|step| step.hazard(hazard.clone())).collect()
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self {} = pair.to;
        Change::InPlace(Vec::new())
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        step(id, "NO ").into_iter().collect()
    }

    stands_alone!(keeping drop);
}

fn on(catalog: &Catalog, target: &ObjectId) -> Vec<ObjectId> {
    catalog.children_of(target, Kind::ExtensionDependency).map(|(id, _)| id.clone()).collect()
}

/// Those of what the change of `id` makes anew without saying so, which forgets them: what CREATE OR REPLACE replaces (`ProcedureCreate` and
/// `CreateTriggerFiringOn` delete all its dependencies), and the indexes of a column that gets another type or expression
/// (`ATPostAlterTypeCleanup` of src/backend/commands/tablecmds.c).
pub fn forgotten(id: &ObjectId, change: &Change, cx: &Cx<'_>) -> Vec<ObjectId> {
    if cx.to.of_kind(Kind::ExtensionDependency).next().is_none() {
        return Vec::new();
    }
    let (Change::InPlace(steps) | Change::Disturbing(steps)) = change else { return Vec::new() };
    let says = |words: &str| steps.iter().any(|step| step.sql.contains(words));
    match id.kind {
        Kind::Function | Kind::Procedure | Kind::Trigger if says("CREATE OR REPLACE") => on(cx.to, id),
        Kind::Column if matches!(change, Change::Disturbing(_)) || says("SET EXPRESSION") => on_indexes(id, cx.to),
        _ => Vec::new(),
    }
}

/// Those of the indexes that a column is in.
fn on_indexes(column: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let Some((table, _)) = column.qname().and_then(|name| catalog.relation(name)) else { return Vec::new() };
    let all = catalog.children(table).filter(|part| matches!(part.kind, Kind::Index | Kind::Constraint));
    let indexes = all.filter(|part| catalog.get(part).is_some_and(|entry| entry.needs.contains(column)));
    indexes.flat_map(|index| on(catalog, index)).collect()
}

/// Forgets those of what is replaced.
pub fn forget(target: &ObjectId, catalog: &mut Catalog) {
    for id in on(catalog, target) {
        catalog.remove(&id);
    }
}

/// Forgets those of the indexes that a column is in.
pub fn forget_of_indexes(column: &ObjectId, catalog: &mut Catalog) {
    for id in on_indexes(column, catalog) {
        catalog.remove(&id);
    }
}

/// ALTER .. [NO] DEPENDS ON EXTENSION.
///
/// # Errors
/// Where the object or the extension does not exist.
pub fn interpret(stmt: &AlterObjectDependsStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = || stmt.relation.clone().map(|relation| Node { node: Some(NodeEnum::RangeVar(relation)) });
    let target = match (stmt.object_type(), stmt.object.as_deref()) {
        (ObjectType::ObjectTrigger, Some(name)) => {
            let relation = session.relation(&stmt.relation.clone().unwrap_or_default())?;
            let name = address::parts(name).pop().unwrap_or_default();
            let table = relation.qname().cloned().ok_or_else(|| DdlError::Missing { what: "relation", name: relation.spelled() })?;
            let id = ObjectId::on(Kind::Trigger, table, name.as_str());
            if !session.catalog.contains(&id) {
                return Err(DdlError::Missing { what: "trigger", name: id.spelled() });
            }
            id
        }
        (kind, object) => {
            let node = object.cloned().or_else(relation).unwrap_or_default();
            address::resolve(session, kind, &node)?
        }
    };
    let name = Ident::new(stmt.extname.as_ref().map_or("", |name| name.sval.as_str()));
    let extension = ObjectId::global(Kind::Extension, name.clone());
    if !session.catalog.contains(&extension) {
        return Err(DdlError::Missing { what: "extension", name: name.quoted() });
    }
    let id = ObjectId::new(Kind::ExtensionDependency, Key::OfNamed(target.clone(), name));
    if stmt.remove {
        session.catalog.remove(&id);
        return Ok(());
    }
    let parent = super::generic::satellite_parent(session, &target);
    let mut entry = Entry::new(ExtensionDependency {}, parent).needing([extension]);
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(id, entry);
    Ok(())
}
