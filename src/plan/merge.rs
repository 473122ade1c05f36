//! What the schema files do not speak of stays as it is: owners, privileges, versions of extensions.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::config::Managing;
use crate::model::{Catalog, Entry, Ident, ObjectId};
use crate::object::{Kind, Object, database, privileges};

/// What the settings say of owners and privileges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manage {
    /// Whose things are.
    pub owners: Managing,
    /// Who may use them.
    pub privileges: Managing,
}

/// What schema files speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaks {
    /// Every owner.
    pub every_owner: bool,
    /// Roles that some statement makes owners.
    pub owners: BTreeSet<Ident>,
    /// GRANT and REVOKE.
    pub privileges: bool,
    /// ALTER DEFAULT PRIVILEGES.
    pub default_privileges: bool,
    /// Extensions of which a version is named.
    pub versions: BTreeSet<Ident>,
    /// Schemas in which ON ALL .. IN SCHEMA grants or revokes something.
    pub wholesale: BTreeSet<Ident>,
    /// What is said of the database itself, by the kinds of objects that say it.
    pub database: BTreeSet<Kind>,
}

impl Speaks {
    /// Of what another one speaks of, too.
    pub fn extend(&mut self, other: Self) {
        let Self { every_owner, owners, privileges, default_privileges, versions, database, wholesale } = other;
        self.every_owner |= every_owner;
        self.owners.extend(owners);
        self.privileges |= privileges;
        self.default_privileges |= default_privileges;
        self.versions.extend(versions);
        self.database.extend(database);
        self.wholesale.extend(wholesale);
    }

    /// The same where CURRENT_USER is a role.
    pub fn by(mut self, role: &Ident) -> Self {
        if self.owners.remove(&Ident::new("CURRENT_USER")) {
            self.owners.insert(role.clone());
        }
        self
    }

    /// Whether the object is spoken of, where it is one of those that otherwise stay as they are.
    pub fn covers(&self, id: &ObjectId) -> bool {
        match id.kind {
            _ if id.is_about_database() && id.kind != Kind::Database => self.database.contains(&id.kind),
            Kind::Owner => self.every_owner || !self.owners.is_empty(),
            Kind::Privileges | Kind::AlteredPrivileges => self.privileges,
            Kind::DefaultPrivileges => self.default_privileges,
            _ => true,
        }
    }

    /// Of everything: one database is to become like another one.
    pub fn of_everything(catalog: &Catalog) -> Self {
        let versions = catalog.iter().filter(|(id, _)| id.kind == Kind::Extension).filter_map(|(id, _)| id.name().cloned());
        Self {
            every_owner: true,
            owners: BTreeSet::new(),
            privileges: true,
            default_privileges: true,
            versions: versions.collect(),
            wholesale: BTreeSet::new(),
            database: Kind::ALL.iter().copied().collect(),
        }
    }

    /// As the settings have it: everything, nothing, or what the files themselves say.
    pub fn managed(mut self, manage: Manage) -> Self {
        if manage.owners != Managing::Auto {
            self.every_owner = manage.owners == Managing::Always;
            self.owners.clear();
        }
        if manage.privileges != Managing::Auto {
            self.privileges = manage.privileges == Managing::Always;
            self.default_privileges = self.privileges;
        }
        self
    }
}

/// How much stays as it is although the files would make something else of it, because they do not speak of such things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LeftAlone {
    /// Objects with another owner than the role that runs the files.
    pub owners: usize,
    /// Objects with other privileges.
    pub privileges: usize,
}

/// Counts what [`merge`] leaves alone, of objects that stay; `role` runs the files.
pub fn left_alone(current: &Catalog, wanted: &Catalog, speaks: &Speaks, role: &Ident) -> LeftAlone {
    let stays = |id: &ObjectId| id.target().is_none_or(|target| wanted.contains(target) && current.contains(target));
    let spoken = |owner: &Ident| speaks.every_owner || speaks.owners.contains(owner);
    let others = |(id, entry): &(&ObjectId, &Entry)| match (&entry.object, wanted.object(id)) {
        (Object::Owner(owner), wanted) if stays(id) => {
            let said = matches!(wanted, Some(Object::Owner(said)) if spoken(&said.role));
            let made = wanted.is_some_and(|made| *made == entry.object);
            !speaks.every_owner && !said && !made && owner.role != *role && !owner.role.as_str().starts_with("pg_")
        }
        _ => false,
    };
    let owners = current.of_kind(Kind::Owner).filter(others).count();
    let granted = || grants(current).into_iter().filter(|id| stays(id) && wanted.object(id) != current.object(id)).count();
    let taken = || grants(wanted).into_iter().filter(|id| stays(id) && !current.contains(id)).count();
    LeftAlone { owners, privileges: if speaks.privileges { 0 } else { granted() + taken() } }
}

/// The wanted catalog, completed by what is there and not spoken of.
#[tracing::instrument(level = "debug", skip_all)]
pub fn merge(current: &Catalog, mut wanted: Catalog, speaks: &Speaks) -> Catalog {
    owners(current, &mut wanted, speaks);
    versions(current, &mut wanted, speaks);
    if !speaks.default_privileges {
        keep(current, &mut wanted, |catalog| of_kinds(catalog, &[Kind::DefaultPrivileges]));
    }
    if !speaks.privileges {
        keep(current, &mut wanted, grants);
    }
    keep(current, &mut wanted, |catalog| database::said(catalog).into_iter().filter(|id| !speaks.database.contains(&id.kind)).collect());
    births(current, &mut wanted, speaks);
    privileges::settle_owners(&mut wanted);
    owned(current, &mut wanted);
    crate::object::constraint::keep_names(current, &mut wanted);
    wanted
}

/// What a table has by itself beside what it inherits, it keeps: NO INHERIT gives it that, and no statement takes it back. Of
/// new partitions, ATTACH does.
fn owned(current: &Catalog, wanted: &mut Catalog) {
    let inherits = |id: &ObjectId| {
        let links = crate::diff::inheriting(wanted, id);
        // A CHECK of a partition is its parent's once that has it; a NOT NULL, only when it is attached.
        let keeps = |link: &ObjectId| id.target().is_some() && current.contains(link);
        links.iter().any(|link| matches!(wanted.object(link), Some(Object::Inheritance(to)) if to.bound.is_none() || keeps(link)))
    };
    // What a parent comes by only now meets none of its name: the table's own goes first.
    let passed_on = |catalog: &Catalog, id: &ObjectId| {
        let links = crate::diff::inheriting(catalog, id).into_iter().filter(|link| current.contains(link) && wanted.contains(link));
        let above = links
            .filter_map(|link| catalog.object(&catalog.object(&link).and_then(Object::inherits_from).map(|parent| id.moved_to(parent))?));
        above.into_iter().any(|object| matches!(object, Object::Constraint(above) if !above.no_inherit))
    };
    let comes_first = |id: &ObjectId| id.name().is_some() && passed_on(wanted, id) && !passed_on(current, id);
    let own = |id: &ObjectId| current.object(id).is_some_and(|present| !present.inherited()) && !comes_first(id);
    let kept: Vec<ObjectId> = wanted
        .scan()
        .filter(|(id, entry)| matches!(&entry.object, Object::Constraint(constraint) if constraint.inherited && constraint.is_told_from_inherited(wanted.major)) && own(id) && inherits(id))
        .map(|(id, _)| id.clone())
        .collect();
    for id in kept {
        if let Some(Entry { object: Object::Constraint(constraint), .. }) = wanted.get_mut(&id) {
            constraint.inherited = false;
        }
    }
}

fn of_kinds(catalog: &Catalog, kinds: &[Kind]) -> Vec<ObjectId> {
    kinds.iter().flat_map(|kind| catalog.of_kind(*kind)).map(|(id, _)| id.clone()).collect()
}

/// The privileges on everything but the database itself.
fn grants(catalog: &Catalog) -> Vec<ObjectId> {
    let mut all = of_kinds(catalog, &[Kind::Privileges, Kind::AlteredPrivileges]);
    all.retain(|id| !id.is_about_database());
    all
}

/// Takes objects from the current catalog in place of the wanted ones.
fn keep(current: &Catalog, wanted: &mut Catalog, which: impl Fn(&Catalog) -> Vec<ObjectId>) {
    for id in which(wanted) {
        wanted.remove(&id);
    }
    for id in &which(current) {
        let Some(entry) = current.get(id) else { continue };
        let behind = |target| entry.parent.as_ref().and_then(|above| wanted.object(above)?.sequence_behind()).as_ref() == Some(target);
        let there = match id.target().filter(|_| !id.kind.is_about_members()) {
            Some(target) => wanted.contains(target) || behind(target),
            None => entry.needs.iter().all(|need| wanted.contains(need)),
        };
        if there {
            wanted.adopt(current, id);
        }
    }
}

fn owners(current: &Catalog, wanted: &mut Catalog, speaks: &Speaks) {
    let unsaid: Vec<ObjectId> = wanted
        .iter()
        .filter(|(_, entry)| matches!(&entry.object, Object::Owner(owner) if !speaks.every_owner && !speaks.owners.contains(&owner.role)))
        .map(|(id, _)| id.clone())
        .collect();
    for id in unsaid {
        wanted.remove(&id);
    }
    for (id, _) in current.of_kind(Kind::Owner) {
        if id.target().is_some_and(|target| wanted.contains(target)) && !wanted.contains(id) && !is_owned_sequence(wanted, id) {
            wanted.adopt(current, id);
        }
    }
    freed(current, wanted);
}

/// What is no longer linked to what it had its owner from keeps that.
fn freed(current: &Catalog, wanted: &mut Catalog) {
    let mut gone = current.unshared(wanted);
    gone.retain(|link| link.kind.shares_owners() && !wanted.contains(link));
    for (link, entry) in gone.iter().filter_map(|link| Some((link, current.get(link)?))) {
        let Some(target) = link.target().filter(|target| wanted.contains(target) && !wanted.contains(&target.owner())) else { continue };
        let above = entry.needs.iter().filter_map(ObjectId::qname).filter_map(|name| current.relation(name));
        let owner = above.filter_map(|(relation, _)| current.object(&relation.owner())).next().cloned();
        if let Some(owner) = owner {
            let target = target.clone();
            wanted.insert(target.owner(), Entry::new(owner, Some(target)));
        }
    }
}

/// A sequence that a column owns has the table's owner.
fn is_owned_sequence(wanted: &Catalog, owner: &ObjectId) -> bool {
    owner.target().is_some_and(|target| wanted.children_of(target, Kind::OwnedBy).next().is_some())
}

fn versions(current: &Catalog, wanted: &mut Catalog, speaks: &Speaks) {
    let mut unsaid = of_kinds(wanted, &[Kind::Extension]);
    unsaid.retain(|id| !id.name().is_some_and(|name| speaks.versions.contains(name)));
    for id in unsaid {
        if let Some(Entry { object: Object::Extension(extension), .. }) = wanted.get_mut(&id) {
            extension.version = match current.object(&id) {
                Some(Object::Extension(present)) => present.version.clone(),
                _ => None,
            };
        }
    }
}

/// New objects get what default privileges give them: where privileges are not spoken of, that is what is wanted. (Where they
/// are, the plan takes it back: [`births`](super::births).)
fn births(current: &Catalog, wanted: &mut Catalog, speaks: &Speaks) {
    if speaks.privileges || current.of_kind(Kind::DefaultPrivileges).next().is_none() {
        return;
    }
    let major = wanted.major;
    let whole = wanted.iter().map(|(id, _)| (id.clone(), id.clone()));
    let behind = wanted.iter().filter_map(|(id, entry)| Some((entry.object.sequence_behind()?, id.clone())));
    let was_behind = |target: &ObjectId, id: &ObjectId| current.object(id).and_then(Object::sequence_behind).as_ref() == Some(target);
    let born: Vec<(ObjectId, ObjectId)> = whole
        .chain(behind)
        .filter(|(id, _)| !current.contains(id) && !privileges::built_in(id.kind, major).is_empty())
        .filter(|(id, bearer)| !was_behind(id, bearer) && !wanted.contains(&ObjectId::of(Kind::Privileges, id.clone())))
        .collect();
    for (target, bearer) in born {
        let grants = crate::object::default_privileges::at_birth(&target, &privileges::Grants::new(), current, major);
        if grants != privileges::built_in(target.kind, major) {
            let entry = Entry::new(privileges::Privileges::from(grants), Some(bearer));
            wanted.insert(ObjectId::of(Kind::Privileges, target), entry);
        }
    }
}
