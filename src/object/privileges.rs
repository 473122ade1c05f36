//! Privileges. Key: `Key::Of(target)`; parent: the target.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::comment::address_in_words;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Ident, ObjectId, Pair, Step};

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grantee {
    /// Whoever owns the object.
    Owner,
    /// Everybody.
    Public,
    /// A role.
    Role(Ident),
}

/// Privileges by holder: the privilege in SQL's words, and whether it is held WITH GRANT OPTION.
pub type Grants = BTreeMap<Grantee, BTreeMap<String, bool>>;

/// All privileges on an object, the owner's own and PUBLIC's built-in ones included. There is such an object only where
/// they are not what `acldefault` gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// Who holds what.
    #[serde(with = "crate::model::value::pairs")]
    pub grants: Grants,
}

/// Every privilege that there is on a kind of object (docs: "Privileges", table 5.2).
pub const fn every_privilege(kind: Kind, major: u32) -> &'static [&'static str] {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView if major >= 17 => {
            &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"]
        }
        Kind::Table | Kind::View | Kind::MaterializedView => &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
        Kind::Column | Kind::ViewColumn => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        Kind::Sequence => &["USAGE", "SELECT", "UPDATE"],
        Kind::Schema => &["USAGE", "CREATE"],
        Kind::Function | Kind::Procedure | Kind::Aggregate => &["EXECUTE"],
        Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType => &["USAGE"],
        Kind::Language | Kind::ForeignDataWrapper | Kind::Server => &["USAGE"],
        _ => &[],
    }
}

/// What `acldefault` gives (src/backend/utils/adt/acl.c).
pub fn built_in(kind: Kind, major: u32) -> Grants {
    let mut grants = Grants::new();
    if matches!(kind, Kind::Column | Kind::ViewColumn) {
        return grants;
    }
    let every = every_privilege(kind, major).iter().map(|privilege| ((*privilege).to_owned(), false)).collect::<BTreeMap<_, _>>();
    if matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::Language | Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType) {
        grants.insert(Grantee::Public, every.clone());
    }
    grants.insert(Grantee::Owner, every);
    grants
}

/// Reads `o`, `p` or `r<role>`, the privilege, and `t` or `f`, as the catalog queries put them together.
pub fn grants_of(entries: &[String]) -> Grants {
    let mut grants = Grants::new();
    for entry in entries {
        let mut parts = entry.splitn(3, '\t');
        let (Some(privilege), Some(grantable), Some(holder)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let holder = match holder.split_at_checked(1) {
            Some(("o", _)) => Grantee::Owner,
            Some(("r", role)) => Grantee::Role(Ident::new(role)),
            _ => Grantee::Public,
        };
        let held = grants.entry(holder).or_default().entry(privilege.to_owned()).or_default();
        *held |= grantable == "true";
    }
    grants
}

/// One GRANT or REVOKE, without what stands before and behind its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Whether it gives or takes.
    pub grants: bool,
    /// Only the grant option.
    pub option: bool,
    /// Which privileges.
    pub privileges: Vec<String>,
    /// To or from whom.
    pub holder: Grantee,
}

/// What makes `to` of `from`.
pub fn transfers(from: &Grants, to: &Grants) -> Vec<Transfer> {
    let none = BTreeMap::new();
    let mut found = Vec::new();
    let holders: BTreeSet<&Grantee> = from.keys().chain(to.keys()).collect();
    for grants in [false, true] {
        for holder in &holders {
            let (before, after) = (from.get(holder).unwrap_or(&none), to.get(holder).unwrap_or(&none));
            let mut add = |option: bool, privileges: Vec<String>| {
                if !privileges.is_empty() {
                    found.push(Transfer { grants, option, privileges, holder: (*holder).clone() });
                }
            };
            let names = |map: &BTreeMap<String, bool>, keep: &dyn Fn(&str, bool) -> bool| -> Vec<String> {
                map.iter().filter(|(name, option)| keep(name, **option)).map(|(name, _)| name.clone()).collect()
            };
            if grants {
                add(false, names(after, &|name, option| !option && !before.contains_key(name)));
                add(true, names(after, &|name, option| option && before.get(name) != Some(&true)));
            } else {
                add(false, names(before, &|name, _| !after.contains_key(name)));
                add(true, names(before, &|name, option| option && after.get(name) == Some(&false)));
            }
        }
    }
    found
}

/// The role that owns an object, or what it is a part of or belongs to, as far as the catalog says.
fn owner_in<'a>(catalog: &'a Catalog, target: &ObjectId) -> Option<&'a Ident> {
    let mut at = target.clone();
    loop {
        if let Some(Object::Owner(owner)) = catalog.object(&at.owner()) {
            return Some(&owner.role);
        }
        // What stands behind another object has no place of its own.
        let entry = catalog.get(&at).or_else(|| catalog.get(&ObjectId::of(Kind::Privileges, at.clone())))?;
        at = entry.auto.clone().or_else(|| entry.parent.clone())?;
    }
}

/// The same as far as either side says; `CURRENT_USER` where neither does.
fn owner_of(target: &ObjectId, cx: &Cx<'_>) -> String {
    owner_in(cx.to, target).or_else(|| owner_in(cx.from, target)).map_or_else(|| "CURRENT_USER".to_owned(), Ident::quoted)
}

/// Whether privileges can have been granted on it before the plan.
fn was_there(target: &ObjectId, cx: &Cx<'_>) -> bool {
    if cx.to.contains(target) {
        return cx.stays(target);
    }
    let behind = |catalog: &Catalog| {
        let column = catalog.get(&ObjectId::of(Kind::Privileges, target.clone())).and_then(|entry| entry.parent.clone());
        column.filter(|column| catalog.object(column).and_then(Object::sequence_behind).as_ref() == Some(target))
    };
    let column = behind(cx.to).or_else(|| behind(cx.from));
    column.is_some_and(|column| cx.stays(&column) && cx.from.object(&column).and_then(Object::sequence_behind).as_ref() == Some(target))
}

impl Transfer {
    fn list(&self, every: &[&str], columns: Option<&str>) -> String {
        let columns = columns.map(|columns| format!(" ({columns})")).unwrap_or_default();
        if every.len() == self.privileges.len() && every.iter().all(|one| self.privileges.iter().any(|held| held == one)) {
            return format!("ALL{columns}");
        }
        self.privileges.iter().map(|privilege| format!("{privilege}{columns}")).collect::<Vec<_>>().join(", ")
    }

    /// The statement: `place` stands between ON and TO or FROM.
    pub fn statement(&self, prefix: &str, every: &[&str], columns: Option<&str>, place: &str, holder: &str) -> String {
        let list = self.list(every, columns);
        match (self.grants, self.option) {
            (true, true) => format!("{prefix}GRANT {list} ON {place} TO {holder} WITH GRANT OPTION"),
            (true, false) => format!("{prefix}GRANT {list} ON {place} TO {holder}"),
            (false, true) => format!("{prefix}REVOKE GRANT OPTION FOR {list} ON {place} FROM {holder}"),
            (false, false) => format!("{prefix}REVOKE {list} ON {place} FROM {holder}"),
        }
    }
}

/// What is held once the object has its new owner: `aclnewowner` (src/backend/utils/adt/acl.c) gives it what the old owner held,
/// and what the new owner held as a role becomes the owner's.
fn after_change_of_owner(from: &Grants, target: &ObjectId, cx: &Cx<'_>) -> Grants {
    let mut grants = from.clone();
    let Some(owner) = owner_in(cx.to, target).map(|owner| Grantee::Role(owner.clone())) else { return grants };
    if let Some(held) = grants.remove(&owner) {
        let own = grants.entry(Grantee::Owner).or_default();
        for (privilege, option) in held {
            *own.entry(privilege).or_default() |= option;
        }
    }
    grants
}

fn steps(id: &ObjectId, from: &Grants, to: &Grants, cx: &Cx<'_>) -> Vec<Step> {
    let Some(target) = id.target() else { return Vec::new() };
    let from = &after_change_of_owner(from, target, cx);
    let every = every_privilege(target.kind, cx.major());
    let (place, column) = match &target.key {
        crate::model::Key::OnRelation(relation, column) => (format!("TABLE {relation}"), Some(column.quoted())),
        // GRANT knows aggregates as functions, which take `()` where DROP AGGREGATE takes `(*)`.
        crate::model::Key::Routine(name, types) => (format!("{} {name}({})", grant_keyword(target.kind), types.join(", ")), None),
        _ => (format!("{} {}", grant_keyword(target.kind), target.spelled()), None),
    };
    transfers(from, to)
        .into_iter()
        .map(|transfer| {
            let holder = match &transfer.holder {
                Grantee::Owner => owner_of(target, cx),
                Grantee::Public => "PUBLIC".to_owned(),
                Grantee::Role(role) => role.quoted(),
            };
            let sql = transfer.statement("", every, column.as_deref(), &place, &holder);
            let words = if transfer.grants { "grant privileges on" } else { "revoke privileges on" };
            Step::new(sql, format!("{words} {}", address_in_words(target)))
        })
        .collect()
}

/// The word between ON and the name; relations other than sequences are all TABLE, types all TYPE.
const fn grant_keyword(kind: Kind) -> &'static str {
    match kind {
        Kind::View | Kind::MaterializedView => "TABLE",
        Kind::Domain => "TYPE",
        Kind::Aggregate => "FUNCTION",
        Kind::Server => "FOREIGN SERVER",
        other => other.keyword(),
    }
}

/// What a new object has before anybody grants anything: built-in privileges and the default privileges that are in force
/// before the plan (`ALTER DEFAULT PRIVILEGES` comes last in a plan).
pub fn at_birth(target: &ObjectId, cx: &Cx<'_>) -> Grants {
    super::default_privileges::at_birth(target, cx.from, cx.major())
}

impl Object {
    /// The statements that take from what is made or changed what default privileges give it, where it shall have the built-in
    /// privileges alone; for that, no object of the catalog stands.
    pub fn undone_births(id: &ObjectId, cx: &Cx<'_>) -> Vec<(ObjectId, Vec<Step>)> {
        let behind = |catalog: &Catalog| catalog.object(id).and_then(Object::sequence_behind);
        let sequence = behind(cx.to).filter(|sequence| !cx.stays(id) || behind(cx.from).as_ref() != Some(sequence));
        let made = Some(id.clone()).filter(|id| !cx.stays(id));
        made.into_iter().chain(sequence).filter_map(|target| Self::undone_birth(&target, cx)).collect()
    }

    /// `None` where there is nothing to take.
    fn undone_birth(target: &ObjectId, cx: &Cx<'_>) -> Option<(ObjectId, Vec<Step>)> {
        let id = ObjectId::of(Kind::Privileges, target.clone());
        let wanted = built_in(target.kind, cx.major());
        if wanted.is_empty() || cx.to.contains(&id) {
            return None;
        }
        let steps = steps(&id, &at_birth(target, cx), &wanted, cx);
        (!steps.is_empty()).then_some((id, steps))
    }
}

impl ObjectDef for Privileges {
    const KIND: Kind = Kind::Privileges;
    const QUERY: &'static str = include_str!("privileges.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let grants = grants_of(&row.get::<Vec<String>>("grants")?);
        if grants == grants_of(&row.get::<Vec<String>>("built_in")?) {
            return Ok(None);
        }
        Found::satellite(Kind::Privileges, Self { grants }, row).map(Some)
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { grants } = self;
        let Some(target) = id.target() else { return Vec::new() };
        let before = if was_there(target, cx) { built_in(target.kind, cx.major()) } else { at_birth(target, cx) };
        steps(id, &before, grants, cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let Some(target) = id.target() else { return Vec::new() };
        steps(id, &self.grants, &built_in(target.kind, cx.major()), cx)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { grants } = pair.to;
        Change::InPlace(steps(id, &pair.from.grants, grants, cx))
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
}

/// The words of GRANT and REVOKE: privileges (none for ALL), each with its columns.
fn wanted_privileges(nodes: &[pg_query::Node]) -> Vec<(String, Vec<String>)> {
    use pg_query::NodeEnum;
    nodes
        .iter()
        .filter_map(|node| match node.node.as_ref() {
            Some(NodeEnum::AccessPriv(privilege)) => {
                Some((privilege.priv_name.to_uppercase(), crate::sql::literal::names(&privilege.cols)))
            }
            _ => None,
        })
        .collect()
}

/// The holders of GRANT and REVOKE.
///
/// # Errors
/// CURRENT_USER and its kin, where nothing has said who that is.
pub fn holders(nodes: &[pg_query::Node], session: &super::Session) -> Result<Vec<Grantee>, super::DdlError> {
    use pg_query::{NodeEnum, protobuf::RoleSpecType};
    let mut found = Vec::new();
    for node in nodes {
        let Some(NodeEnum::RoleSpec(spec)) = node.node.as_ref() else { continue };
        found.push(match spec.roletype() {
            RoleSpecType::RolespecPublic => Grantee::Public,
            _ => match super::generic::role(session, spec) {
                Some(role) => Grantee::Role(role),
                None => Grantee::Owner,
            },
        });
    }
    Ok(found)
}

/// One GRANT or REVOKE, worked into what is held.
pub fn apply(grants: &mut Grants, grant: bool, option: bool, privileges: &[String], holders: &[Grantee]) {
    for holder in holders {
        let held = grants.entry(holder.clone()).or_default();
        for privilege in privileges {
            match (grant, option) {
                (true, _) => *held.entry(privilege.clone()).or_default() |= option,
                (false, true) => {
                    if let Some(with) = held.get_mut(privilege) {
                        *with = false;
                    }
                }
                (false, false) => {
                    held.remove(privilege);
                }
            }
        }
        if held.is_empty() {
            grants.remove(holder);
        }
    }
}

/// GRANT and REVOKE of privileges on objects.
///
/// # Errors
/// Where an object does not exist, or is of a kind that is not managed.
pub fn interpret_grant(stmt: &pg_query::protobuf::GrantStmt, session: &mut super::Session) -> Result<(), super::DdlError> {
    session.speaks_of_privileges = true;
    let holders = holders(&stmt.grantees, session)?;
    let wanted = wanted_privileges(&stmt.privileges);
    for target in grant_targets(stmt, session)? {
        let every: Vec<String> = every_privilege(target.kind, session.major()).iter().map(|one| (*one).to_owned()).collect();
        if wanted.is_empty() {
            change(session, &target, stmt, &every, &holders);
        }
        for (privilege, columns) in &wanted {
            if columns.is_empty() {
                change(session, &target, stmt, std::slice::from_ref(privilege), &holders);
            }
            for column in columns {
                let column = session.column(&target, column)?;
                let all = every_privilege(Kind::Column, session.major()).iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
                let privileges = if privilege.is_empty() { all } else { vec![privilege.clone()] };
                change(session, &column, stmt, &privileges, &holders);
            }
        }
    }
    Ok(())
}

fn change(session: &mut super::Session, target: &ObjectId, stmt: &pg_query::protobuf::GrantStmt, privileges: &[String], holders: &[Grantee]) {
    let id = ObjectId::of(Kind::Privileges, target.clone());
    let born = built_in(target.kind, session.major());
    let mut grants = match session.catalog.object(&id) {
        Some(Object::Privileges(present)) => present.grants.clone(),
        _ => born.clone(),
    };
    let owner = match session.catalog.object(&ObjectId::of(Kind::Owner, target.clone())) {
        Some(Object::Owner(owner)) => Some(owner.role.clone()),
        _ if *target == crate::source::interpret::public() && session.major() >= 15 => Some(crate::model::Ident::new("pg_database_owner")),
        _ => session.role.clone().or_else(|| session.default_role.clone()),
    };
    let holders: Vec<Grantee> = holders
        .iter()
        .map(|holder| match holder {
            Grantee::Role(role) if Some(role) == owner.as_ref() => Grantee::Owner,
            other => other.clone(),
        })
        .collect();
    apply(&mut grants, stmt.is_grant, stmt.grant_option, privileges, &holders);
    if grants == born {
        session.catalog.remove(&id);
    } else {
        super::generic::put_satellite(session, Kind::Privileges, target.clone(), Privileges { grants });
    }
}

/// A relation, or the sequence behind an identity column.
fn relation_or_behind(relation: &pg_query::protobuf::RangeVar, kinds: &[Kind], session: &super::Session) -> Result<ObjectId, super::DdlError> {
    session.relation_of(relation, kinds).or_else(|error| {
        let names = session.candidates(&relation.schemaname, &relation.relname);
        let behind = names.into_iter().find(|name| super::sequence::column_of(name, &session.catalog).is_some());
        behind.map(|name| ObjectId::in_schema(Kind::Sequence, name)).ok_or(error)
    })
}

fn grant_targets(stmt: &pg_query::protobuf::GrantStmt, session: &super::Session) -> Result<Vec<ObjectId>, super::DdlError> {
    use pg_query::protobuf::{GrantTargetType, ObjectType};
    let kinds: &[Kind] = match stmt.objtype() {
        ObjectType::ObjectTable => &[Kind::Table, Kind::View, Kind::MaterializedView, Kind::Sequence],
        ObjectType::ObjectSequence => &[Kind::Sequence],
        ObjectType::ObjectFunction => &[Kind::Function, Kind::Aggregate],
        ObjectType::ObjectProcedure => &[Kind::Procedure],
        ObjectType::ObjectRoutine => Kind::ROUTINES,
        ObjectType::ObjectSchema | ObjectType::ObjectType | ObjectType::ObjectDomain | ObjectType::ObjectFdw | ObjectType::ObjectForeignServer => &[],
        other => return Err(super::DdlError::Unsupported(format!("GRANT ON {}", super::address::words(other).to_uppercase()))),
    };
    if stmt.targtype() == GrantTargetType::AclTargetAllInSchema {
        let schemas = crate::sql::literal::names(&stmt.objects);
        let held = |id: &&ObjectId| kinds.contains(&id.kind) && id.schema().is_some_and(|schema| schemas.iter().any(|name| name == schema.as_str()));
        let behind = session.catalog.of_kind(Kind::Column).filter(|_| kinds.contains(&Kind::Sequence)).filter_map(|(_, entry)| entry.object.sequence_behind());
        let behind: Vec<ObjectId> = behind.filter(|id| held(&id)).collect();
        return Ok(session.catalog.iter().map(|(id, _)| id).filter(held).cloned().chain(behind).collect());
    }
    let mut found = Vec::new();
    for node in &stmt.objects {
        found.push(match (stmt.objtype(), node.node.as_ref()) {
            (ObjectType::ObjectTable | ObjectType::ObjectSequence, Some(pg_query::NodeEnum::RangeVar(relation))) => relation_or_behind(relation, kinds, session)?,
            (kind @ ObjectType::ObjectFunction, _) => super::address::resolve(session, kind, node)
                .or_else(|error| super::address::resolve(session, ObjectType::ObjectAggregate, node).map_err(|_| error))?,
            (kind, _) => super::address::resolve(session, kind, node)?,
        });
    }
    Ok(found)
}
