//! Planning without a server: both sides in trueup's own canonical form, and the interpreter's proof.

use super::make::Made;
use super::merge::{Speaks, merge};
use super::proof::Verdict;
use super::steps::{StepsError, steps};
use crate::model::{Catalog, ObjectId, Pair, Step};
use crate::object::Session;
use crate::source::interpret;

/// Plans between two catalogs of which at least one was interpreted.
///
/// # Errors
/// Where there are no steps for a difference.
pub fn make(from: Catalog, wanted: Catalog, speaks: &Speaks, online: bool) -> Result<Made, StepsError> {
    let to = merge(&from, wanted, speaks);
    let up = steps(Pair::new(&from, &to), online)?;
    let down = steps(Pair::new(&to, &from), online)?;
    let verdict = if up.is_empty() && down.is_empty() {
        Verdict::Impossible { why: "nothing to prove".to_owned() }
    } else {
        judged(&from, &to, &up, &down)
    };
    Ok(Made { from, to, up, down, verdict })
}

/// What the interpreter says of both ways.
fn judged(from: &Catalog, to: &Catalog, up: &[Step], down: &[Step]) -> Verdict {
    let mut doubts = Vec::new();
    for (name, start, steps, end) in [("up", from, up, to), ("down", to, down, from)] {
        match replayed(start, steps) {
            Ok(catalog) => doubts.extend(differences(&catalog, end).into_iter().map(|id| format!("{name}: {id} comes out otherwise"))),
            Err(error) => doubts.push(format!("{name}: {error}")),
        }
    }
    let why = if doubts.is_empty() {
        "no scratch server; the interpreter finds up and down right".to_owned()
    } else {
        doubts.truncate(8);
        format!("no scratch server; the interpreter cannot follow the plan: {}", doubts.join("; "))
    };
    Verdict::Impossible { why }
}

/// What the interpreter makes of a catalog by some steps.
///
/// # Errors
/// A statement that it does not know.
pub fn replayed(start: &Catalog, steps: &[Step]) -> Result<Catalog, interpret::InterpretError> {
    let mut session = Session::new(start.clone());
    interpret::replay(&mut session, steps.iter().map(|step| step.sql.as_str()))?;
    let catalog = session.catalog;
    Ok(catalog)
}

/// Objects that are not the same on both sides.
pub fn differences(left: &Catalog, right: &Catalog) -> Vec<ObjectId> {
    let ids = left.iter().map(|(id, _)| id).filter(|id| left.object(id) != right.object(id));
    ids.chain(right.iter().map(|(id, _)| id).filter(|id| !left.contains(id))).cloned().collect()
}
