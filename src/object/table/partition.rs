//! PARTITION BY and FOR VALUES in their one spelling, which is PostgreSQL's own.

use crate::model::{Expr, Ident};
use crate::sql::{Node, NodeEnum, ParseError, deparse_expr, parse_one, protobuf};

/// `RANGE (a, lower(b) COLLATE "C" text_pattern_ops)`: what stands behind PARTITION BY (`pg_get_partkeydef`).
///
/// # Errors
/// Where the text is none.
pub fn normalize_key(text: &str) -> Result<Expr, ParseError> {
    let statement = parse_one(&format!("CREATE TABLE t () PARTITION BY {text}"))?.node;
    match statement {
        Some(NodeEnum::CreateStmt(protobuf::CreateStmt { partspec: Some(spec), .. })) => key(&spec),
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
        Some(NodeEnum::CreateStmt(protobuf::CreateStmt { partbound: Some(spec), .. })) => bound(&spec),
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

/// A parsed FOR VALUES or DEFAULT.
///
/// # Errors
/// Where the tree is none that the parser makes.
pub fn bound(spec: &protobuf::PartitionBoundSpec) -> Result<Expr, ParseError> {
    let protobuf::PartitionBoundSpec { strategy, is_default, modulus, remainder, listdatums, lowerdatums, upperdatums, location: _ } = spec;
    let list = |nodes: &[Node]| Ok(nodes.iter().map(datum).collect::<Result<Vec<_>, ParseError>>()?.join(", "));
    let text = match strategy.as_str() {
        _ if *is_default => "DEFAULT".to_owned(),
        "h" => format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})"),
        "l" => format!("FOR VALUES IN ({})", list(listdatums)?),
        "r" => format!("FOR VALUES FROM ({}) TO ({})", list(lowerdatums)?, list(upperdatums)?),
        _ => return Err(ParseError::whole("a partition bound has an unknown strategy")),
    };
    Ok(Expr::new(text))
}

/// One value of a bound. MINVALUE and MAXVALUE come from the parser as names of columns.
fn datum(node: &Node) -> Result<String, ParseError> {
    if let Some(NodeEnum::ColumnRef(name)) = &node.node
        && let [Node { node: Some(NodeEnum::String(name)) }] = name.fields.as_slice()
        && matches!(name.sval.as_str(), "minvalue" | "maxvalue")
    {
        return Ok(name.sval.to_uppercase());
    }
    deparse_expr(node)
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
