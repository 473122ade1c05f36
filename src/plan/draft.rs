//! A worked-out plan as the pair of files that people review.

use std::borrow::Cow;

use super::batch::batch;
use super::file::{Direction, Header, PlanFile, Risk};
use super::made::Made;
use super::proof::{OfRoles, Verdict, Way};
use crate::model::{Catalog, Pair, Step};
use crate::object::makeable;

/// What the file says of the proof.
pub fn in_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Proved { server, way, beyond, own, unfit, doubts, roles } => {
            // What ends elsewhere than it should is not proved, though no statement could do better.
            let proved = if own.is_empty() && unfit.is_empty() { "proved" } else { "NOT PROVED WHOLE, but run" };
            let mut words = match way {
                Way::Rebuilt => format!("up, down and up again {proved} on {server}"),
                Way::Reached => format!("down, up and down again {proved} on {server}, from the wanted state to the live one and back"),
                Way::Part { objects, of } => format!(
                    "down, up and down again {proved} on {server}, from the wanted state to the live one and back, on {objects} of {of} objects: those that the plan can reach and what they need; the others are known from earlier plans"
                ),
            };
            words.push_str(match roles {
                OfRoles::None => "",
                OfRoles::Proved => "; what it does about roles too, on a server of its own",
                OfRoles::Shared => "; what it does about roles is NOT PROVED, since others use that server too",
            });
            for (but, lines) in [
                ("the live database has what its rebuilt copy has not", beyond),
                (
                    "tables then have by themselves too what they only inherited, or under the name that it had, which no statement changes",
                    own,
                ),
                (
                    "columns come to stand in another order than in the files, so that these functions, which take them by their places, do not run any more (name the columns there, or let new columns be the last)",
                    unfit,
                ),
                ("the interpreter has it otherwise", doubts),
            ] {
                if !lines.is_empty() {
                    words.push_str(&format!(", but {but}: {}", one_line(lines)));
                }
            }
            words
        }
        Verdict::Failed { why } => format!("FAILED: {}", one_line(why)),
        Verdict::Impossible { why } => format!("none: {}", one_line(std::slice::from_ref(why))),
    }
}

fn one_line(lines: &[String]) -> String {
    lines.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ")
}

/// Where a plan stands among the others.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// The hash of the plan before it.
    pub parent: Option<String>,
}

/// The up file and the down file.
#[tracing::instrument(level = "debug", skip_all)]
pub fn draft(made: &Made, place: &Place) -> [PlanFile; 2] {
    let breaks = matches!(&made.verdict, Verdict::Proved { unfit, .. } if !unfit.is_empty());
    let at_least = |direction| if breaks && direction == Direction::Up { Risk::Medium } else { Risk::Low };
    let file = |direction: Direction, steps: &[Step], ends: Pair<Option<String>>| PlanFile {
        header: Header {
            number: place.number,
            name: place.name.clone(),
            direction,
            parent: if direction == Direction::Up { place.parent.clone() } else { None },
            from: ends.from,
            to: ends.to,
            server: Some(made.to.major),
            proof: in_words(&made.verdict),
            risk: Risk::of(steps).max(at_least(direction)),
            checksum: None,
        },
        session: vec![("check_function_bodies".to_owned(), "off".to_owned())],
        steps: batch(steps.to_vec()),
    };
    let ends = if made.exact == Pair::new(true, true) {
        Catalog::fingerprints(Pair::new(&made.from, &made.to)).map(Some)
    } else {
        let known = made.fingerprint.clone();
        Pair::new(made.exact.from.then(|| known.unwrap_or_else(|| made.from.fingerprint())), made.exact.to.then(|| made.to.fingerprint()))
    };
    // Down comes back to what statements can make of the state before.
    let mut back = ends.clone().swapped();
    if let (Some(to), Cow::Owned(makeable)) = (&mut back.to, makeable(&made.from)) {
        *to = makeable.fingerprint();
    }
    let up = file(Direction::Up, &made.up, ends);
    let mut down = file(Direction::Down, &made.down, back);
    // What up destroys is gone: down makes its place again, empty.
    let lost: Vec<String> = up.losses().map(|step| step.step.summary.clone()).collect();
    if let (Some(first), false) = (down.steps.first_mut(), lost.is_empty()) {
        first.irretrievable = lost.iter().map(|summary| format!("rows and values that were lost when the plan did: {summary}")).collect();
    }
    [up, down]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_elsewhere_is_not_called_proved() {
        let words = |own: Vec<String>| {
            let server = "PostgreSQL 17".to_owned();
            let (way, roles) = (Way::Rebuilt, OfRoles::None);
            in_words(&Verdict::Proved { server, way, beyond: Vec::new(), own, unfit: Vec::new(), doubts: Vec::new(), roles })
        };
        assert_eq!(words(Vec::new()), "up, down and up again proved on PostgreSQL 17");
        let local = words(vec!["pg_attribute column a of table s.t".to_owned()]);
        assert!(local.contains("NOT PROVED WHOLE") && local.ends_with("column a of table s.t"), "{local}");
    }
}
