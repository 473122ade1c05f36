//! Planning without a server: both sides in trueup's own canonical form, and the interpreter's proof.

use super::made::Made;
use super::merge::{Speaks, merge};
use super::proof::Verdict;
use super::rename::{self, Rename, RenameHint};
use super::steps::{StepsError, steps};
use crate::canon::{canonicalize, canonicalize_changes, canonicalize_some, changes};
use crate::model::{Catalog, Entry, ObjectId, Pair, Step};
use crate::object::{Kind, Session, complete};
use crate::source::interpret;

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
    rayon::join(|| canonicalize(&mut from), || canonicalize(&mut wanted));
    let (renames, renamed) = renamed(&from, &wanted, hints)?;
    let base = renamed.as_ref().unwrap_or(&from);
    let mut to = merge(base, wanted, speaks);
    keep_extension_comments(base, &mut to);
    keep_members(base, &mut to, speaks);
    keep_spelling(base, &mut to);
    let mut up = rename::steps(&renames);
    up.extend(steps(Pair::new(base, &to), online)?);
    let mut down = steps(Pair::new(&to, base), online)?;
    down.extend(rename::steps(&renames.iter().rev().map(Rename::back).collect::<Vec<_>>()));
    let verdict = if up.is_empty() && down.is_empty() {
        Verdict::Impossible { why: "nothing to prove".to_owned() }
    } else {
        doubts(&from, &to, &up, &down).verdict()
    };
    Ok(Made { from, to, up, down, verdict, exact })
}

/// Renames, and what the interpreter makes of the catalog by them. Where it cannot follow those that a hint asks for, there is no
/// plan, for another one would drop and create; what nobody asked for is not renamed then.
fn renamed(from: &Catalog, to: &Catalog, hints: &[RenameHint]) -> Result<(Vec<Rename>, Option<Catalog>), StepsError> {
    let mut renames: Vec<Rename> = Vec::new();
    let mut present: Option<Catalog> = None;
    type Finder = fn(&Catalog, &Catalog, &[RenameHint]) -> Vec<Rename>;
    let finders: [(bool, Finder); 3] =
        [(true, rename::hinted), (true, rename::hinted_columns), (false, |from, to, _| rename::evident(from, to))];
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
    for (id, entry) in from.iter().filter(|(id, _)| id.kind.is_about_members()) {
        let wholesale = id.schema().is_some_and(|schema| speaks.wholesale.contains(schema));
        if wholesale && !to.contains(id) && entry.needs.iter().all(|need| to.contains(need)) {
            to.insert(id.clone(), entry.clone());
        }
    }
}

/// What is the same keeps the spelling that it has, which may be a server's; not where what it is a part of changes, of which it may
/// have taken its type: a default is the same value in a column of another type, but is spelled otherwise.
#[tracing::instrument(level = "debug", skip_all)]
fn keep_spelling(from: &Catalog, to: &mut Catalog) {
    let same = |id: &ObjectId| from.object(id).is_some() && from.object(id) == to.object(id);
    let kept: Vec<ObjectId> =
        to.iter().filter(|(id, entry)| same(id) && entry.parent.as_ref().is_none_or(same)).map(|(id, _)| id.clone()).collect();
    to.respell(from, &kept);
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
    let (up, down) = rayon::join(|| outcome(from, up, to), || outcome(to, down, from));
    for (name, outcome) in [("up", up), ("down", down)] {
        match outcome {
            Ok(differing) => doubts.wrong.extend(differing.into_iter().map(|id| format!("{name}: {id} comes out otherwise"))),
            Err(error) => doubts.unknown.push(format!("{name}: {error}")),
        }
    }
    doubts
}

/// What comes out otherwise than it should. What no step has touched needs no canonical form: it is spelled as both ends spell it.
fn outcome(start: &Catalog, steps: &[Step], end: &Catalog) -> Result<Vec<ObjectId>, interpret::InterpretError> {
    let mut catalog = replayed(start, steps)?;
    let mut end = end.clone();
    let changed = changes(&catalog, start);
    canonicalize_some(&mut catalog, |id| changed.contains(id));
    canonicalize_some(&mut end, |id| changed.contains(id));
    Ok(differences(&catalog, &end))
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

/// What differs and is no comment on an extension, which the extension itself may have made.
fn differences(left: &Catalog, right: &Catalog) -> Vec<ObjectId> {
    let differs =
        |id: &ObjectId, entry: &Entry| !left.shares(right, id) && right.object(id).is_none_or(|wanted| !entry.object.serves_as(wanted));
    let ids = left.iter().filter(|(id, entry)| differs(id, entry)).map(|(id, _)| id);
    let all = ids.chain(right.iter().map(|(id, _)| id).filter(|id| !left.contains(id)));
    all.filter(|id| !is_extension_comment(id)).cloned().collect()
}

fn is_extension_comment(id: &ObjectId) -> bool {
    id.kind == Kind::Comment && id.target().is_some_and(|target| target.kind == Kind::Extension)
}
