//! ALTER DATABASE .. SET and ALTER ROLE .. IN DATABASE .. SET. Key: `Key::Of(database)`, `Key::OfNamed(database, role)`; parent: the
//! database.

use std::collections::BTreeSet;

use pg_query::protobuf::{RoleSpec, VariableSetStmt};
use serde::{Deserialize, Serialize};

use super::database::{this, whatever_its_name};
use super::plain::stands_alone;
use super::routine::{Setting, spelled_parameter};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, generic, routine_interpret};
use crate::model::{Entry, Expr, Ident, Key, ObjectId, Pair, Step};

/// Settings, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseSettings {
    /// What sessions begin with.
    pub settings: Vec<Setting>,
}

impl DatabaseSettings {
    fn new(mut settings: Vec<Setting>) -> Self {
        settings.sort_by(|one, other| one.name.cmp(&other.name));
        Self { settings }
    }
}

fn id(role: Option<Ident>) -> ObjectId {
    match role {
        Some(role) => ObjectId::new(Kind::DatabaseSettings, Key::OfNamed(this(), role)),
        None => ObjectId::of(Kind::DatabaseSettings, this()),
    }
}

fn step(id: &ObjectId, clause: &str) -> Step {
    let (sql, whose) = match &id.key {
        Key::OfNamed(_, role) => (whatever_its_name(|name| format!("ALTER ROLE {role} IN DATABASE {name} {clause}")), format!(" for {role}")),
        _ => (whatever_its_name(|name| format!("ALTER DATABASE {name} {clause}")), String::new()),
    };
    Step::new(sql, format!("let sessions in the database begin otherwise{whose}: {clause}"))
}

fn steps(id: &ObjectId, from: &[Setting], to: &[Setting]) -> Vec<Step> {
    let gone = from.iter().filter(|old| !to.iter().any(|new| new.name == old.name));
    let reset = gone.map(|old| step(id, &format!("RESET {}", spelled_parameter(&old.name))));
    let set = to.iter().filter(|new| !from.contains(new)).map(|new| step(id, &new.spelled()));
    reset.chain(set).collect()
}

impl ObjectDef for DatabaseSettings {
    const KIND: Kind = Kind::DatabaseSettings;
    const QUERY: &'static str = include_str!("database_settings.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self::new(super::routine::read_settings(row)?);
        Ok(Some(Found::child(id(row.opt_ident("role")?), object, this())))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { settings } = self;
        steps(id, &[], settings)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { settings } = pair.to;
        Change::InPlace(steps(id, &pair.from.settings, settings))
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        steps(id, &self.settings, &[])
    }

    stands_alone!(keeping drop);
}

/// ALTER DATABASE .. SET and RESET, and ALTER ROLE .. IN DATABASE; ALTER ROLE ALL IN DATABASE says the same as ALTER DATABASE.
///
/// # Errors
/// SET .. FROM CURRENT.
pub fn interpret(role: Option<&RoleSpec>, set: Option<&VariableSetStmt>, session: &mut Session) -> Result<(), DdlError> {
    let Some(set) = set else { return Ok(()) };
    let id = id(role.and_then(|role| generic::role(session, role)));
    let mut settings = match session.catalog.object(&id) {
        Some(Object::DatabaseSettings(present)) => present.settings.clone(),
        _ => Vec::new(),
    };
    routine_interpret::apply_settings(&mut settings, std::slice::from_ref(set), session)?;
    if settings.is_empty() {
        session.catalog.remove(&id);
        return Ok(());
    }
    let mut entry = Entry::new(DatabaseSettings::new(settings), Some(this()));
    entry.origin.clone_from(&session.origin);
    session.catalog.insert(id, entry);
    Ok(())
}
