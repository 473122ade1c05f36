//! Keeping what a plan has found out.

use tokio::sync::oneshot;

use super::claim::{Proved, claim};
use super::store::Place;
use super::{Known, beside};
use crate::model::{Catalog, Pair, discard};
use crate::object::Kind;
use crate::plan::make::Worked;
use crate::plan::proof::{Verdict, witness::Photograph};
use crate::scratch::{Scratch, ScratchError};
use crate::source::digest::Digest;
use crate::source::load::Told;

/// A state that is being kept.
pub struct Learned {
    place: Place,
    said: Digest,
    kept: oneshot::Receiver<()>,
}

/// Keeps the state that some files make, beside everything else. `None` where it is better not to: secrets, and files without a history.
///
/// # Errors
/// The scratch server's.
pub async fn learn(scratch: &Scratch, place: &Place, told: Told, made: Pair<&Catalog>) -> Result<Option<Learned>, ScratchError> {
    if has_secrets(made.to) {
        return Ok(None);
    }
    let extensions = extensions(scratch, made.to).await?;
    let Ok(Some(history)) = told.await else { return Ok(None) };
    let said = history.tales.digest();
    let [live, catalog] = [made.from, made.to].map(Catalog::clone);
    let known = move || {
        let known = Known::of(&catalog, &live, &history.tales, extensions, 0);
        discard((catalog, live, history));
        known
    };
    Ok(Some(Learned::keep(place, said, known)))
}

impl Learned {
    /// Keeps a state that is still to be worked out, beside everything else.
    pub fn keep(place: &Place, said: Digest, known: impl FnOnce() -> Known + Send + 'static) -> Self {
        let its = place.clone();
        let kept = beside(move || its.keep(known()));
        Self { place: place.clone(), said, kept }
    }

    /// Waits until it is kept, and keeps the proof too, where there is one.
    pub async fn end(self, live: Option<&Photograph>, Worked { both, verdict }: &Worked) {
        // Who did not come to an end has kept nothing, which costs time only.
        let _ended = self.kept.await;
        let proved = matches!(verdict, Verdict::Proved { .. }) && !both.up.is_empty();
        if let Some(live) = live.filter(|_| proved) {
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
