//! Giving an object another identity, and everything that is named through it.

use std::collections::BTreeMap;

use super::Kind;
use crate::model::{Catalog, Ident, Key, ObjectId, QName, TypeName};

/// Old identities and new ones.
pub struct Renaming {
    map: BTreeMap<ObjectId, ObjectId>,
}

/// Names of one kind of object follow its rename.
pub fn follow<'a>(kind: Kind, names: impl IntoIterator<Item = &'a mut QName>, from: &ObjectId, to: &ObjectId) {
    let Some((old, new)) = from.qname().zip(to.qname()).filter(|_| from.kind == kind) else { return };
    names.into_iter().filter(|name| *name == old).for_each(|name| name.clone_from(new));
}

/// The same of a name that no schema stands before.
pub fn follow_global(kind: Kind, name: &mut Ident, from: &ObjectId, to: &ObjectId) {
    if let Some((old, new)) = from.name().zip(to.name()).filter(|_| from.kind == kind)
        && name == old
    {
        name.clone_from(new);
    }
}

/// The same of functions that are kept as text, by their names alone or with their arguments.
pub fn follow_functions<'a>(texts: impl IntoIterator<Item = &'a mut String>, spelled: FunctionAs, from: &ObjectId, to: &ObjectId) {
    if from.kind != Kind::Function {
        return;
    }
    let text = |id: &ObjectId| match spelled {
        FunctionAs::Name => id.qname().map(ToString::to_string),
        FunctionAs::Signature => Some(id.spelled()),
    };
    let Some((old, new)) = text(from).zip(text(to)) else { return };
    texts.into_iter().filter(|text| **text == old).for_each(|text| text.clone_from(&new));
}

/// How a text says a function.
#[derive(Clone, Copy, Debug)]
pub enum FunctionAs {
    /// By its qualified name.
    Name,
    /// With the types of its arguments behind that.
    Signature,
}

impl Renaming {
    /// What must be called otherwise when `from` becomes `to`: its parts and satellites, and links that spell its name.
    pub fn new(catalog: &Catalog, from: &ObjectId, to: &ObjectId) -> Self {
        let mut map = BTreeMap::from([(from.clone(), to.clone())]);
        let mut open: Vec<ObjectId> = catalog.children(from).cloned().collect();
        while let Some(id) = open.pop() {
            open.extend(catalog.children(&id).cloned());
            let renamed = Self::rekeyed(&id, from, to, &map);
            map.insert(id, renamed);
        }
        let (old, new) = (from.spelled(), to.spelled());
        for (id, _) in catalog.iter().filter(|(id, _)| id.is_link()) {
            if id.key == Key::Of(from.clone()) {
                map.insert(id.clone(), ObjectId::of(id.kind, to.clone()));
            }
            if let Key::Two(child, parent) = &id.key
                && (*child == old || *parent == old)
            {
                let swap = |text: &String| if *text == old { new.clone() } else { text.clone() };
                map.insert(id.clone(), ObjectId::new(id.kind, Key::Two(swap(child), swap(parent))));
            }
        }
        map.extend(super::publication::members_renamed(catalog, from, to));
        if Kind::TYPES.contains(&from.kind) {
            Self::routines(catalog, from, to, &mut map);
        }
        if Kind::TYPES.contains(&from.kind) || matches!(from.kind, Kind::Server | Kind::Language) {
            Self::pairs(catalog, from, to, &mut map);
        }
        Self { map }
    }

    /// Routines are known by the types of their arguments.
    fn routines(catalog: &Catalog, from: &ObjectId, to: &ObjectId, map: &mut BTreeMap<ObjectId, ObjectId>) {
        for (id, _) in catalog.iter() {
            let Key::Routine(name, types) = &id.key else { continue };
            let swap = |text: &String| {
                let mut name = TypeName(text.clone());
                super::typing::rename_type(&mut name, from, to);
                name.0
            };
            let swapped: Vec<String> = types.iter().map(swap).collect();
            if swapped == *types {
                continue;
            }
            let renamed = ObjectId::new(id.kind, Key::Routine(name.clone(), swapped));
            map.insert(id.clone(), renamed.clone());
            for part in catalog.descendants(id) {
                let rekeyed = Self::rekeyed(&part, id, &renamed, map);
                map.insert(part, rekeyed);
            }
        }
    }

    /// Casts, transforms and user mappings are known by two names: of types, of a language, of a server.
    fn pairs(catalog: &Catalog, from: &ObjectId, to: &ObjectId, map: &mut BTreeMap<ObjectId, ObjectId>) {
        let of_type = |text: &String| {
            let mut name = TypeName(text.clone());
            super::typing::rename_type(&mut name, from, to);
            name.0
        };
        let of_kind = |kind: Kind, text: &String| if from.kind == kind && *text == from.spelled() { to.spelled() } else { text.clone() };
        for (id, _) in [Kind::Cast, Kind::Transform, Kind::UserMapping].into_iter().flat_map(|kind| catalog.of_kind(kind)) {
            let key = match (id.kind, &id.key) {
                (Kind::Cast, Key::Two(source, target)) => Key::Two(of_type(source), of_type(target)),
                (Kind::Transform, Key::Two(of, language)) => Key::Two(of_type(of), of_kind(Kind::Language, language)),
                (Kind::UserMapping, Key::Two(role, server)) => Key::Two(role.clone(), of_kind(Kind::Server, server)),
                _ => continue,
            };
            let renamed = ObjectId::new(id.kind, key);
            if renamed == *id {
                continue;
            }
            map.insert(id.clone(), renamed.clone());
            for part in catalog.descendants(id) {
                let rekeyed = Self::rekeyed(&part, id, &renamed, map);
                map.insert(part, rekeyed);
            }
        }
    }

    fn rekeyed(id: &ObjectId, from: &ObjectId, to: &ObjectId, map: &BTreeMap<ObjectId, ObjectId>) -> ObjectId {
        let key = match &id.key {
            Key::OnRelation(relation, name) => match (&from.key, &to.key) {
                (Key::InSchema(old), Key::InSchema(new)) if old == relation => Key::OnRelation(new.clone(), name.clone()),
                _ => id.key.clone(),
            },
            // What lies in a table's schema moves with the table to another one.
            Key::InSchema(name) => match (from.schema(), to.schema()) {
                (Some(old), Some(new)) if *old == name.schema && old != new => {
                    Key::InSchema(QName { schema: new.clone(), name: name.name.clone() })
                }
                _ => id.key.clone(),
            },
            Key::Of(target) => Key::Of(map.get(target).cloned().unwrap_or_else(|| Self::rekeyed(target, from, to, map))),
            Key::OfNamed(target, name) => {
                Key::OfNamed(map.get(target).cloned().unwrap_or_else(|| Self::rekeyed(target, from, to, map)), name.clone())
            }
            other => other.clone(),
        };
        ObjectId::new(id.kind, key)
    }

    fn renamed(&self, id: ObjectId) -> ObjectId {
        self.map.get(&id).cloned().unwrap_or(id)
    }

    /// Gives the objects of a catalog their new identities.
    pub fn apply(&self, catalog: &mut Catalog) {
        let mut changed = Vec::new();
        for (id, entry) in catalog.iter() {
            let mut new = entry.clone();
            new.parent = new.parent.map(|parent| self.renamed(parent));
            new.auto = new.auto.map(|auto| self.renamed(auto));
            new.needs = new.needs.into_iter().map(|need| self.renamed(need)).collect();
            new.wants = new.wants.into_iter().map(|want| self.renamed(want)).collect();
            // Others of the name have other arguments.
            let meant = |from: &ObjectId| from.kind != Kind::Function || entry.needs.contains(from) || entry.wants.contains(from);
            for (from, to) in self.map.iter().filter(|(from, _)| meant(from)) {
                new.object.renamed(id, from, to);
            }
            if self.map.contains_key(id) || new != *entry {
                changed.push((id.clone(), new));
            }
        }
        for (id, _) in &changed {
            catalog.remove(id);
        }
        for (id, entry) in changed {
            catalog.insert(self.renamed(id), entry);
        }
    }
}
