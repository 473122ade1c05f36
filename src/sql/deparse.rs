//! Trees back to text, and text to its one spelling.

use pg_query::protobuf::{self, Node, ParseResult, RawStmt, ResTarget, SelectStmt, TypeName, a_const};
use pg_query::{DeparseOptions, NodeEnum};

use prost::Message;

use super::literal::{boolean, string, string_node};
use super::memo::Memo;
use super::print::{parse_printed, parse_printed_expr};
use super::walk::{clear_positions, is_tree, walk_mut};
use super::{ParseError, parse_expr, parse_one, raw};

/// `PG_VERSION_NUM` of the parser; libpg_query notes it in a tree and does not look at it.
const VERSION: i32 = 180_006;

/// What deparses an expression: `SELECT expression`.
const SELECT: &str = "SELECT ";

thread_local! {
    static SPELLED: Memo<String> = Memo::new();
    static NORMAL: Memo<String> = Memo::new();
}

/// A statement on one line.
///
/// # Errors
/// Where the tree is none that a parser makes, or libpg_query writes what does not parse, or not as that tree: it forgets to quote some names,
/// and some clauses.
pub fn deparse_stmt(node: &Node) -> Result<String, ParseError> {
    let mut node = node.clone();
    write_truth_values(&mut node);
    proved(&node, one_line, parse_one)
}

/// Puts TRUE for `'t'::pg_catalog.bool`, as libpg_query does (`deparseTypeCast`).
pub fn write_truth_values(tree: &mut Node) {
    walk_mut(tree, &mut |node| {
        let NodeEnum::TypeCast(cast) = node else { return };
        let Some(NodeEnum::AConst(constant)) = cast.arg.as_mut().and_then(|arg| arg.node.as_mut()) else { return };
        let is_bool = cast.type_name.as_ref().is_some_and(|name| {
            let parts: Vec<&str> = name.names.iter().filter_map(string).collect();
            parts == ["pg_catalog", "bool"]
        });
        let value = match &constant.val {
            Some(a_const::Val::Sval(text)) if is_bool && text.sval == "t" => true,
            Some(a_const::Val::Sval(text)) if is_bool && text.sval == "f" => false,
            _ => return,
        };
        constant.val = Some(a_const::Val::Boolval(protobuf::Boolean { boolval: value }));
        *node = NodeEnum::AConst(constant.clone());
    });
}

/// An expression on one line.
///
/// # Errors
/// As [`deparse_stmt`].
pub fn deparse_expr(node: &Node) -> Result<String, ParseError> {
    let mut node = node.clone();
    clear_positions(&mut node);
    write_truth_values(&mut node);
    SPELLED.with(|known| known.get(&node.encode_to_vec(), || proved(&node, expr_on_one_line, parse_expr)))
}

/// A type with its modifiers, as it can stand in a statement.
///
/// # Errors
/// As [`deparse_stmt`].
pub fn deparse_type(name: &TypeName) -> Result<String, ParseError> {
    let null = protobuf::AConst { isnull: true, ..protobuf::AConst::default() };
    let cast =
        protobuf::TypeCast { arg: Some(Box::new(Node { node: Some(NodeEnum::AConst(null)) })), type_name: Some(name.clone()), location: 0 };
    let text = deparse_expr(&Node { node: Some(NodeEnum::TypeCast(Box::new(cast))) })?;
    text.strip_prefix("NULL::").map(str::to_owned).ok_or_else(|| ParseError::whole("the type does not deparse"))
}

fn one_line(node: &Node) -> Result<String, ParseError> {
    deparse(vec![RawStmt { stmt: Some(Box::new(node.clone())), stmt_location: 0, stmt_len: 0 }], DeparseOptions::default())
}

fn expr_on_one_line(node: &Node) -> Result<String, ParseError> {
    let target = ResTarget { val: Some(Box::new(node.clone())), ..ResTarget::default() };
    let select = SelectStmt {
        target_list: vec![Node { node: Some(NodeEnum::ResTarget(Box::new(target))) }],
        limit_option: protobuf::LimitOption::Default.into(),
        op: protobuf::SetOperation::SetopNone.into(),
        ..SelectStmt::default()
    };
    let text = one_line(&Node { node: Some(NodeEnum::SelectStmt(Box::new(select))) })?;
    text.strip_prefix(SELECT).map(str::to_owned).ok_or_else(|| ParseError::whole("the expression does not deparse"))
}

/// A statement over several lines, for people; `None` where that would not mean the same.
pub fn pretty_query(text: &str) -> Option<String> {
    let parsed = raw::parse(text, raw::Mode::Statements).ok()?;
    let options = DeparseOptions { pretty_print: true, indent_size: 4, max_line_length: 100, ..DeparseOptions::default() };
    let [statement] = parsed.stmts.as_slice() else { return None };
    let pretty = deparse(vec![statement.clone()], options).ok()?;
    let again = parse_one(&pretty).ok()?;
    is_tree(statement.stmt.as_deref()?, again).then_some(pretty)
}

/// The one spelling of an expression that the server printed.
///
/// Where the deparsed text does not mean the same, the text is given back as it came: a wrong spelling would make wrong plans.
///
/// # Errors
/// What the parser refuses.
pub fn normalize_expr(text: &str) -> Result<String, ParseError> {
    NORMAL.with(|known| {
        known.get(text.as_bytes(), || {
            let tree = parse_printed_expr(text)?;
            Ok(proved(&tree, expr_on_one_line, parse_expr).unwrap_or_else(|_| text.trim().to_owned()))
        })
    })
}

/// The one spelling of a statement that the server printed, without a semicolon; as [`normalize_expr`] where it would not mean the same.
///
/// # Errors
/// What the parser refuses, or another number of statements.
pub fn normalize_query(text: &str) -> Result<String, ParseError> {
    let marked = cycle_marks(text);
    let text = marked.as_deref().unwrap_or(text);
    Ok(normal(&parse_printed(text)?, text))
}

/// As [`normalize_query`], of a statement as people write it.
///
/// # Errors
/// As [`normalize_query`].
pub fn normalize_written(text: &str) -> Result<String, ParseError> {
    Ok(normal(&parse_one(text)?, text))
}

fn normal(tree: &Node, text: &str) -> String {
    proved(tree, one_line, parse_one).unwrap_or_else(|_| text.trim().trim_end_matches(';').trim_end().to_owned())
}

/// `CYCLE .. SET .. TO text 'Y' DEFAULT text 'N'`: the server writes `'Y'::text`, which its grammar does not take there (`get_with_clause` of
/// ruleutils.c and `opt_cycle_clause` of gram.y).
fn cycle_marks(text: &str) -> Option<String> {
    let at = text.find(" CYCLE ")?;
    let mut out = text[..at].to_owned();
    let mut rest = &text[at..];
    let mut changed = false;
    while let Some(at) = [" TO '", " DEFAULT '"].iter().filter_map(|word| rest.find(word).map(|at| at + word.len() - 1)).min() {
        let (before, literal) = rest.split_at(at);
        let length = 1 + literal[1..].replace("''", "xx").find('\'')? + 1;
        let (value, after) = literal.split_at(length);
        let word = |after: &str| after.find(|c: char| !(c.is_alphanumeric() || "_.\" ".contains(c))).unwrap_or(after.len());
        let type_name = after.strip_prefix("::").map(|after| &after[..word(after)]);
        // The type ends where the clause goes on.
        let type_name = type_name.map(|name| name.split(" DEFAULT").next().unwrap_or(name).split(" USING").next().unwrap_or(name));
        out.push_str(before);
        match type_name {
            Some(name) => {
                out.push_str(&format!("{name} {value}"));
                rest = &after[2 + name.len()..];
                changed = true;
            }
            None => {
                out.push_str(value);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    (changed && parse_one(text).is_err() && parse_one(&out).is_ok()).then_some(out)
}

/// What stands for `PRESERVE WHITESPACE` until the text is written.
const PRESERVED: &str = "trueup_preserve_whitespace";

/// The deparsed text, if it parses to the same tree.
fn proved(
    tree: &Node,
    deparse: impl Fn(&Node) -> Result<String, ParseError>,
    parse: impl Fn(&str) -> Result<Node, ParseError>,
) -> Result<String, ParseError> {
    let text = deparse(tree)?;
    if is_tree(tree, parse(&text)?) {
        return Ok(text);
    }
    if let Some(marked) = mark_preserved(tree) {
        let text = deparse(&marked)?.replace(&format!(" AND {PRESERVED})"), " PRESERVE WHITESPACE)");
        if is_tree(tree, parse(&text)?) {
            return Ok(text);
        }
    }
    Err(ParseError::whole(format!(
        "the parser's library would leave something out of this where it writes it, so that it can be planned with a scratch server only: {text}"
    )))
}

/// The tree with a mark behind what `XMLPARSE(.. PRESERVE WHITESPACE)` parses, where it has such: libpg_query leaves the clause out
/// (`deparseXmlExpr`).
fn mark_preserved(tree: &Node) -> Option<Node> {
    let mut marked = tree.clone();
    let mut any = false;
    walk_mut(&mut marked, &mut |node| {
        let NodeEnum::XmlExpr(xml) = node else { return };
        if xml.op() == protobuf::XmlExprOp::IsXmlparse
            && let [parsed, preserve] = xml.args.as_mut_slice()
            && boolean(preserve) == Some(true)
        {
            let mark = protobuf::ColumnRef { fields: vec![string_node(PRESERVED)], location: 0 };
            let args = vec![std::mem::take(parsed), Node { node: Some(NodeEnum::ColumnRef(mark)) }];
            let both = protobuf::BoolExpr { boolop: protobuf::BoolExprType::AndExpr.into(), args, ..protobuf::BoolExpr::default() };
            *parsed = Node { node: Some(NodeEnum::BoolExpr(Box::new(both))) };
            any = true;
        }
    });
    any.then_some(marked)
}

fn deparse(stmts: Vec<RawStmt>, options: DeparseOptions) -> Result<String, ParseError> {
    pg_query::deparse(&ParseResult { version: VERSION, stmts }, options).map_err(|error| match error {
        pg_query::Error::Parse(message) => ParseError::whole(message),
        other => ParseError::whole(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse_type;

    #[test]
    fn what_is_written_is_all_that_was_read() {
        let written = |text: &str| parse_expr(text).and_then(|tree| deparse_expr(&tree));
        assert_eq!(written("xmlparse(DOCUMENT c)").as_deref(), Ok("xmlparse(document c)"));
        let preserved = "xmlparse(document xmlparse(content a || b PRESERVE WHITESPACE)::text PRESERVE WHITESPACE)";
        assert_eq!(written(preserved).as_deref(), Ok(preserved));
        let statement = parse_one("SELECT xmlparse(CONTENT (a OR b) PRESERVE WHITESPACE)").and_then(|tree| deparse_stmt(&tree));
        assert_eq!(statement.as_deref(), Ok("SELECT xmlparse(content (a OR b) PRESERVE WHITESPACE)"));
        // nothing that reads as what is meant comes of a name that libpg_query does not quote
        let function = parse_one("CREATE FUNCTION f(OUT \"a b\" int, OUT \"c=d\" int) LANGUAGE sql AS 'SELECT 1, 2'");
        assert!(function.and_then(|tree| deparse_stmt(&tree)).is_err());
        assert_eq!(written("'t'::pg_catalog.bool AND a").as_deref(), Ok("true AND a"));
    }

    #[test]
    fn spellings_become_one() {
        for (text, spelling) in [
            (" CAST(a AS varchar(10)) ", "a::varchar(10)"),
            ("(a)+( b )", "a + b"),
            ("EXTRACT(day FROM x)", "extract ('day' FROM x)"),
            ("'it''s'::TEXT", "'it''s'::text"),
        ] {
            assert_eq!(normalize_expr(text).as_deref(), Ok(spelling));
        }
        assert_eq!(normalize_expr("a=any( ARRAY [ 'x' , 'y' ] )").as_deref(), Ok("a = ANY(ARRAY['x', 'y'])"));
        assert_eq!(normalize_query(" select  1 ;\n").as_deref(), Ok("SELECT 1"));
        assert!(normalize_query("SELECT 1; SELECT 2").is_err());
    }

    #[test]
    fn wrong_deparses_are_not_used() {
        let function = "CREATE FUNCTION f(OUT \"a/b\" int) LANGUAGE sql AS 'SELECT 1'";
        assert_eq!(normalize_query(&format!(" {function} ;")).as_deref(), Ok(function));
        assert!(parse_one(function).is_ok_and(|tree| deparse_stmt(&tree).is_err()));
        let range = "CREATE TYPE r AS RANGE (subtype = text, collation = pg_catalog.\"C\")";
        assert_eq!(normalize_query(range).as_deref(), Ok(range));
    }

    #[test]
    fn types_keep_modifiers_and_bounds() {
        for (text, spelling) in [("numeric(12,2)[]", "numeric(12, 2)[]"), ("s.\"T\"", "s.\"T\""), ("timestamptz(3)", "timestamptz(3)")] {
            assert_eq!(parse_type(text).and_then(|name| deparse_type(&name)).as_deref(), Ok(spelling));
        }
    }

    #[test]
    fn pretty_means_the_same() {
        let pretty = pretty_query("SELECT a, b FROM t JOIN u ON t.x = u.x WHERE a > 1 AND b < 2 ORDER BY 1").unwrap_or_default();
        assert!(pretty.lines().count() > 3, "{pretty}");
        assert_eq!(pretty_query("SELECT 1; SELECT 2"), None);
    }
}
