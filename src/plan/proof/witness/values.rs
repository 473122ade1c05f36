//! The values of a row's columns as one text. Photographs have most of them in common, and each is kept once.

use crate::model::{Interned, Interner};

/// Values in the order of their columns; null is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Values(Interned<str>);

static KNOWN: Interner<str> = Interner::new();

/// No text of a server's holds it.
const END: char = '\0';
/// A null; before a text that begins so there is another one.
const NULL: char = '\u{1}';

impl Values {
    /// All of them; two are the same where they are.
    pub(super) fn packed(&self) -> &str {
        &self.0
    }

    /// As many as were packed.
    pub(super) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.split_terminator(END).map(|text| match text.strip_prefix(NULL) {
            Some("") => None,
            Some(rest) => Some(rest),
            None => Some(text),
        })
    }
}

impl<'a> FromIterator<Option<&'a str>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(values: I) -> Self {
        let mut text = Text::default();
        values.into_iter().for_each(|value| text.push(value));
        text.values()
    }
}

/// Values that are being packed.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// Adds one.
    pub(super) fn push(&mut self, value: Option<&str>) {
        if value.is_none_or(|value| value.starts_with(NULL)) {
            self.0.push(NULL);
        }
        self.0.push_str(value.unwrap_or_default());
        self.0.push(END);
    }

    /// What was added since the last time.
    pub(super) fn values(&mut self) -> Values {
        let values = Values(KNOWN.get(self.0.as_str()));
        self.0.clear();
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_was_packed() {
        let all = [Some("a"), None, Some(""), Some("\u{1}"), Some("\u{1}b"), None];
        let values: Values = all.into_iter().collect();
        assert_eq!(values.iter().collect::<Vec<_>>(), all);
        assert_eq!([].into_iter().collect::<Values>().iter().count(), 0);
        assert_ne!([None].into_iter().collect::<Values>(), [Some("")].into_iter().collect());
    }
}
