//! Calls of which only the types of their arguments tell what they mean: functions and operators that have the names of PostgreSQL's own,
//! or that several schemas of `search_path` have.

use pg_query::Node;

use super::resolve::{References, Resolver, name_nodes, takes};
use super::{DdlError, Kind, Session};
use crate::analyze::Scope;
use crate::analyze::candidates::{Place, place};
use crate::analyze::extensions::{with_function, with_operator};
use crate::analyze::overload::is_builtin_operator;
use crate::analyze::types::Type;
use crate::canon::{self, Decided};
use crate::model::{Key, ObjectId, QName};
use crate::sql::Name;

/// What a call could mean beside what PostgreSQL has.
pub(super) struct Undecided {
    candidates: Vec<ObjectId>,
    /// The schema that is taken where types do not tell.
    otherwise: Place,
}

/// Which operator is meant.
pub(super) enum Which {
    /// One of PostgreSQL's.
    PostgreSqls,
    /// The one of that name.
    Own(QName),
    /// Types tell; what marks the node.
    Undecided(i32),
}

impl Which {
    /// Writes it to a node: to its name, or as a mark to where in the text it stands.
    pub(super) fn write(self, name: &mut Vec<Node>, location: &mut i32) {
        match self {
            Self::PostgreSqls => {}
            Self::Undecided(mark) => *location = mark,
            Self::Own(own) => *name = name_nodes([own.schema.as_str(), own.name.as_str()]),
        }
    }
}

impl Resolver<'_> {
    /// The operator that a name stands for, where somebody made it. Where PostgreSQL has some of that name too, only types could tell.
    pub(super) fn which_operator(&mut self, name: &[Node], prefix: bool) -> Which {
        let session = self.session;
        let catalog = &session.catalog;
        if [Kind::Operator, Kind::Extension].into_iter().all(|kind| catalog.of_kind(kind).next().is_none()) {
            return Which::PostgreSqls;
        }
        let Some(name) = Name::of(name) else { return Which::PostgreSqls };
        let made = |name: QName| {
            let mut ids: Vec<ObjectId> = catalog.named(&name, &[Kind::Operator]).cloned().collect();
            ids.extend(with_operator(catalog, name.schema.as_str(), name.name.as_str(), if prefix { 1 } else { 2 }));
            (!ids.is_empty()).then_some((name, ids))
        };
        let fits = |id: &ObjectId| match &id.key {
            Key::Routine(_, types) => prefix == types.first().is_some_and(|left| left == "NONE"),
            _ => id.kind == Kind::Extension,
        };
        let candidates = session.candidates(name.schema.as_deref().unwrap_or_default(), &name.name);
        let found: Vec<(QName, Vec<ObjectId>)> = candidates.into_iter().filter_map(made).collect();
        let Some((first, _)) = found.first() else { return Which::PostgreSqls };
        let builtin = name.schema.is_none() && is_builtin_operator(&name.name);
        let fitting: Vec<ObjectId> = found.iter().flat_map(|(_, ids)| ids).filter(|id| fits(id)).cloned().collect();
        if found.len() > 1 || builtin || fitting.len() > 1 && fitting.iter().any(|id| id.kind == Kind::Extension) {
            return Which::Undecided(self.mark(fitting, Some(first.schema.clone()).filter(|_| !builtin)));
        }
        let first = first.clone();
        self.only_or_wanted(fitting);
        Which::Own(first)
    }

    /// Puts off a call; what marks it.
    pub(super) fn mark(&mut self, candidates: Vec<ObjectId>, otherwise: Place) -> i32 {
        self.undecided.push(Undecided { candidates, otherwise });
        canon::mark(self.undecided.len() - 1)
    }
}

impl Session {
    /// The functions of a name that can be called with so many arguments, and whether they are of several schemas.
    pub(super) fn functions(&self, schema: &str, name: &str, count: usize) -> (Vec<ObjectId>, bool) {
        let candidates = self.candidates(schema, name);
        let routines = candidates.iter().flat_map(|candidate| self.catalog.routines_named(candidate));
        let fitting: Vec<ObjectId> = routines.filter(|id| takes(&self.catalog, id, count)).cloned().collect();
        let several = fitting.windows(2).any(|pair| pair[0].schema() != pair[1].schema());
        (fitting, several)
    }

    /// The extensions of the path with functions of a name that can be called with so many arguments.
    pub(super) fn extension_functions(&self, name: &str, count: usize) -> Vec<ObjectId> {
        self.search_path.iter().flat_map(|schema| with_function(&self.catalog, schema.as_str(), name, count)).collect()
    }

    /// Where functions and operators are looked for: in `pg_catalog` first, unless the path has it elsewhere.
    fn places(&self) -> Vec<Place> {
        let given: Vec<Place> = self.search_path.iter().map(|schema| place(Some(schema.as_str()))).collect();
        let implicit = if given.contains(&None) { None } else { Some(None) };
        implicit.into_iter().chain(given).collect()
    }

    /// Writes out what marked calls mean, and needs it.
    ///
    /// # Errors
    /// Where something that is written without an operator means another one than it is read for.
    pub(super) fn decide(
        &self,
        undecided: Vec<Undecided>,
        tree: &mut Node,
        scope: &Scope<'_>,
        found: &mut References,
    ) -> Result<(), DdlError> {
        let otherwise = undecided.iter().map(|undecided| undecided.otherwise.clone()).collect();
        for (number, decided) in canon::choose(&self.catalog, (&self.outputs, scope), self.places(), otherwise, tree)
            .map_err(|unseen| DdlError::Unseen(Box::new(unseen)))?
        {
            let Some(Undecided { candidates, .. }) = undecided.get(number) else { continue };
            match decided {
                Some(decided) => found.needs.extend(candidates.iter().find(|id| is(id, &decided)).cloned()),
                None => found.wants.extend(candidates.iter().filter(|id| id.kind != Kind::Extension).cloned()),
            }
        }
        Ok(())
    }
}

fn is(id: &ObjectId, decided: &Decided) -> bool {
    if id.kind == Kind::Extension {
        return decided.extension.is_some_and(|extension| id.name().is_some_and(|name| name.as_str() == extension));
    }
    let Key::Routine(_, types) = &id.key else { return false };
    let own = types.iter().filter(|name| *name != "NONE").map(|name| Type::displayed(name));
    id.schema() == decided.schema.as_ref() && own.eq(decided.types.iter().cloned())
}
