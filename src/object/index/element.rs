//! What an index is over: columns and expressions, each with how it is compared and ordered.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, Options, QName, spell_options};

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Indexed {
    /// A column of the relation.
    Column(Ident),
    /// Any other expression.
    Expression(Expr),
}

/// One key column of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexElement {
    /// What is indexed.
    pub indexed: Indexed,
    /// COLLATE, where it is not the column's or expression's own.
    pub collation: Option<QName>,
    /// The operator class, where it is not the type's default.
    pub opclass: Option<QName>,
    /// Parameters of the operator class.
    pub opclass_options: Options,
    /// DESC.
    pub descending: bool,
    /// NULLS FIRST, said or by default (DESC has it by default).
    pub nulls_first: bool,
}

impl IndexElement {
    /// A column in ascending order, as its type compares.
    pub fn column(name: Ident) -> Self {
        Self::of(Indexed::Column(name))
    }

    /// A column or expression in ascending order, as its type compares.
    pub fn of(indexed: Indexed) -> Self {
        Self {
            indexed,
            collation: None,
            opclass: None,
            opclass_options: Options::new(),
            descending: false,
            nulls_first: false,
        }
    }

    /// As CREATE INDEX takes it.
    pub fn sql(&self) -> String {
        let Self { indexed, collation, opclass, opclass_options, descending, nulls_first } = self;
        let mut text = match indexed {
            Indexed::Column(name) => name.quoted(),
            Indexed::Expression(expr) => format!("({expr})"),
        };
        if let Some(collation) = collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        match (opclass, opclass_options.is_empty()) {
            (Some(opclass), true) => text.push_str(&format!(" {opclass}")),
            (Some(opclass), false) => text.push_str(&format!(" {opclass} ({})", spell_options(opclass_options))),
            (None, _) => {}
        }
        if *descending {
            text.push_str(" DESC");
        }
        if descending != nulls_first {
            text.push_str(if *nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
        }
        text
    }

    /// The column, where it is no expression.
    pub const fn as_column(&self) -> Option<&Ident> {
        match &self.indexed {
            Indexed::Column(name) => Some(name),
            Indexed::Expression(_) => None,
        }
    }

    /// The expression, where it is no column.
    pub const fn expr_mut(&mut self) -> Option<&mut Expr> {
        match &mut self.indexed {
            Indexed::Column(_) => None,
            Indexed::Expression(expr) => Some(expr),
        }
    }
}

/// A list of elements as CREATE INDEX takes it, without the parentheses.
pub fn element_list(elements: &[IndexElement]) -> String {
    elements.iter().map(IndexElement::sql).collect::<Vec<_>>().join(", ")
}

/// Whether an index over these may stay while a column changes its type: PostgreSQL rebuilds indexes on plain columns
/// (`ATPostAlterTypeCleanup`), but the text of an expression can come out differently.
pub fn all_columns(elements: &[IndexElement]) -> bool {
    elements.iter().all(|element| element.as_column().is_some() && element.opclass.is_none() && element.collation.is_none())
}

/// The plain columns, without doubles.
pub fn columns_of(elements: &[IndexElement]) -> BTreeSet<Ident> {
    elements.iter().filter_map(IndexElement::as_column).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_say_what_is_no_default() {
        let mut element = IndexElement::column("a".into());
        assert_eq!(element.sql(), "a");
        element.descending = true;
        assert_eq!(element.sql(), "a DESC NULLS LAST");
        element.nulls_first = true;
        assert_eq!(element.sql(), "a DESC");
        element.descending = false;
        element.collation = Some(QName::new("pg_catalog", "C"));
        element.opclass = Some(QName::new("public", "gist_trgm_ops"));
        element.opclass_options.insert("siglen".to_owned(), "32".to_owned());
        element.indexed = Indexed::Expression(Expr::new("lower(a)"));
        assert_eq!(element.sql(), "(lower(a)) COLLATE pg_catalog.\"C\" public.gist_trgm_ops (siglen = 32) NULLS FIRST");
    }
}
