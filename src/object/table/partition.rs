//! PARTITION BY and FOR VALUES in their one spelling, which is PostgreSQL's own.

use crate::analyze::types::Type;
use crate::canon::{interval, moment};
use crate::model::{Expr, Ident, TypeName, quote_literal};
use crate::sql::walk::{NodeMut, Walk};
use crate::sql::literal::{boolean, is_null, number, string};
use crate::sql::{Node, NodeEnum, ParseError, deparse_expr, parse_one, parse_printed, protobuf};

/// `RANGE (a, lower(b) COLLATE "C" text_pattern_ops)`: what stands behind PARTITION BY (`pg_get_partkeydef`).
///
/// # Errors
/// Where the text is none.
pub fn normalize_key(text: &str) -> Result<Expr, ParseError> {
    key(&spec_of(text)?)
}

pub(super) fn spec_of(key: &str) -> Result<protobuf::PartitionSpec, ParseError> {
    match parse_printed(&format!("CREATE TABLE t () PARTITION BY {key}"))?.node {
        Some(NodeEnum::CreateStmt(protobuf::CreateStmt { partspec: Some(spec), .. })) => Ok(spec),
        _ => Err(ParseError::whole("a partition key was expected")),
    }
}

/// `FOR VALUES ..` or `DEFAULT` (`pg_get_expr` of `relpartbound`).
///
/// # Errors
/// Where the text is none.
pub fn normalize_bound(text: &str) -> Result<Expr, ParseError> {
    let statement = parse_one(&format!("CREATE TABLE t PARTITION OF p {text}"))?.node;
    match statement {
        Some(NodeEnum::CreateStmt(protobuf::CreateStmt { partbound: Some(spec), .. })) => bound(&spec, &[]),
        _ => Err(ParseError::whole("a partition bound was expected")),
    }
}

/// A parsed PARTITION BY.
///
/// # Errors
/// Where the tree is none that the parser makes.
pub fn key(spec: &protobuf::PartitionSpec) -> Result<Expr, ParseError> {
    let strategy = match protobuf::PartitionStrategy::try_from(spec.strategy) {
        Ok(protobuf::PartitionStrategy::List) => "LIST",
        Ok(protobuf::PartitionStrategy::Range) => "RANGE",
        Ok(protobuf::PartitionStrategy::Hash) => "HASH",
        _ => return Err(ParseError::whole("a partition key has an unknown strategy")),
    };
    let elements = spec.part_params.iter().map(element).collect::<Result<Vec<_>, _>>()?;
    Ok(Expr::new(format!("{strategy} ({})", elements.join(", "))))
}

fn element(node: &Node) -> Result<String, ParseError> {
    let Some(NodeEnum::PartitionElem(element)) = &node.node else { return Err(ParseError::whole("a partition key was expected")) };
    let protobuf::PartitionElem { name, expr, collation, opclass, location: _ } = &**element;
    let mut text = match expr {
        // Function calls can stand alone; a pair of parentheses around everything else is never wrong.
        Some(expr) if matches!(expr.node, Some(NodeEnum::FuncCall(_))) => deparse_expr(expr)?,
        Some(expr) => format!("({})", deparse_expr(expr)?),
        None => Ident::new(name).quoted(),
    };
    if !collation.is_empty() {
        text.push_str(&format!(" COLLATE {}", dotted(collation)));
    }
    if !opclass.is_empty() {
        text.push_str(&format!(" {}", dotted(opclass)));
    }
    Ok(text)
}

fn dotted(names: &[Node]) -> String {
    let parts = names.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::String(name)) => Some(Ident::new(&name.sval).quoted()),
        _ => None,
    });
    // PostgreSQL's own collations and operator classes go without their schema, as ruleutils.c has it.
    parts.filter(|part| part != "pg_catalog").collect::<Vec<_>>().join(".")
}

/// What a key consists of.
pub enum KeyPart {
    /// A column.
    Column(Ident),
    /// The text of an expression.
    Expression(String),
}

/// How a text says that it is a key.
const STRATEGIES: [&str; 3] = ["LIST (", "RANGE (", "HASH ("];

/// Whether a text is a key, as [`Table`](super::Table) has it.
pub fn is_key(text: &str) -> bool {
    STRATEGIES.iter().any(|strategy| text.starts_with(strategy))
}

/// What a key consists of, columns and expressions, in its order.
///
/// # Errors
/// Where the key does not parse.
pub fn key_parts(key: &Expr) -> Result<Vec<KeyPart>, ParseError> {
    let spec = spec_of(&key.sql)?;
    let part = |node: &Node| match &node.node {
        Some(NodeEnum::PartitionElem(element)) => match &element.expr {
            Some(expr) => Ok(KeyPart::Expression(deparse_expr(expr)?)),
            None => Ok(KeyPart::Column(Ident::new(&element.name))),
        },
        _ => Err(ParseError::whole("a partition key was expected")),
    };
    spec.part_params.iter().map(part).collect()
}

/// What a key says without its expressions, and these in their order; `None` where the text is none.
pub fn taken_apart(text: &str) -> Option<(String, Vec<String>)> {
    let strategy = STRATEGIES.iter().find(|strategy| text.starts_with(**strategy))?;
    let mut exprs = Vec::new();
    let mut one = |node: &Node| {
        let Some(NodeEnum::PartitionElem(part)) = &node.node else { return None };
        let Some(expr) = &part.expr else { return element(node).ok() };
        let column = Node { node: Some(NodeEnum::PartitionElem(Box::new(protobuf::PartitionElem { expr: None, ..(**part).clone() }))) };
        exprs.push(deparse_expr(expr).ok()?);
        Some(format!("(){}", element(&column).ok()?.strip_prefix("\"\"")?))
    };
    let elements = spec_of(text).ok()?.part_params.iter().map(&mut one).collect::<Option<Vec<_>>>()?;
    Some((format!("{strategy}{})", elements.join(", ")), exprs))
}

/// The key when a column has another name.
///
/// # Errors
/// Where the key does not parse.
pub fn rename_column(text: &Expr, from: &Ident, to: &Ident) -> Result<Expr, ParseError> {
    let mut spec = spec_of(&text.sql)?;
    spec.part_params.walk_mut(&mut |node: NodeMut<'_>| {
        match node {
            NodeMut::PartitionElem(element) if element.name == from.as_str() => to.as_str().clone_into(&mut element.name),
            // Partition keys are about one table, so that the last name is the column's.
            NodeMut::ColumnRef(column) => {
                if let Some(Node { node: Some(NodeEnum::String(last)) }) = column.fields.last_mut()
                    && last.sval == from.as_str()
                {
                    to.as_str().clone_into(&mut last.sval);
                }
            }
            _ => {}
        }
        true
    });
    key(&spec)
}

/// A parsed FOR VALUES or DEFAULT. `types` are those of the key's columns as far as they are known: PostgreSQL spells values
/// as their types want it.
///
/// # Errors
/// Where the tree is none that the parser makes.
pub fn bound(spec: &protobuf::PartitionBoundSpec, types: &[Option<TypeName>]) -> Result<Expr, ParseError> {
    let protobuf::PartitionBoundSpec { strategy, is_default, modulus, remainder, listdatums, lowerdatums, upperdatums, location: _ } = spec;
    let type_at = |index: usize| types.get(index).and_then(Option::as_ref);
    let list = |nodes: &[Node], is_list: bool| {
        let spelled = nodes.iter().enumerate().map(|(index, node)| datum(node, type_at(if is_list { 0 } else { index })));
        Ok(spelled.collect::<Result<Vec<_>, ParseError>>()?.join(", "))
    };
    let text = match strategy.as_str() {
        _ if *is_default => "DEFAULT".to_owned(),
        "h" => format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})"),
        "l" => format!("FOR VALUES IN ({})", list(listdatums, true)?),
        "r" => format!("FOR VALUES FROM ({}) TO ({})", list(lowerdatums, false)?, list(upperdatums, false)?),
        _ => return Err(ParseError::whole("a partition bound has an unknown strategy")),
    };
    Ok(Expr::new(text))
}

/// The first value of a bound that has to be worked out, which a server does once and for all (`transformPartitionBoundValue` of
/// src/backend/parser/parse_utilcmd.c).
pub fn computed(spec: &protobuf::PartitionBoundSpec) -> Option<&Node> {
    let values = spec.listdatums.iter().chain(&spec.lowerdatums).chain(&spec.upperdatums);
    let said = |node: &&Node| limit(node).is_some() || is_null(below_cast(node)) || value_of(below_cast(node)).is_some();
    values.into_iter().find(|node| !said(node))
}

/// MINVALUE and MAXVALUE come from the parser as names of columns.
fn limit(node: &Node) -> Option<&'static str> {
    let Some(NodeEnum::ColumnRef(name)) = &node.node else { return None };
    match name.fields.as_slice() {
        [name] if string(name) == Some("minvalue") => Some("MINVALUE"),
        [name] if string(name) == Some("maxvalue") => Some("MAXVALUE"),
        _ => None,
    }
}

/// `'..'::date` and `date '..'` say what the column's type says anyway.
fn below_cast(node: &Node) -> &Node {
    match &node.node {
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().unwrap_or(node),
        _ => node,
    }
}

fn value_of(node: &Node) -> Option<String> {
    string(node).map(str::to_owned).or_else(|| number(node)).or_else(|| boolean(node).map(|value| value.to_string()))
}

/// One value of a bound.
fn datum(node: &Node, type_name: Option<&TypeName>) -> Result<String, ParseError> {
    if let Some(limit) = limit(node) {
        return Ok(limit.to_owned());
    }
    let Some(type_name) = type_name else { return deparse_expr(node) };
    let value = below_cast(node);
    let text = if is_null(value) { None } else { value_of(value) };
    Ok(match text {
        Some(text) => constant(&text, &type_name.0),
        None => deparse_expr(node)?,
    })
}

/// `get_const_expr` of src/backend/utils/adt/ruleutils.c without the type: few types go without quotes.
fn constant(text: &str, type_name: &str) -> String {
    let text = if is_text(type_name) { text } else { text.trim() };
    let scaled = scaled(text, type_name);
    let text = scaled.as_deref().unwrap_or(text);
    match type_name.split('(').next().unwrap_or_default() {
        "integer" if text.parse::<i32>().is_ok_and(|number| number >= 0) => text.to_owned(),
        "boolean" if matches!(text.to_ascii_lowercase().as_str(), "t" | "true" | "y" | "yes" | "on" | "1") => "true".to_owned(),
        "boolean" => "false".to_owned(),
        "numeric" if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['e', 'E', '.']) => text.to_owned(),
        _ => quote_literal(&value_text(text, type_name)),
    }
}

/// A value as its type's output function has it under the settings that databases are read with, as far as that is simple.
pub fn value_text(text: &str, type_name: &str) -> String {
    let base = type_name.split('(').next().unwrap_or_default().trim_end();
    match base {
        "uuid" => text.trim().to_ascii_lowercase(),
        "interval" => interval(text).unwrap_or_else(|| text.to_owned()),
        _ => {
            let of = Type::displayed(type_name);
            moment(text, &of.name).filter(|_| !of.array).unwrap_or_else(|| text.to_owned())
        }
    }
}

fn is_text(type_name: &str) -> bool {
    type_name.starts_with("text") || type_name.starts_with("character")
}

/// Numbers of a scale come out with all its digits.
fn scaled(text: &str, type_name: &str) -> Option<String> {
    let scale: usize = type_name.strip_prefix("numeric(")?.trim_end_matches(')').split_once(',')?.1.trim().parse().ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let fits = !whole.is_empty() && digits(whole.trim_start_matches('-')) && digits(fraction) && fraction.len() <= scale;
    fits.then(|| if scale == 0 { whole.to_owned() } else { format!("{whole}.{fraction:0<scale$}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_spelling_stays() {
        for text in ["RANGE (a, lower(b) COLLATE \"C\" text_pattern_ops)", "LIST ((a % 2))", "HASH (\"K\")"] {
            assert_eq!(normalize_key(text).map(|key| key.sql), Ok(text.to_owned()));
        }
        for text in [
            "FOR VALUES FROM (1, 'a') TO (5, MAXVALUE)",
            "FOR VALUES FROM (MINVALUE, '-5'::integer) TO (-3, 'it''s')",
            "FOR VALUES IN (0, NULL)",
            "FOR VALUES WITH (modulus 2, remainder 0)",
            "DEFAULT",
        ] {
            assert_eq!(normalize_bound(text).map(|bound| bound.sql), Ok(text.replace("'-5'::integer", "'-5'::int")));
        }
    }

    #[test]
    fn other_spellings_come_to_it() {
        assert_eq!(normalize_key("list ((((a % 2))))").map(|key| key.sql).as_deref(), Ok("LIST ((a % 2))"));
        assert_eq!(normalize_key("range (b collate pg_catalog.\"C\")").map(|key| key.sql).as_deref(), Ok("RANGE (b COLLATE \"C\")"));
        assert_eq!(normalize_bound("for values with (remainder 1, modulus 4)").map(|bound| bound.sql).as_deref(), Ok("FOR VALUES WITH (modulus 4, remainder 1)"));
    }
}
