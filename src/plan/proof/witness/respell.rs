//! Spellings of the server's own that it reads back as others.
//!
//! A cast of an `ARRAY[..]` goes to its elements when it is parsed (transformTypeCast of src/backend/parser/parse_expr.c), but
//! `varchar IN ('a', 'b')` makes an array that is cast as a whole: what is printed as `(ARRAY['a'::varchar])::text[]` is, once read back,
//! `ARRAY[('a'::varchar)::text]`. A database and its rebuilt copy differ by that and mean the same.
//!
//! VALUES on the right of a set operation is printed as a subquery of FROM, `(VALUES (1)) "*VALUES*"`, which is one once it is read back:
//! its VALUES is a query then, before which there is a space (`get_values_def` and `get_from_clause_item` of
//! src/backend/utils/adt/ruleutils.c).

use std::borrow::Cow;

const OPEN: &str = "(ARRAY[";
const QUERY: &str = "( VALUES (";

/// The one spelling for all that differ by being read back.
pub(super) fn respelled(text: &str) -> Cow<'_, str> {
    match arrays(text) {
        Cow::Borrowed(text) => values(text),
        Cow::Owned(text) => Cow::Owned(values(&text).into_owned()),
    }
}

/// Writes VALUES that are a query as those that are a part of one.
fn values(text: &str) -> Cow<'_, str> {
    if !text.contains(QUERY) {
        return Cow::Borrowed(text);
    }
    let (mut respelled, mut quote) = (String::with_capacity(text.len()), None);
    let mut after_open = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') if after_open && text[at - 1..].starts_with(QUERY) => continue,
            _ => {}
        }
        after_open = quote.is_none() && c == '(';
        respelled.push(c);
    }
    Cow::Owned(respelled)
}

/// Writes casts of array constructors to their elements.
fn arrays(text: &str) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let (mut respelled, mut rest) = (String::with_capacity(text.len() + 64), text);
    while let Some(at) = rest.find(OPEN) {
        let array = &rest[at + OPEN.len()..];
        if let Some((elements, type_name, after)) = cast(array) {
            let elements: Vec<String> = elements.iter().map(|element| format!("({element})::{type_name}")).collect();
            respelled.push_str(&rest[..at]);
            respelled.push_str(&format!("ARRAY[{}]", elements.join(", ")));
            rest = after;
        } else {
            respelled.push_str(&rest[..at + OPEN.len()]);
            rest = array;
        }
    }
    respelled.push_str(rest);
    Cow::Owned(respelled)
}

/// Elements, name of the element type, and what follows, if the array that begins here is cast.
fn cast(array: &str) -> Option<(Vec<&str>, &str, &str)> {
    let (elements, after) = elements(array)?;
    let typed = after.strip_prefix(")::")?;
    let end = typed.find("[]")?;
    let name = &typed[..end];
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '"');
    (name.chars().all(plain) && !elements.iter().any(|element| element.starts_with("ARRAY["))).then(|| (elements, name, &typed[end + 2..]))
}

/// Parts the elements of an array up to its bracket, and gives what follows that.
fn elements(array: &str) -> Option<(Vec<&str>, &str)> {
    let (mut elements, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_u32, None);
    for (at, c) in array.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = if c == open { None } else { quote },
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ']') if depth == 0 => {
                elements.push(array[start..at].trim_start());
                return Some((elements, &array[at + 1..]));
            }
            (None, ')' | ']') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                elements.push(array[start..at].trim_start());
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{arrays, values};

    #[test]
    fn casts_go_to_the_elements() {
        let whole = "((s)::text = ANY ((ARRAY['a,]'::character varying, f('(')])::text[])) AND (ARRAY[1] = x)";
        assert_eq!(arrays(whole), "((s)::text = ANY (ARRAY[('a,]'::character varying)::text, (f('('))::text])) AND (ARRAY[1] = x)");
        assert_eq!(arrays(&arrays(whole)), arrays(whole));
    }

    #[test]
    fn values_are_no_queries() {
        let query = "FROM ( VALUES (1)) \"*VALUES*\" WHERE x = '( VALUES (1)'";
        assert_eq!(values(query), "FROM (VALUES (1)) \"*VALUES*\" WHERE x = '( VALUES (1)'");
        assert_eq!(values("SELECT \"( VALUES (\""), "SELECT \"( VALUES (\"");
    }

    #[test]
    fn anything_else_stays() {
        for text in ["(ARRAY[1, 2] @> x)", "((ARRAY[a])::text)", "(ARRAY[", "(ARRAY[ARRAY[1]])::bigint[]", "'it''s (ARRAY['"] {
            assert_eq!(arrays(text), text);
        }
    }
}
