//! Cells as comparable text.

use std::borrow::Cow;
use std::str::FromStr;

use super::address::{Address, Names};
use super::reader::{TableRow, Treatment};
use super::values::Text;

/// The last value of a column: most are as in the row before, and need not be made again.
#[derive(Default)]
pub(super) struct Last<'a>(Option<(&'a str, String)>);

impl<'a> Last<'a> {
    /// Adds what [`value`] says.
    pub(super) fn add(&mut self, row: &TableRow<'a>, cell: usize, treatment: Treatment, names: &Names<'_>, to: &mut Text) {
        if !matches!(treatment, Treatment::Expression | Treatment::Set | Treatment::Privileges) {
            return to.push(value(row, cell, treatment, names).as_deref());
        }
        let Some(text) = row.cell(cell) else { return to.push(None) };
        if let Some((_, value)) = self.0.as_ref().filter(|(last, _)| *last == text) {
            return to.push(Some(value));
        }
        let value = value(row, cell, treatment, names).map(Cow::into_owned);
        to.push(value.as_deref());
        self.0 = value.map(|value| (text, value));
    }
}

/// The text of a cell with addresses in it; `None` for null.
pub(super) fn value<'a>(row: &TableRow<'a>, cell: usize, treatment: Treatment, names: &'a Names<'_>) -> Option<Cow<'a, str>> {
    if let Treatment::ColumnOrder = treatment {
        return names.order(row.oid()).map(Cow::Borrowed);
    }
    let text = row.cell(cell)?;
    Some(match treatment {
        Treatment::Text | Treatment::ColumnOrder => Cow::Borrowed(text),
        Treatment::Expression => super::respell::respelled(text),
        Treatment::Set => set(text),
        Treatment::Privileges => privileges(text),
        Treatment::Reference(class) => names.object(class, row.number(cell)),
        Treatment::References { class, sorted } => list(numbers(text).map(|oid| names.object(class, oid)), sorted).into(),
        Treatment::Columns { relation, sorted } => {
            let relation = row.number(relation);
            list(numbers(text).map(|number| names.column(relation, number)), sorted).into()
        }
        Treatment::Object { class, sub } => {
            names.address(Address { class: row.number(class), object: row.number(cell), sub: row.number(sub) }).into()
        }
    })
}

/// The numbers in the text of an array or a vector.
pub(super) fn numbers<'a, T: FromStr + 'a>(text: &'a str) -> impl Iterator<Item = T> + 'a {
    text.split(|c: char| !c.is_ascii_digit() && c != '-').filter_map(|number| number.parse().ok())
}

fn list<'a>(names: impl Iterator<Item = Cow<'a, str>>, sorted: bool) -> String {
    let mut names: Vec<Cow<'_, str>> = names.collect();
    if sorted {
        names.sort();
    }
    format!("({})", names.join(", "))
}

fn set(text: &str) -> Cow<'_, str> {
    let Some(mut elements) = elements(text) else { return Cow::Borrowed(text) };
    elements.sort();
    let quoted = |element: String| if element.contains([',', '"']) { format!("{element:?}") } else { element };
    format!("{{{}}}", elements.into_iter().map(quoted).collect::<Vec<_>>().join(", ")).into()
}

/// The elements of a one-dimensional array as `array_out` writes them; `None` where it is none. A null element is the word NULL.
fn elements(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let (mut element, mut quoted, mut chars) = (String::new(), false, inner.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => element.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => elements.push(std::mem::take(&mut element)),
            c => element.push(c),
        }
    }
    if !inner.is_empty() {
        elements.push(element);
    }
    Some(elements)
}

/// Privileges in a fixed order, the owner by that word: who the owner is, another column says.
pub(super) fn privileges(text: &str) -> Cow<'_, str> {
    let Some(elements) = elements(text) else { return Cow::Borrowed(text) };
    let Some((owner, items)) = elements.split_first() else { return Cow::Borrowed(text) };
    let mut items: Vec<String> = items.iter().map(|item| granted(item, owner)).collect();
    items.sort();
    if items.is_empty() { Cow::Borrowed("nobody") } else { items.join(", ").into() }
}

/// One `aclitem` (`grantee=letters/grantor`), whose names are quoted as `putid` of src/backend/utils/adt/acl.c does.
fn granted(item: &str, owner: &str) -> String {
    let (grantee, rest) = role(item);
    let (letters, grantor) = rest.strip_prefix('=').unwrap_or(rest).split_once('/').unwrap_or((rest, ""));
    let (grantor, _) = role(grantor);
    let called = |role: String| if role == owner { "(owner)".to_owned() } else { role };
    let grantee = if grantee.is_empty() { "PUBLIC".to_owned() } else { called(grantee) };
    format!("{grantee}={letters}/{}", called(grantor))
}

/// Splits a name off the beginning.
fn role(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('=').unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            name.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return (name, &quoted[at + 1..]);
        }
    }
    (name, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_taken_apart() {
        assert_eq!(elements(r#"{a,"b,c","d\"e",NULL}"#), Some(vec!["a".into(), "b,c".into(), "d\"e".into(), "NULL".into()]));
        assert_eq!(elements("{}"), Some(Vec::new()));
        assert_eq!(&*set("{b=2,a=1}"), "{a=1, b=2}");
        assert_eq!(numbers::<i32>("{3,-1}").collect::<Vec<_>>(), [3, -1]);
    }

    #[test]
    fn the_owner_is_called_so() {
        assert_eq!(
            &*privileges(r#"{"o \"p","\"o \"\"p\"=arw/\"o \"\"p\"","=r/\"o \"\"p\"",x=r*/x}"#),
            "(owner)=arw/(owner), PUBLIC=r/(owner), x=r*/x"
        );
        assert_eq!(&*privileges("{o}"), "nobody");
    }
}
