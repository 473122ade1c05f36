//! Keeping what a plan has found out.

use tokio::sync::oneshot;

use super::Known;
use super::assemble::Digests;
use super::claim::{Proved, claim};
use super::store::Place;
use crate::model::{Catalog, Pair, discard};
use crate::object::Kind;
use crate::plan::make::Worked;
use crate::plan::proof::{Verdict, witness::Photograph};
use crate::scratch::{Scratch, ScratchError};
use crate::source::digest::Digest;
use crate::source::load::Told;
use crate::source::pipeline::computed;

/// Finds the digests of a live state, beside everything else.
pub fn digests(live: &Catalog) -> oneshot::Receiver<Digests> {
    let live = live.clone();
    computed(move || Digests::of(&live))
}

/// A state that is to be kept.
pub struct Learned {
    place: Place,
    said: Digest,
    known: oneshot::Receiver<Known>,
}

/// Takes in the state that some files make, beside everything else. `None` where it is better not to: secrets, and files without a history.
///
/// # Errors
/// The scratch server's.
pub async fn learn(
    scratch: &Scratch,
    place: &Place,
    (told, digests): (Told, oneshot::Receiver<Digests>),
    made: Pair<&Catalog>,
) -> Result<Option<Learned>, ScratchError> {
    if has_secrets(made.to) {
        return Ok(None);
    }
    let extensions = extensions(scratch, made.to).await?;
    let (Ok(Some(tales)), Ok(digests)) = (told.await, digests.await) else { return Ok(None) };
    let said = tales.digest();
    let [live, catalog] = [made.from, made.to].map(Catalog::clone);
    let known = move || {
        let known = Known::of(&catalog, (&live, &digests), &tales, extensions, 0);
        discard((catalog, live, digests, tales));
        known
    };
    Ok(Some(Learned::begin(place, said, known)))
}

impl Learned {
    /// Works out what is known, beside everything else.
    pub fn begin(place: &Place, said: Digest, known: impl FnOnce() -> Known + Send + 'static) -> Self {
        Self { place: place.clone(), said, known: computed(known) }
    }

    /// Keeps it, now that the plan towards it is found right, and the proof too.
    pub async fn keep(self, live: Option<&Photograph>, Worked { both, verdict }: &Worked) {
        // A failed proof leaves what was known before; who did not come to an end has found nothing, which costs time only.
        let Verdict::Proved { .. } = verdict else { return };
        let Ok(known) = self.known.await else { return };
        self.place.keep(known);
        if let Some(live) = live.filter(|_| !both.up.is_empty()) {
            self.place.keep_proved(&Proved { claim: claim(live, self.said, &both.up, &both.down), verdict: verdict.clone() });
        }
    }
}

/// Passwords have no place in a cache.
pub fn has_secrets(catalog: &Catalog) -> bool {
    [Kind::UserMapping, Kind::Server, Kind::Subscription].into_iter().any(|kind| catalog.of_kind(kind).next().is_some())
}

/// What extensions the server has, where it matters: another version makes something else.
///
/// # Errors
/// The scratch server's.
pub async fn extensions(scratch: &Scratch, catalog: &Catalog) -> Result<String, ScratchError> {
    if catalog.of_kind(Kind::Extension).next().is_none() {
        return Ok(String::new());
    }
    let all = scratch.available_extensions().await?;
    let defaults = all.iter().filter(|extension| extension.is_default).map(|extension| format!("{} {}", extension.name, extension.version));
    Ok(defaults.collect::<Vec<_>>().join(", "))
}
