//! ALTER DEFAULT PRIVILEGES. Key: `Key::DefaultPrivileges(role, schema, defaclobjtype)`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::privileges::{Grantee, Grants, built_in, every_privilege, grants_of, transfers};
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Key, ObjectId, Pair, Step};

/// Privileges that new objects of a role get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// All that `pg_default_acl.defaclacl` holds, by holder. For global entries it replaces the built-in privileges, so
    /// those are in it; for a schema's entries it is added.
    #[serde(with = "crate::model::value::pairs")]
    pub grants: Grants,
}

/// The kind of object that stands for a `defaclobjtype`, and the word of the statement.
const fn covers(object_type: char) -> Option<(Kind, &'static str)> {
    match object_type {
        'r' => Some((Kind::Table, "TABLES")),
        'S' => Some((Kind::Sequence, "SEQUENCES")),
        'f' => Some((Kind::Function, "FUNCTIONS")),
        'T' => Some((Kind::Enum, "TYPES")),
        'n' => Some((Kind::Schema, "SCHEMAS")),
        // Large objects are data; no kind of object stands for them.
        'L' => Some((Kind::Database, "LARGE OBJECTS")),
        _ => None,
    }
}

/// Every privilege that there is on what a `defaclobjtype` stands for.
fn every(object_type: char, major: u32) -> &'static [&'static str] {
    match covers(object_type) {
        _ if object_type == 'L' => &["SELECT", "UPDATE"],
        Some((kind, _)) => every_privilege(kind, major),
        None => &[],
    }
}

/// What new ones have without default privileges.
fn built(object_type: char, major: u32) -> Grants {
    match covers(object_type) {
        _ if object_type == 'L' => [(Grantee::Owner, every('L', major).iter().map(|one| ((*one).to_owned(), false)).collect())].into(),
        Some((kind, _)) => built_in(kind, major),
        None => Grants::new(),
    }
}

const fn object_type(kind: Kind) -> Option<char> {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView => Some('r'),
        Kind::Sequence => Some('S'),
        Kind::Function | Kind::Procedure | Kind::Aggregate => Some('f'),
        Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType => Some('T'),
        Kind::Schema => Some('n'),
        _ => None,
    }
}

/// What a new object gets: built-in privileges, or the global default privileges of its creator in their place, and those of
/// its schema. Who will create it is not known when a plan is made; every role's default privileges are taken together, so
/// that what may be granted by itself is granted or revoked by the plan too: of what it shall have, it is taken to get only
/// what every role's leave it, and of all else whatever any role's give.
pub fn at_birth(target: &ObjectId, shall_have: &Grants, catalog: &Catalog, major: u32) -> Grants {
    let mut grants = built_in(target.kind, major);
    let mut sure = grants.clone();
    for (of_schema, defaults) in in_force(target, catalog) {
        for (holder, privileges) in &defaults.grants {
            grants.entry(holder.clone()).or_default().extend(privileges.clone());
        }
        if !of_schema {
            sure.retain(|holder, privileges| {
                let given = defaults.grants.get(holder);
                privileges.retain(|privilege, _| given.is_some_and(|given| given.contains_key(privilege)));
                given.is_some()
            });
        }
    }
    let holds = |grants: &Grants, holder: &Grantee, privilege: &String| grants.get(holder).is_some_and(|held| held.contains_key(privilege));
    for (holder, privileges) in &mut grants {
        privileges.retain(|privilege, _| !holds(shall_have, holder, privilege) || holds(&sure, holder, privilege));
    }
    grants.retain(|_, privileges| !privileges.is_empty());
    grants
}

/// What a new object may get with the grant option that it shall have without: granting it again would leave the option.
pub fn options_at_birth(target: &ObjectId, shall_have: &Grants, catalog: &Catalog) -> Grants {
    let mut grants = Grants::new();
    for (_, defaults) in in_force(target, catalog) {
        for (holder, privileges) in &defaults.grants {
            let wanted = |privilege: &String| shall_have.get(holder).and_then(|held| held.get(privilege));
            let beyond = privileges.iter().filter(|(privilege, option)| **option && wanted(privilege) == Some(&false));
            grants.entry(holder.clone()).or_default().extend(beyond.map(|(privilege, option)| (privilege.clone(), *option)));
        }
    }
    grants.retain(|_, privileges| !privileges.is_empty());
    grants
}

/// The default privileges that new objects of a kind and schema may get, and whether they are those of the schema.
fn in_force<'a>(target: &ObjectId, catalog: &'a Catalog) -> impl Iterator<Item = (bool, &'a DefaultPrivileges)> {
    let (wanted, place) = (object_type(target.kind), target.schema().cloned());
    catalog.of_kind(Kind::DefaultPrivileges).filter_map(move |(id, entry)| {
        let (Key::DefaultPrivileges(_, schema, object_type), Object::DefaultPrivileges(defaults)) = (&id.key, &entry.object) else { return None };
        let covered = Some(*object_type) == wanted && schema.as_ref().is_none_or(|schema| place.as_ref() == Some(schema));
        covered.then_some((schema.is_some(), defaults))
    })
}

/// Gives a new object of the interpreter what default privileges give it: those of the role that makes it, where that is known.
pub fn give(target: &ObjectId, session: &mut super::Session) {
    let Some(wanted) = object_type(target.kind) else { return };
    let creator = session.role.as_ref().or(session.default_role.as_ref());
    let built_in = built_in(target.kind, session.major());
    let (mut global, mut of_schema): (Option<Grants>, Vec<&Grants>) = (None, Vec::new());
    for (id, entry) in session.catalog.of_kind(Kind::DefaultPrivileges) {
        let (Key::DefaultPrivileges(role, schema, object_type), Object::DefaultPrivileges(defaults)) = (&id.key, &entry.object) else { continue };
        if *object_type != wanted || creator.is_some_and(|creator| creator != role) {
            continue;
        }
        match schema {
            None => global = Some(defaults.grants.clone()),
            Some(schema) if target.schema() == Some(schema) => of_schema.push(&defaults.grants),
            Some(_) => {}
        }
    }
    let mut grants = global.unwrap_or_else(|| built_in.clone());
    for (holder, privileges) in of_schema.into_iter().flatten() {
        grants.entry(holder.clone()).or_default().extend(privileges.clone());
    }
    if grants != built_in {
        super::generic::put_satellite(session, Kind::Privileges, target.clone(), super::privileges::Privileges::from(grants));
    }
}

fn base(id: &ObjectId, major: u32) -> Grants {
    match &id.key {
        Key::DefaultPrivileges(_, None, object_type) => built(*object_type, major),
        _ => Grants::new(),
    }
}

fn steps(id: &ObjectId, from: &Grants, to: &Grants, cx: &Cx<'_>) -> Vec<Step> {
    let Key::DefaultPrivileges(role, schema, object_type) = &id.key else { return Vec::new() };
    let Some((_, word)) = covers(*object_type) else { return Vec::new() };
    let place = schema.as_ref().map(|schema| format!(" IN SCHEMA {schema}")).unwrap_or_default();
    let prefix = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {role}{place} ");
    transfers(from, to)
        .into_iter()
        .map(|transfer| {
            let holder = match &transfer.holder {
                Grantee::Owner => role.quoted(),
                Grantee::Public => "PUBLIC".to_owned(),
                Grantee::Role(role) => role.quoted(),
            };
            let sql = transfer.statement(&prefix, every(*object_type, cx.major()), None, word, &holder);
            Step::new(sql, format!("change what new {} of {role} are granted", word.to_lowercase()))
        })
        .collect()
}

impl ObjectDef for DefaultPrivileges {
    const KIND: Kind = Kind::DefaultPrivileges;
    const QUERY: &'static str = include_str!("default_privileges.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let key = Key::DefaultPrivileges(row.ident("role")?, row.opt_ident("nspname")?, row.char("defaclobjtype")?);
        let id = ObjectId::new(Kind::DefaultPrivileges, key);
        if let Key::DefaultPrivileges(.., object_type) = id.key
            && covers(object_type).is_none()
        {
            return Err(ReadError::Unknown { object: id.to_string(), column: "defaclobjtype", value: object_type.to_string() });
        }
        let grants = grants_of(&row.get::<Vec<String>>("grants")?);
        Ok(Some(Found::new(id, Self { grants })))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Self { grants } = self;
        steps(id, &base(id, cx.major()), grants, cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        steps(id, &self.grants, &base(id, cx.major()), cx)
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

/// ALTER DEFAULT PRIVILEGES.
///
/// # Errors
/// Where no role is named and nothing has said who runs the files, or a schema does not exist.
pub fn interpret(stmt: &pg_query::protobuf::AlterDefaultPrivilegesStmt, session: &mut super::Session) -> Result<(), super::DdlError> {
    use pg_query::{NodeEnum, protobuf::ObjectType};
    session.speaks_of_privileges = true;
    let Some(action) = &stmt.action else { return Ok(()) };
    let (mut roles, mut schemas) = (Vec::new(), Vec::new());
    for option in &stmt.options {
        let Some(NodeEnum::DefElem(option)) = option.node.as_ref() else { continue };
        let Some(NodeEnum::List(list)) = option.arg.as_ref().and_then(|arg| arg.node.as_ref()) else { continue };
        if option.defname == "schemas" {
            for name in crate::sql::literal::names(&list.items) {
                schemas.push(Some(session.schema(&name)?));
            }
        } else {
            roles.extend(list.items.iter().filter_map(|node| match node.node.as_ref() {
                Some(NodeEnum::RoleSpec(spec)) => super::generic::role(session, spec),
                _ => None,
            }));
        }
    }
    if roles.is_empty() {
        let role = session.role.clone().or_else(|| session.default_role.clone()).ok_or_else(|| {
            super::DdlError::Invalid("ALTER DEFAULT PRIVILEGES without FOR ROLE: whose they are depends on who runs it; name the role".to_owned())
        })?;
        roles.push(role);
    }
    if schemas.is_empty() {
        schemas.push(None);
    }
    let object_type = match action.objtype() {
        ObjectType::ObjectTable => 'r',
        ObjectType::ObjectSequence => 'S',
        ObjectType::ObjectFunction | ObjectType::ObjectRoutine => 'f',
        ObjectType::ObjectType => 'T',
        ObjectType::ObjectSchema => 'n',
        ObjectType::ObjectLargeobject => 'L',
        other => return Err(super::DdlError::Unsupported(format!("default privileges on {}", super::address::words(other)))),
    };
    for role in &roles {
        for schema in &schemas {
            let id = ObjectId::new(Kind::DefaultPrivileges, Key::DefaultPrivileges(role.clone(), schema.clone(), object_type));
            change(&id, role, action, session)?;
        }
    }
    Ok(())
}

fn change(
    id: &ObjectId,
    role: &crate::model::Ident,
    action: &pg_query::protobuf::GrantStmt,
    session: &mut super::Session,
) -> Result<(), super::DdlError> {
    let Key::DefaultPrivileges(_, schema, object_type) = &id.key else { return Ok(()) };
    let start = base(id, session.major());
    let mut grants = match session.catalog.object(id) {
        Some(Object::DefaultPrivileges(present)) => present.grants.clone(),
        _ => start.clone(),
    };
    let every: Vec<String> = every(*object_type, session.major()).iter().map(|one| (*one).to_owned()).collect();
    let named: Vec<String> = action
        .privileges
        .iter()
        .filter_map(|node| match node.node.as_ref() {
            Some(pg_query::NodeEnum::AccessPriv(privilege)) => Some(privilege.priv_name.to_uppercase()),
            _ => None,
        })
        .collect();
    let holders: Vec<Grantee> = super::privileges::holders(&action.grantees, session)?
        .into_iter()
        .map(|holder| if holder == Grantee::Role(role.clone()) { Grantee::Owner } else { holder })
        .collect();
    super::privileges::apply(&mut grants, action.is_grant, action.grant_option, if named.is_empty() { &every } else { &named }, &holders);
    if grants == start {
        session.catalog.remove(id);
    } else {
        let needs = schema.iter().map(|schema| ObjectId::global(Kind::Schema, schema.clone()));
        session.catalog.insert(id.clone(), crate::model::Entry::new(DefaultPrivileges { grants }, None).needing(needs));
    }
    Ok(())
}
