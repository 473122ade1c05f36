//! Privileges one by one, and in which order roles grant them that have them by a grant option.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};

use super::{Grantee, Grants, Privileges};
use crate::model::Ident;

/// A privilege on one object: by whom (the owner is nobody), to whom, which.
pub type Spot = (Option<Ident>, Grantee, String);

/// Privileges by their spots, with their grant options.
pub type Spots = IndexMap<Spot, bool>;

/// Takes privileges apart.
pub fn spots(privileges: &Privileges) -> Spots {
    let own = privileges.grants.iter().map(|(holder, held)| (None, holder, held));
    let delegated = privileges.delegated.iter().map(|((grantor, holder), held)| (Some(grantor.clone()), holder, held));
    let spot = |(grantor, holder, held): (Option<Ident>, &Grantee, &BTreeMap<String, bool>)| {
        let each = held.iter().map(|(privilege, option)| ((grantor.clone(), holder.clone(), privilege.clone()), *option));
        each.collect::<Vec<_>>()
    };
    own.chain(delegated).flat_map(spot).collect()
}

/// Puts them together again.
pub fn gathered(spots: impl IntoIterator<Item = (Spot, bool)>) -> Privileges {
    let mut privileges = Privileges::default();
    for ((grantor, holder, privilege), option) in spots {
        let held = match grantor {
            Some(grantor) => privileges.delegated.entry((grantor, holder)).or_default(),
            None => privileges.grants.entry(holder).or_default(),
        };
        held.insert(privilege, option);
    }
    privileges
}

/// Some of the privileges, in the shape of what the owner grants.
pub(super) fn of_part(privileges: &Privileges, part: &BTreeSet<Spot>) -> Grants {
    let own = spots(privileges).into_iter().filter(|(spot, _)| part.contains(spot));
    gathered(own.map(|((_, holder, privilege), option)| ((None, holder, privilege), option))).grants
}

/// What others than the owner granted, in parts by one role each, of which none needs a grant option that a later one gives. Two roles may
/// need each other's, of different privileges, so that one of them has several parts.
pub(super) fn in_turn(privileges: &Privileges) -> Vec<(Ident, BTreeSet<Spot>)> {
    let (mut given, mut left): (Spots, Spots) = spots(privileges).into_iter().partition(|((grantor, ..), _)| grantor.is_none());
    let mut parts = Vec::new();
    loop {
        let is_ready = |spot: &Spot| gives_option(&given, spot) || !gives_option(&left, spot);
        let grantors: IndexSet<&Ident> = left.keys().filter_map(|(grantor, ..)| grantor.as_ref()).collect();
        let of = |role: &Ident| left.keys().filter(|(grantor, ..)| grantor.as_ref() == Some(role)).collect::<Vec<_>>();
        let whole = grantors.iter().find(|role| of(role).into_iter().all(is_ready));
        let some = || grantors.iter().find(|role| of(role).into_iter().any(is_ready));
        let Some(next) = whole.or_else(some).or(grantors.first()).map(|role| (*role).clone()) else { return parts };
        let (ready, waiting): (Vec<&Spot>, Vec<&Spot>) = of(&next).into_iter().partition(|spot| is_ready(spot));
        let part: BTreeSet<Spot> = if ready.is_empty() { waiting } else { ready }.into_iter().cloned().collect();
        let taken;
        (taken, left) = left.into_iter().partition(|(spot, _)| part.contains(spot));
        given.extend::<Spots>(taken);
        parts.push((next, part));
    }
}

/// Whether some of these privileges are the grant option that a grant of another role than the owner is made by. On columns, that may be
/// one on their table.
fn gives_option(spots: &Spots, (grantor, _, privilege): &Spot) -> bool {
    spots.iter().any(|((_, holder, given), option)| {
        *option && given == privilege && matches!(holder, Grantee::Role(role) if Some(role) == grantor.as_ref())
    })
}
