//! Literals of arrays, as `array_out` (src/backend/utils/adt/arrayfuncs.c) writes them.

use super::literal::is_space;

/// An array as its text says it: its bounds where they are not as usual, and its elements with the braces and commas around them.
struct Array {
    bounds: String,
    parts: Vec<Part>,
}

enum Part {
    /// A brace or a comma.
    Sign(char),
    Null,
    Element(String),
}

/// The value as the server writes it, its elements as `spelled` has them, or, where that does not know, as they are. `None` where it may be none.
pub fn written(text: &str, spelled: impl Fn(&str) -> Option<String>) -> Option<String> {
    let Array { mut bounds, parts } = parse(text)?;
    for part in parts {
        match part {
            Part::Sign(sign) => bounds.push(sign),
            Part::Null => bounds.push_str("NULL"),
            Part::Element(element) => bounds.push_str(&quoted(&spelled(&element).unwrap_or(element))),
        }
    }
    Some(bounds)
}

/// Whether something holds for all elements of what is an array.
pub fn all(text: &str, mut holds: impl FnMut(&str) -> bool) -> bool {
    parse(text).is_some_and(|array| {
        array.parts.iter().all(|part| match part {
            Part::Element(element) => holds(element),
            Part::Sign(_) | Part::Null => true,
        })
    })
}

fn parse(text: &str) -> Option<Array> {
    let text = text.trim_matches(is_space);
    let (bounds, rest) = if text.starts_with('[') { text.split_once('=')? } else { ("", text) };
    let bounds = if bounds.is_empty() { String::new() } else { bounds_of(bounds.trim_end_matches(is_space))? };
    let (mut rest, mut parts, mut depth) = (rest.trim_start_matches(is_space), Vec::new(), 0_usize);
    loop {
        // An element, or what opens an array of them.
        if let Some(inner) = rest.strip_prefix('{') {
            parts.push(Part::Sign('{'));
            (depth, rest) = (depth + 1, inner.trim_start_matches(is_space));
            // Of arrays of empty arrays majors think differently.
            match rest.strip_prefix('}') {
                Some("") if depth == 1 => {
                    parts.push(Part::Sign('}'));
                    return bounds.is_empty().then_some(Array { bounds, parts });
                }
                Some(_) => return None,
                None => continue,
            }
        }
        if depth == 0 {
            return None;
        }
        let (part, after) = element(rest)?;
        parts.push(part);
        rest = after;
        while let Some(after) = rest.strip_prefix('}') {
            parts.push(Part::Sign('}'));
            (depth, rest) = (depth.checked_sub(1)?, after.trim_start_matches(is_space));
        }
        if depth == 0 {
            return rest.is_empty().then_some(Array { bounds, parts });
        }
        rest = rest.strip_prefix(',')?.trim_start_matches(is_space);
        parts.push(Part::Sign(','));
    }
}

/// `[0:1][1:2]` with what follows it; nothing where all begin at one.
fn bounds_of(text: &str) -> Option<String> {
    let (mut out, mut usual) = (String::new(), true);
    let mut rest = text;
    while !rest.is_empty() {
        let (one, after) = rest.strip_prefix('[')?.split_once(']')?;
        let (lower, upper) = one.split_once(':').unwrap_or(("1", one));
        let (lower, upper) = (lower.parse::<i32>().ok()?, upper.parse::<i32>().ok()?);
        usual &= lower == 1;
        out.push_str(&format!("[{lower}:{upper}]"));
        rest = after;
    }
    Some(if usual { String::new() } else { out + "=" })
}

/// An element and what follows it, spaces left out.
fn element(text: &str) -> Option<(Part, &str)> {
    if let Some(inner) = text.strip_prefix('"') {
        let mut element = String::new();
        let mut chars = inner.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => return Some((Part::Element(element), inner.get(at + 1..)?.trim_start_matches(is_space))),
                '\\' => element.push(chars.next()?.1),
                c => element.push(c),
            }
        }
        return None;
    }
    // Spaces at the end are none of it, but for those behind a backslash.
    let (mut element, mut kept, mut escapes) = (String::new(), 0, false);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ',' | '}' => {
                element.truncate(kept);
                let null = element.eq_ignore_ascii_case("null");
                let part = match (element.is_empty(), null, escapes) {
                    (true, ..) | (_, true, true) => return None,
                    (_, true, false) => Part::Null,
                    _ => Part::Element(element),
                };
                return Some((part, text.get(at..)?));
            }
            '{' | '"' => return None,
            '\\' => {
                escapes = true;
                element.push(chars.next()?.1);
                kept = element.len();
            }
            c => {
                element.push(c);
                if !is_space(c) {
                    kept = element.len();
                }
            }
        }
    }
    None
}

/// An element in quotes where it needs them.
fn quoted(element: &str) -> String {
    let special = |c: char| is_space(c) || matches!(c, '"' | '\\' | '{' | '}' | ',');
    if element.is_empty() || element.eq_ignore_ascii_case("null") || element.contains(special) {
        return format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""));
    }
    element.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_written_as_the_server_does() {
        let same = |element: &str| Some(element.to_owned());
        for (text, out) in [
            ("{ 1, 2 }", "{1,2}"),
            ("{}", "{}"),
            (" { } ", "{}"),
            ("{{1,2}, {3,4} }", "{{1,2},{3,4}}"),
            (r#"{ "a" , b c ,"x,y", "q\"z", null, "null", "" }"#, r#"{a,"b c","x,y","q\"z",NULL,"null",""}"#),
            (r"{a\ b, c\ , \d}", r#"{"a b","c ",d}"#),
            (r#"{"a\b", "{}"}"#, r#"{ab,"{}"}"#),
            ("[2:3]={1, 2}", "[2:3]={1,2}"),
            ("[1:2] = {a,b}", "{a,b}"),
            ("[2]={a,b}", "{a,b}"),
            ("{ä , ß}", "{ä,ß}"),
        ] {
            assert_eq!(written(text, same).as_deref(), Some(out), "{text}");
        }
        for text in [
            "1, 2",
            "{1, 2",
            "{1,}",
            "{,1}",
            "{1}2",
            "{a\"b\"}",
            "{\"a\"b}",
            "{{}}",
            "{{},1}",
            r"{nu\ll}",
            "{1}}",
            "[1:2]",
            "[a:b]={1}",
            "",
        ] {
            assert_eq!(written(text, same), None, "{text}");
        }
    }
}
