//! What a proof was about, so that nobody carries out the same one again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Step, hex};
use crate::plan::proof::Verdict;
use crate::plan::proof::witness::{self, Photograph};
use crate::source::digest::Digest;

/// A proof that was carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proved {
    /// What it was about, see [`claim`].
    pub claim: String,
    /// What it said.
    pub verdict: Verdict,
}

/// SHA-256 in hexadecimal of the live state, as the witness sees it, of what the files say, and of both ways.
pub fn claim(live: &Photograph, said: Digest, up: &[Step], down: &[Step]) -> String {
    let mut sha = Sha256::new();
    sha.update(said.bytes());
    sha.update(witness::exact_digest(live).bytes());
    for step in up.iter().chain(down) {
        sha.update((step.sql.len() as u64).to_be_bytes());
        sha.update(&step.sql);
        sha.update([step.transaction as u8]);
    }
    sha.update((up.len() as u64).to_be_bytes());
    hex(&sha.finalize())
}
