//! Literals: what a text means as a value of its type, in the one spelling that the type's output function gives.

use std::str::FromStr;

use pg_query::protobuf::{self, AConst, TypeCast, TypeName, a_const};
use pg_query::{Node, NodeEnum};

use super::datetime;
use crate::analyze::types::Type;
use crate::sql::literal::string_node;
use crate::sql::parse_qualified_name;

/// A constant.
pub fn constant(value: a_const::Val) -> Node {
    Node { node: Some(NodeEnum::AConst(AConst { isnull: false, val: Some(value), location: 0 })) }
}

/// A string constant.
pub fn text_constant(text: &str) -> Node {
    constant(a_const::Val::Sval(protobuf::String { sval: text.to_owned() }))
}

/// An integer constant.
pub fn integer_node(value: i32) -> Node {
    constant(a_const::Val::Ival(protobuf::Integer { ival: value }))
}

/// The text of a string constant.
pub fn text_of(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::AConst(AConst { val: Some(a_const::Val::Sval(text)), .. }) => Some(&text.sval),
        _ => None,
    }
}

/// A literal without a cast to text.
pub fn without_text(node: &mut Node) {
    if let Some(NodeEnum::TypeCast(cast)) = &node.node
        && cast.type_name.as_ref().and_then(Type::parsed) == Some(Type::internal("text"))
        && let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some())
    {
        *node = inner.clone();
    }
}

/// Whether it is a constant that is no text.
pub fn is_number(node: &Node) -> bool {
    matches!(&node.node, Some(NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(_) | a_const::Val::Fval(_)), .. })))
}

/// Whether it is NULL.
pub fn is_null(node: &Node) -> bool {
    matches!(&node.node, Some(NodeEnum::AConst(constant)) if constant.isnull)
}

/// The type that a constant has by itself.
pub fn natural_type(constant: &AConst) -> Type {
    match &constant.val {
        _ if constant.isnull => Type::unknown(),
        Some(a_const::Val::Ival(_)) => Type::internal("int4"),
        Some(a_const::Val::Fval(number)) if number.fval.parse::<i32>().is_ok() => Type::internal("int4"),
        Some(a_const::Val::Fval(number)) if number.fval.parse::<i64>().is_ok() => Type::internal("int8"),
        Some(a_const::Val::Fval(_)) => Type::internal("numeric"),
        Some(a_const::Val::Boolval(_)) => Type::internal("bool"),
        Some(a_const::Val::Bsval(_)) => Type::internal("bit"),
        _ => Type::unknown(),
    }
}

/// A number as the grammar takes it; `None` where it is none.
fn number(text: &str) -> Option<Node> {
    let text = text.trim();
    let plain = text.strip_prefix('+').unwrap_or(text);
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !digits.bytes().any(|c| c.is_ascii_digit()) {
        return None;
    }
    // The sign comes to a number that is read without it, and that of the least integer is none of 32 bits.
    if let Some(value) = plain.parse::<i32>().ok().filter(|value| *value != i32::MIN) {
        return Some(integer_node(value));
    }
    plain.parse::<f64>().ok()?;
    Some(constant(a_const::Val::Fval(protobuf::Float { fval: plain.to_owned() })))
}

/// `1.5e3` as `numeric_out` writes it; `None` where there is no exponent.
pub fn decimal(text: &str) -> Option<String> {
    const MOST: usize = 400;
    let (mantissa, exponent) = text.trim().split_once(['e', 'E'])?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let exponent: i32 = exponent.parse().ok()?;
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) || exponent.unsigned_abs() as usize > MOST {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let (before, after) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let before = before.trim_start_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    Some(if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") })
}

/// A number as `numeric_out` writes it: no exponent, no underscores, no bare point, no sign of zero.
pub fn numeric(text: &str) -> Option<String> {
    let plain = text.trim().replace('_', "");
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let digits = decimal(digits).unwrap_or_else(|| digits.to_owned());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let known = !(whole.is_empty() && fraction.is_empty()) && [whole, fraction].iter().all(|part| part.bytes().all(|c| c.is_ascii_digit()));
    if !known {
        return None;
    }
    let whole = Some(whole.trim_start_matches('0')).filter(|whole| !whole.is_empty()).unwrap_or("0");
    let zero = whole == "0" && fraction.bytes().all(|c| c == b'0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{}{whole}{point}{fraction}", if zero { "" } else { sign }))
}

/// A constant of the parser that is no plain number, as the server writes it: `0xFF`, `1_000`, `.5`, `1e3`.
pub fn respelled(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let radix = match digits.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => return numeric(text).filter(|spelled| spelled != text),
    };
    let value = i128::from_str_radix(&digits.get(2..)?.replace('_', ""), radix).ok()?;
    Some(format!("{sign}{value}"))
}

/// `isspace` of the C locale, and `array_isspace`.
pub const fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

/// An array as `array_out` writes it; only boxes are not separated by commas.
fn array(text: &str, element: &str) -> Option<String> {
    if element == "box" { None } else { super::array::written(text, |word| output(word, element)) }
}

/// A value as the output function of its type writes it, or another text that is the same for the same values. `None` where only the
/// server can tell.
fn output(text: &str, of: &str) -> Option<String> {
    match of {
        "text" | "varchar" => Some(text.to_owned()),
        "int2" | "int4" | "int8" => shortest::<i64>(text),
        "float4" => shortest::<f32>(text),
        "float8" => shortest::<f64>(text),
        "numeric" => numeric(text).or_else(|| no_number(text).map(str::to_owned)),
        "bool" => boolean(text).map(|value| if value { "t" } else { "f" }.to_owned()),
        "char" => one_byte(text),
        "jsonpath" => Some(super::path::spelled(text)),
        "interval" => super::interval::written(text),
        "money" => money(text),
        "tsquery" => text.bytes().all(|c| c.is_ascii_alphanumeric()).then(|| format!("'{text}'")),
        "uuid" => uuid(text),
        "bytea" => bytea(text),
        "jsonb" => jsonb(text),
        of if datetime::is_moment(of) => datetime::written(text, of),
        of => super::range::written(text, of),
    }
}

/// Whether it is a text of which only the server can tell how it writes the value, although of others of the type it is known.
pub fn is_undecided(text: &str, of: &str, array: bool) -> bool {
    let known = datetime::is_moment(of) || super::range::is_range(of) || matches!(of, "interval" | "char");
    let as_written = |text: &str| output(text, of).as_deref() == Some(text);
    known && if array { !super::array::all(text, as_written) } else { !as_written(text) }
}

/// `charin`: the first byte, but for three octal digits after a backslash, which majors read differently, as they write what is no ASCII.
fn one_byte(text: &str) -> Option<String> {
    let first = text.chars().next();
    let octal = text.len() == 4 && first == Some('\\');
    (!octal && first.is_none_or(|first| first.is_ascii())).then(|| first.map(String::from).unwrap_or_default())
}

/// The fewest digits that mean the number.
fn shortest<T: FromStr + ToString>(text: &str) -> Option<String> {
    text.trim().parse::<T>().ok().map(|value| value.to_string())
}

/// The value of a floating-point type with the fewest digits.
fn float(text: &str, shortest: Option<String>, of: &Type) -> Node {
    let typed = |text: &str| cast(text_constant(text), type_name(of));
    match shortest.as_deref() {
        // A number of the grammar has no such zero.
        Some("-0") => typed("-0"),
        shortest => shortest.and_then(number).or_else(|| unbounded(text, of)).unwrap_or_else(|| typed(text)),
    }
}

/// What is no number but has a name.
fn unbounded(text: &str, of: &Type) -> Option<Node> {
    Some(cast(text_constant(no_number(text)?), type_name(of)))
}

fn no_number(text: &str) -> Option<&'static str> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "infinity" | "inf" | "+infinity" | "+inf" => "Infinity",
        "-infinity" | "-inf" => "-Infinity",
        "nan" => "NaN",
        _ => return None,
    })
}

/// The type as a cast names it.
pub fn type_name(of: &Type) -> TypeName {
    let names = parse_qualified_name(&of.name).filter(|parts| parts.len() > 1).unwrap_or_else(|| vec![of.name.clone()]);
    let bound = Node { node: Some(NodeEnum::Integer(protobuf::Integer { ival: -1 })) };
    TypeName {
        names: names.iter().map(|name| string_node(name)).collect(),
        typemod: -1,
        array_bounds: if of.array { vec![bound] } else { Vec::new() },
        ..TypeName::default()
    }
}

/// A cast.
pub fn cast(node: Node, to: TypeName) -> Node {
    Node { node: Some(NodeEnum::TypeCast(Box::new(TypeCast { arg: Some(Box::new(node)), type_name: Some(to), location: 0 }))) }
}

/// The value that a text is of a type, without saying the type where the value shows it; text itself shows none.
pub fn value(text: &str, of: &Type) -> Node {
    if of.is_text() || of.name == "any" && !of.array {
        return text_constant(text);
    }
    let typed = |text: &str| cast(text_constant(text), type_name(of));
    if of.array {
        return typed(&array(text, &of.name).unwrap_or_else(|| text.to_owned()));
    }
    let or_typed = |number: Option<Node>| number.or_else(|| unbounded(text, of)).unwrap_or_else(|| typed(text));
    match of.name.as_str() {
        "float4" => float(text, shortest::<f32>(text), of),
        "float8" => float(text, shortest::<f64>(text), of),
        "numeric" => or_typed(number(&numeric(text).unwrap_or_else(|| text.to_owned()))),
        "int2" | "int4" | "int8" | "oid" => or_typed(number(text)),
        "bool" => boolean(text).map_or_else(|| typed(text), |value| constant(a_const::Val::Boolval(protobuf::Boolean { boolval: value }))),
        name => typed(&output(text, name).unwrap_or_else(|| text.to_owned())),
    }
}

/// `parse_bool` of src/backend/utils/adt/bool.c.
fn boolean(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if begins("true", 1) || begins("yes", 1) || text == "on" || text == "1" {
        return Some(true);
    }
    (begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0").then_some(false)
}

/// The bits that `x'1F'` and `b'101'` stand for; the parser keeps the letter.
pub fn bits(text: &str) -> Option<String> {
    match text.split_at_checked(1)? {
        ("b", bits) => Some(bits.to_owned()),
        ("x", digits) => digits
            .chars()
            .map(|digit| digit.to_digit(16).map(|value| format!("{value:04b}")))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.concat()),
        _ => None,
    }
}

/// As `byteaout` writes it in hexadecimal digits (`byteain` of src/backend/utils/adt/varlena.c); `None` where it is none.
fn bytea(text: &str) -> Option<String> {
    if let Some(digits) = text.strip_prefix("\\x") {
        let digits: String = digits.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().to_ascii_lowercase();
        let whole = digits.len().is_multiple_of(2) && digits.bytes().all(|c| c.is_ascii_hexdigit());
        return whole.then(|| format!("\\x{digits}"));
    }
    let (mut rest, mut bytes) = (text.as_bytes(), Vec::new());
    while let Some((first, after)) = rest.split_first() {
        (rest, _) = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => (after, bytes.push(b'\\')),
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                (after, bytes.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')))
            }
            (b'\\', _) => return None,
            (plain, after) => (after, bytes.push(*plain)),
        };
    }
    Some(bytes.iter().fold("\\x".to_owned(), |out, byte| format!("{out}{byte:02x}")))
}

/// Hexadecimal digits in groups (`string_to_uuid` of src/backend/utils/adt/uuid.c).
fn uuid(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{').map_or(Some(text), |inner| inner.strip_suffix('}'))?;
    let digits = inner.replace('-', "").to_ascii_lowercase();
    let known = digits.len() == 32 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    known.then(|| [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-"))
}

/// As `cash_out` writes it where money is dollars; other money is left alone.
fn money(text: &str) -> Option<String> {
    let plain = text.trim().replace('$', "");
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |plain| ("-", plain));
    let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let mut groups = whole.split(',');
    let begins = groups.next().is_some_and(|first| digits(first) && (first.len() < 4 || !whole.contains(',')));
    let grouped = begins && groups.all(|group| group.len() == 3 && digits(group));
    let digits = (grouped && cents.bytes().all(|c| c.is_ascii_digit())).then(|| whole.replace(',', ""))?;
    // The third digit rounds.
    let up = i128::from(cents.as_bytes().get(2).is_some_and(|digit| *digit >= b'5'));
    let all: i128 = format!("{digits}{:0<2.2}", cents).parse::<i128>().ok()?.checked_add(up)?;
    let (digits, cents) = (all / 100, format!("{:02}", all % 100));
    let digits = if digits == 0 { String::new() } else { digits.to_string() };
    let zero = all == 0;
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    Some(format!("{}${}.{cents:0<2}", if zero { "" } else { sign }, if out.is_empty() { "0" } else { &out }))
}

/// As `jsonb_out` writes it: keys by length, then bytes. `None` where it is no JSON, or has numbers whose spelling matters.
fn jsonb(text: &str) -> Option<String> {
    fn write(value: &serde_json::Value, out: &mut String) -> Option<()> {
        match value {
            serde_json::Value::Number(number) if !number.is_i64() => return None,
            serde_json::Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    write(item, out)?;
                }
                out.push(']');
            }
            serde_json::Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_by(|(a, _), (b, _)| (a.len(), a.as_bytes()).cmp(&(b.len(), b.as_bytes())));
                out.push('{');
                for (at, (name, item)) in fields.into_iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    out.push_str(&serde_json::Value::String(name.clone()).to_string());
                    out.push_str(": ");
                    write(item, out)?;
                }
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
        Some(())
    }
    let mut out = String::new();
    write(&serde_json::from_str(text).ok()?, &mut out)?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_spelling() {
        let spelled = |text, of| crate::sql::deparse_expr(&value(text, &Type::internal(of))).unwrap_or_default();
        for (text, of, spelling) in [
            ("x", "varchar", "'x'"),
            ("-1", "int4", "-1"),
            ("1.50", "numeric", "1.50"),
            ("1e3", "numeric", "1000"),
            ("-1.50e1", "numeric", "-15.0"),
            ("1e-7", "numeric", "0.0000001"),
            ("1.0", "float8", "1"),
            ("1e10", "float8", "10000000000"),
            ("0.10", "float4", "0.1"),
            ("infinity", "float8", "'Infinity'::float8"),
            ("nan", "numeric", "'NaN'::\"numeric\""),
            ("t", "bool", "true"),
            ("2020-01-01", "timestamp", "'2020-01-01 00:00:00'::\"timestamp\""),
            ("2020-01-01T10:30Z", "timestamptz", "'2020-01-01 10:30:00+00'::timestamptz"),
            ("2006-11-10 00:00:00+01", "timestamptz", "'2006-11-09 23:00:00+00'::timestamptz"),
            ("2024-02-29 20:00:00.5-05:30", "timestamptz", "'2024-03-01 01:30:00.5+00'::timestamptz"),
            ("2000-01-01 00:00+14", "timestamptz", "'1999-12-31 10:00:00+00'::timestamptz"),
            ("24 hours", "interval", "'24:00:00'::\"interval\""),
            ("1 week", "interval", "'7 days'::\"interval\""),
            ("18 months", "interval", "'1 year 6 mons'::\"interval\""),
            ("{\"bb\":1,\"a\":[1,2]}", "jsonb", "'{\"a\": [1, 2], \"bb\": 1}'::jsonb"),
            ("{A0EEBC999c0b4ef8bb6d6bb9bd380a11}", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid"),
            ("abc", "char", "'a'::\"char\""),
            ("", "char", "''::\"char\""),
            ("ä", "char", "'ä'::\"char\""),
            ("[1,5]", "int4range", "'[1,6)'::int4range"),
            ("{ \"[1,5]\", empty }", "_int4range", "'{\"[1,6)\",empty}'::int4range[]"),
            ("{ 1.0, +2, NAN }", "_float8", "'{1,2,NaN}'::float8[]"),
            ("{1 day, now}", "_interval", "'{\"1 day\",now}'::\"interval\"[]"),
            ("{(1,2),(3,4)}", "_box", "'{(1,2),(3,4)}'::box[]"),
        ] {
            assert_eq!(spelled(text, of), spelling, "{text}");
        }
    }
}
