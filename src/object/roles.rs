//! Which roles an object names.

use std::collections::BTreeSet;

use super::Object;
use super::privileges::{Grantee, Grants, Privileges};
use crate::model::{Catalog, Ident, Key, ObjectId};

/// Every role that some of these objects of a catalog name: as owner, as holder of privileges, or as whom a policy is for.
pub fn named<'a>(catalog: &Catalog, ids: impl IntoIterator<Item = &'a ObjectId>) -> BTreeSet<Ident> {
    ids.into_iter().filter_map(|id| Some((id, catalog.object(id)?))).flat_map(|(id, object)| of(id, object)).collect()
}

fn of(id: &ObjectId, object: &Object) -> Vec<Ident> {
    match object {
        Object::Owner(owner) => vec![owner.role.clone()],
        Object::Privileges(privileges) => of_privileges(privileges),
        Object::AlteredPrivileges(altered) => [&altered.before, &altered.after].into_iter().flat_map(of_privileges).collect(),
        Object::DefaultPrivileges(defaults) => {
            let mut found = holders(&defaults.grants);
            if let Key::DefaultPrivileges(role, ..) = &id.key {
                found.push(role.clone());
            }
            found
        }
        Object::Policy(policy) => policy.named_roles(),
        _ => Vec::new(),
    }
}

fn of_privileges(privileges: &Privileges) -> Vec<Ident> {
    let mut found = holders(&privileges.grants);
    for (grantor, holder) in privileges.delegated.keys() {
        found.push(grantor.clone());
        found.extend(role(holder));
    }
    found
}

fn role(holder: &Grantee) -> Option<Ident> {
    match holder {
        Grantee::Role(role) => Some(role.clone()),
        Grantee::Owner | Grantee::Public => None,
    }
}

fn holders(grants: &Grants) -> Vec<Ident> {
    grants.keys().filter_map(role).collect()
}
