//! What a canonical form depends on, so that equal texts in equal settings get it once: many columns have one default, and policies,
//! checks and indexes of many tables say the same of columns of one name and type.

use crate::analyze::Scope;
use crate::model::{Catalog, Ident, ObjectId};
use crate::object::expressions::Place;
use crate::object::{Kind, Object};
use crate::sql::is_of_name;

/// A text, and what it can tell apart in a catalog of which nothing else depends on its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setting {
    text: String,
    assigned: Option<String>,
    /// The columns that it may name, with their types.
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

/// The columns of a table that a text may name; `None` where it may name the table itself, its rows, or queries. Whatever word has the
/// letters of a name may be it: so more is told apart than need be, and no less.
fn columns(catalog: &Catalog, relation: &ObjectId, text: &str) -> Option<Vec<(String, String)>> {
    let Some(Object::Table(_)) = catalog.object(relation) else { return None };
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = text.split(|c| !is_of_name(c)).filter(|word| !word.is_empty()).collect();
    let names = |name: &Ident| match name.as_str() {
        plain if plain.chars().all(|c| is_of_name(c) && !c.is_ascii_uppercase()) => words.contains(&plain),
        other => text.contains(&other.to_ascii_lowercase().replace('"', "\"\"")),
    };
    // U&"..." may spell any name.
    if text.contains("&\"") || text.contains("select") || names(relation.name()?) {
        return None;
    }
    let named = catalog.children_of(relation, Kind::Column).filter_map(|(id, entry)| match &entry.object {
        Object::Column(column) => Some((id.name().filter(|name| names(name))?.as_str().to_owned(), column.type_name.0.clone())),
        _ => None,
    });
    let mut found: Vec<(String, String)> = named.collect();
    found.sort_unstable();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::QName;
    use crate::object::Session;
    use crate::source::interpret::replay;

    /// The setting of a text about a table `Goods` of some columns.
    fn setting(columns: &str, text: &str) -> Option<Setting> {
        let mut session = Session::new(Catalog::empty(18));
        replay(&mut session, ["CREATE SCHEMA s", &format!("CREATE TABLE s.\"Goods\" ({columns})")]).ok()?;
        let relation = ObjectId::in_schema(Kind::Table, QName::new("s", "Goods"));
        Setting::of(&session.catalog, &Place { scope: Scope::Table(&relation), ..Place::default() }, text)
    }

    #[test]
    fn what_is_named_sets_apart() {
        for (text, named) in [
            ("price > 0", "price"),
            ("PRICE > 0", "price"),
            (r#""Full ""Name""" <> 'gone'"#, r#""Full ""Name""""#),
            (r#"note <> '"' AND price > 0"#, "price"),
        ] {
            let [same, other] = ["int", "text"].map(|of| setting(&format!("zz int, {named} {of}"), text));
            assert!(same.is_some() && same != other, "{text}");
            assert_eq!(same, setting(&format!("{named} int, yy text"), text), "{text}");
        }
        for text in [r#"U&"\0061" = 1"#, "\"Goods\" IS NULL", "goods.price > 0", "price IN (SELECT 1)"] {
            assert_eq!(setting("price int", text), None, "{text}");
        }
    }
}
