//! From parse trees to index elements.

use pg_query::NodeEnum;
use pg_query::protobuf::{IndexElem, SortByDir, SortByNulls};

use super::element::{IndexElement, Indexed};
use crate::model::{Expr, QName};
use crate::sql::{Node, ParseError, deparse_expr, literal, parse_printed_expr};

/// How the names of collations, operator classes and operators become qualified ones.
pub type Qualify<'a> = &'a dyn Fn(&[&str]) -> Result<QName, ParseError>;

/// A name in text that the server wrote under an empty search_path: unqualified, it is one of `pg_catalog`.
///
/// # Errors
/// Where it has more than two parts.
pub fn server_name(parts: &[&str]) -> Result<QName, ParseError> {
    match parts {
        [name] => Ok(QName::new("pg_catalog", *name)),
        [schema, name] => Ok(QName::new(*schema, *name)),
        _ => Err(ParseError::whole(format!("{} is no qualified name", parts.join(".")))),
    }
}

/// One element of CREATE INDEX or EXCLUDE.
///
/// # Errors
/// Where a name cannot be qualified or the expression not be written.
pub fn index_element(elem: &IndexElem, qualify: Qualify<'_>) -> Result<IndexElement, ParseError> {
    let indexed = match &elem.expr {
        Some(expr) => Indexed::Expression(Expr::new(deparse_expr(expr)?)),
        None => Indexed::Column(elem.name.as_str().into()),
    };
    let descending = elem.ordering == SortByDir::SortbyDesc as i32;
    let nulls_first = match SortByNulls::try_from(elem.nulls_ordering) {
        Ok(SortByNulls::SortbyNullsFirst) => true,
        Ok(SortByNulls::SortbyNullsLast) => false,
        _ => descending,
    };
    Ok(IndexElement {
        indexed,
        collation: qualified(&elem.collation, qualify)?,
        opclass: qualified(&elem.opclass, qualify)?,
        opclass_options: literal::options(&elem.opclassopts)?.into_iter().collect(),
        descending,
        nulls_first,
    })
}

fn qualified(names: &[Node], qualify: Qualify<'_>) -> Result<Option<QName>, ParseError> {
    let parts = literal::names(names);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts.is_empty() { Ok(None) } else { qualify(&parts).map(Some) }
}

/// The expressions of a list as `pg_get_expr` gives it.
///
/// # Errors
/// Where the text is none.
pub fn expressions(text: &str) -> Result<Vec<Expr>, ParseError> {
    let Some(NodeEnum::RowExpr(row)) = parse_printed_expr(&format!("ROW({text})"))?.node else {
        return Err(ParseError::whole("expressions were expected"));
    };
    row.args.iter().map(|node| deparse_expr(node).map(Expr::new)).collect()
}

/// The elements of a CREATE INDEX statement that the server wrote.
///
/// # Errors
/// Where the text is none.
pub fn elements_of_definition(text: &str) -> Result<Vec<IndexElement>, ParseError> {
    let Some(NodeEnum::IndexStmt(index)) = crate::sql::parse_printed(text)?.node else {
        return Err(ParseError::whole("CREATE INDEX was expected"));
    };
    index
        .index_params
        .iter()
        .filter_map(|node| match &node.node {
            Some(NodeEnum::IndexElem(elem)) => Some(index_element(elem, &server_name)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::index::element::element_list;

    #[test]
    fn definitions_of_the_server_come_back() {
        let text = "a DESC, \"B b\" COLLATE \"C\" text_pattern_ops NULLS FIRST, lower(\"B b\"), ((a + 1)), c public.gist_trgm_ops (siglen='32')";
        let parsed = elements_of_definition(&format!("CREATE INDEX i ON public.t USING btree ({text}) INCLUDE (id) WHERE (a > 3)"));
        assert_eq!(
            parsed.map(|elements| element_list(&elements)),
            Ok("a DESC, \"B b\" COLLATE pg_catalog.\"C\" pg_catalog.text_pattern_ops NULLS FIRST, (lower(\"B b\")), (a + 1), \
                c public.gist_trgm_ops (siglen = 32)"
                .to_owned())
        );
    }

    #[test]
    fn lists_of_expressions_come_back() {
        let parsed = expressions("lower(\"B b\"), (a + 1), ('x, y'::text || c)");
        let texts = parsed.map(|all| all.iter().map(|expr| expr.sql.clone()).collect::<Vec<_>>());
        assert_eq!(texts, Ok(["lower(\"B b\")", "a + 1", "'x, y'::text || c"].map(str::to_owned).to_vec()));
        assert!(expressions("a) FROM t; SELECT (1").is_err());
    }
}
