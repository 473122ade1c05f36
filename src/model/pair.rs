//! Two versions of one thing, so that old and new cannot be swapped by accident.

/// What was and what shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<T> {
    /// The version before.
    pub from: T,
    /// The version wanted.
    pub to: T,
}

impl<T> Pair<T> {
    /// Both versions.
    pub const fn new(from: T, to: T) -> Self {
        Self { from, to }
    }

    /// The same function on both.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Pair<U> {
        Pair { from: f(self.from), to: f(self.to) }
    }

    /// The way back.
    pub fn swapped(self) -> Self {
        Self { from: self.to, to: self.from }
    }
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two differ.
    pub fn differs(&self) -> bool {
        self.from != self.to
    }
}
