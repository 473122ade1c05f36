//! The fingerprint of a state.

use std::io::Write;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{Catalog, Entry};
use crate::model::hex;
use crate::model::id::ObjectId;
use crate::model::pair::Pair;

/// SHA-256 of what one object is.
type Digest = [u8; 32];

impl Catalog {
    /// SHA-256 in hexadecimal over those of all objects and their state. Where columns stand is no part of it, since no
    /// statement can move them; nor is whether a table has by itself what it inherits, which no statement takes back; nor whether a materialized view has
    /// been filled; nor are dependencies, which follow from the state; nor owners and privileges and what is said of the database itself, since one plan goes to many servers, each
    /// with roles of its own.
    pub fn fingerprint(&self) -> String {
        of_all(self.told().map_init(Vec::new, |text, (id, entry)| digest(text, id, entry)).collect())
    }

    /// The fingerprints of two; what they share is looked at once.
    pub fn fingerprints(pair: Pair<&Self>) -> Pair<String> {
        let shared = |text: &mut Vec<u8>, (id, entry): (&ObjectId, &Arc<Entry>)| (digest(text, id, entry), pair.to.has(id, entry));
        let from: Vec<(Digest, bool)> = pair.from.told().map_init(Vec::new, shared).collect();
        let own = pair.to.told().filter(|(id, entry)| !pair.from.has(id, entry));
        let own = own.map_init(Vec::new, |text, (id, entry)| digest(text, id, entry));
        let mut to: Vec<Digest> = own.collect();
        to.extend(from.iter().filter(|(_, shared)| *shared).map(|(digest, _)| digest));
        Pair::new(of_all(from.into_iter().map(|(digest, _)| digest).collect()), of_all(to))
    }

    /// What counts.
    fn told(&self) -> impl ParallelIterator<Item = (&ObjectId, &Arc<Entry>)> {
        self.entries.par_iter().filter(|(id, _)| !id.kind.is_about_roles() && !id.is_about_database())
    }
}

/// `text` is where it is put together: most objects are small, and there are many.
fn digest(text: &mut Vec<u8>, id: &ObjectId, entry: &Entry) -> Digest {
    text.clear();
    // Memory takes whatever is written.
    let _always = write!(text, "{id}");
    let _always = serde_json::to_writer(&mut *text, entry.object.bare().as_ref());
    Sha256::digest(&*text).into()
}

fn of_all(mut digests: Vec<Digest>) -> String {
    digests.par_sort_unstable();
    hex(&Sha256::digest(digests.as_flattened()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Kind;
    use crate::object::schema::Schema;

    #[test]
    fn of_two_as_of_each() {
        let of = |names: &[&str]| {
            let mut catalog = Catalog::empty(18);
            for name in names {
                catalog.insert(ObjectId::global(Kind::Schema, *name), Entry::new(Schema {}, None));
            }
            catalog
        };
        for (left, right) in [(&["a", "b", "d"][..], &["b", "c"][..]), (&[], &["a"]), (&["x"], &[]), (&["a", "b"], &["a", "b"])] {
            let (left, mut right) = (of(left), of(right));
            for shared in [false, true] {
                let both = Catalog::fingerprints(Pair::new(&left, &right));
                assert_eq!((both.from, both.to), (left.fingerprint(), right.fingerprint()), "{shared}");
                right.share(&left);
            }
        }
    }
}
