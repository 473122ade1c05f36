//! Planning without a server: both sides in trueup's own canonical form, and the interpreter's proof.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cosmetic;
use super::made::Made;
use super::merge::{LeftAlone, Speaks, merge};
use super::proof::Verdict;
use super::rename::{self, Rename};
use super::steps::{StepsError, steps};
use crate::canon::{canonical_objects, canonicalize, canonicalize_changes, canonicalize_some, changes, tell_apart};
use crate::model::{Catalog, Entry, ObjectId, Pair, Step, discard};
use crate::object::column_order::landed;
use crate::object::{DdlError, Kind, Object, Session, column_list, complete, makeable};
use crate::source::interpret;
use crate::source::renames::RenameHint;

/// Plans between two catalogs of which at least one was interpreted. `exact` tells which of them a server has spelled.
///
/// # Errors
/// Where there are no steps for a difference.
#[tracing::instrument(level = "debug", skip_all)]
pub fn make(
    mut from: Catalog,
    mut wanted: Catalog,
    (speaks, hints): (&Speaks, &[RenameHint]),
    exact: Pair<bool>,
    online: bool,
) -> Result<Made, StepsError> {
    wanted = landed(&from, Cow::Owned(wanted)).into_owned();
    let alike = if hints.is_empty() { alike(&from, &wanted) } else { FxHashSet::default() };
    wanted.respell(&from, |id, _| alike.contains(id));
    from.know_users();
    let some = |catalog: &mut Catalog| canonicalize_some(catalog, |id| !alike.contains(id));
    rayon::join(|| some(&mut from), || some(&mut wanted));
    let (mut renames, mut renamed) = renames_of(&from, &wanted, hints)?;
    if renamed.is_some() && !alike.is_empty() {
        // What is alike is only so under the same names.
        rayon::join(|| canonicalize(&mut from), || canonicalize(&mut wanted));
        (renames, renamed) = renames_of(&from, &wanted, hints)?;
    }
    renamed.iter_mut().for_each(Catalog::know_users);
    let base = renamed.as_ref().unwrap_or(&from);
    // Much of what follows is done by one thread.
    let (fingerprint, ways) =
        rayon::join(|| exact.from.then(|| from.fingerprint()), || ways(Pair::new(&from, base), wanted, speaks, &renames, online));
    let Ways { to, up, down, verdict } = ways?;
    Ok(Made { from, to, up, down, verdict, exact, fingerprint, left_alone: LeftAlone::default() })
}

/// Both ways, and what they lead to.
struct Ways {
    to: Catalog,
    up: Vec<Step>,
    down: Vec<Step>,
    verdict: Verdict,
}

/// The ways from a catalog, after the renames from `start.to`, to what is wanted.
fn ways(start: Pair<&Catalog>, wanted: Catalog, speaks: &Speaks, renames: &[Rename], online: bool) -> Result<Ways, StepsError> {
    let Pair { from, to: base } = start;
    let mut to = landed(base, Cow::Owned(merge(base, wanted, speaks))).into_owned();
    keep_extension_comments(base, &mut to);
    keep_members(base, &mut to, speaks);
    to.know_users_of(base);
    tell_apart(base, &mut to);
    keep_spelling(base, &mut to);
    column_list::settle(&mut to);
    let (forth, back) = rayon::join(|| steps(Pair::new(base, &to), online), || steps(Pair::new(&to, &landed(&to, makeable(base))), online));
    let mut up = rename::steps(renames);
    let (mut forth, mut back) = (forth?, back.map_err(StepsError::of_way_back)?);
    cosmetic::mark(&mut forth, &mut back, Pair::new(base, &to), online)?;
    up.extend(forth);
    let mut down = back;
    down.extend(rename::steps(&renames.iter().rev().map(Rename::back).collect::<Vec<_>>()));
    let verdict = if up.is_empty() && down.is_empty() {
        Verdict::Impossible { why: "nothing to prove".to_owned() }
    } else {
        doubts(from, &to, &up, &down).verdict()
    };
    Ok(Ways { to, up, down, verdict })
}

/// What is the same on both sides as it is written, and stands on the same things: it needs no canonical form to be found equal.
fn alike(from: &Catalog, to: &Catalog) -> FxHashSet<ObjectId> {
    let same = from.same(to);
    let stands = |entry: &Entry| entry.parent.iter().chain(&entry.needs).all(|id| same.contains(id));
    let is_alike = |id: &&ObjectId| [from.get(id), to.get(id)].into_iter().flatten().all(stands);
    same.par_iter().filter(is_alike).cloned().collect::<Vec<_>>().into_iter().collect()
}

/// Renames, and what the interpreter makes of the catalog by them. Where it cannot follow those that a hint asks for, there is no
/// plan, for another one would drop and create; what nobody asked for is not renamed then.
fn renames_of(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Result<(Vec<Rename>, Option<Catalog>), StepsError> {
    let mut renames: Vec<Rename> = Vec::new();
    let mut present: Option<Catalog> = None;
    type Finder = fn(&Catalog, &Catalog, &[RenameHint]) -> Vec<Rename>;
    let evident: Finder = |from, to, _| rename::evident(from, to);
    let finders: [(bool, Finder); 4] =
        [(true, rename::hinted_schemas), (true, rename::hinted), (true, rename::hinted_columns), (false, evident)];
    for (asked_for, find) in finders {
        let start = present.as_ref().unwrap_or(from);
        let more = find(start, to, hints);
        if more.is_empty() {
            continue;
        }
        match replayed(start, &rename::steps(&more)) {
            Ok(mut catalog) => {
                canonicalize_changes(&mut catalog, start);
                present = Some(catalog);
                renames.extend(more);
            }
            Err(error) if asked_for => return Err(StepsError::Rename(Box::new(error))),
            Err(_) => {}
        }
    }
    Ok((renames, present))
}

/// Extensions bring comments of their own, of which only a server can tell.
fn keep_extension_comments(from: &Catalog, to: &mut Catalog) {
    for (id, _) in from.of_kind(Kind::Comment).filter(|(id, _)| is_extension_comment(id)) {
        if id.target().is_some_and(|target| to.contains(target)) && !to.contains(id) {
            to.adopt(from, id);
        }
    }
}

/// What ON ALL .. IN SCHEMA grants on members of extensions, only a server can tell.
fn keep_members(from: &Catalog, to: &mut Catalog, speaks: &Speaks) {
    let members: Vec<(&ObjectId, &Entry)> = from.scan().filter(|(id, _)| id.kind.is_about_members()).collect();
    for (id, entry) in members {
        let wholesale = id.schema().is_some_and(|schema| speaks.wholesale.contains(schema));
        if wholesale && !to.contains(id) && entry.needs.iter().all(|need| to.contains(need)) {
            to.insert(id.clone(), entry.clone());
        }
    }
}

/// What is the same keeps the spelling that it has, which may be a server's; not where something changes that it needs or is a part of,
/// from which it may have casts: a default is the same value in a column of another type, but is spelled otherwise.
#[tracing::instrument(level = "debug", skip_all)]
fn keep_spelling(from: &Catalog, to: &mut Catalog) {
    let same = from.same(to);
    let changes = |id: &ObjectId| !same.contains(id);
    let used = |id: &ObjectId| from.get(id).is_some_and(|present| present.needs.iter().any(changes));
    let mut open: Vec<ObjectId> = to.scan().map(|(id, _)| id).filter(|id| changes(id) || used(id)).cloned().collect();
    let mut others: FxHashSet<ObjectId> = open.iter().cloned().collect();
    if others.len() < to.len() {
        let dependents = to.dependents();
        while let Some(id) = open.pop() {
            let next = dependents.of(&id).chain(to.children(&id));
            open.extend(next.filter(|id| others.insert((*id).clone())).cloned());
        }
    }
    to.respell(from, |id, _| !others.contains(id));
}

/// What the interpreter finds wrong with a plan.
#[derive(Debug, Default)]
pub struct Doubts {
    /// What comes out otherwise.
    pub wrong: Vec<String>,
    /// Statements that it does not know.
    pub unknown: Vec<String>,
}

impl Doubts {
    fn verdict(self) -> Verdict {
        const SHOWN: usize = 8;
        if !self.wrong.is_empty() {
            let more = self.wrong.len().saturating_sub(SHOWN);
            let mut why: Vec<String> =
                self.wrong.into_iter().take(SHOWN).map(|wrong| format!("as the interpreter has it, {wrong}")).collect();
            why.extend((more > 0).then(|| format!("and {more} more")));
            return Verdict::Failed { why };
        }
        let why = if self.unknown.is_empty() {
            "no scratch server; the interpreter finds up and down right".to_owned()
        } else {
            format!("no scratch server; the interpreter cannot follow the plan: {}", self.unknown.join("; "))
        };
        Verdict::Impossible { why }
    }
}

/// The interpreter's proof: up makes the one of the other, and down the other of the one.
#[tracing::instrument(level = "debug", skip_all)]
pub fn doubts(from: &Catalog, to: &Catalog, up: &[Step], down: &[Step]) -> Doubts {
    let mut doubts = Doubts::default();
    let (ahead, back) = rayon::join(|| outcome(from, up, to), || outcome(to, down, &makeable(from)));
    for (name, steps, outcome) in [("up", up, ahead), ("down", down, back)] {
        match outcome {
            Ok(differing) => doubts.wrong.extend(differing.into_iter().map(|id| format!("{name}: {id} comes out otherwise"))),
            Err(interpret::InterpretError::Statement { sql, source: source @ DdlError::Unseen(_) }) => {
                let step = steps.iter().find(|step| step.sql.as_str() == sql).map_or(sql.as_str(), |step| step.summary.as_str());
                doubts.wrong.push(format!("{name}: {step}: {source}"));
            }
            Err(error) => doubts.unknown.push(format!("{name}: {error}")),
        }
    }
    doubts
}

/// What comes out otherwise than it should. What no step has touched needs no canonical form: it is spelled as both ends spell it.
fn outcome(start: &Catalog, steps: &[Step], end: &Catalog) -> Result<Vec<ObjectId>, interpret::InterpretError> {
    let mut catalog = replayed(start, steps)?;
    let changed = changes(&mut catalog, start);
    canonicalize_some(&mut catalog, |id| changed.contains(id));
    let wanted = canonical_objects(end, |id| changed.contains(id));
    let found = differences(&catalog, end, &wanted);
    discard(catalog);
    Ok(found)
}

/// What the interpreter makes of a catalog by some steps.
///
/// # Errors
/// A statement that it does not know.
#[tracing::instrument(level = "debug", skip_all)]
pub fn replayed(start: &Catalog, steps: &[Step]) -> Result<Catalog, interpret::InterpretError> {
    let mut session = Session::new(start.clone());
    interpret::replay(&mut session, steps.iter().map(|step| step.sql.as_str()))?;
    let mut catalog = session.catalog;
    complete(&mut catalog);
    Ok(catalog)
}

/// What differs and is no comment on an extension, which the extension itself may have made. `canonical` are objects of the right one
/// in another spelling than they have there.
fn differences(left: &Catalog, right: &Catalog, canonical: &FxHashMap<ObjectId, Object>) -> Vec<ObjectId> {
    let serves =
        |object: &Object, id: &ObjectId| canonical.get(id).or_else(|| right.object(id)).is_some_and(|wanted| object.serves_as(wanted));
    let ids = left.unshared(right).into_iter().filter(|id| !left.object(id).is_some_and(|object| serves(object, id)));
    let all = ids.chain(right.unshared(left).into_iter().filter(|id| !left.contains(id)));
    all.filter(|id| !is_extension_comment(id)).collect()
}

fn is_extension_comment(id: &ObjectId) -> bool {
    id.kind == Kind::Comment && id.target().is_some_and(|target| target.kind == Kind::Extension)
}
