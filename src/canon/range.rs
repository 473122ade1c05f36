//! Literals of PostgreSQL's ranges and multiranges, as `range_out` and `multirange_out` write them.

use std::cmp::Ordering;

use super::datetime;
use super::literal::{is_space, numeric};

/// The range that a multirange is made of, and the type of its bounds.
fn kind(of: &str) -> Option<(bool, &'static str)> {
    Some(match of {
        "int4range" => (false, "int4"),
        "int8range" => (false, "int8"),
        "numrange" => (false, "numeric"),
        "daterange" => (false, "date"),
        "tsrange" => (false, "timestamp"),
        "tstzrange" => (false, "timestamptz"),
        "int4multirange" => (true, "int4"),
        "int8multirange" => (true, "int8"),
        "nummultirange" => (true, "numeric"),
        "datemultirange" => (true, "date"),
        "tsmultirange" => (true, "timestamp"),
        "tstzmultirange" => (true, "timestamptz"),
        _ => return None,
    })
}

/// Whether it is a type of which [`written`] knows.
pub fn is_range(of: &str) -> bool {
    kind(of).is_some()
}

/// The value as the server writes it; `None` where it may be none, or where only the server can tell.
pub fn written(text: &str, of: &str) -> Option<String> {
    let (several, subtype) = kind(of)?;
    if !several {
        return Some(range(text, subtype)?.map_or_else(|| "empty".to_owned(), |range| range.out()));
    }
    let ranges = parts(text)?.into_iter().map(|part| range(part, subtype)).collect::<Option<Vec<_>>>()?;
    let ranges = united(ranges.into_iter().flatten().collect(), subtype)?;
    Some(format!("{{{}}}", ranges.iter().map(Range::out).collect::<Vec<_>>().join(",")))
}

/// An end of a range: its value as the type of the bounds writes it, none where there is no end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    value: Option<String>,
    inclusive: bool,
}

/// A range that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    lower: Bound,
    upper: Bound,
}

/// A range, `Some(None)` where it is empty (`range_parse` and `make_range` of src/backend/utils/adt/rangetypes.c).
fn range(text: &str, subtype: &str) -> Option<Option<Range>> {
    let text = text.trim_matches(is_space);
    if text.eq_ignore_ascii_case("empty") {
        return Some(None);
    }
    let (open, rest) = text.split_at_checked(1).filter(|(open, _)| matches!(*open, "[" | "("))?;
    let (lower, rest) = bound(rest)?;
    let (upper, rest) = bound(rest.strip_prefix(',')?)?;
    let value = |said: Option<String>| said.map_or(Some(None), |said| spelled(&said, subtype).map(Some));
    let (lower, upper) = (value(lower)?, value(upper)?);
    let lower = Bound { inclusive: open == "[" && lower.is_some(), value: lower };
    let upper = Bound { inclusive: rest == "]" && upper.is_some(), value: upper };
    if !matches!(rest, "]" | ")") {
        return None;
    }
    let range = Range { lower, upper };
    match range.unless_empty(subtype)? {
        Some(range) => range.with_canonical_bounds(subtype)?.unless_empty(subtype),
        None => Some(None),
    }
}

/// The text of a bound, none where there is none, and what follows it (`range_parse_bound`).
fn bound(text: &str) -> Option<(Option<String>, &str)> {
    if text.starts_with([',', ']', ')']) {
        return Some((None, text));
    }
    let (mut value, mut quoted) = (String::new(), false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            ',' | ']' | ')' if !quoted => return Some((Some(value), text.get(at..)?)),
            '\\' => value.push(chars.next()?.1),
            '"' if quoted && chars.next_if(|(_, next)| *next == '"').is_some() => value.push('"'),
            '"' => quoted = !quoted,
            c => value.push(c),
        }
    }
    None
}

/// A bound as its type writes it.
fn spelled(text: &str, subtype: &str) -> Option<String> {
    let plain = text.trim_matches(is_space);
    match subtype {
        "int4" => plain.parse::<i32>().ok().map(|value| value.to_string()),
        "int8" => plain.parse::<i64>().ok().map(|value| value.to_string()),
        "numeric" => numeric(plain),
        _ => datetime::written(plain, subtype),
    }
}

/// Which of two values that are written so comes first.
fn compare(one: &str, other: &str, subtype: &str) -> Ordering {
    match subtype {
        "int4" | "int8" | "numeric" => compare_numbers(one, other),
        // Years have four digits there, so that moments are in the order of their texts.
        _ => {
            let place = |text: &str| match text {
                "-infinity" => -1,
                "infinity" => 1,
                _ => 0,
            };
            place(one).cmp(&place(other)).then_with(|| one.cmp(other))
        }
    }
}

/// Numbers as [`numeric`] writes them.
fn compare_numbers(one: &str, other: &str) -> Ordering {
    let parts = |text: &str| {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        (negative, whole.len(), whole.to_owned(), fraction.trim_end_matches('0').to_owned())
    };
    let ((below, length, whole, fraction), (other_below, other_length, other_whole, other_fraction)) = (parts(one), parts(other));
    let size = (length, whole, fraction).cmp(&(other_length, other_whole, other_fraction));
    other_below.cmp(&below).then(if below { size.reverse() } else { size })
}

impl Range {
    /// `None` of a range that is none, its ends being the wrong way round.
    fn unless_empty(self, subtype: &str) -> Option<Option<Self>> {
        let (Some(lower), Some(upper)) = (&self.lower.value, &self.upper.value) else { return Some(Some(self)) };
        match compare(lower, upper, subtype) {
            Ordering::Greater => None,
            Ordering::Equal if !(self.lower.inclusive && self.upper.inclusive) => Some(None),
            _ => Some(Some(self)),
        }
    }

    /// `int4range_canonical` and its kin: of discrete values the lower bound is in it, and the upper one is not.
    fn with_canonical_bounds(mut self, subtype: &str) -> Option<Self> {
        for (bound, wanted) in [(&mut self.lower, true), (&mut self.upper, false)] {
            if let Some(value) = bound.value.as_mut().filter(|_| bound.inclusive != wanted)
                && let Some(next) = next(value, subtype)?
            {
                *value = next;
                bound.inclusive = wanted;
            }
        }
        Some(self)
    }

    /// `range_deparse`.
    fn out(&self) -> String {
        let quoted = |bound: &Bound| bound.value.as_deref().map(escaped).unwrap_or_default();
        let (open, close) = (if self.lower.inclusive { '[' } else { '(' }, if self.upper.inclusive { ']' } else { ')' });
        format!("{open}{},{}{close}", quoted(&self.lower), quoted(&self.upper))
    }
}

/// The value after it, `Some(None)` where values have none: those that are not discrete, and the ends of all days.
fn next(value: &str, subtype: &str) -> Option<Option<String>> {
    match subtype {
        "int4" => value.parse::<i32>().ok()?.checked_add(1).map(|next| Some(next.to_string())),
        "int8" => value.parse::<i64>().ok()?.checked_add(1).map(|next| Some(next.to_string())),
        "date" if !value.ends_with("infinity") => datetime::day_after(value).map(Some),
        _ => Some(None),
    }
}

/// `range_bound_escape`.
fn escaped(value: &str) -> String {
    let plain = !value.is_empty() && !value.chars().any(|c| is_space(c) || matches!(c, '"' | '\\' | '(' | ')' | '[' | ']' | ','));
    if plain { value.to_owned() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\"\"")) }
}

/// The texts of the ranges of a multirange (`multirange_in` of src/backend/utils/adt/multirangetypes.c).
fn parts(text: &str) -> Option<Vec<&str>> {
    let mut rest = text.trim_matches(is_space).strip_prefix('{')?.strip_suffix('}')?.trim_matches(is_space);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = if rest.starts_with(['[', '(']) { end_of_range(rest)? } else { "empty".len() };
        let (part, after) = rest.split_at_checked(end)?;
        found.push(part);
        let after = after.trim_start_matches(is_space);
        rest = match after.strip_prefix(',') {
            // Behind a comma there is another one.
            Some(next) => Some(next.trim_start_matches(is_space)).filter(|next| !next.is_empty())?,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(found)
}

/// Where a range ends that begins here.
fn end_of_range(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => quoted = !quoted,
            ']' | ')' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Ranges in order, those that overlap or adjoin as one (`multirange_canonicalize`). `None` where two ends are the same value in two spellings.
fn united(mut ranges: Vec<Range>, subtype: &str) -> Option<Vec<Range>> {
    ranges.sort_by(|one, other| compare_lower(&one.lower, &other.lower, subtype));
    if ranges.windows(2).any(|pair| matches!(pair, [one, other] if two_spellings(&one.lower, &other.lower, subtype))) {
        return None;
    }
    let mut found: Vec<Range> = Vec::new();
    for range in ranges {
        let Some(last) = found.last_mut().filter(|last| meet(&last.upper, &range.lower, subtype)) else {
            found.push(range);
            continue;
        };
        match (&last.upper.value, &range.upper.value) {
            (None, _) => {}
            (_, None) => last.upper = range.upper,
            (Some(one), Some(other)) => match compare(one, other, subtype) {
                Ordering::Less => last.upper = range.upper,
                Ordering::Equal if one != other => return None,
                Ordering::Equal => last.upper.inclusive |= range.upper.inclusive,
                Ordering::Greater => {}
            },
        }
    }
    Some(found)
}

fn compare_lower(one: &Bound, other: &Bound, subtype: &str) -> Ordering {
    let of_values = match (&one.value, &other.value) {
        (Some(one), Some(other)) => compare(one, other, subtype),
        (one, other) => one.is_some().cmp(&other.is_some()),
    };
    of_values.then(other.inclusive.cmp(&one.inclusive))
}

/// Whether both are the same value, and are not written alike.
fn two_spellings(one: &Bound, other: &Bound, subtype: &str) -> bool {
    match (&one.value, &other.value) {
        (Some(one), Some(other)) => one != other && compare(one, other, subtype) == Ordering::Equal,
        _ => false,
    }
}

/// Whether nothing is between the end of one range and the beginning of another that does not begin before the first.
fn meet(upper: &Bound, lower: &Bound, subtype: &str) -> bool {
    match (&upper.value, &lower.value) {
        (Some(end), Some(begin)) => match compare(begin, end, subtype) {
            Ordering::Less => true,
            Ordering::Equal => upper.inclusive || lower.inclusive,
            Ordering::Greater => false,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_the_server_does() {
        for (text, of, out) in [
            ("[1,5]", "int4range", "[1,6)"),
            (" ( 1 , +05 ] ", "int8range", "[2,6)"),
            ("[,5]", "int4range", "(,6)"),
            ("[,]", "int4range", "(,)"),
            ("(1,2)", "int4range", "empty"),
            ("[1,1]", "int4range", "[1,2)"),
            (" EMPTY ", "int4range", "empty"),
            ("[\"1\",\"2\")", "int4range", "[1,2)"),
            ("[-5,-1]", "int4range", "[-5,0)"),
            ("[2019-12-31,2020-02-28]", "daterange", "[2019-12-31,2020-02-29)"),
            ("(-infinity,2020-12-31]", "daterange", "(-infinity,2021-01-01)"),
            ("[2020-01-01,infinity]", "daterange", "[2020-01-01,infinity]"),
            ("[Jan 5 2020,)", "daterange", "[2020-01-05,)"),
            ("[ 1.50,2]", "numrange", "[1.50,2]"),
            ("[1,1.0)", "numrange", "empty"),
            ("[2020-01-01,2020-01-02 10:00]", "tsrange", "[\"2020-01-01 00:00:00\",\"2020-01-02 10:00:00\"]"),
            ("[2020-01-01 01:00+02,)", "tstzrange", "[\"2019-12-31 23:00:00+00\",)"),
            ("{[1,5],[6,9]}", "int4multirange", "{[1,10)}"),
            (" { [6,9] , [1,3],empty } ", "int4multirange", "{[1,4),[6,10)}"),
            ("{}", "datemultirange", "{}"),
            ("{[1,2),(2,3]}", "nummultirange", "{[1,2),(2,3]}"),
            ("{[1,2],(2,3]}", "nummultirange", "{[1,3]}"),
            ("{[10,),(,-3],[-3,0]}", "nummultirange", "{(,0],[10,)}"),
            ("{(9,10],[9,9.5)}", "nummultirange", "{[9,10]}"),
            ("{[-2.5,-2],[-10,-3]}", "nummultirange", "{[-10,-3],[-2.5,-2]}"),
        ] {
            assert_eq!(written(text, of).as_deref(), Some(out), "{text}");
        }
        for (text, of) in [
            ("[5,1]", "int4range"),
            ("[1,2147483647]", "int4range"),
            ("[1,3000000000)", "int4range"),
            ("[1,2", "int4range"),
            ("[1]", "int4range"),
            ("[1,2,3]", "int4range"),
            ("[1, )", "int4range"),
            ("1,2", "int4range"),
            ("[now,)", "tsrange"),
            ("[9999-12-31,9999-12-31]", "daterange"),
            ("{[1,2],}", "int4multirange"),
            ("{[1,2] [3,4]}", "int4multirange"),
            ("{[1,2.0],[1,2]}", "nummultirange"),
            ("{[1.0,2],[1,3]}", "nummultirange"),
            ("[1,2]", "public.int4range"),
        ] {
            assert_eq!(written(text, of), None, "{text}");
        }
    }
}
