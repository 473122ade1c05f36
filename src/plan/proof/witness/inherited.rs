//! Names of NOT NULLs that a parent passes on too, which no statement on the child changes ("cannot rename inherited constraint",
//! rename_constraint_internal of src/backend/commands/tablecmds.c): where two databases have them otherwise, one is read by the names of the other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Photograph, PhotographedRow, RowAddress};

const CATALOG: &str = "pg_constraint";

/// Address here, and address there.
pub(super) type Renamed = BTreeMap<String, String>;

/// The NOT NULLs that differ by their names alone: how the right side calls them, and how the left one.
pub(super) fn renamed(left: &Photograph, right: &Photograph) -> Renamed {
    if left.major < 18 || right.major < 18 {
        return Renamed::new();
    }
    let ours = only(left, right);
    if ours.is_empty() {
        return Renamed::new();
    }
    only(right, left).into_iter().filter_map(|(place, there)| Some((there.to_owned(), (*ours.get(&place)?).to_owned()))).collect()
}

/// By table and column, the inherited NOT NULLs that only the first side has under their names.
fn only<'a>(side: &'a Photograph, other: &Photograph) -> BTreeMap<(&'a str, Option<&'a str>), &'a str> {
    let rows =
        side.rows.iter().filter(|(address, row)| address.catalog == CATALOG && is_inherited(row) && !other.rows.contains_key(*address));
    rows.filter_map(|(address, row)| Some(((table(&address.object)?, row.get("conkey")), &*address.object))).collect()
}

fn is_inherited(row: &PhotographedRow) -> bool {
    row.get("contype") == Some("n") && row.get("coninhcount") != Some("0")
}

/// What stands behind the name and ON.
fn table(address: &str) -> Option<&str> {
    let end = match address.strip_prefix('"') {
        Some(quoted) => {
            let quote = quoted.replace("\"\"", "__");
            quote.find('"')? + 2
        }
        None => address.find(' ')?,
    };
    address.get(end..)?.strip_prefix(" on ")
}

/// The photograph by other names.
pub(super) fn respelled(photograph: &Photograph, names: &Renamed) -> Photograph {
    let spelled = |text: &str| names.iter().fold(Cow::Borrowed(text), |text, (from, to)| replaced(text, from, to)).into_owned();
    let rows = photograph.rows.iter().map(|(address, row)| {
        let values: Vec<Option<String>> = row.values.iter().map(|value| value.map(spelled)).collect();
        let values = values.iter().map(Option::as_deref).collect();
        (RowAddress::new(address.catalog, &spelled(&address.object)), PhotographedRow { columns: row.columns.clone(), values })
    });
    Photograph { rows: rows.collect(), hidden: photograph.hidden.clone(), ..*photograph }
}

/// Replaces an address where nothing of a name stands around it.
fn replaced<'a>(text: Cow<'a, str>, from: &str, to: &str) -> Cow<'a, str> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '.');
    let found = |at: usize| !text[..at].ends_with(part) && !text[at + from.len()..].starts_with(part);
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).filter(|at| found(*at)).collect();
    let Some(last) = places.last() else { return text };
    let (mut spelled, mut done) = (String::new(), 0);
    for at in &places {
        spelled.push_str(&text[done..*at]);
        spelled.push_str(to);
        done = at + from.len();
    }
    spelled.push_str(&text[last + from.len()..]);
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_behind_any_name() {
        assert_eq!(table("id_not_null on public.t"), Some("public.t"));
        assert_eq!(table("\"a \"\" on b\" on public.\"T\""), Some("public.\"T\""));
        assert_eq!(table("nothing"), None);
    }

    #[test]
    fn only_whole_addresses_are_replaced() {
        let text = "a on s.t -> xa on s.t, a on s.t2, a on s.t";
        assert_eq!(replaced(text.into(), "a on s.t", "b on s.t"), "b on s.t -> xa on s.t, a on s.t2, b on s.t");
    }
}
