//! Storage parameters and the like in SQL: `WITH (..)`, `SET (..)`, `RESET (..)`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ident::{quote_ident, quote_literal};
use super::pair::Pair;

/// ` WITH (..)`, or nothing where there are none.
pub fn with_options(options: &Options) -> String {
    if options.is_empty() { String::new() } else { format!(" WITH ({})", spell_options(options)) }
}

/// Storage parameters and the like, by name, in the text form of `pg_class.reloptions`.
///
/// PostgreSQL keeps them in the order in which they were said, and so do these; but the order makes no difference.
#[derive(Clone, Debug, Default)]
pub struct Options(Vec<(String, String)>);

impl Options {
    /// None at all.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Whether it is said.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Says one, behind all others (`transformRelOptions` in src/backend/access/common/reloptions.c); gives back what it was.
    pub fn insert(&mut self, name: String, value: String) -> Option<String> {
        let old = self.remove(&name);
        self.0.push((name, value));
        old
    }

    /// Takes one out.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(place).1)
    }

    /// Keeps those that are wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&String, &mut String) -> bool) {
        self.0.retain_mut(|(name, value)| wanted(name, value));
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    fn sorted(&self) -> BTreeMap<&String, &String> {
        self.iter().collect()
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

impl Eq for Options {}

impl Extend<(String, String)> for Options {
    fn extend<T: IntoIterator<Item = (String, String)>>(&mut self, options: T) {
        for (name, value) in options {
            self.insert(name, value);
        }
    }
}

impl<const N: usize> From<[(String, String); N]> for Options {
    fn from(options: [(String, String); N]) -> Self {
        options.into_iter().collect()
    }
}

impl FromIterator<(String, String)> for Options {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(options: T) -> Self {
        let mut all = Self::new();
        all.extend(options);
        all
    }
}

impl IntoIterator for Options {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Options {
    type Item = &'a (String, String);
    type IntoIter = std::slice::Iter<'a, (String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Fingerprints are taken of this, and the order makes no difference.
        serializer.collect_map(self.sorted())
    }
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(BTreeMap::<String, String>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// `name = value, ..`: what stands in the parentheses of WITH and SET.
pub fn spell_options(options: &Options) -> String {
    let spelled: Vec<String> = options.iter().map(|(name, value)| format!("{} = {}", option_name(name), option_value(value))).collect();
    spelled.join(", ")
}

/// What stands in the parentheses of SET, and in those of RESET, to make one set of options of another. What is said again goes behind
/// all others, so that what shall stand behind it is said again too.
pub fn option_changes(pair: Pair<&Options>) -> (Option<String>, Option<String>) {
    if pair.from == pair.to {
        return (None, None);
    }
    let mut present = pair.from.iter();
    let stays = pair.to.iter().take_while(|wanted| present.any(|own| own == *wanted)).count();
    let set: Options = pair.to.iter().skip(stays).map(|(name, value)| (name.clone(), value.clone())).collect();
    let reset: Vec<String> = pair.from.keys().filter(|name| !pair.to.contains_key(name)).map(|name| option_name(name)).collect();
    ((!set.is_empty()).then(|| spell_options(&set)), (!reset.is_empty()).then(|| reset.join(", ")))
}

/// A name, its namespace (`toast.`) apart, as `flatten_reloptions` of ruleutils.c and pg_dump quote it.
fn option_name(name: &str) -> String {
    name.split('.').map(quote_ident).collect::<Vec<_>>().join(".")
}

/// A value as `flatten_reloptions` of ruleutils.c writes it: an identifier bare, all else as a literal. Numbers go bare too, for the
/// reader's sake.
fn option_value(value: &str) -> String {
    let number = value.bytes().any(|c| c.is_ascii_digit()) && value.bytes().all(|c| c.is_ascii_digit() || c == b'.');
    let bare = (number && value.parse::<f64>().is_ok()) || matches!(value, "true" | "false") || quote_ident(value) == value;
    if bare { value.to_owned() } else { quote_literal(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(texts: &[(&str, &str)]) -> Options {
        texts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn spells_namespaces_and_values() {
        let all = options(&[("fillfactor", "70"), ("toast.autovacuum_enabled", "false"), ("x", "a b"), ("y", "-1"), ("buffering", "auto")]);
        assert_eq!(spell_options(&all), "fillfactor = 70, toast.autovacuum_enabled = false, x = 'a b', y = '-1', buffering = auto");
    }

    #[test]
    fn sets_what_differs_and_resets_what_is_gone() {
        let (from, to) = (options(&[("a", "1"), ("b", "2"), ("c", "3")]), options(&[("a", "1"), ("b", "4"), ("d", "5")]));
        assert_eq!(option_changes(Pair::new(&from, &to)), (Some("b = 4, d = 5".to_owned()), Some("c".to_owned())));
        assert_eq!(option_changes(Pair::new(&from, &from)), (None, None));
        let (from, to) = (options(&[("a", "1"), ("b", "2"), ("c", "3")]), options(&[("b", "2"), ("a", "1"), ("c", "3")]));
        assert_eq!(option_changes(Pair::new(&from, &to)), (None, None));
        let to = options(&[("a", "1"), ("b", "3"), ("c", "3")]);
        assert_eq!(option_changes(Pair::new(&from, &to)), (Some("b = 3, c = 3".to_owned()), None));
    }
}
