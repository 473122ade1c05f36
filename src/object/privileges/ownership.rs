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
}

/// What comes of privileges where the role owns the object: `None` where that is nothing else, and `Some(None)` where it is what is built in.
fn changed(id: &ObjectId, catalog: &Catalog, owner: &Ident) -> Option<Option<Privileges>> {
    let Some(Object::Privileges(present)) = catalog.object(id) else { return None };
    let held = present.clone().once_owned_by(owner);
    let born = id.target().map(|target| Privileges::from(built_in(target.kind, catalog.major)));
    (held != *present).then(|| Some(held).filter(|held| born.as_ref() != Some(held)))
}

/// The privileges on an object, its columns and the sequences behind these that are something else once a role owns it, and what.
pub fn changed_by_owner(catalog: &Catalog, target: &ObjectId, owner: &Ident) -> Vec<(ObjectId, Option<Privileges>)> {
    let behind = catalog.children(target).filter_map(|column| catalog.object(column)?.sequence_behind());
    let all = on_columns(target, catalog).into_iter().chain(behind).chain([target.clone()]);
    let all = all.map(|target| ObjectId::of(Kind::Privileges, target));
    all.filter_map(|id| changed(&id, catalog, owner).map(|held| (id, held))).collect()
}

/// Makes privileges that were not held under the owner that an object has here what they are under that one.
pub fn settle_owners(catalog: &mut Catalog) {
    let of = |id: &ObjectId| changed(id, catalog, owner_in(catalog, id.target()?)?);
    let all: Vec<_> = catalog.of_kind(Kind::Privileges).filter_map(|(id, _)| Some((id.clone(), of(id)?))).collect();
    for (id, held) in all {
        match (held, catalog.get_mut(&id)) {
            (Some(held), Some(entry)) => entry.object = held.into(),
            _ => {
                catalog.remove(&id);
            }
        }
    }
}
