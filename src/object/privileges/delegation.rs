//! What roles that grant by their grant option need for that: their own privileges on what the object is in.

use std::collections::BTreeSet;

use super::{Grantee, Kind, Object, Privileges};
use crate::model::{Catalog, Ident, Key, ObjectId, Pair};

/// What must be done before, and what after, what others than the owner grant and revoke.
#[derive(Debug, Default)]
pub struct Rests {
    /// Gives the grantors what they need.
    pub before: Vec<ObjectId>,
    /// Takes it from them.
    pub after: Vec<ObjectId>,
}

/// To name an object takes USAGE of its schema, and to grant on a column the grant option on it or on its table (docs: GRANT).
pub fn rests(id: &ObjectId, pair: Pair<&Catalog>) -> Rests {
    let Some(target) = id.target() else { return Rests::default() };
    let grantors = pair.map(|catalog| grantors(id, catalog));
    if grantors.from.is_empty() && grantors.to.is_empty() {
        return Rests::default();
    }
    let schema = target.schema().map(|schema| ObjectId::global(Kind::Schema, schema.clone()));
    let relation = match &target.key {
        Key::OnRelation(name, _) => [pair.to, pair.from].into_iter().find_map(|catalog| catalog.relation(name)).map(|(id, _)| id.clone()),
        _ => None,
    };
    let either = grantors.from.union(&grantors.to).copied().collect();
    let mut rests = Rests::default();
    for (above, matters, gaining, losing) in [
        // While either runs, be it for what it takes or for what it gives, it names what is in the schema.
        (schema, (|(privilege, _)| *privilege == "USAGE") as fn(&(&str, bool)) -> bool, &either, &either),
        (relation, |(_, option)| *option, &grantors.to, &grantors.from),
    ] {
        let Some(above) = above else { continue };
        let privileges = ObjectId::of(Kind::Privileges, above.clone());
        let held = |role: &&Ident| pair.map(|catalog| held(&privileges, role, catalog).into_iter().filter(matters).collect::<BTreeSet<_>>());
        if gaining.iter().map(held).any(|held| !held.to.is_subset(&held.from)) {
            rests.before.push(privileges.clone());
        }
        if losing.iter().map(held).any(|held| !held.from.is_subset(&held.to)) {
            rests.after.push(privileges.clone());
        }
        let owner = above.owner();
        let owns = |catalog: &Catalog, roles: &BTreeSet<&Ident>| {
            matches!(catalog.object(&owner), Some(Object::Owner(owner)) if roles.contains(&owner.role))
        };
        match (owns(pair.from, &grantors.from), owns(pair.to, &grantors.to)) {
            (false, true) => rests.before.push(owner),
            (true, false) => rests.after.push(owner),
            _ => {}
        }
    }
    rests
}

fn privileges<'a>(id: &ObjectId, catalog: &'a Catalog) -> Option<&'a Privileges> {
    match catalog.object(id) {
        Some(Object::Privileges(privileges)) => Some(privileges),
        _ => None,
    }
}

fn grantors<'a>(id: &ObjectId, catalog: &'a Catalog) -> BTreeSet<&'a Ident> {
    privileges(id, catalog).into_iter().flat_map(|privileges| privileges.delegated.keys()).map(|(grantor, _)| grantor).collect()
}

/// What a role holds, by itself or as everybody does, and whether it may pass it on.
fn held<'a>(id: &ObjectId, role: &Ident, catalog: &'a Catalog) -> BTreeSet<(&'a str, bool)> {
    let Some(Privileges { grants, delegated }) = privileges(id, catalog) else { return BTreeSet::new() };
    let is_of = |holder: &Grantee| matches!(holder, Grantee::Public) || matches!(holder, Grantee::Role(held) if held == role);
    let own = grants.iter().filter(|(holder, _)| is_of(holder)).map(|(_, held)| held);
    let by_others = delegated.iter().filter(|((_, holder), _)| is_of(holder)).map(|(_, held)| held);
    own.chain(by_others).flatten().map(|(privilege, option)| (privilege.as_str(), *option)).collect()
}
