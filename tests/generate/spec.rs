//! What a random case is made of: a list of small numbers, so that shrinking is clearing bits and leaving out objects.
//!
//! An object refers to others by rendezvous hashing over those that exist on the side being written: leaving one out moves
//! only the references to it, and every list of specs is a valid schema.

use proptest::prelude::*;
use proptest::sample::select;

/// The two ends of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Schema,
    Enum,
    Domain,
    Composite,
    Range,
    Sequence,
    Function,
    TableFunction,
    Procedure,
    Table,
    Partitioned,
    Partition,
    Child,
    ForeignKey,
    Index,
    View,
    MaterializedView,
    Trigger,
    Policy,
    Rule,
    Statistics,
    Publication,
}

/// On which sides it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Both,
    OldOnly,
    NewOnly,
}

/// One object of a case, as it is on both sides.
#[derive(Clone, Debug)]
pub struct Spec {
    pub sort: Sort,
    /// Its name's number.
    pub tag: u16,
    /// What the values of its features are drawn from.
    pub seed: u64,
    /// The features that it has.
    pub on: u64,
    /// The features that differ on the new side.
    pub edit: u64,
    pub presence: Presence,
}

/// A whole case.
#[derive(Clone, Debug)]
pub struct Case {
    pub specs: Vec<Spec>,
    /// In which order the statements stand in files; as they come where none.
    pub shuffle: Option<u64>,
}

/// The finalizer of splitmix64.
pub fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

impl Spec {
    pub fn exists(&self, side: Side) -> bool {
        match self.presence {
            Presence::Both => true,
            Presence::OldOnly => side == Side::Old,
            Presence::NewOnly => side == Side::New,
        }
    }

    /// The value of a feature, where the object has it on this side. An edit gives it, takes it or changes it.
    pub fn feature(&self, bit: u32, side: Side) -> Option<u64> {
        let on = self.on >> (bit % 64) & 1 == 1;
        let edited = side == Side::New && self.edit >> (bit % 64) & 1 == 1;
        let [first, second] = [0, 1].map(|version| mix(&[self.seed, u64::from(bit), version]));
        match (on, edited) {
            (false, false) => None,
            (true, false) => Some(first),
            (false, true) => Some(second),
            (true, true) => (second & 3 != 0).then_some(second >> 2),
        }
    }

    /// A value that the object always has: its first version, or the second where the feature's bits say so.
    pub fn value(&self, bit: u32, side: Side) -> u64 {
        let edited = side == Side::New && self.edit >> (bit % 64) & 1 == 1;
        mix(&[self.seed, u64::from(bit), 2 + u64::from(edited)])
    }
}

fn sort() -> impl Strategy<Value = Sort> {
    use Sort::*;
    select(vec![
        Schema,
        Enum,
        Enum,
        Domain,
        Domain,
        Composite,
        Range,
        Sequence,
        Function,
        Function,
        TableFunction,
        Procedure,
        Table,
        Table,
        Table,
        Table,
        Table,
        Partitioned,
        Partitioned,
        Partition,
        Partition,
        Partition,
        Child,
        Child,
        ForeignKey,
        ForeignKey,
        ForeignKey,
        Index,
        Index,
        Index,
        Index,
        View,
        View,
        View,
        View,
        MaterializedView,
        Trigger,
        Trigger,
        Policy,
        Rule,
        Statistics,
        Publication,
    ])
}

fn presence() -> impl Strategy<Value = Presence> {
    prop_oneof![6 => Just(Presence::Both), 1 => Just(Presence::OldOnly), 1 => Just(Presence::NewOnly)]
}

fn edits() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 3 => proptest::bits::u64::sampled(1..10, 0..64)]
}

fn spec() -> impl Strategy<Value = Spec> {
    let parts =
        (sort(), (0_u16..1000).no_shrink(), any::<u64>().no_shrink(), proptest::bits::u64::sampled(0..48, 0..64), edits(), presence());
    parts.prop_map(|(sort, tag, seed, on, edit, presence)| Spec { sort, tag, seed, on, edit, presence })
}

/// Random cases of up to so many objects.
pub fn cases(objects: usize) -> impl Strategy<Value = Case> {
    let shuffle = prop::option::weighted(0.9, any::<u64>().no_shrink());
    (prop::collection::vec(spec(), 1..=objects), shuffle).prop_map(|(specs, shuffle)| {
        let mut tags = std::collections::BTreeSet::new();
        Case { specs: specs.into_iter().filter(|spec| tags.insert(spec.tag)).collect(), shuffle }
    })
}
