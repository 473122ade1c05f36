//! What the server prints of expressions and queries, read so that the same comes of it again.
//!
//! Not all that ruleutils.c writes is taken for what it was. What differs is told the parser by casts that leave no trace in what the server
//! makes of it (`coerce_type` of src/backend/parser/parse_coerce.c gives back what has the type already).

use std::borrow::Cow;

use pg_query::protobuf::{self, AExprKind, CoercionForm};

use super::print_array::keep_array_casts;
use super::walk::{same_tree, walk_mut};
use super::{Node, NodeEnum, ParseError, literal, parse_expr, parse_one};

/// A statement that the server printed.
///
/// # Errors
/// As [`parse_one`].
pub fn parse_printed(text: &str) -> Result<Node, ParseError> {
    printed(text, parse_one)
}

/// Whether a statement that the server printed is read as what it was without any help.
///
/// # Errors
/// As [`parse_one`].
pub fn reads_back(text: &str) -> Result<bool, ParseError> {
    Ok(same_tree(&parse_one(text)?, &parse_printed(text)?))
}

/// An expression that the server printed.
///
/// # Errors
/// As [`parse_expr`].
pub fn parse_printed_expr(text: &str) -> Result<Node, ParseError> {
    printed(text, parse_expr)
}

fn printed(text: &str, parse: impl Fn(&str) -> Result<Node, ParseError>) -> Result<Node, ParseError> {
    let mut tree = parse(&keep_nested(text))?;
    keep_array_casts(&mut tree);
    keep_records(&mut tree);
    Ok(tree)
}

#[derive(Clone, Copy, PartialEq)]
enum Junction {
    And,
    Or,
}

/// A pair of parentheses that is open.
#[derive(Default)]
struct Frame {
    /// Whether it is the first thing within the one around it.
    leads: bool,
    /// What its operands are joined by.
    junction: Option<Junction>,
    /// Whether something has come in it.
    begun: bool,
    /// Where a leading pair within it ended just now, and what joins its operands.
    leading: Option<(usize, Junction)>,
    /// Whether the next AND belongs to a BETWEEN: of window frames, since the server expands the others.
    between: bool,
}

/// Keeps an AND that is the first operand of another AND what it is, and OR alike: `((a AND b) AND c)` of `d BETWEEN .. AND ..` or of a comparison
/// of rows is read as one AND of three (`makeAndExpr` and `makeOrExpr` of src/backend/parser/gram.y).
pub fn keep_nested(text: &str) -> Cow<'_, str> {
    let marks = nested(text);
    if marks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + marks.len() * "::boolean".len());
    let mut done = 0;
    for mark in marks {
        kept.push_str(&text[done..mark]);
        kept.push_str("::boolean");
        done = mark;
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// The ends of the pairs of parentheses that have to be kept, in order.
fn nested(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut marks = Vec::new();
    let mut frames = vec![Frame::default()];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let Some(frame) = frames.last_mut() else { return Vec::new() };
        let start = at;
        at = end_of_token(bytes, at);
        match byte {
            byte if byte.is_ascii_whitespace() => continue,
            b'(' => {
                let leads = !frame.begun;
                frame.begun = true;
                frame.leading = None;
                frames.push(Frame { leads, ..Frame::default() });
                continue;
            }
            b')' => {
                let closed = frames.pop();
                let Some((closed, around)) = closed.zip(frames.last_mut()) else { return Vec::new() };
                around.leading = closed.junction.filter(|_| closed.leads).map(|junction| (at, junction));
                continue;
            }
            _ => {}
        }
        let junction = match &text[start..at] {
            word if word.eq_ignore_ascii_case("and") => Some(Junction::And),
            word if word.eq_ignore_ascii_case("or") => Some(Junction::Or),
            _ => None,
        };
        if junction == Some(Junction::And) && frame.between {
            frame.between = false;
        } else if junction.is_some() {
            frame.junction = junction;
            marks.extend(frame.leading.filter(|(_, within)| Some(*within) == junction).map(|(end, _)| end));
        } else if text[start..at].eq_ignore_ascii_case("between") {
            frame.between = true;
        }
        frame.begun = true;
        frame.leading = None;
    }
    marks.sort_unstable();
    marks
}

/// Words, literals and quoted names whole; everything else byte by byte.
fn end_of_token(bytes: &[u8], start: usize) -> usize {
    let rest = |from: usize| bytes.get(from..).unwrap_or_default();
    let quoted = |from: usize, quote: u8, escapes: bool| {
        let mut at = from + 1;
        loop {
            match bytes.get(at) {
                None => return bytes.len(),
                Some(b'\\') if escapes => at += 2,
                Some(byte) if *byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
                Some(byte) if *byte == quote => return at + 1,
                Some(_) => at += 1,
            }
        }
    };
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'$' || !byte.is_ascii();
    match bytes.get(start) {
        None => start,
        Some(b'E' | b'e') if bytes.get(start + 1) == Some(&b'\'') => quoted(start + 1, b'\'', true),
        Some(b'\'') => quoted(start, b'\'', false),
        Some(b'"') => quoted(start, b'"', false),
        Some(byte) if is_word(byte) => start + rest(start).iter().take_while(|byte| is_word(byte)).count(),
        Some(_) => start + 1,
    }
}

/// Keeps a comparison of records one.
///
/// `ROW(a, b) = ROW(1, 2)` is what the server writes where a row in a row is compared, by one operator on records; what it makes of that text
/// compares a with 1 and b with 2 (`make_row_comparison_op` and `make_row_distinct_op` of src/backend/parser/parse_expr.c), which it
/// writes as such. As the only fields of rows the two are compared as they are.
fn keep_records(tree: &mut Node) {
    let is_row = |side: &Option<Box<Node>>| side.as_ref().is_some_and(|side| matches!(side.node, Some(NodeEnum::RowExpr(_))));
    walk_mut(tree, &mut |node| {
        let NodeEnum::AExpr(expr) = node else { return };
        let by_fields = match expr.kind() {
            AExprKind::AexprOp => matches!(literal::names(&expr.name).last().map(String::as_str), Some("=" | "<>")),
            kind => matches!(kind, AExprKind::AexprDistinct | AExprKind::AexprNotDistinct),
        };
        if !by_fields || !is_row(&expr.lexpr) || !is_row(&expr.rexpr) {
            return;
        }
        for side in [&mut expr.lexpr, &mut expr.rexpr].into_iter().flatten() {
            let args = vec![std::mem::take(&mut **side)];
            let row = protobuf::RowExpr { args, row_format: CoercionForm::CoerceExplicitCall.into(), ..protobuf::RowExpr::default() };
            side.node = Some(NodeEnum::RowExpr(Box::new(row)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::normalize_expr;
    use super::*;

    #[test]
    fn what_is_nested_stays_nested() {
        for (printed, kept) in [
            ("(((d >= 1) AND (d <= 2)) AND (d > 3))", "(((d >= 1) AND (d <= 2))::boolean AND (d > 3))"),
            ("(((a <> 1) OR (b <> 2)) OR c)", "(((a <> 1) OR (b <> 2))::boolean OR c)"),
            ("((((a AND b) AND c) AND d) OR e)", "((((a AND b)::boolean AND c)::boolean AND d) OR e)"),
            ("WHERE (((a AND b) AND c))", "WHERE (((a AND b)::boolean AND c))"),
            ("f(((a OR b) OR c), ((d AND e) AND g))", "f(((a OR b)::boolean OR c), ((d AND e)::boolean AND g))"),
        ] {
            assert_eq!(keep_nested(printed), kept);
            normalize_expr(kept.trim_start_matches("WHERE ")).unwrap_or_else(|error| panic!("{kept}: {error}"));
        }
    }

    #[test]
    fn what_is_not_read_otherwise_is_left_alone() {
        for printed in [
            "((d >= 1) AND (d <= 2) AND (d > 3))",
            "((d >= 1) AND ((d <= 2) AND (d > 3)))",
            "(((d >= 1) OR (d <= 2)) AND (d > 3))",
            "(('((a AND b) AND c)'::text = \"((a AND b) AND c)\") AND (E'\\'((a AND b' = x))",
            "((NOT (a AND b)) AND c)",
            "sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) AND c",
            "((sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING)) AND c)",
            "((a, b) OVERLAPS (c, d))",
            ") AND (",
        ] {
            assert_eq!(keep_nested(printed), printed);
        }
    }
}
