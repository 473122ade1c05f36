//! A part of the schema files, run on a scratch server.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::assemble::Assembled;
use super::make::Whole;
use super::{Recalled, capture};
use crate::model::{Catalog, Dependents, ObjectId, Pair};
use crate::object::Kind;
use crate::plan::make::{self, Goal, Wanted};
use crate::scratch::Scratch;

/// How often what depends on a change may turn out to change itself.
const ROUNDS: usize = 4;

/// Some statements, and what a server makes of them.
pub struct Part {
    /// Their numbers.
    pub statements: BTreeSet<usize>,
    /// The database.
    pub made: Wanted,
}

impl Part {
    /// Runs statements on a database of their own.
    ///
    /// # Errors
    /// What the server does not take without the others.
    pub async fn run(scratch: &mut Scratch, statements: BTreeSet<usize>, goal: &Goal<'_>) -> Result<Self, Whole> {
        let files = Arc::new(goal.files.only(&statements));
        let made = make::wanted(scratch, &files, goal.role, goal.scope).await?;
        Ok(Self { statements, made })
    }

    /// Takes the database away.
    ///
    /// # Errors
    /// The server's.
    pub async fn discard(self, scratch: &mut Scratch) -> Result<(), Whole> {
        self.made.connection.close().await;
        Ok(scratch.drop_database(&self.made.database).await?)
    }
}

/// The wanted state, and the part of it that was made anew to know it.
pub struct Found {
    /// What the files make.
    pub catalog: Catalog,
    /// What was run for it, if anything was.
    pub part: Option<Part>,
}

/// Finds what the files make: what is known, and anew what another thing is said of, with all that hangs on it.
///
/// # Errors
/// Whatever leaves a doubt.
#[tracing::instrument(level = "debug", name = "part", skip_all)]
pub async fn wanted(scratch: &mut Scratch, live: &Catalog, recalled: &Recalled, goal: &Goal<'_>) -> Result<Found, Whole> {
    let history = &recalled.history;
    let Assembled { catalog: known, differing } = recalled.known.assemble(live, history)?;
    if differing.is_empty() {
        return Ok(Found { catalog: known, part: None });
    }
    let catalogs = [&known, &history.catalog];
    let dependents = known.dependents();
    let mut anew = whole(differing, catalogs);
    for _ in 0..ROUNDS {
        let statements = history.statements(anew.iter().cloned());
        worthwhile(&statements, goal)?;
        let part = Part::run(scratch, statements, goal).await?;
        let (catalog, changed) = put_together(&known, &part.made.catalog, &anew)?;
        if capture::possible(&changed, Pair::new(&known, &catalog)) {
            return Err(Whole::because("other statements could mean something else now"));
        }
        let more = affected(&changed, Pair::new(&known, &catalog), &dependents, &anew);
        if more.is_empty() {
            return Ok(Found { catalog, part: Some(part) });
        }
        part.discard(scratch).await?;
        anew.extend(whole(more, catalogs));
    }
    Err(Whole::because("one change brings about another"))
}

/// Whether it costs less to run some statements than all of them.
///
/// # Errors
/// Where it does not.
pub fn worthwhile(statements: &BTreeSet<usize>, goal: &Goal<'_>) -> Result<(), Whole> {
    if goal.memory.is_some_and(|memory| memory.statements > 1) && statements.len() * 2 > goal.files.statements.len() {
        return Err(Whole::because("the change reaches most of the schema"));
    }
    Ok(())
}

/// Objects with their parts and satellites.
fn whole(ids: impl IntoIterator<Item = ObjectId>, catalogs: [&Catalog; 2]) -> FxHashSet<ObjectId> {
    let mut found = FxHashSet::default();
    for id in ids {
        catalogs.iter().for_each(|catalog| found.extend(catalog.descendants(&id)));
        found.insert(id);
    }
    found
}

/// The known state with what was made anew in its place, and what is otherwise than before.
///
/// # Errors
/// Where something else has come out otherwise: then what is known does not hold.
fn put_together(known: &Catalog, found: &Catalog, anew: &FxHashSet<ObjectId>) -> Result<(Catalog, BTreeSet<ObjectId>), Whole> {
    let above = |id: &ObjectId| found.get(id).and_then(|entry| entry.parent.clone()).or_else(|| id.target().cloned());
    let belongs = |id: &ObjectId| std::iter::successors(Some(id.clone()), above).any(|id| anew.contains(&id));
    let mut catalog = known.clone();
    let mut changed = BTreeSet::new();
    for id in found.ids() {
        let is_same = known.object(id) == found.object(id);
        if belongs(id) {
            catalog.adopt(found, id);
        } else if !is_same {
            return Err(Whole(format!("{id} does not come out as it is known")));
        }
        if !is_same {
            changed.insert(id.clone());
        }
    }
    for id in anew.iter().filter(|id| known.contains(id) && !found.contains(id)) {
        catalog.remove(id);
        changed.insert(id.clone());
    }
    Ok((catalog, changed))
}

/// What may become another thing because of what it needs, although nothing else is said of it.
fn affected(
    changed: &BTreeSet<ObjectId>,
    pair: Pair<&Catalog>,
    dependents: &Dependents<'_>,
    anew: &FxHashSet<ObjectId>,
) -> FxHashSet<ObjectId> {
    let mut found = FxHashSet::default();
    let mut open: Vec<ObjectId> = changed.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let mut next: Vec<&ObjectId> = dependents.of(&id).collect();
        let relation = pair.from.get(&id).or_else(|| pair.to.get(&id)).and_then(|entry| entry.parent.as_ref());
        // A star, or a name without its relation's, means other columns.
        if let Some(relation) = relation.filter(|_| id.kind == Kind::Column && pair.from.contains(&id) != pair.to.contains(&id)) {
            next.extend(dependents.of(relation).filter(|user| user.kind.is_code() || user.kind.has_columns()));
        }
        if let Some(name) = id.qname() {
            next.extend(pair.from.inheritors(name).filter_map(|(_, link)| link.parent.as_ref()));
        }
        open.extend(next.into_iter().filter(|id| !anew.contains(*id) && found.insert((*id).clone())).cloned());
    }
    found
}
