//! The difference of two catalogs, without knowing any kind of object.
//!
//! Every object that is not the same on both sides gets an [`Action`]. Then what hangs on a changed object is followed along
//! the dependency edges of the catalog before: what depends on something that goes away must go too, and come back if it is
//! wanted; what depends on something that is only disturbed must go unless it says that it withstands that.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use thiserror::Error;

use crate::canon::still_calls;
use crate::model::{Catalog, Dependents, ObjectId, Pair};
use crate::object::{Change, Cx, Object};

/// What happens to one object.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It is new.
    Create,
    /// It goes.
    Drop,
    /// It goes and comes back.
    Rebuild,
    /// It changes where it is.
    Change(Change),
    /// It follows from what happens to the same thing of a parent table.
    Implied(Box<Action>),
}

impl Action {
    /// Whether the object as it was goes away.
    pub const fn removes(&self) -> bool {
        matches!(self, Self::Drop | Self::Rebuild | Self::Change(Change::Swap { .. }))
    }

    /// Whether the object as it shall be comes into being.
    pub const fn makes(&self) -> bool {
        matches!(self, Self::Create | Self::Rebuild | Self::Change(Change::Swap { .. }))
    }

    /// What really happens, whether by its own statements or by those of a parent table.
    pub fn effect(&self) -> &Self {
        match self {
            Self::Implied(action) => action,
            other => other,
        }
    }
}

/// A difference that cannot be planned.
#[derive(Debug, Error)]
pub enum DiffError {
    /// A defect of a kind: two versions differ and nothing would make one of the other.
    #[error("{0} differs, but trueup knows no statement that makes the wanted one of it")]
    NoStep(ObjectId),
}

/// What must happen, object by object.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    /// Every object to which something happens.
    pub actions: BTreeMap<ObjectId, Action>,
    /// Those that come into being.
    pub created: BTreeSet<ObjectId>,
}

impl Delta {
    /// Whether the two catalogs are the same.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }
}

/// Works out what must happen.
///
/// # Errors
/// Where two versions of an object differ and its kind gives no way from one to the other.
pub fn delta(pair: Pair<&Catalog>, online: bool) -> Result<Delta, DiffError> {
    delta_with(pair, online, &BTreeSet::new())
}

/// As [`delta`], where some objects are made anew though they could change in place.
///
/// # Errors
/// As [`delta`].
#[tracing::instrument(level = "debug", skip_all)]
pub fn delta_with(pair: Pair<&Catalog>, online: bool, anew: &BTreeSet<ObjectId>) -> Result<Delta, DiffError> {
    let mut work = Work { pair, online, delta: direct(pair), rebound: BTreeMap::new() };
    work.classify();
    work.make_way();
    work.renew();
    work.delta.actions.extend(anew.iter().map(|id| (id.clone(), Action::Rebuild)));
    if work.delta.actions.values().any(|action| action.effect() != &Action::Create) {
        let dependents = pair.from.dependents();
        work.follow(&dependents);
        while work.bind() {
            work.follow(&dependents);
        }
    }
    work.delta.created = work.delta.actions.iter().filter(|(_, action)| action.effect().makes()).map(|(id, _)| id.clone()).collect();
    work.imply();
    work.settle()?;
    work.say_again();
    Ok(work.delta)
}

/// Creates, drops, and what differs, as if nothing depended on anything.
fn direct(pair: Pair<&Catalog>) -> Delta {
    let mut delta = Delta::default();
    for id in pair.from.unshared(pair.to) {
        let Some(entry) = pair.from.get(&id) else { continue };
        match pair.to.get(&id) {
            None => {
                delta.actions.insert(id, Action::Drop);
            }
            // What is said of a thing goes with it where another thing takes its name (the sequence of an identity, the index of a constraint).
            Some(wanted) if id.target().is_some() && entry.parent != wanted.parent => {
                delta.actions.insert(id, Action::Rebuild);
            }
            Some(wanted) if wanted.object != entry.object => {
                delta.actions.insert(id, Action::Change(Change::Replace));
            }
            Some(_) => {}
        }
    }
    for id in pair.to.unshared(pair.from) {
        if !pair.from.contains(&id) {
            delta.actions.insert(id.clone(), Action::Create);
            delta.created.insert(id);
        }
    }
    delta
}

struct Work<'a> {
    pair: Pair<&'a Catalog>,
    online: bool,
    delta: Delta,
    /// What points itself to something that comes anew, and to what.
    rebound: BTreeMap<ObjectId, ObjectId>,
}

impl Work<'_> {
    fn versions(&self, id: &ObjectId) -> Option<Pair<&Object>> {
        Some(Pair::new(self.pair.from.object(id)?, self.pair.to.object(id)?))
    }

    fn ask(&self, id: &ObjectId) -> Option<Change> {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        Object::alter(id, self.versions(id)?, &cx)
    }

    /// Asks every kind how its changed objects change.
    fn classify(&mut self) {
        let changed: Vec<ObjectId> =
            self.delta.actions.iter().filter(|(_, a)| matches!(a, Action::Change(_))).map(|(id, _)| id.clone()).collect();
        for id in changed {
            let action = match self.ask(&id) {
                None | Some(Change::Replace) => Action::Rebuild,
                Some(change) => Action::Change(change),
            };
            let (id, action) = self.bearer(id, action);
            // Columns that differ from the parent's keep their rows.
            if action == Action::Rebuild && id.kind.is_heritable() && !id.kind.is_dotted() {
                self.rebuild_above(&id);
            }
            self.delta.actions.insert(id, action);
        }
        self.add();
    }

    /// Takes out of the way of changes what they do not suffer, and puts it back afterwards.
    fn make_way(&mut self) {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let changing = self.delta.actions.iter().filter(|(_, action)| matches!(action, Action::Change(_)));
        let changing = changing.filter_map(|(id, _)| Some((id, self.versions(id)?)));
        let coming = self
            .delta
            .actions
            .iter()
            .filter(|(_, action)| action.makes())
            .flat_map(|(id, _)| Object::in_the_way_of_new(id, &cx).into_iter().map(move |other| (other, id.clone())));
        let in_the_way: BTreeMap<ObjectId, ObjectId> = changing
            .flat_map(|(id, versions)| Object::in_the_way(id, versions, &cx).into_iter().map(move |other| (other, id.clone())))
            .chain(coming)
            .collect();
        for (id, of) in in_the_way.into_iter().filter(|(id, _)| self.pair.from.contains(id) && self.pair.to.contains(id)) {
            let anew = matches!(self.delta.actions.get(&id), Some(Action::Rebuild | Action::Change(Change::Swap { .. })));
            match self.versions(&id).and_then(|versions| Object::lets_go(&id, versions, &of)) {
                Some(_) if anew => {}
                Some(lets_go) => {
                    self.delta.actions.insert(id, Action::Change(lets_go));
                }
                None => {
                    self.rebuild_above(&id);
                    self.delta.actions.insert(id, Action::Rebuild);
                }
            }
        }
    }

    /// Makes anew what means something else though it is written as before.
    fn renew(&mut self) {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let others: Vec<ObjectId> = self.delta.actions.keys().flat_map(|id| Object::meant_otherwise(id, &cx)).collect();
        for id in others {
            self.delta.actions.entry(id).or_insert(Action::Rebuild);
        }
    }

    /// What a table only inherits goes and comes back with what the parent has.
    fn rebuild_above(&mut self, id: &ObjectId) {
        let inherited = |catalog: &Catalog| catalog.object(id).is_some_and(Object::inherited);
        if !inherited(self.pair.from) || !inherited(self.pair.to) {
            return;
        }
        for link in inheriting(self.pair.to, id).into_iter().filter(|link| self.pair.from.contains(link)) {
            let Some(above) = self.pair.to.object(&link).and_then(Object::inherits_from).map(|parent| id.moved_to(parent)) else {
                continue;
            };
            let is_there = self.pair.from.contains(&above) && self.pair.to.contains(&above);
            if is_there && self.delta.actions.get(&above) != Some(&Action::Rebuild) {
                self.delta.actions.insert(above.clone(), Action::Rebuild);
                self.rebuild_above(&above);
                self.rebuild_below(&above);
            }
        }
    }

    /// What other tables inherit from it goes and comes back with it.
    fn rebuild_below(&mut self, id: &ObjectId) {
        let Some(name) = id.qname() else { return };
        let staying = self.pair.to.inheritors(name).filter(|(link, _)| self.pair.from.contains(link));
        let children: Vec<ObjectId> = staying.filter_map(|(_, entry)| Some(id.moved_to(entry.parent.as_ref()?.qname()?))).collect();
        let inherited = |id: &ObjectId| [self.pair.from, self.pair.to].iter().all(|c| c.object(id).is_some_and(Object::inherited));
        let children: Vec<ObjectId> = children.into_iter().filter(inherited).collect();
        for child in children {
            if self.delta.actions.get(&child) != Some(&Action::Rebuild) {
                self.delta.actions.insert(child.clone(), Action::Rebuild);
                self.rebuild_below(&child);
            }
        }
    }

    /// What is new and cannot be added to the object that it is a part of hands that a change.
    fn add(&mut self) {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let added = self.delta.actions.iter().filter(|(_, action)| **action == Action::Create).filter_map(|(id, _)| {
            let entry = self.pair.to.get(id)?;
            let comes = |parent: &&ObjectId| matches!(self.delta.actions.get(*parent), Some(Action::Create | Action::Rebuild));
            let swapped = |parent: &&ObjectId| matches!(self.delta.actions.get(*parent), Some(Action::Change(Change::Swap { .. })));
            let parent = entry.parent.as_ref().filter(|parent| !comes(parent) && !swapped(parent))?;
            Some((parent.clone(), entry.object.added(id, &cx)?))
        });
        for (parent, change) in added.collect::<Vec<_>>() {
            let action = if change == Change::Replace { Action::Rebuild } else { Action::Change(change) };
            self.delta.actions.insert(parent, action);
        }
    }

    /// To what something really happens: a part that cannot change alone hands the change to the object that it is a part of.
    fn bearer(&self, mut id: ObjectId, mut action: Action) -> (ObjectId, Action) {
        while let Action::Change(Change::Whole(change)) = action {
            (id, action) = match self.pair.from.get(&id).and_then(|entry| entry.parent.clone()) {
                Some(parent) => (parent, Action::Change(*change)),
                None => (id, Action::Rebuild),
            };
        }
        let action = if action == Action::Change(Change::Replace) { Action::Rebuild } else { action };
        (id, action)
    }

    /// Follows the dependency edges from everything that goes away or is disturbed.
    fn follow(&mut self, dependents: &Dependents<'_>) {
        let mut open: VecDeque<ObjectId> = self.delta.actions.iter().filter(|(_, a)| Self::spreads(a)).map(|(id, _)| id.clone()).collect();
        while let Some(source) = open.pop_front() {
            let Some(action) = self.delta.actions.get(&source).cloned() else { continue };
            for dependent in dependents.of(&source) {
                let Some(next) = self.consequence(&source, &action, dependent) else { continue };
                let (bearer, next) = self.bearer(dependent.clone(), next);
                let present = self.delta.actions.get(&bearer);
                let settled = bearer != *dependent && matches!(present, Some(Action::Drop | Action::Rebuild | Action::Create));
                if bearer == *dependent && matches!(next, Action::Change(_)) {
                    self.rebound.insert(bearer.clone(), source.clone());
                }
                if !settled && present != Some(&next) {
                    let spreads = Self::spreads(&next);
                    self.delta.actions.insert(bearer.clone(), next);
                    if spreads {
                        open.push_back(bearer);
                    }
                }
            }
        }
    }

    /// Makes anew what no statement frees of what goes; whether there was any such thing.
    fn bind(&mut self) -> bool {
        let removed = |id: &ObjectId| self.delta.actions.get(id).is_some_and(Action::removes);
        let gone = self.delta.actions.keys().filter(|id| removed(id));
        let bound: Vec<ObjectId> = gone.flat_map(|id| Object::bound(id, self.pair.from, removed)).collect();
        let more: Vec<ObjectId> = bound.into_iter().filter(|id| self.pair.to.contains(id) && !removed(id)).collect();
        let found = !more.is_empty();
        self.delta.actions.extend(more.into_iter().map(|id| (id, Action::Rebuild)));
        found
    }

    fn spreads(action: &Action) -> bool {
        match action {
            Action::Drop | Action::Rebuild => true,
            Action::Change(change) => matches!(change, Change::Disturbing(_) | Change::Swap { .. }),
            Action::Create | Action::Implied(_) => false,
        }
    }

    /// What happens to something that needs `source`, to which `action` happens. `None`: nothing beyond what happens anyway.
    fn consequence(&self, source: &ObjectId, action: &Action, dependent: &ObjectId) -> Option<Action> {
        let present = self.delta.actions.get(dependent);
        if matches!(present, Some(Action::Drop | Action::Rebuild | Action::Create)) {
            return None;
        }
        if !self.pair.to.contains(dependent) {
            return Some(Action::Drop);
        }
        let entry = self.pair.from.get(dependent)?;
        let is_part = entry.parent.as_ref() == Some(source);
        let consequence = match action {
            Action::Change(Change::Disturbing(_)) => (!entry.object.withstands(dependent, source)).then_some(Action::Rebuild),
            Action::Rebuild | Action::Change(Change::Swap { .. }) if is_part => Some(Action::Rebuild),
            Action::Rebuild | Action::Change(Change::Swap { .. }) => Some(self.rebound(source, dependent, present)),
            // An in-place change of something that no longer needs what is dropped frees it; an unchanged object cannot.
            Action::Drop => {
                (!matches!(present, Some(Action::Change(_))) || self.takes_overload(source, dependent)).then_some(Action::Rebuild)
            }
            _ => None,
        };
        let stays = action.removes() && !matches!(present, Some(Action::Change(Change::Swap { .. })));
        let lets_go = || self.versions(dependent).and_then(|versions| Object::lets_go(dependent, versions, source)).map(Action::Change);
        if stays && consequence == Some(Action::Rebuild) { lets_go().or(consequence) } else { consequence }
    }

    /// Whether it turns from a routine that goes to another one of the same name: while both are there, a call may find the wrong one, or be
    /// ambiguous, so that it must go before the one does and come back once the other is there. What says by other words that it calls one
    /// that was there before need not.
    fn takes_overload(&self, gone: &ObjectId, dependent: &ObjectId) -> bool {
        let needs = self.pair.to.get(dependent).into_iter().flat_map(|entry| &entry.needs);
        let mut others = needs.filter(|need| need.is_overload_of(gone)).peekable();
        others.peek().is_some() && (others.any(|need| !self.pair.from.contains(need)) || still_calls(self.pair, dependent, gone))
    }

    fn rebound(&self, source: &ObjectId, dependent: &ObjectId, present: Option<&Action>) -> Action {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let change = self.versions(dependent).and_then(|versions| Object::rebind(dependent, versions, source, &cx));
        match (change, present) {
            (None | Some(Change::Replace), _) => Action::Rebuild,
            (Some(Change::InPlace(steps)), Some(Action::Change(before))) if steps.is_empty() => Action::Change(before.clone()),
            (Some(change), _) => Action::Change(change),
        }
    }

    /// Marks what follows from the same thing of a parent table.
    fn imply(&mut self) {
        let implied: Vec<ObjectId> = self
            .delta
            .actions
            .iter()
            .filter(|(id, action)| !matches!(action, Action::Change(_)) && self.is_implied(id))
            .map(|(id, _)| id.clone())
            .collect();
        for id in implied {
            if let Some(action) = self.delta.actions.remove(&id) {
                self.delta.actions.insert(id, Action::Implied(Box::new(action)));
            }
        }
    }

    fn is_implied(&self, id: &ObjectId) -> bool {
        let inherited = |catalog: &Catalog| catalog.object(id).is_none_or(Object::inherited);
        // Of several parents, the one that stays must be one that has it.
        let by = |link: &ObjectId| {
            let above = self.pair.to.object(link).and_then(Object::inherits_from).map(|parent| id.moved_to(parent));
            above.is_some_and(|above| self.pair.from.contains(&above) || self.pair.to.contains(&above))
        };
        let stays = |link: &ObjectId| self.pair.from.contains(link) && !self.delta.created.contains(link);
        inherited(self.pair.from)
            && inherited(self.pair.to)
            && inheriting(self.pair.to, id).into_iter().any(|link| stays(&link) && by(&link))
    }

    /// Asks for all statements again, now that it is known what comes into being.
    fn settle(&mut self) -> Result<(), DiffError> {
        let stays = |action: &Action| matches!(action, Action::Change(Change::InPlace(_) | Change::Disturbing(_)));
        let changed: Vec<ObjectId> = self.delta.actions.iter().filter(|(_, action)| stays(action)).map(|(id, _)| id.clone()).collect();
        for id in changed {
            let change = match self.ask_rebound(&id) {
                Some(change) => change,
                None if !self.versions(&id).is_some_and(|pair| pair.differs()) => continue,
                None => self.ask(&id).ok_or_else(|| DiffError::NoStep(id.clone()))?,
            };
            let action = Action::Change(change);
            if stays(&action) {
                self.delta.actions.insert(id, action);
            }
        }
        Ok(())
    }

    /// Says again what changes lose that shall stay.
    fn say_again(&mut self) {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let changes = self.delta.actions.iter().filter_map(|(id, action)| match action.effect() {
            Action::Change(change) => Some((id, change)),
            _ => None,
        });
        let lost: BTreeSet<ObjectId> = changes.flat_map(|(id, change)| Object::forgotten(id, change, &cx)).collect();
        let again = lost.into_iter().filter(|id| !self.delta.actions.contains_key(id));
        let again: Vec<_> = again.filter_map(|id| Some((self.pair.to.object(&id)?.create(&id, &BTreeSet::new(), &cx), id))).collect();
        self.delta.actions.extend(again.into_iter().map(|(steps, id)| (id, Action::Change(Change::InPlace(steps)))));
    }

    /// How it points itself to what comes anew, if it takes statements to do so.
    fn ask_rebound(&self, id: &ObjectId) -> Option<Change> {
        let cx = Cx { from: self.pair.from, to: self.pair.to, online: self.online, created: &self.delta.created };
        let change = Object::rebind(id, self.versions(id)?, self.rebound.get(id)?, &cx)?;
        (!matches!(&change, Change::InPlace(steps) if steps.is_empty())).then_some(change)
    }
}

/// The links by which the relation that `id` belongs to inherits.
pub fn inheriting(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let Some((relation, _)) = id.qname().and_then(|name| catalog.relation(name)) else { return Vec::new() };
    catalog.children(relation).filter(|child| child.kind.is_inheritance()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Entry, QName, TypeName};
    use crate::object::Kind;
    use crate::object::attribute::Attribute;
    use crate::object::column::Position;
    use crate::object::composite::Composite;
    use crate::object::domain::Domain;

    fn catalog(type_of_attribute: &str) -> (Catalog, ObjectId, ObjectId) {
        let mut catalog = Catalog::empty(18);
        let name = QName::new("s", "c");
        let composite = ObjectId::in_schema(Kind::Composite, name.clone());
        let attribute = ObjectId::on(Kind::Attribute, name, "a");
        let type_name = TypeName(type_of_attribute.to_owned());
        catalog.insert(composite.clone(), Entry::new(Composite {}, None));
        catalog.insert(
            attribute.clone(),
            Entry::new(Attribute { position: Position(1), type_name, collation: None }, Some(composite.clone())),
        );
        (catalog, composite, attribute)
    }

    #[test]
    fn a_part_that_cannot_change_alone_hands_the_change_to_the_whole() {
        let ((mut from, composite, attribute), (mut to, ..)) = (catalog("integer"), catalog("bigint"));
        let delta_of = |from: &Catalog, to: &Catalog| delta(Pair::new(from, to), true).map(|delta| delta.actions);
        let alone = delta_of(&from, &to).unwrap_or_default();
        assert!(matches!(alone.get(&attribute), Some(Action::Change(Change::Disturbing(_)))), "{alone:?}");
        let domain = ObjectId::in_schema(Kind::Domain, QName::new("s", "d"));
        // What state the column has does not matter here.
        let column = ObjectId::on(Kind::Column, QName::new("s", "t"), "x");
        for catalog in [&mut from, &mut to] {
            let base = Domain { base: TypeName("s.c".to_owned()), collation: None, default: None };
            catalog.insert(domain.clone(), Entry::new(base, None).needing([composite.clone()]));
            catalog.insert(column.clone(), Entry::new(Composite {}, None).needing([domain.clone()]));
        }
        let held = delta_of(&from, &to).unwrap_or_default();
        assert!(matches!(held.get(&composite), Some(Action::Change(Change::Swap { .. }))), "{held:?}");
        assert_eq!(held.get(&attribute), Some(&Action::Rebuild));
    }
}
