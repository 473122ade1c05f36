//! Identifiers and the one quoting function.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::intern::{Interned, Interner};

/// `NAMEDATALEN - 1`: PostgreSQL cuts longer identifiers off (src/include/pg_config_manual.h).
pub const MAX_IDENT_BYTES: usize = 63;

/// One identifier as PostgreSQL stores it: folded, without quotes, at most 63 bytes. Equal ones are one in memory; the order is that of
/// bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(Interned<str>);

static KNOWN: Interner<str> = Interner::new();

impl Ident {
    /// Takes a name as the catalogs or the parser give it, cut to what PostgreSQL keeps of it.
    pub fn new(name: &str) -> Self {
        Self(KNOWN.get(truncated(name)))
    }

    /// The name without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it must stand in SQL: quoted where PostgreSQL's `quote_identifier` would quote.
    pub fn quoted(&self) -> String {
        quote_ident(&self.0)
    }
}

impl Serialize for Ident {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Ident {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'_, str>::deserialize(deserializer).map(|name| Self::new(&name))
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&as_quoted(&self.0))
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// The name that PostgreSQL gives to what has none: `makeObjectName` (src/backend/commands/indexcmds.c), which joins the
/// parts by underscores and cuts the longer of the first two until the whole fits, never within a character.
pub fn make_object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = usize::from(!label.is_empty()) + label.len() + usize::from(second.is_some());
    let room = MAX_IDENT_BYTES.saturating_sub(overhead);
    let (mut a, mut b) = (first.len(), second.map_or(0, str::len));
    while a + b > room {
        if a > b {
            a -= 1;
        } else {
            b -= 1;
        }
    }
    let clip = |text: &str, mut end: usize| {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    };
    let parts = [Some(clip(first, a)), second.map(|second| clip(second, b)), (!label.is_empty()).then(|| label.to_owned())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("_")
}

fn truncated(name: &str) -> &str {
    if name.len() <= MAX_IDENT_BYTES {
        return name;
    }
    let mut end = MAX_IDENT_BYTES;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// `quote_identifier` of src/backend/utils/adt/ruleutils.c: quotes unless the name is lower case, starts with a
/// letter or underscore, and is no keyword other than an unreserved one.
pub fn quote_ident(name: &str) -> String {
    as_quoted(name).into_owned()
}

fn as_quoted(name: &str) -> Cow<'_, str> {
    let mut chars = name.bytes();
    let plain = matches!(chars.next(), Some(b'a'..=b'z' | b'_')) && chars.all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if plain && !super::keyword::is_reserved_somewhere(name) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// A string literal that reads the same whatever `standard_conforming_strings` says.
pub fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

/// A schema-qualified name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct QName {
    /// The schema.
    pub schema: Ident,
    /// The name within it.
    pub name: Ident,
}

impl QName {
    /// Both parts as the catalogs give them.
    pub fn new(schema: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl fmt::Debug for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text.
impl schemars::JsonSchema for Ident {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ident".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_like_the_server() {
        for (name, quoted) in [
            ("a1_", "a1_"),
            ("A", "\"A\""),
            ("1a", "\"1a\""),
            ("", "\"\""),
            ("user", "\"user\""),
            ("name", "name"),
            ("a\"b", "\"a\"\"b\""),
            ("é", "\"é\""),
        ] {
            assert_eq!(quote_ident(name), quoted);
        }
    }

    #[test]
    fn makes_names_like_the_server() {
        assert_eq!(make_object_name("t", Some("c"), "seq"), "t_c_seq");
        assert_eq!(make_object_name("t", None, "pkey"), "t_pkey");
        let long = make_object_name(&"a".repeat(60), Some(&"b".repeat(40)), "not_null");
        assert_eq!(long, format!("{}_{}_not_null", "a".repeat(27), "b".repeat(26)));
    }

    #[test]
    fn cuts_at_a_character_boundary() {
        assert_eq!(Ident::new(&"é".repeat(40)).as_str().len(), 62);
    }

    #[test]
    fn literals_survive_backslashes() {
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal("a\\b"), "E'a\\\\b'");
    }
}
