//! Short names of identities and states, by which what is kept is found again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::ObjectId;
use crate::object::Object;

/// The first half of a SHA-256. The one of nothing at all is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest([u8; 16]);

impl Digest {
    /// How many bytes it has.
    pub const BYTES: usize = 16;

    /// That of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::default().and(bytes)
    }

    /// That of an identity.
    pub fn of_id(id: &ObjectId) -> Self {
        Self::of(id.address().as_bytes())
    }

    /// That of an object as it is, with where columns stand and what tables have by themselves.
    pub fn of_object(object: &Object) -> Self {
        // Every object can be stored as JSON; recorded catalogs are.
        Self::of(&serde_json::to_vec(object).unwrap_or_default())
    }

    /// With more bytes after those that it is of.
    pub fn and(self, bytes: &[u8]) -> Self {
        let mut sha = Sha256::new();
        sha.update(self.0);
        sha.update(bytes);
        let mut first = [0; Self::BYTES];
        first.copy_from_slice(&sha.finalize()[..Self::BYTES]);
        Self(first)
    }

    /// Both at once, whichever comes first.
    pub fn mixed(self, other: Self) -> Self {
        Self((u128::from_be_bytes(self.0) ^ u128::from_be_bytes(other.0)).to_be_bytes())
    }

    /// Its bytes.
    pub const fn bytes(self) -> [u8; Self::BYTES] {
        self.0
    }

    /// The one of these bytes.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}
