//! What a canonical form depends on, so that equal texts in equal settings get it once: many columns have one default, and policies,
//! checks and indexes of many tables say the same of columns of one name and type.

use crate::analyze::Scope;
use crate::model::{Catalog, ObjectId};
use crate::object::expressions::Place;
use crate::object::{Kind, Object};

/// A text, and what it can tell apart in a catalog of which nothing else depends on its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setting {
    text: String,
    assigned: Option<String>,
    /// The columns that its words may mean, with their types, in the order of the words.
    columns: Vec<(String, String)>,
}

impl Setting {
    /// `None` where the form may depend on more.
    pub fn of(catalog: &Catalog, place: &Place<'_>, text: &str) -> Option<Self> {
        let columns = match &place.scope {
            _ if place.columns.is_some() => return None,
            Scope::None => Vec::new(),
            Scope::Table(relation) => columns(catalog, relation, text)?,
            _ => return None,
        };
        Some(Self { text: text.to_owned(), assigned: place.assigned.clone(), columns })
    }
}

/// The columns of a table that a text may name; `None` where it may name the table itself, its rows, or queries. A word that is a column's
/// name and means something else sets more apart than need be, and no less.
fn columns(catalog: &Catalog, relation: &ObjectId, text: &str) -> Option<Vec<(String, String)>> {
    let Some(Object::Table(_)) = catalog.object(relation) else { return None };
    let name = relation.name()?.as_str();
    let known: Vec<(&str, &str)> = catalog
        .children_of(relation, Kind::Column)
        .filter_map(|(id, entry)| match &entry.object {
            Object::Column(column) => Some((id.name()?.as_str(), column.type_name.0.as_str())),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for word in words(text)? {
        if word == name || word == "select" {
            return None;
        }
        found.extend(known.iter().filter(|(name, _)| *name == word).map(|(name, of)| ((*name).to_owned(), (*of).to_owned())));
    }
    Some(found)
}

/// The identifiers of a text as PostgreSQL reads them (src/backend/parser/scan.l); `None` for what is not plain enough to tell.
fn words(text: &str) -> Option<Vec<String>> {
    // Escapes in literals, U&"..." and dollar quotes, of which the deparser makes none.
    if text.contains(['\\', '$']) || text.contains("&\"") || text.contains("--") || text.contains("/*") {
        return None;
    }
    let mut found = Vec::new();
    let mut rest = text;
    let starts = |c: char| matches!(c, '"' | '\'' | '_') || c.is_alphabetic();
    while let Some(at) = rest.find(starts) {
        rest = &rest[at..];
        if let Some(literal) = rest.strip_prefix('\'') {
            rest = literal.split_once('\'')?.1;
        } else if rest.starts_with('"') {
            let (name, after) = quoted(&rest[1..])?;
            found.push(name);
            rest = after;
        } else {
            let (word, after) = rest.split_at(rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len()));
            found.push(word.to_ascii_lowercase());
            rest = after;
        }
    }
    Some(found)
}

/// A name whose opening quote is passed, and what comes after its closing one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '"' && chars.next_if(|(_, next)| *next == '"').is_none() {
            return Some((name, &text[at + 1..]));
        }
        name.push(c);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        for (text, expected) in [
            (r#"(Price >= 0) AND lower("Full ""Name""") <> 'gone'::text"#, &["price", "and", "lower", r#"Full "Name""#, "text"][..]),
            ("größe > 1 OR b1 = _b", &["größe", "or", "b1", "_b"]),
            (r#"note <> '"' AND price > 0 AND '' <> 'it''s "'"#, &["note", "and", "price", "and"]),
            (r#""""" = 1 AND "a""b""#, &["\"", "and", "a\"b"]),
            ("", &[]),
        ] {
            assert_eq!(words(text).as_deref(), Some(&expected.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()[..]), "{text}");
        }
        for text in [r#"U&"\0061" = 1"#, r"a <> E'\' AND b'", "a = $$b$$", r#""open"#, "'open"] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
