//! Memberships: what they are to be, and the way there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Grant, Membership, Roles};
use crate::model::{Ident, Pair, Step};

/// From 16 on a membership has options of its own, and several roles may have granted it.
pub(super) const GRANTORS_SINCE: u32 = 16;

type Memberships = BTreeMap<Grant, Membership>;

/// What the server has of memberships once what is said is done.
pub(super) fn wanted(present: &Roles, said: &Roles) -> Memberships {
    let mut all = without_dropped(present, said);
    let pairs: BTreeSet<Grant> = said.members.keys().map(|key| Grant::new(key.role.clone(), key.member.clone())).collect();
    all.retain(|key, _| pairs.iter().any(|pair| pair.is_of(key)) || !said.make_both(key));
    for pair in pairs {
        match said.members.get(&pair) {
            Some(with) if with.revoked => all.retain(|key, _| !key.is_of(&pair)),
            Some(with) => by_whomever(&mut all, &pair, with, present.grantor.as_ref()),
            None if said.make_both(&pair) => all.retain(|key, _| !key.is_of(&pair) || said.members.contains_key(key)),
            None => {}
        }
        for (key, with) in said.members.iter().filter(|(key, _)| key.is_of(&pair) && key.grantor.is_some()) {
            if with.revoked {
                all.remove(key);
            } else {
                as_said(all.entry(key.clone()).or_default(), with);
            }
        }
    }
    without_heads(all, present, said)
}

/// What a role has granted stands only as long as it may grant it.
fn without_heads(mut all: Memberships, present: &Roles, said: &Roles) -> Memberships {
    let may = |all: &Memberships, role: &Ident, grantor: &Ident| {
        all.iter().any(|(key, with)| key.role == *role && key.member == *grantor && has(with.admin, false))
    };
    let is_alone = |all: &Memberships, key: &Grant| {
        let lost = |grantor: &Ident| may(&present.members, &key.role, grantor) && !may(all, &key.role, grantor);
        key.grantor.as_ref().is_some_and(lost) && !said.members.contains_key(key)
    };
    while let Some(key) = all.keys().find(|key| is_alone(&all, key)).cloned() {
        if let Some(with) = all.remove(&key) {
            granted_too(&mut all, Grant { grantor: present.grantor.clone(), ..key }, &with);
        }
    }
    all
}

/// A grant that gives what another one gave, too.
fn granted_too(all: &mut Memberships, key: Grant, with: &Membership) {
    let now = all.entry(key).or_insert_with(|| with.clone());
    now.admin = Some(has(now.admin, false) || has(with.admin, false));
    now.set = Some(has(now.set, true) || has(with.set, true));
    now.inherit = now.inherit.max(with.inherit);
}

/// What a role has granted keeps it from being dropped: whoever runs the plan grants that instead.
fn without_dropped(present: &Roles, said: &Roles) -> Memberships {
    let dropped: BTreeSet<&Ident> = said.dropped().collect();
    let mut all = Memberships::new();
    for (key, with) in present.members.iter().filter(|(key, _)| !dropped.contains(&key.role) && !dropped.contains(&key.member)) {
        let is_dropped = key.grantor.as_ref().is_some_and(|grantor| dropped.contains(grantor));
        let grantor = if is_dropped { present.grantor.clone() } else { key.grantor.clone() };
        granted_too(&mut all, Grant { grantor, ..key.clone() }, with);
    }
    all
}

/// Whether members inherit is the role's business where it is not said; the other options are then as GRANT has them.
fn as_said(now: &mut Membership, with: &Membership) {
    now.admin = Some(has(with.admin, false));
    now.set = Some(has(with.set, true));
    now.inherit = with.inherit.or(now.inherit);
}

fn has(option: Option<bool>, by_default: bool) -> bool {
    option.unwrap_or(by_default)
}

/// A member has what any of its grants gives: what it shall not have, none may give; what it shall have, one.
fn by_whomever(all: &mut Memberships, pair: &Grant, with: &Membership, grantor: Option<&Ident>) {
    let own = Grant { grantor: grantor.cloned(), ..pair.clone() };
    let there: Vec<Grant> = all.keys().filter(|key| key.is_of(pair)).cloned().collect();
    let (admin, set) = (has(with.admin, false), has(with.set, true));
    let new = Membership { revoked: false, admin: Some(admin), set: Some(set), inherit: with.inherit };
    if there.is_empty() {
        all.insert(own, new);
        return;
    }
    let any = |of: fn(&Membership) -> bool| there.iter().filter_map(|key| all.get(key)).any(of);
    let lacks = [
        admin && !any(|grant| has(grant.admin, false)),
        set && !any(|grant| has(grant.set, true)),
        with.inherit == Some(true) && !any(|grant| grant.inherit == Some(true)),
    ];
    for now in there.iter().filter_map(|key| all.get(key).cloned().map(|now| (key, now))).collect::<Vec<_>>() {
        let (key, mut now) = now;
        now.admin = Some(admin && has(now.admin, false));
        now.set = Some(set && has(now.set, true));
        if with.inherit == Some(false) {
            now.inherit = Some(false);
        }
        all.insert(key.clone(), now);
    }
    if lacks.contains(&true) {
        as_said(all.entry(own).or_insert_with(|| new.clone()), with);
    }
}

/// From some memberships to others. What goes with a role that is `gone` needs no statement.
pub(super) fn steps(ends: Pair<&Memberships>, grantor: Option<&Ident>, major: u32, gone: impl Fn(&Ident) -> bool) -> Vec<Step> {
    let Pair { from, to } = ends;
    let lost = from.keys().filter(|key| !to.contains_key(*key) && !gone(&key.role) && !gone(&key.member));
    let less =
        |key: &&Grant| from.get(*key).is_some_and(|now| has(now.admin, false)) && !to.get(*key).is_some_and(|with| has(with.admin, false));
    let changed: Vec<&Grant> = to.iter().filter(|(key, with)| from.get(*key) != Some(*with)).map(|(key, _)| key).collect();
    let (first, second): (Vec<&Grant>, Vec<&Grant>) = changed.into_iter().partition(less);
    let mut taking: Vec<&Grant> = lost.chain(first).collect();
    // Who has granted something keeps the right to it as long as that stands.
    sort(&mut taking, |one, other| other.grantor.as_ref() == Some(&one.member) && one.role == other.role);
    let mut giving = second;
    sort(&mut giving, |one, other| one.grantor.as_ref() == Some(&other.member) && one.role == other.role);
    taking.into_iter().chain(giving).filter_map(|key| step(key, from.get(key), to.get(key), grantor, major)).collect()
}

/// Puts each behind those that it waits for.
fn sort(grants: &mut Vec<&Grant>, waits: impl Fn(&Grant, &Grant) -> bool) {
    let mut rest = std::mem::take(grants);
    while !rest.is_empty() {
        let free = rest.iter().position(|one| !rest.iter().any(|other| one != other && waits(one, other)));
        grants.push(rest.remove(free.unwrap_or(0)));
    }
}

fn step(key: &Grant, now: Option<&Membership>, wanted: Option<&Membership>, grantor: Option<&Ident>, major: u32) -> Option<Step> {
    let Grant { role, member, grantor: by } = key;
    let by = by.as_ref().filter(|by| grantor != Some(*by));
    let (by, told) = by.map_or_else(Default::default, |by| (format!(" GRANTED BY {by}"), format!(", granted by {by}")));
    let Some(wanted) = wanted else {
        return Some(Step::new(format!("REVOKE {role} FROM {member}{by}"), format!("make {member} no longer a member of {role}{told}")));
    };
    let grant = |with: &str| {
        let summary = format!("make {member} a member of {role}{}{told}", with.to_lowercase());
        Some(Step::new(format!("GRANT {role} TO {member}{with}{by}"), summary))
    };
    let (admin, had) = (has(wanted.admin, false), now.is_some_and(|now| has(now.admin, false)));
    if major < GRANTORS_SINCE {
        return match (now, admin, had) {
            (_, true, false) => grant(" WITH ADMIN OPTION"),
            (None, false, _) => grant(""),
            (Some(_), false, true) => Some(Step::new(
                format!("REVOKE ADMIN OPTION FOR {role} FROM {member}"),
                format!("let {member} no longer make members of {role}"),
            )),
            _ => None,
        };
    }
    let set = Some(has(wanted.set, true)).filter(|set| now.is_none_or(|now| has(now.set, true) != *set) && !(now.is_none() && *set));
    let inherit = wanted.inherit.filter(|inherit| now.is_none_or(|now| now.inherit != Some(*inherit)));
    let options: Vec<String> = [("ADMIN", (admin != had).then_some(admin)), ("INHERIT", inherit), ("SET", set)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", if value? { "TRUE" } else { "FALSE" })))
        .collect();
    match (now, options.is_empty()) {
        (Some(_), true) => None,
        (None, true) => grant(""),
        (_, false) => grant(&format!(" WITH {}", options.join(", "))),
    }
}
