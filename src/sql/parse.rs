//! Single statements, expressions, types and names.

use pg_query::NodeEnum;
use pg_query::protobuf::{Node, SelectStmt, TypeName};

use super::memo::Memo;
use super::{ParseError, raw};

thread_local! {
    static STATEMENTS: Memo<Node> = Memo::new();
    static EXPRESSIONS: Memo<Node> = Memo::new();
}

/// Parses text that holds exactly one statement.
///
/// # Errors
/// What the parser refuses, or another number of statements.
pub fn parse_one(text: &str) -> Result<Node, ParseError> {
    STATEMENTS.with(|known| known.get(text.as_bytes(), || one_statement(text)))
}

fn one_statement(text: &str) -> Result<Node, ParseError> {
    let mut statements = raw::parse(text, raw::Mode::Statements)?.stmts;
    if let Some(second) = statements.get(1) {
        let position = usize::try_from(second.stmt_location).unwrap_or(0);
        return Err(ParseError::at(position, format!("one statement was expected, not {}", statements.len())));
    }
    let statement = statements.pop().and_then(|raw| raw.stmt);
    statement.map(|node| *node).ok_or_else(|| ParseError::whole("a statement was expected, and there is none"))
}

/// Parses a value expression such as `pg_get_expr` gives.
///
/// # Errors
/// What the parser refuses, or anything beside one expression.
pub fn parse_expr(text: &str) -> Result<Node, ParseError> {
    EXPRESSIONS.with(|known| known.get(text.as_bytes(), || one_expression(text)))
}

fn one_expression(text: &str) -> Result<Node, ParseError> {
    let select = raw::parse(text, raw::Mode::Expression)?.stmts.pop().and_then(|raw| raw.stmt).and_then(|node| node.node);
    let Some(NodeEnum::SelectStmt(select)) = select else { return Err(ParseError::whole("an expression was expected")) };
    only_value(*select).ok_or_else(|| ParseError::whole("one expression was expected, and nothing beside it"))
}

/// Parses a type name with its modifiers. The type mode of libpg_query loses modifiers and array bounds, so that a cast is parsed.
///
/// # Errors
/// What the parser refuses, or anything beside a type.
pub fn parse_type(text: &str) -> Result<TypeName, ParseError> {
    const CAST: &str = "CAST(NULL AS ";
    let cast = format!("{CAST}{text}\n)");
    let not_a_type = |_| ParseError::whole(format!("{text:?} is not a type"));
    let expr = parse_expr(&cast).map_err(|mut error| {
        error.position = error.position.map(|position| position.saturating_sub(CAST.len()).min(text.len()));
        error
    })?;
    let Some(NodeEnum::TypeCast(cast)) = expr.node else { return Err(not_a_type(())) };
    let null = matches!(cast.arg.as_deref().and_then(|arg| arg.node.as_ref()), Some(NodeEnum::AConst(value)) if value.isnull);
    cast.type_name.filter(|_| null).ok_or_else(|| not_a_type(()))
}

/// The target of a SELECT that has nothing else.
fn only_value(select: SelectStmt) -> Option<Node> {
    let mut select = select;
    let target = if select.target_list.len() == 1 { select.target_list.pop() } else { None };
    let bare = SelectStmt { limit_option: select.limit_option, op: select.op, ..SelectStmt::default() };
    let Some(NodeEnum::ResTarget(target)) = target?.node else { return None };
    if select != bare || !target.name.is_empty() || !target.indirection.is_empty() {
        return None;
    }
    target.val.map(|value| *value)
}

/// The parts of `a.b."C d"`, folded as PostgreSQL folds them; `None` where it is no name.
pub fn parse_qualified_name(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = one_part(rest)?;
        parts.push(part);
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(parts);
        }
        rest = rest.strip_prefix('.')?.trim_start();
    }
}

fn one_part(text: &str) -> Option<(String, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut rest = quoted;
        loop {
            let (head, tail) = rest.split_once('"')?;
            name.push_str(head);
            let Some(more) = tail.strip_prefix('"') else { return (!name.is_empty()).then_some((name, tail)) };
            name.push('"');
            rest = more;
        }
    }
    let end = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts = name.starts_with(|c: char| !c.is_ascii_digit() && c != '$');
    starts.then(|| (name.to_ascii_lowercase(), rest))
}

/// Whether a name that is not quoted may go on with it (`ident_cont` of src/backend/parser/scan.l).
pub const fn is_of_name(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wants_one_statement() {
        assert!(parse_one("SELECT 1;").is_ok());
        assert_eq!(parse_one("SELECT 1; SELECT 2").map_err(|error| error.position.is_some()), Err(true));
        assert!(parse_one(" -- nothing").is_err());
    }

    #[test]
    fn positions_are_bytes() {
        for (text, position) in [("SELECT 'é' TABEL x y", 18), ("CREATE TABEL x ()", 7), ("SELECT 'x", 7), ("SELECT (", 8), ("a\0b", 1)] {
            assert_eq!(parse_one(text).map_err(|error| error.position), Err(Some(position)), "{text}");
        }
    }

    #[test]
    fn wants_one_expression() {
        for good in ["1", "a || b", "(SELECT 1 FROM t)", "'x'::text", "NEW.a IS DISTINCT FROM OLD.a", "ROW(1, 2)", "CURRENT_TIMESTAMP"] {
            assert!(parse_expr(good).is_ok(), "{good}");
        }
        for bad in ["", "1 2 3", "1, 2", "1 AS x", "1 FROM t", "1; SELECT 2", "1 WHERE true", "1 LIMIT 1", "1 UNION SELECT 2"] {
            assert!(parse_expr(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn wants_one_type() {
        for good in ["int", "numeric(10,2)[]", "s.t", "interval day to second(3)", "timestamp with time zone", "\"char\"", "text -- why"] {
            assert_eq!(parse_type(good).map(|_| ()).map_err(|error| error.message), Ok(()), "{good}");
        }
        for bad in ["", "int)", "int), CAST(1 AS text", "int) || CAST(NULL AS text"] {
            assert!(parse_type(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_type("int int").map_err(|error| error.position), Err(Some(4)));
    }

    #[test]
    fn names_fold_unless_quoted() {
        let name = |text: &str| parse_qualified_name(text);
        assert_eq!(name("A.b"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(name(" \"A.b\" . c$1"), Some(vec!["A.b".to_owned(), "c$1".to_owned()]));
        for bad in ["", "a.", ".a", "a b", "1a", "\"a", "\"\"", "a-b"] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
