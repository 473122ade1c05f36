//! Statements about roles.

use pg_query::protobuf::{
    AccessPriv, AlterRoleSetStmt, AlterRoleStmt, CreateRoleStmt, DefElem, GrantRoleStmt, ObjectType, RoleSpec, RoleSpecType, RoleStmtType,
};
use pg_query::{Node, NodeEnum};

use super::memberships::GRANTORS_SINCE;
use super::{Flag, Grant, Membership, Role, Roles};
use crate::model::Ident;
use crate::object::{DdlError, Session, routine_interpret};
use crate::sql::literal;

/// Works a statement in, in the order in which they stand.
///
/// # Errors
/// What PostgreSQL would refuse, or whoever runs the files where a role must have a name.
pub fn interpret(node: &NodeEnum, roles: &mut Roles, session: &Session) -> Result<(), DdlError> {
    match node {
        NodeEnum::CreateRoleStmt(stmt) => create(stmt, roles),
        NodeEnum::AlterRoleStmt(stmt) => alter(stmt, roles),
        NodeEnum::AlterRoleSetStmt(stmt) => set(stmt, roles, session),
        NodeEnum::DropRoleStmt(stmt) => {
            for spec in specs(&stmt.roles) {
                let name = name(spec)?;
                roles.members.retain(|grant, _| !grant.names().any(|named| *named == name));
                roles.roles.insert(name, Role { dropped: true, ..Role::default() });
            }
            Ok(())
        }
        NodeEnum::GrantRoleStmt(stmt) => grant(stmt, roles, session.major()),
        NodeEnum::AlterOwnerStmt(stmt) => {
            roles.database_owner = stmt.newowner.as_ref().map(name).transpose()?;
            Ok(())
        }
        NodeEnum::CommentStmt(stmt) => {
            let named = stmt.object.as_deref().and_then(literal::string).map(Ident::new);
            let named = named.ok_or_else(|| DdlError::Unsupported("COMMENT ON ROLE without a name".to_owned()))?;
            spoken(roles, named).comment = Some(stmt.comment.clone());
            Ok(())
        }
        NodeEnum::RenameStmt(stmt) if stmt.rename_type() == ObjectType::ObjectRole => {
            let (old, new) = (Ident::new(&stmt.subname), Ident::new(&stmt.newname));
            if let Some(role) = roles.roles.remove(&old) {
                roles.roles.insert(new.clone(), role);
            }
            let renamed = |name: Ident| if name == old { new.clone() } else { name };
            let members = std::mem::take(&mut roles.members).into_iter();
            let grant =
                |Grant { role, member, grantor }| Grant { role: renamed(role), member: renamed(member), grantor: grantor.map(renamed) };
            roles.members = members.map(|(key, with)| (grant(key), with)).collect();
            Ok(())
        }
        _ => Ok(()),
    }
}

fn specs(nodes: &[Node]) -> impl Iterator<Item = &RoleSpec> {
    nodes.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::RoleSpec(spec)) => Some(spec),
        _ => None,
    })
}

fn name(spec: &RoleSpec) -> Result<Ident, DdlError> {
    match spec.roletype() {
        RoleSpecType::RolespecCstring => Ok(Ident::new(&spec.rolename)),
        _ => Err(DdlError::Invalid("whoever runs the files is a role like any other in them: name it".to_owned())),
    }
}

fn spoken(roles: &mut Roles, name: Ident) -> &mut Role {
    roles.roles.entry(name).or_default()
}

fn create(stmt: &CreateRoleStmt, roles: &mut Roles) -> Result<(), DdlError> {
    let own = Ident::new(&stmt.role);
    let mut role = Role::born();
    role.flags.insert(Flag::Login, stmt.stmt_type() == RoleStmtType::RolestmtUser);
    for option in literal::def_elems(&stmt.options) {
        let listed = || option.arg.as_deref().map(literal::items).unwrap_or_default();
        let with = |admin: bool| Membership { admin: admin.then_some(true), ..Membership::default() };
        match option.defname.as_str() {
            "addroleto" => {
                for spec in specs(listed()) {
                    roles.members.insert(Grant::new(name(spec)?, own.clone()), with(false));
                }
            }
            "rolemembers" | "adminmembers" => {
                for spec in specs(listed()) {
                    roles.members.insert(Grant::new(own.clone(), name(spec)?), with(option.defname == "adminmembers"));
                }
            }
            _ => attribute(option, &mut role)?,
        }
    }
    // Files come in any order: what another one has said of the role holds of the new one.
    if let Some(said) = roles.roles.remove(&own).filter(|said| !said.whole && !said.dropped) {
        role.flags.extend(said.flags);
        role.limit = said.limit.or(role.limit);
        role.valid_until = said.valid_until.or(role.valid_until);
        role.comment = said.comment.or(role.comment);
        role.has_password |= said.has_password;
        role.settings = said.settings;
        role.resets = said.resets;
    }
    roles.roles.insert(own, role);
    Ok(())
}

fn attribute(option: &DefElem, role: &mut Role) -> Result<(), DdlError> {
    if let Some(flag) = Flag::of(&option.defname) {
        role.flags.insert(flag, literal::flag(option)?);
        return Ok(());
    }
    match option.defname.as_str() {
        "connectionlimit" => role.limit = option.arg.as_deref().and_then(literal::integer),
        "validUntil" => role.valid_until = literal::value(option)?,
        "password" => role.has_password = option.arg.is_some(),
        // SYSID is a noise word (src/backend/parser/gram.y).
        "sysid" => {}
        other => return Err(DdlError::Unsupported(format!("the role option {other}"))),
    }
    Ok(())
}

/// ALTER ROLE, and ALTER GROUP .. ADD USER and DROP USER.
fn alter(stmt: &AlterRoleStmt, roles: &mut Roles) -> Result<(), DdlError> {
    let own = name(stmt.role.as_ref().unwrap_or(&RoleSpec::default()))?;
    for option in literal::def_elems(&stmt.options) {
        if option.defname == "rolemembers" {
            for spec in specs(option.arg.as_deref().map(literal::items).unwrap_or_default()) {
                let membership = Membership { revoked: stmt.action < 0, ..Membership::default() };
                roles.members.insert(Grant::new(own.clone(), name(spec)?), membership);
            }
        } else {
            attribute(option, spoken(roles, own.clone()))?;
        }
    }
    Ok(())
}

fn set(stmt: &AlterRoleSetStmt, roles: &mut Roles, session: &Session) -> Result<(), DdlError> {
    let Some(set) = &stmt.setstmt else { return Ok(()) };
    let (settings, resets) = match &stmt.role {
        Some(spec) => {
            let role = spoken(roles, name(spec)?);
            (&mut role.settings, &mut role.resets)
        }
        None => (&mut roles.for_all, &mut roles.resets_for_all),
    };
    let mut said = Vec::new();
    routine_interpret::apply_settings(&mut said, std::slice::from_ref(set), session)?;
    if set.name.is_empty() {
        settings.clear();
        *resets = true;
    } else {
        let setting = said.into_iter().next();
        let name = setting.as_ref().map_or_else(|| set.name.to_ascii_lowercase(), |setting| setting.name.clone());
        settings.insert(name, setting);
    }
    Ok(())
}

fn grant(stmt: &GrantRoleStmt, roles: &mut Roles, major: u32) -> Result<(), DdlError> {
    // Before 16 the server notes who granted a membership, and nothing comes of it.
    let grantor = stmt.grantor.as_ref().filter(|spec| major >= GRANTORS_SINCE && spec.roletype() == RoleSpecType::RolespecCstring);
    let grantor = grantor.map(|spec| Ident::new(&spec.rolename));
    let granted = stmt.granted_roles.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::AccessPriv(AccessPriv { priv_name, .. })) => Some(Ident::new(priv_name)),
        _ => None,
    });
    for role in granted {
        for member in specs(&stmt.grantee_roles) {
            let key = Grant { grantor: grantor.clone(), ..Grant::new(role.clone(), name(member)?) };
            let membership = roles.members.entry(key).or_default();
            if !stmt.is_grant && stmt.opt.is_empty() {
                *membership = Membership { revoked: true, ..Membership::default() };
                continue;
            }
            if stmt.is_grant {
                membership.revoked = false;
            }
            for option in literal::def_elems(&stmt.opt) {
                // REVOKE ADMIN OPTION FOR says that it is to be false.
                let value = if stmt.is_grant { option.arg.is_none() || literal::flag(option)? } else { false };
                match option.defname.as_str() {
                    "admin" => membership.admin = Some(value),
                    "inherit" => membership.inherit = Some(value),
                    "set" => membership.set = Some(value),
                    other => return Err(DdlError::Invalid(format!("GRANT of a role with the option {other}"))),
                }
            }
        }
    }
    Ok(())
}
