//! GRANT and REVOKE on objects.

use std::slice;

use pg_query::protobuf::{AccessPriv, DropBehavior, GrantStmt, GrantTargetType, ObjectType, RangeVar, RoleSpecType};
use pg_query::{Node, NodeEnum};

use super::{Grantee, Grants, Privileges, built_in, every_privilege};
use crate::model::{Ident, ObjectId};
use crate::object::column::system_column;
use crate::object::{DdlError, Kind, Object, Session, address, altered_privileges, base_type, generic, sequence};
use crate::sql::literal::names;

/// The words of GRANT and REVOKE: privileges (none for ALL), each with its columns.
fn wanted_privileges(nodes: &[Node]) -> Vec<(String, Vec<String>)> {
    let wanted = |privilege: &AccessPriv| (privilege_name(&privilege.priv_name), names(&privilege.cols));
    nodes.iter().filter_map(|node| if let Some(NodeEnum::AccessPriv(privilege)) = node.node.as_ref() { Some(wanted(privilege)) } else { None }).collect()
}

/// The one name of a privilege that has two.
fn privilege_name(word: &str) -> String {
    let name = word.to_uppercase();
    if name == "TEMP" { "TEMPORARY".to_owned() } else { name }
}

/// The holders of GRANT and REVOKE.
///
/// # Errors
/// CURRENT_USER and its kin, where nothing has said who that is.
pub fn holders(nodes: &[Node], session: &Session) -> Result<Vec<Grantee>, DdlError> {
    let mut found = Vec::new();
    for node in nodes {
        let Some(NodeEnum::RoleSpec(spec)) = node.node.as_ref() else { continue };
        found.push(match spec.roletype() {
            RoleSpecType::RolespecPublic => Grantee::Public,
            _ => match generic::role(session, spec) {
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
            grants.shift_remove(holder);
        }
    }
}

/// What GRANT and REVOKE say, beside what they are on.
pub struct Transferring<'a> {
    /// Whether they give.
    pub grants: bool,
    /// WITH GRANT OPTION, or GRANT OPTION FOR.
    pub option: bool,
    cascade: bool,
    holders: &'a [Grantee],
    /// Who runs the statement, where the files have said so.
    role: Option<Ident>,
}

impl Transferring<'_> {
    /// Who grants: whoever runs the statement and has the grant option, else the owner, for whom superusers act (`select_best_grantor`,
    /// src/backend/utils/adt/acl.c).
    fn grantor(&self, on: &Privileges, whole: Option<&Privileges>, privileges: &[String]) -> Option<&Ident> {
        let role = self.role.as_ref()?;
        let may = |privilege| [Some(on), whole].into_iter().flatten().any(|on| may_grant(on, role, privilege));
        privileges.iter().any(|privilege| may(privilege)).then_some(role)
    }

    /// Where the statement works, as far as the owner is who grants.
    pub(in crate::object) fn spots(&self, privileges: &[String]) -> Vec<(Option<Ident>, Grantee, String)> {
        if self.role.is_some() {
            return Vec::new();
        }
        let each = |holder: &Grantee| privileges.iter().map(|privilege| (None, holder.clone(), privilege.clone())).collect::<Vec<_>>();
        self.holders.iter().flat_map(each).collect()
    }

    /// Works it into what is held. By a grant option on the `whole` table, columns are granted too (`ExecGrant_Attribute` of
    /// src/backend/catalog/aclchk.c).
    ///
    /// # Errors
    /// Where others hold what hangs on a grant option that goes, without CASCADE.
    pub fn work(&self, on: &mut Privileges, whole: Option<&Privileges>, privileges: &[String]) -> Result<(), DdlError> {
        let before = on.clone();
        match self.grantor(on, whole, privileges).cloned() {
            None => apply(&mut on.grants, self.grants, self.option, privileges, self.holders),
            Some(role) => {
                let own = |(grantor, _): &(Ident, Grantee)| *grantor == role;
                let mut grants: Grants = on.delegated.iter().filter(|(key, _)| own(key)).map(|((_, holder), held)| (holder.clone(), held.clone())).collect();
                apply(&mut grants, self.grants, self.option, privileges, self.holders);
                on.delegated.retain(|key, _| !own(key));
                on.delegated.extend(grants.into_iter().map(|(holder, held)| ((role.clone(), holder), held)));
            }
        }
        if self.grants { Ok(()) } else { self.take_along(on, &before) }
    }

    /// Takes what was granted by a grant option that is no more (`recursive_revoke`, in the same file).
    fn take_along(&self, on: &mut Privileges, before: &Privileges) -> Result<(), DdlError> {
        loop {
            let hanging = |((grantor, holder), held): (&(Ident, Grantee), &std::collections::BTreeMap<String, bool>)| {
                let lost = held.keys().find(|privilege| may_grant(before, grantor, privilege) && !may_grant(on, grantor, privilege))?;
                Some((grantor.clone(), holder.clone(), lost.clone()))
            };
            let Some((grantor, holder, privilege)) = on.delegated.iter().find_map(hanging) else { return Ok(()) };
            if !self.cascade {
                return Err(DdlError::Invalid(format!("dependent privileges exist: {grantor} has granted {privilege}; use CASCADE to revoke them too")));
            }
            let key = (grantor, holder);
            if let Some(held) = on.delegated.get_mut(&key) {
                held.remove(&privilege);
                if held.is_empty() {
                    on.delegated.shift_remove(&key);
                }
            }
        }
    }
}

fn may_grant(on: &Privileges, role: &Ident, privilege: &str) -> bool {
    let role = Grantee::Role(role.clone());
    on.grants.get(&role).and_then(|held| held.get(privilege)) == Some(&true)
        || on.delegated.iter().any(|((_, holder), held)| *holder == role && held.get(privilege) == Some(&true))
}

/// What GRANT is on: an object of the catalog, or what belongs to an extension or to PostgreSQL.
enum Target {
    Managed(ObjectId),
    Foreign(ObjectId, Option<ObjectId>),
}

impl Target {
    const fn id(&self) -> &ObjectId {
        match self {
            Self::Managed(id) | Self::Foreign(id, _) => id,
        }
    }

    fn column(&self, name: &str, session: &Session) -> Result<Self, DdlError> {
        match self {
            Self::Managed(id) => system_column(id, name).map_or_else(|| session.column(id, name), Ok).map(Self::Managed),
            Self::Foreign(id, of) => {
                let relation = id.qname().ok_or_else(|| DdlError::Invalid(format!("{id} has no columns")))?;
                Ok(Self::Foreign(ObjectId::on(Kind::Column, relation.clone(), name), of.clone()))
            }
        }
    }

    /// What is held on its columns, which goes with what is held on the whole.
    fn columns(&self, session: &Session) -> Vec<Self> {
        let kind = if matches!(self, Self::Managed(_)) { Kind::Privileges } else { Kind::AlteredPrivileges };
        if !matches!(self.id().kind, Kind::Table | Kind::View | Kind::MaterializedView) {
            return Vec::new();
        }
        let of = |id: &ObjectId| id.target().filter(|column| matches!(column.kind, Kind::Column | Kind::ViewColumn) && column.qname() == self.id().qname()).cloned();
        let columns = session.catalog.of_kind(kind).filter_map(|(id, _)| of(id));
        columns.map(|column| if let Self::Foreign(_, of) = self { Self::Foreign(column, of.clone()) } else { Self::Managed(column) }).collect()
    }
}

/// GRANT and REVOKE of privileges on objects.
///
/// # Errors
/// Where an object does not exist, or is of a kind that is not managed.
pub fn interpret_grant(stmt: &GrantStmt, session: &mut Session) -> Result<(), DdlError> {
    session.speaks_of_privileges = true;
    let holders = holders(&stmt.grantees, session)?;
    let transferring = Transferring {
        grants: stmt.is_grant,
        option: stmt.grant_option,
        cascade: stmt.behavior() == DropBehavior::DropCascade,
        holders: &holders,
        role: session.role.clone(),
    };
    let mut wanted = wanted_privileges(&stmt.privileges);
    if wanted.is_empty() {
        wanted.push((String::new(), Vec::new()));
    }
    for target in targets(stmt, session)? {
        base_type::wait_for_definition(target.id(), session)?;
        for (privilege, columns) in &wanted {
            if columns.is_empty() {
                change(session, &target, &transferring, privilege)?;
                for column in if stmt.is_grant { Vec::new() } else { target.columns(session) } {
                    change(session, &column, &transferring, privilege)?;
                }
            }
            for column in columns {
                change(session, &target.column(column, session)?, &transferring, privilege)?;
            }
        }
    }
    Ok(())
}

fn change(session: &mut Session, target: &Target, transferring: &Transferring<'_>, privilege: &str) -> Result<(), DdlError> {
    let every: Vec<String> = every_privilege(target.id().kind, session.major()).iter().map(|one| (*one).to_owned()).collect();
    let one = privilege.to_owned();
    let privileges = if privilege.is_empty() { &every } else { slice::from_ref(&one) };
    if privileges.iter().any(|privilege| !every.contains(privilege)) && target.id().kind == Kind::Column {
        return Ok(());
    }
    match target {
        Target::Managed(target) => change_managed(session, target, transferring, privileges),
        Target::Foreign(target, of) => {
            altered_privileges::change(session, &(target.clone(), of.clone()), transferring, (privileges, privilege.is_empty()))
        }
    }
}

fn change_managed(session: &mut Session, target: &ObjectId, transferring: &Transferring<'_>, privileges: &[String]) -> Result<(), DdlError> {
    let id = ObjectId::of(Kind::Privileges, target.clone());
    let born = Privileges::from(built_in(target.kind, session.major()));
    let mut present = match session.catalog.object(&id) {
        Some(Object::Privileges(present)) => present.clone(),
        _ => born.clone(),
    };
    let owner = owner(session, target);
    let own = |holder: &Grantee| match holder {
        Grantee::Role(role) if Some(role) == owner.as_ref() => Grantee::Owner,
        other => other.clone(),
    };
    let holders: Vec<Grantee> = transferring.holders.iter().map(own).collect();
    let role = transferring.role.clone().filter(|role| Some(role) != owner.as_ref());
    let whole = target.qname().filter(|_| target.kind.is_dotted()).and_then(|name| session.catalog.relation(name));
    let whole = match whole.and_then(|(relation, _)| session.catalog.object(&ObjectId::of(Kind::Privileges, relation.clone()))) {
        Some(Object::Privileges(whole)) => Some(whole),
        _ => None,
    };
    Transferring { holders: &holders, role, ..*transferring }.work(&mut present, whole, privileges)?;
    if present == born {
        session.catalog.remove(&id);
    } else {
        generic::put_satellite(session, Kind::Privileges, target.clone(), present);
    }
    Ok(())
}

/// Who owns an object, or what it is a part of, as far as the statements have said.
fn owner(session: &Session, target: &ObjectId) -> Option<Ident> {
    if *target == crate::source::interpret::public() && session.major() >= 15 && !session.catalog.contains(&ObjectId::of(Kind::Owner, target.clone())) {
        return Some(Ident::new("pg_database_owner"));
    }
    match session.catalog.object(&ObjectId::of(Kind::Owner, target.clone())) {
        Some(Object::Owner(owner)) => Some(owner.role.clone()),
        _ => match above(session, target) {
            Some(above) => owner(session, &above),
            None => session.default_role.clone(),
        },
    }
}

fn above(session: &Session, target: &ObjectId) -> Option<ObjectId> {
    let behind = || target.qname().and_then(|name| sequence::column_of(name, &session.catalog)).filter(|_| target.kind == Kind::Sequence);
    // A system column is no object.
    let relation = || target.qname().filter(|_| target.kind.is_dotted()).and_then(|name| session.catalog.relation(name)).map(|(id, _)| id.clone());
    session.catalog.get(target).and_then(|entry| entry.parent.clone()).or_else(behind).or_else(relation)
}

fn targets(stmt: &GrantStmt, session: &Session) -> Result<Vec<Target>, DdlError> {
    if stmt.targtype() == GrantTargetType::AclTargetAllInSchema {
        return all_in_schemas(stmt, session);
    }
    let mut found = Vec::new();
    for node in &stmt.objects {
        found.push(match managed(stmt.objtype(), node, session) {
            Ok(id) => Target::Managed(id),
            Err(error @ DdlError::Missing { .. }) => match altered_privileges::belonging(session, stmt.objtype(), node)? {
                Some((id, of)) => Target::Foreign(id, of),
                None => return Err(error),
            },
            Err(error) => return Err(error),
        });
    }
    Ok(found)
}

fn all_in_schemas(stmt: &GrantStmt, session: &Session) -> Result<Vec<Target>, DdlError> {
    let kinds: &[Kind] = match stmt.objtype() {
        ObjectType::ObjectTable => &[Kind::Table, Kind::View, Kind::MaterializedView],
        ObjectType::ObjectSequence => &[Kind::Sequence],
        ObjectType::ObjectFunction => &[Kind::Function, Kind::Aggregate],
        ObjectType::ObjectProcedure => &[Kind::Procedure],
        ObjectType::ObjectRoutine => Kind::ROUTINES,
        other => return Err(unsupported(other)),
    };
    let mut schemas = Vec::new();
    for name in names(&stmt.objects) {
        schemas.push(session.schema(&name)?);
    }
    let held = |id: &&ObjectId| kinds.contains(&id.kind) && id.schema().is_some_and(|schema| schemas.contains(schema));
    let columns = session.catalog.of_kind(Kind::Column).filter(|_| kinds.contains(&Kind::Sequence));
    let behind: Vec<ObjectId> = columns.filter_map(|(_, entry)| entry.object.sequence_behind()).filter(|id| held(&id)).collect();
    let all = session.catalog.iter().map(|(id, _)| id).filter(held).cloned();
    Ok(all.chain(behind).map(Target::Managed).collect())
}

/// A relation, or the sequence behind an identity column.
fn relation_or_behind(relation: &RangeVar, kinds: &[Kind], session: &Session) -> Result<ObjectId, DdlError> {
    session.relation_of(relation, kinds).or_else(|error| {
        let names = session.candidates(&relation.schemaname, &relation.relname);
        let behind = names.into_iter().find(|name| sequence::column_of(name, &session.catalog).is_some());
        behind.map(|name| ObjectId::in_schema(Kind::Sequence, name)).ok_or(error)
    })
}

fn unsupported(kind: ObjectType) -> DdlError {
    DdlError::Unsupported(format!("GRANT ON {}", address::words(kind).to_uppercase()))
}

fn managed(kind: ObjectType, node: &Node, session: &Session) -> Result<ObjectId, DdlError> {
    const RELATIONS: &[Kind] = &[Kind::Table, Kind::View, Kind::MaterializedView, Kind::Sequence];
    match (kind, node.node.as_ref()) {
        (ObjectType::ObjectTable, Some(NodeEnum::RangeVar(relation))) => relation_or_behind(relation, RELATIONS, session),
        (ObjectType::ObjectSequence, Some(NodeEnum::RangeVar(relation))) => relation_or_behind(relation, &[Kind::Sequence], session),
        (ObjectType::ObjectFunction, _) => address::resolve(session, kind, node)
            .or_else(|error| address::resolve(session, ObjectType::ObjectAggregate, node).map_err(|_| error)),
        (
            ObjectType::ObjectDatabase
            | ObjectType::ObjectProcedure
            | ObjectType::ObjectRoutine
            | ObjectType::ObjectSchema
            | ObjectType::ObjectType
            | ObjectType::ObjectDomain
            | ObjectType::ObjectLanguage
            | ObjectType::ObjectFdw
            | ObjectType::ObjectForeignServer,
            _,
        ) => address::resolve(session, kind, node),
        (ObjectType::ObjectLargeobject, _) => Err(DdlError::Invalid("a large object is data, of which schema files do not speak".to_owned())),
        (ObjectType::ObjectTablespace | ObjectType::ObjectParameterAcl, _) => Err(DdlError::Invalid(format!(
            "privileges on a {} are the server's, and in no database",
            address::words(kind)
        ))),
        (other, _) => Err(unsupported(other)),
    }
}
