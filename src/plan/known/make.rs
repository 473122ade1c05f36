//! Making a plan of what is known, and proving it on what it can reach.

use std::collections::BTreeSet;

use super::assemble::Digests;
use super::claim::{Proved, claim};
use super::learn::{self, Learned};
use super::part::{self, Found, Part};
use super::store::Place;
use super::{Known, MOST_PARTS, Recalled};
use crate::diff;
use crate::model::{Catalog, ObjectId, Pair};
use crate::object::Kind;
use crate::plan::goal::Goal;
use crate::plan::make::{Both, MakeError, State, Worked, interpreted};
use crate::plan::proof::{self, Claim, Verdict, Way, witness::Photograph};
use crate::plan::rehearse::{self, SESSION};
use crate::plan::rename;
use crate::plan::steps::{StepsError, steps};
use crate::scratch::Scratch;
use crate::source::history::History;
use crate::source::live;

/// Why all files must be run, and the whole plan be proved.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Whole(pub String);

impl Whole {
    /// A reason.
    pub fn because(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl<E: Into<MakeError>> From<E> for Whole {
    fn from(error: E) -> Self {
        Self(error.into().to_string())
    }
}

/// Plans from a state to what the files make, as far as it can be told from what is known.
///
/// # Errors
/// Whatever leaves a doubt.
#[tracing::instrument(level = "debug", name = "known", skip_all)]
pub async fn make(scratch: &mut Scratch, from: &State, recalled: Recalled, goal: &Goal<'_>, place: &Place) -> Result<Worked, Whole> {
    let live = from.photograph.as_ref().ok_or(Whole::because("there is no live state"))?;
    fits(scratch, &from.catalog, &recalled).await?;
    let digests = Digests::of(&from.catalog);
    let Found { catalog: wanted, part } = part::wanted(scratch, (&from.catalog, &digests), &recalled, goal).await?;
    if !rename::evident(&from.catalog, &wanted).is_empty() {
        return Err(Whole::because("something is renamed"));
    }
    let learned = part.is_some().then(|| recalled.learn(place, (&from.catalog, digests), &wanted));
    let both = Both::between(&from.catalog, &wanted, &goal.speaks(), goal.role, goal.online)?;
    let verdict = verdict(scratch, (from, live), &recalled.history, (&wanted, part), &both, goal, place).await?;
    let worked = both.proved(verdict);
    if let Some(learned) = learned {
        learned.keep(None, &worked).await;
    }
    Ok(worked)
}

impl Recalled {
    /// Takes in what is known now.
    fn learn(&self, place: &Place, (live, digests): (&Catalog, Digests), wanted: &Catalog) -> Learned {
        let Self { known: Known { extensions, in_parts, .. }, history } = self;
        let (tales, extensions, in_parts) = (history.tales.clone(), extensions.clone(), in_parts + 1);
        let (live, wanted) = (live.clone(), wanted.clone());
        let known = move || Known::of(&wanted, (&live, &digests), &tales, extensions, in_parts);
        Learned::begin(place, history.tales.digest(), known)
    }
}

/// Whether what is known may be used: nothing is there that rules what other statements make.
async fn fits(scratch: &Scratch, from: &Catalog, Recalled { known, history }: &Recalled) -> Result<(), Whole> {
    const RULING: [Kind; 2] = [Kind::DefaultPrivileges, Kind::EventTrigger];
    if known.in_parts >= MOST_PARTS {
        return Err(Whole::because("the known state was put together of parts often enough"));
    }
    let rules = |catalog: &Catalog| RULING.into_iter().any(|kind| catalog.of_kind(kind).next().is_some());
    if [from, &history.catalog].into_iter().any(rules) {
        return Err(Whole::because("default privileges or event triggers rule what is made"));
    }
    if learn::has_secrets(&history.catalog) {
        return Err(Whole::because("there may be secrets"));
    }
    if learn::extensions(scratch, &history.catalog).await? != known.extensions {
        return Err(Whole::because("the scratch server has other extensions than before"));
    }
    Ok(())
}

/// What the proof says: an earlier one of the very same, or one of what the plan can reach.
async fn verdict(
    scratch: &mut Scratch,
    (from, live): (&State, &Photograph),
    history: &History,
    (wanted, part): (&Catalog, Option<Part>),
    both: &Both,
    goal: &Goal<'_>,
    place: &Place,
) -> Result<Verdict, Whole> {
    if both.up.is_empty() && both.down.is_empty() {
        return Ok(Verdict::nothing(scratch));
    }
    let claim = claim(live, history.tales.digest(), &both.up, &both.down);
    if let Some(proved) = place.proved().filter(|proved| proved.claim == claim) {
        return Ok(proved.verdict);
    }
    let interpreted = interpreted(&from.catalog, both);
    let reached = reached(Pair::new(&from.catalog, &both.to), goal.online)?;
    let entries = [&from.catalog, &both.to].into_iter().flat_map(|catalog| reached.iter().filter_map(|id| catalog.get(id)));
    let needed = entries.flat_map(|entry| entry.needs.iter().chain(&entry.auto));
    let statements = history.statements(goal.files, reached.iter().chain(needed).cloned());
    let part = part_with(scratch, statements, part, goal).await?;
    let mut verdict = prove(scratch, (&from.catalog, live), (wanted, &part), &reached, both, goal).await?;
    part.leave(scratch).await?;
    verdict.doubt(interpreted.await.unwrap_or_default());
    place.keep_proved(&Proved { claim, verdict: verdict.clone() });
    Ok(verdict)
}

/// The part that is there, if it has all of these statements, or another one.
async fn part_with(scratch: &mut Scratch, statements: Vec<usize>, part: Option<Part>, goal: &Goal<'_>) -> Result<Part, Whole> {
    match part {
        Some(part) if statements.iter().all(|index| part.statements.contains(index)) => Ok(part),
        other => {
            part::worthwhile(&statements, goal)?;
            if let Some(part) = other {
                part.discard(scratch).await?;
            }
            Part::run(scratch, statements, goal).await
        }
    }
}

/// All that a plan does something to, and all that depends on that, before or afterwards.
fn reached(pair: Pair<&Catalog>, online: bool) -> Result<BTreeSet<ObjectId>, Whole> {
    let there = diff::delta(pair, online).map_err(StepsError::from)?.actions;
    let back = diff::delta(Pair::new(pair.to, pair.from), online).map_err(StepsError::from)?.actions;
    let mut found: BTreeSet<ObjectId> = there.into_keys().chain(back.into_keys()).collect();
    let mut open: Vec<ObjectId> = found.iter().cloned().collect();
    let both = [pair.from.dependents(), pair.to.dependents()];
    while let Some(id) = open.pop() {
        let users = both.iter().flat_map(|dependents| dependents.of(&id));
        open.extend(users.filter(|user| found.insert((*user).clone())).cloned());
    }
    Ok(found)
}

/// Down, up and down again on a part of the wanted state.
async fn prove(
    scratch: &Scratch,
    (from, live): (&Catalog, &Photograph),
    (wanted, part): (&Catalog, &Part),
    reached: &BTreeSet<ObjectId>,
    both: &Both,
    goal: &Goal<'_>,
) -> Result<Verdict, Whole> {
    let (made, Both { to, up, down, .. }) = (&part.made, both);
    if let Some(id) = made.catalog.ids().find(|id| made.catalog.object(id) != wanted.object(id)) {
        return Err(Whole(format!("{id} does not come out as it is known")));
    }
    if let Some(id) = reached.iter().find(|id| wanted.contains(id) && !made.catalog.contains(id)) {
        return Err(Whole(format!("{id} does not come out with what is said of it")));
    }
    let client = &made.connection.client;
    client.batch_execute(SESSION).await?;
    rehearse::run(client, &steps(Pair::new(&made.catalog, &completed(&made.catalog, wanted, to)), false)?).await?;
    let photograph = proof::look(&made.connection, goal.scope).await?;
    let claim = Claim { from, live: Some(live), wanted: &photograph, up, down, role: goal.role, scope: goal.scope };
    let is_whole = || async {
        let before = live::read(client, made.connection.server.major, goal.scope).await?;
        let is_there = |id: &ObjectId| from.object(id) == before.object(id);
        Ok(before.ids().all(is_there) && reached.iter().all(is_there))
    };
    match proof::part(&made.connection, &claim, live, is_whole).await? {
        Ok(own) => {
            Ok(Verdict::of(scratch, Way::Part { objects: made.catalog.ids().filter(|id| to.contains(id)).count(), of: to.len() }, own))
        }
        Err(why) => Err(Whole(why.join("; "))),
    }
}

/// A part with what its objects keep because the files do not speak of it.
fn completed(part: &Catalog, wanted: &Catalog, to: &Catalog) -> Catalog {
    let mut whole = part.clone();
    let kept = wanted.differing(to);
    for id in kept.iter().filter(|id| part.contains(id) || id.target().is_some_and(|target| part.contains(target))) {
        if to.contains(id) {
            whole.adopt(to, id);
        } else {
            whole.remove(id);
        }
    }
    whole
}
