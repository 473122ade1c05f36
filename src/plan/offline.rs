//! Planning without a server: both sides in trueup's own canonical form, and the interpreter's proof.

use super::make::Made;
use super::merge::{Speaks, merge};
use super::proof::Verdict;
use super::rename::{self, Rename, RenameHint};
use super::steps::{StepsError, steps};
use crate::canon::canonicalize;
use crate::model::{Catalog, Entry, ObjectId, Pair, Step};
use crate::object::{Kind, Session, complete};
use crate::source::interpret;

/// Plans between two catalogs of which at least one was interpreted. `exact` tells which of them a server has spelled.
///
/// # Errors
/// Where there are no steps for a difference.
pub fn make(
    mut from: Catalog,
    mut wanted: Catalog,
    (speaks, hints): (&Speaks, &[RenameHint]),
    exact: Pair<bool>,
    online: bool,
) -> Result<Made, StepsError> {
    canonicalize(&mut from);
    canonicalize(&mut wanted);
    let (renames, renamed) = renamed(&from, &wanted, hints)?;
    let base = renamed.as_ref().unwrap_or(&from);
    let mut to = merge(base, wanted, speaks);
    keep_extension_comments(base, &mut to);
    let kept = exact.to || keep_spelling(base, &mut to);
    let mut up = rename::steps(&renames);
    up.extend(steps(Pair::new(base, &to), online)?);
    let mut down = steps(Pair::new(&to, base), online)?;
    down.extend(rename::steps(&renames.iter().rev().map(Rename::back).collect::<Vec<_>>()));
    let verdict = if up.is_empty() && down.is_empty() {
        Verdict::Impossible { why: "nothing to prove".to_owned() }
    } else {
        let doubts = doubts(&from, &to, &up, &down);
        Verdict::Impossible { why: in_words(&doubts) }
    };
    let exact = Pair::new(exact.from, kept && (exact.from || exact.to));
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
                canonicalize(&mut catalog);
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
    let of_extension = |id: &ObjectId| id.kind == Kind::Comment && id.target().is_some_and(|target| target.kind == Kind::Extension);
    for (id, entry) in from.iter().filter(|(id, _)| of_extension(id)) {
        if id.target().is_some_and(|target| to.contains(target)) && !to.contains(id) {
            to.insert(id.clone(), entry.clone());
        }
    }
}

/// What is the same keeps the spelling that it has, which may be a server's. Whether all expressions now have it.
fn keep_spelling(from: &Catalog, to: &mut Catalog) -> bool {
    let mut all = true;
    for (id, entry) in to.iter_mut() {
        match from.object(id) {
            Some(before) if *before == entry.object => entry.object = before.clone(),
            // Only a server knows what an extension brings.
            _ => all &= id.kind != Kind::Extension && entry.object.clone().exprs().is_empty(),
        }
    }
    all
}

/// What the interpreter finds wrong with the two ways.
pub fn doubts(from: &Catalog, to: &Catalog, up: &[Step], down: &[Step]) -> Vec<String> {
    let mut doubts = Vec::new();
    for (name, start, steps, end) in [("up", from, up, to), ("down", to, down, from)] {
        match replayed(start, steps) {
            Ok(mut catalog) => {
                canonicalize(&mut catalog);
                doubts.extend(differences(&catalog, end).into_iter().map(|id| format!("{name}: {id} comes out otherwise")));
            }
            Err(error) => doubts.push(format!("{name}: {error}")),
        }
    }
    doubts
}

fn in_words(doubts: &[String]) -> String {
    if doubts.is_empty() {
        return "no scratch server; the interpreter finds up and down right".to_owned();
    }
    let mut first: Vec<&str> = doubts.iter().take(8).map(String::as_str).collect();
    if doubts.len() > first.len() {
        first.push("and more");
    }
    format!("no scratch server; the interpreter cannot follow the plan: {}", first.join("; "))
}

/// What the interpreter makes of a catalog by some steps.
///
/// # Errors
/// A statement that it does not know.
pub fn replayed(start: &Catalog, steps: &[Step]) -> Result<Catalog, interpret::InterpretError> {
    let mut session = Session::new(start.clone());
    interpret::replay(&mut session, steps.iter().map(|step| step.sql.as_str()))?;
    let mut catalog = session.catalog;
    complete(&mut catalog);
    Ok(catalog)
}

/// Objects that are not the same on both sides.
pub fn differences(left: &Catalog, right: &Catalog) -> Vec<ObjectId> {
    let differs = |id: &ObjectId, entry: &Entry| right.object(id) != Some(&entry.object);
    let ids = left.iter().filter(|(id, entry)| differs(id, entry)).map(|(id, _)| id);
    ids.chain(right.iter().map(|(id, _)| id).filter(|id| !left.contains(id))).cloned().collect()
}
