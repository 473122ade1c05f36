//! What a change of the owner does to privileges.

use std::collections::BTreeMap;

use super::transfer::owner_in;
use super::{Delegated, Grantee, Kind, Object, Privileges, built_in, on_columns};
use crate::model::{Catalog, Ident, ObjectId};

/// Works privileges into those that somebody holds already.
fn merge(held: &mut BTreeMap<String, bool>, more: BTreeMap<String, bool>) {
    for (privilege, option) in more {
        *held.entry(privilege).or_default() |= option;
    }
}

impl Privileges {
    /// What is held once the object has its new owner: `aclnewowner` (src/backend/utils/adt/acl.c) gives it what the old owner held and
    /// granted, and what the new owner held and granted as a role becomes the owner's.
    pub fn once_owned_by(self, owner: &Ident) -> Self {
        let Self { mut grants, delegated } = self;
        let role = Grantee::Role(owner.clone());
        if let Some(held) = grants.shift_remove(&role) {
            merge(grants.entry(Grantee::Owner).or_default(), held);
        }
        let mut left = Delegated::new();
        for ((grantor, holder), held) in delegated {
            let holder = if holder == role { Grantee::Owner } else { holder };
            let all = if grantor == *owner { grants.entry(holder).or_default() } else { left.entry((grantor, holder)).or_default() };
            merge(all, held);
        }
        Self { grants, delegated: left }
    }

    /// Whether they say anything of a role.
    fn speak_of(&self, role: &Ident) -> bool {
        let is_it = |holder: &Grantee| *holder == Grantee::Role(role.clone());
        self.grants.keys().any(is_it) || self.delegated.keys().any(|(grantor, holder)| grantor == role || is_it(holder))
    }
}

/// Makes these privileges what they are under an owner.
fn settle(catalog: &mut Catalog, id: &ObjectId, owner: &Ident) {
    let Some(Object::Privileges(present)) = catalog.object(id) else { return };
    let held = present.clone().once_owned_by(owner);
    let born = id.target().map(|target| Privileges::from(built_in(target.kind, catalog.major)));
    if born.as_ref() == Some(&held) {
        catalog.remove(id);
    } else if let Some(entry) = catalog.get_mut(id) {
        entry.object = held.into();
    }
}

fn speaks_of(catalog: &Catalog, id: &ObjectId, role: &Ident) -> bool {
    matches!(catalog.object(id), Some(Object::Privileges(present)) if present.speak_of(role))
}

/// Gives an object's privileges, those of its columns and of the sequences behind these, to a role that owns it from now on.
pub fn hand_over(catalog: &mut Catalog, target: &ObjectId, owner: &Ident) {
    let behind = catalog.children(target).filter_map(|column| catalog.object(column)?.sequence_behind());
    let all = on_columns(target, catalog).into_iter().chain(behind).chain([target.clone()]);
    let all = all.map(|target| ObjectId::of(Kind::Privileges, target));
    let changed: Vec<ObjectId> = all.filter(|id| speaks_of(catalog, id, owner)).collect();
    changed.iter().for_each(|id| settle(catalog, id, owner));
}

/// Makes privileges that were not held under the owner that an object has here what they are under that one.
pub fn settle_owners(catalog: &mut Catalog) {
    let owned = |id: &ObjectId| owner_in(catalog, id.target()?).filter(|owner| speaks_of(catalog, id, owner)).cloned();
    let changed: Vec<(ObjectId, Ident)> = catalog.of_kind(Kind::Privileges).filter_map(|(id, _)| Some((id.clone(), owned(id)?))).collect();
    changed.iter().for_each(|(id, owner)| settle(catalog, id, owner));
}
