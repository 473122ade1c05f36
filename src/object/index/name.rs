//! The names that PostgreSQL gives to indexes and constraints that have none.

use super::element::{IndexElement, Indexed};
use crate::analyze::figure_name;
use crate::model::{Ident, QName};
use crate::object::Session;
use crate::sql::parse_expr;

/// `ChooseIndexColumnNames` (src/backend/commands/indexcmds.c): the columns of an index, INCLUDE's too, each name once.
pub fn column_names(elements: &[IndexElement], include: &[Ident]) -> Vec<String> {
    let keys = elements.iter().map(|element| match &element.indexed {
        Indexed::Column(name) => name.as_str().to_owned(),
        Indexed::Expression(expr) => {
            parse_expr(&expr.sql).ok().and_then(|node| figure_name(&node)).unwrap_or_else(|| "expr".to_owned())
        }
    });
    let mut names: Vec<String> = Vec::new();
    for name in keys.chain(include.iter().map(|name| name.as_str().to_owned())) {
        let mut unique = name.clone();
        let mut number = 0;
        while names.contains(&unique) {
            number += 1;
            unique = format!("{name}{number}");
        }
        names.push(unique);
    }
    names
}

/// `ChooseIndexNameAddition`: the columns' names, joined until they are too long.
pub fn addition(names: &[String]) -> String {
    let mut joined = String::new();
    for name in names {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(name);
        if joined.len() > crate::model::ident::MAX_IDENT_BYTES {
            break;
        }
    }
    joined
}

/// `ChooseIndexName`: `table_columns_idx`, `table_columns_key`, `table_pkey`.
pub fn choose(table: &QName, columns: Option<&[String]>, label: &str, is_constraint: bool, session: &Session) -> Ident {
    let second = columns.map(addition);
    Session::choose_name(table.name.as_str(), second.as_deref(), label, |name| {
        session.relation_name_taken(&table.schema, name)
            || is_constraint && session.catalog.constraints_named(&QName::new(table.schema.clone(), name.clone())).next().is_some()
    })
}

/// `ChooseConstraintName` (src/backend/catalog/pg_constraint.c): no other constraint of the schema has the name.
pub fn choose_constraint(table: &QName, second: Option<&str>, label: &str, session: &Session) -> Ident {
    Session::choose_name(table.name.as_str(), second, label, |name| {
        session.catalog.constraints_named(&QName::new(table.schema.clone(), name.clone())).next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Expr;

    #[test]
    fn names_are_those_of_the_server() {
        let expression = |text: &str| IndexElement { indexed: Indexed::Expression(Expr::new(text)), ..IndexElement::column("".into()) };
        let elements = [
            expression("a + 1"),
            expression("lower(c)"),
            IndexElement::column("a".into()),
            expression("a + 2"),
            expression("a::text"),
            expression("1::int"),
            expression("CASE WHEN a > 0 THEN 1 END"),
            expression("COALESCE(a, 1)"),
        ];
        let names = column_names(&elements, &["c".into()]);
        assert_eq!(names, ["expr", "lower", "a", "expr1", "a1", "int4", "case", "coalesce", "c"]);
        assert_eq!(addition(&names), "expr_lower_a_expr1_a1_int4_case_coalesce_c");
    }
}
