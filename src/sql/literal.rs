//! What single nodes say: constants, lists of names, options.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, Node, TypeName, a_const};

use super::{Name, ParseError, deparse_expr, deparse_type};

/// The text of a `String` node or of a string constant.
pub fn string(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::String(value) => Some(&value.sval),
        NodeEnum::AConst(value) => match value.val.as_ref()? {
            a_const::Val::Sval(value) => Some(&value.sval),
            _ => None,
        },
        _ => None,
    }
}

/// A `String` node: a part of a name.
pub fn string_node(text: &str) -> Node {
    Node { node: Some(NodeEnum::String(pg_query::protobuf::String { sval: text.to_owned() })) }
}

/// The value of an `Integer` node, of an integer constant, or of one that is too long for 32 bits.
pub fn integer(node: &Node) -> Option<i64> {
    match node.node.as_ref()? {
        NodeEnum::Integer(value) => Some(value.ival.into()),
        NodeEnum::Float(value) => value.fval.parse().ok(),
        NodeEnum::AConst(value) => match value.val.as_ref()? {
            a_const::Val::Ival(value) => Some(value.ival.into()),
            a_const::Val::Fval(value) => value.fval.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The digits of a numeric node or constant.
pub fn number(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::Float(value) => Some(value.fval.clone()),
        NodeEnum::AConst(value) => match value.val.as_ref()? {
            a_const::Val::Fval(value) => Some(value.fval.clone()),
            _ => integer(node).map(|value| value.to_string()),
        },
        _ => integer(node).map(|value| value.to_string()),
    }
}

/// The value of a `Boolean` node or of TRUE and FALSE.
pub fn boolean(node: &Node) -> Option<bool> {
    match node.node.as_ref()? {
        NodeEnum::Boolean(value) => Some(value.boolval),
        NodeEnum::AConst(value) => match value.val.as_ref()? {
            a_const::Val::Boolval(value) => Some(value.boolval),
            _ => None,
        },
        _ => None,
    }
}

/// Whether this is the constant NULL.
pub fn is_null(node: &Node) -> bool {
    matches!(&node.node, Some(NodeEnum::AConst(value)) if value.isnull)
}

/// The names of a list of `String` nodes; `A_Star` is `*`, everything else is left out.
pub fn names(nodes: &[Node]) -> Vec<String> {
    nodes
        .iter()
        .filter_map(|node| match node.node.as_ref()? {
            NodeEnum::AStar(_) => Some("*".to_owned()),
            _ => string(node).map(str::to_owned),
        })
        .collect()
}

/// The members of a `List` node, or the node alone.
pub fn items(node: &Node) -> &[Node] {
    match &node.node {
        Some(NodeEnum::List(list)) => &list.items,
        _ => std::slice::from_ref(node),
    }
}

/// The qualified name that a node holds: a list of names, a single name, a type.
pub fn qualified(node: &Node) -> Option<Name> {
    match node.node.as_ref()? {
        NodeEnum::List(list) => Name::of(&list.items),
        NodeEnum::TypeName(name) => Name::of(&name.names),
        NodeEnum::RangeVar(relation) => Some(Name::of_relation(relation)),
        NodeEnum::ObjectWithArgs(object) => Name::of(&object.objname),
        _ => string(node).map(|name| Name { schema: None, name: name.to_owned() }),
    }
}

/// The options of a list of `DefElem` nodes.
pub fn def_elems(nodes: &[Node]) -> impl Iterator<Item = &DefElem> {
    nodes.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::DefElem(elem) => Some(&**elem),
        _ => None,
    })
}

/// The option of this name; the last one, should it stand there twice.
pub fn option<'a>(nodes: &'a [Node], name: &str) -> Option<&'a DefElem> {
    def_elems(nodes).filter(|elem| elem.defname == name).last()
}

/// The value of an option as `defGetString` gives it (src/backend/commands/define.c); `None` where it has none.
///
/// # Errors
/// Where the value is not of a kind that options have.
pub fn value(elem: &DefElem) -> Result<Option<String>, ParseError> {
    elem.arg.as_deref().map(|arg| value_text(arg).map_err(|error| error.or_at(elem.location))).transpose()
}

/// The value of a boolean option as `defGetBoolean` takes it: no value is true.
///
/// # Errors
/// Where the value is no boolean.
pub fn flag(elem: &DefElem) -> Result<bool, ParseError> {
    let Some(text) = value(elem)? else { return Ok(true) };
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        _ => Err(ParseError::whole(format!("{} requires a Boolean value", elem.defname)).or_at(elem.location)),
    }
}

/// Names and values of storage parameters and the like, `namespace.name` where there is a namespace; no value is `true`, as in
/// `transformRelOptions` (src/backend/access/common/reloptions.c).
///
/// # Errors
/// As [`value`].
pub fn options(nodes: &[Node]) -> Result<Vec<(String, String)>, ParseError> {
    def_elems(nodes)
        .map(|elem| {
            let name = if elem.defnamespace.is_empty() { elem.defname.clone() } else { format!("{}.{}", elem.defnamespace, elem.defname) };
            Ok((name, value(elem)?.unwrap_or_else(|| "true".to_owned())))
        })
        .collect()
}

/// The text of an option's value or of a constant.
///
/// # Errors
/// Where the node does not deparse.
pub fn value_text(node: &Node) -> Result<String, ParseError> {
    if let Some(text) = string(node).map(str::to_owned).or_else(|| number(node)).or_else(|| boolean(node).map(|value| value.to_string())) {
        return Ok(text);
    }
    match &node.node {
        Some(NodeEnum::AStar(_)) => Ok("*".to_owned()),
        Some(NodeEnum::TypeName(name)) => type_value(name),
        Some(NodeEnum::List(list)) => Ok(names(&list.items).join(".")),
        _ => deparse_expr(node),
    }
}

/// `TypeNameToString`: option values that are words come as type names, and what is only a name stays as it is.
fn type_value(name: &TypeName) -> Result<String, ParseError> {
    let bare = name.typmods.is_empty() && name.array_bounds.is_empty() && !name.setof && !name.pct_type;
    if bare { Ok(names(&name.names).join(".")) } else { deparse_type(name) }
}

impl ParseError {
    /// Gives the error a node's position, if it has none and the node has one.
    #[must_use]
    pub fn or_at(mut self, location: i32) -> Self {
        self.position = self.position.or(usize::try_from(location).ok());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{parse_expr, parse_one};

    fn expr(text: &str) -> Node {
        parse_expr(text).unwrap_or_default()
    }

    #[test]
    fn reads_constants() {
        assert_eq!(string(&expr("'it''s'")), Some("it's"));
        assert_eq!(integer(&expr("-7")), Some(-7));
        assert_eq!(integer(&expr("9223372036854775807")), Some(i64::MAX));
        assert_eq!(number(&expr("1.50")).as_deref(), Some("1.50"));
        assert_eq!(boolean(&expr("true")), Some(true));
        assert!(is_null(&expr("NULL")) && !is_null(&expr("0")));
    }

    #[test]
    fn reads_options() {
        let table =
            parse_one("CREATE TABLE t () WITH (fillfactor = 70, toast.autovacuum_enabled = off, user_catalog_table, a = 1.5, b = 's')");
        let Some(NodeEnum::CreateStmt(table)) = table.unwrap_or_default().node else { panic!("no table") };
        let texts = [("fillfactor", "70"), ("toast.autovacuum_enabled", "off"), ("user_catalog_table", "true"), ("a", "1.5"), ("b", "s")];
        assert_eq!(options(&table.options), Ok(texts.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()));
        assert_eq!(option(&table.options, "autovacuum_enabled").map(flag), Some(Ok(false)));
        assert!(option(&table.options, "a").is_some_and(|elem| flag(elem).is_err()));
    }

    #[test]
    fn reads_definitions() {
        let define = parse_one("CREATE AGGREGATE s.a (int) (SFUNC = s.\"F\", STYPE = numeric(5)[], SORTOP = OPERATOR(s.<), HYPOTHETICAL)");
        let Some(NodeEnum::DefineStmt(define)) = define.unwrap_or_default().node else { panic!("no aggregate") };
        let value = |name: &str| option(&define.definition, name).and_then(|elem| value(elem).ok().flatten());
        assert_eq!(value("sfunc").as_deref(), Some("s.F"));
        assert_eq!(value("stype").as_deref(), Some("numeric(5)[]"));
        assert_eq!(value("sortop").as_deref(), Some("s.<"));
        assert_eq!(value("hypothetical"), None);
        assert_eq!(option(&define.definition, "sfunc").and_then(|e| qualified(e.arg.as_deref()?)), Some(Name::new(Some("s"), "F")));
    }
}
