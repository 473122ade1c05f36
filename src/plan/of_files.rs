//! From a state to what schema files make: by what is known of them, or with all of them.

use futures_util::future::{join, try_join};

use super::goal::Goal;
use super::known::{self, Place};
use super::made::Made;
use super::make::{MakeError, State, wanted_and_told, work_out};
use super::rename;
use crate::model::Pair;
use crate::scratch::Scratch;

/// Plans from the present state, which is read while the schema files are run, to what these make: as much of them as is not known.
///
/// # Errors
/// See [`MakeError`]; a failed proof is no error but a [`Verdict`].
pub async fn make(scratch: &mut Scratch, from: impl Future<Output = Result<State, MakeError>>, goal: &Goal<'_>) -> Result<Made, MakeError> {
    let Some(place) = Place::of(goal, scratch) else { return whole(scratch, from, goal, None).await };
    if !place.is_taken() {
        return whole(scratch, from, goal, Some(&place)).await;
    }
    let (from, recalled) = join(from, known::recall(&place, goal.files, scratch.major())).await;
    let from = from?;
    if let Ok(Some(recalled)) = recalled {
        match known::make(scratch, &from, recalled, goal, &place).await {
            Ok(worked) => return Ok(worked.from(from.catalog)),
            Err(why) => tracing::debug!(%why, "the whole way"),
        }
    }
    whole(scratch, async { Ok(from) }, goal, Some(&place)).await
}

/// As [`make`], with nothing known before.
async fn whole(
    scratch: &mut Scratch,
    from: impl Future<Output = Result<State, MakeError>>,
    goal: &Goal<'_>,
    place: Option<&Place>,
) -> Result<Made, MakeError> {
    let from = async {
        let from = from.await?;
        let digests = place.map(|_| known::digests(&from.catalog));
        Ok((from, digests))
    };
    let wanted = wanted_and_told(scratch, goal.files, goal.role, goal.scope, place.is_some());
    let ((from, digests), (mut wanted, told)) = try_join(from, wanted).await?;
    // Most of it is there twice, and neither is looked at where both are one.
    wanted.catalog.share(&from.catalog);
    let learned = match place.zip(digests) {
        Some((place, digests)) => known::learn(scratch, place, (told, digests), Pair::new(&from.catalog, &wanted.catalog)).await?,
        None => None,
    };
    let (speaks, hints) = (goal.speaks(), rename::hints(goal.files));
    let worked = work_out(scratch, &from, &wanted, (&speaks, &hints), goal.role, goal.scope, goal.online).await;
    wanted.connection.close().await;
    scratch.leave_database(&wanted.database).await?;
    let worked = worked?;
    if let Some(learned) = learned {
        learned.keep(from.photograph.as_ref(), &worked).await;
    }
    Ok(worked.from(from.catalog))
}
