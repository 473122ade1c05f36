//! What earlier plans found out: which state schema files make, as a server spells it.
//!
//! Running all schema files on a scratch server takes most of the time of a plan. Where they were run before and a few statements have
//! changed since, only those are run again, with what they need; and the plan is proved on what it can reach. Everything else is as it was
//! known to be: the same statements about an object, on the same things, make the same object. Whatever leaves a doubt takes the whole way.
//!
//! Of objects that the live database has too, as it was when the state was kept or as it is now, a digest is all that is kept.

mod assemble;
mod capture;
mod claim;
mod learn;
mod make;
mod part;
mod store;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

pub use learn::{digests, learn};
pub use make::{Whole, make};
pub use store::Place;

use crate::model::{Entry, ObjectId};
use crate::source::digest::Digest;
use crate::source::files::SchemaFiles;
use crate::source::history::History;
use crate::source::pipeline::computed;

/// How often a state may be put together of parts before it is made whole again.
const MOST_PARTS: u32 = 20;

/// A state that schema files are known to make.
#[derive(Clone, Debug)]
pub struct Known {
    /// What was said of each object, and what came of it, by the digest of its identity.
    rows: FxHashMap<Digest, Row>,
    /// Objects that the live database had not, or otherwise.
    entries: Vec<(ObjectId, Entry)>,
    /// What statements said that changed nothing.
    idle: Digest,
    /// What extensions the scratch server had, where the files have some.
    extensions: String,
    /// How often in a row it was put together of parts.
    in_parts: u32,
}

/// What is known of an object; zero stands for nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    tale: Digest,
    object: Digest,
}

/// What is known, and what the interpreter says of the files as they are.
pub struct Recalled {
    known: Known,
    history: History,
}

/// Looks for what is known, beside everything else; `None` where nothing is, or nothing can be known of the files.
pub fn recall(place: &Place, files: &Arc<SchemaFiles>, major: u32) -> oneshot::Receiver<Option<Recalled>> {
    let (place, files) = (place.clone(), Arc::clone(files));
    computed(move || {
        let (known, history) = rayon::join(|| place.read(), || History::of(&files, major, |_| {}));
        Some(Recalled { known: known?, history: history? })
    })
}
