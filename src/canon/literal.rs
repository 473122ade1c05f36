//! Literals: what a text means as a value of its type, in the one spelling that the type's output function gives.

use pg_query::protobuf::{self, AConst, TypeCast, TypeName, a_const};
use pg_query::{Node, NodeEnum};

use super::tree::string_node;
use crate::analyze::types::Type;
use crate::sql::parse_qualified_name;

/// A constant.
pub fn constant(value: a_const::Val) -> Node {
    Node { node: Some(NodeEnum::AConst(AConst { isnull: false, val: Some(value), location: 0 })) }
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
    if let Ok(value) = plain.parse::<i32>() {
        return Some(integer_node(value));
    }
    plain.parse::<f64>().ok()?;
    Some(constant(a_const::Val::Fval(protobuf::Float { fval: plain.to_owned() })))
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
    let as_text = |text: &str| constant(a_const::Val::Sval(protobuf::String { sval: text.to_owned() }));
    if of.is_text() || of.name == "any" && !of.array {
        return as_text(text);
    }
    let typed = |text: &str| cast(as_text(text), type_name(of));
    if of.array {
        return typed(text);
    }
    match of.name.as_str() {
        "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "oid" => number(text).unwrap_or_else(|| typed(text)),
        "bool" => boolean(text).map_or_else(|| typed(text), |value| constant(a_const::Val::Boolval(protobuf::Boolean { boolval: value }))),
        "timestamp" => typed(&timestamp(text, false)),
        "timestamptz" => typed(&timestamp(text, true)),
        "interval" => typed(&super::literal::interval(text).unwrap_or_else(|| text.to_owned())),
        "tsquery" if text.bytes().all(|c| c.is_ascii_alphanumeric()) => typed(&format!("'{text}'")),
        "uuid" => typed(&text.to_ascii_lowercase()),
        "jsonb" => typed(&jsonb(text).unwrap_or_else(|| text.to_owned())),
        _ => typed(text),
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

/// `2020-01-01` with the time that is meant; as the server writes it where the time zone is UTC.
fn timestamp(text: &str, zone: bool) -> String {
    let text = text.trim();
    let is_date = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()))
    };
    let mut full = if is_date(text) {
        format!("{text} 00:00:00")
    } else {
        match text.split_once('T') {
            Some((date, time)) if is_date(date) => format!("{date} {time}"),
            _ => text.to_owned(),
        }
    };
    let Some((date, time)) = full.split_once(' ') else { return full };
    if !is_date(date) {
        return full;
    }
    let (clock, offset) = match time.find(['+', '-', 'Z']) {
        Some(at) => (&time[..at], &time[at..]),
        None => (time, ""),
    };
    let clock = if clock.matches(':').count() == 1 { format!("{clock}:00") } else { clock.to_owned() };
    let clock = if clock.contains('.') { clock.trim_end_matches('0').trim_end_matches('.').to_owned() } else { clock };
    let offset = match offset {
        "" | "Z" | "+00" | "+00:00" | "+0000" | "-00" => "+00",
        other => other,
    };
    full = format!("{date} {clock}{}", if zone { offset } else { "" });
    full
}

/// Intervals of one number and one unit, and clocks, as `interval_out` writes them in the style of PostgreSQL.
fn interval(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let clock = |seconds: i64| {
        let (sign, seconds) = if seconds < 0 { ("-", -seconds) } else { ("", seconds) };
        format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let many = |count: i64, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let (number, unit) = text.split_once(' ').or_else(|| {
        let at = text.find(|c: char| c.is_ascii_alphabetic())?;
        Some(text.split_at(at))
    })?;
    let count: i64 = number.trim().parse().ok()?;
    Some(match unit.trim().trim_end_matches('s') {
        "second" | "sec" | "" => clock(count),
        "minute" | "min" | "m" => clock(count.checked_mul(60)?),
        "hour" | "hr" | "h" => clock(count.checked_mul(3600)?),
        "day" | "d" => many(count, "day", "days"),
        "week" | "w" => many(count.checked_mul(7)?, "day", "days"),
        "month" | "mon" => match (count / 12, count % 12) {
            (0, months) => many(months, "mon", "mons"),
            (years, 0) => many(years, "year", "years"),
            (years, months) => format!("{} {}", many(years, "year", "years"), many(months, "mon", "mons")),
        },
        "year" | "yr" | "y" => many(count, "year", "years"),
        _ => return None,
    })
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
            ("t", "bool", "true"),
            ("2020-01-01", "timestamp", "'2020-01-01 00:00:00'::\"timestamp\""),
            ("2020-01-01T10:30Z", "timestamptz", "'2020-01-01 10:30:00+00'::timestamptz"),
            ("24 hours", "interval", "'24:00:00'::\"interval\""),
            ("1 week", "interval", "'7 days'::\"interval\""),
            ("18 months", "interval", "'1 year 6 mons'::\"interval\""),
            ("{\"bb\":1,\"a\":[1,2]}", "jsonb", "'{\"a\": [1, 2], \"bb\": 1}'::jsonb"),
        ] {
            assert_eq!(spelled(text, of), spelling, "{text}");
        }
    }
}
