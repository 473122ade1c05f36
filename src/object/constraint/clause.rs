//! Constraints as CREATE TABLE and ADD CONSTRAINT take them.

use super::{Constraint, Definition, Exclude, ExcludeElement, ForeignKey, IndexTraits, KeyConstraint};
use crate::model::{Ident, QName, name_list, with_options};
use crate::object::Cx;
use crate::object::index::including;

impl Constraint {
    /// `CONSTRAINT name CHECK (..)` and so on, with everything that stands behind it, for CREATE TABLE and ADD.
    pub fn clause(&self, name: &Ident, _: &Cx<'_>) -> String {
        format!("CONSTRAINT {name} {}{}", self.definition_clause(), self.attributes())
    }

    /// NOT NULL as it stands in a column's definition. The name is left out where it is the one that PostgreSQL chooses.
    ///
    /// `shared`: other tables may hold constraints of that name already, and PostgreSQL would choose another one (`ChooseConstraintName` looks
    /// through the whole schema).
    pub fn column_clause(&self, table: &QName, shared: bool) -> String {
        let no_inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        match &self.definition {
            Definition::NotNull { column, name: Some(name) }
                if shared || name.as_str() != format!("{}_{}_not_null", table.name.as_str(), column.as_str()) =>
            {
                format!("CONSTRAINT {name} NOT NULL{no_inherit}")
            }
            _ => format!("NOT NULL{no_inherit}"),
        }
    }

    /// DEFERRABLE and INITIALLY DEFERRED, with a space before each.
    pub(super) const fn deferrability(&self) -> &'static str {
        match (self.deferrable, self.deferred) {
            (false, _) => "",
            (true, false) => " DEFERRABLE",
            (true, true) => " DEFERRABLE INITIALLY DEFERRED",
        }
    }

    fn definition_clause(&self) -> String {
        match &self.definition {
            Definition::PrimaryKey(key) => format!("PRIMARY KEY {}", key_clause(key)),
            Definition::Unique(key) if key.nulls_not_distinct => format!("UNIQUE NULLS NOT DISTINCT {}", key_clause(key)),
            Definition::Unique(key) => format!("UNIQUE {}", key_clause(key)),
            Definition::Check(expr) => format!("CHECK ({expr})"),
            Definition::ForeignKey(key) => foreign_key_clause(key),
            Definition::Exclude(exclude) => exclude_clause(exclude),
            Definition::NotNull { column, name: _ } => format!("NOT NULL {column}"),
        }
    }

    fn attributes(&self) -> String {
        let Self { definition: _, deferrable: _, deferred: _, validated, enforced, no_inherit, inherited: _ } = self;
        let mut text = String::from(self.deferrability());
        for (said, words) in [
            (*no_inherit, " NO INHERIT"),
            (!*enforced, " NOT ENFORCED"),
            (!*validated && *enforced, " NOT VALID"),
        ] {
            if said {
                text.push_str(words);
            }
        }
        text
    }
}

fn key_clause(key: &KeyConstraint) -> String {
    let KeyConstraint { columns, nulls_not_distinct: _, without_overlaps, index } = key;
    let overlaps = if *without_overlaps { " WITHOUT OVERLAPS" } else { "" };
    format!("({}{overlaps}){}", name_list(columns), index_clause(index))
}

/// What stands behind the columns of a key: INCLUDE, WITH, USING INDEX TABLESPACE.
fn index_clause(index: &IndexTraits) -> String {
    let IndexTraits { include, options, tablespace, replica_identity: _, clustered: _ } = index;
    let tablespace = tablespace.as_ref().map(|tablespace| format!(" USING INDEX TABLESPACE {tablespace}")).unwrap_or_default();
    format!("{}{}{tablespace}", including(include), with_options(options))
}

fn foreign_key_clause(key: &ForeignKey) -> String {
    let ForeignKey { columns, references, referenced_columns, period, match_full, on_update, on_delete, delete_columns } = key;
    let list = |names: &[Ident]| match names.split_last() {
        Some((last, [])) if *period => format!("PERIOD {last}"),
        Some((last, rest)) if *period => format!("{}, PERIOD {last}", name_list(rest)),
        _ => name_list(names),
    };
    let mut text = format!("FOREIGN KEY ({}) REFERENCES {references} ({})", list(columns), list(referenced_columns));
    if *match_full {
        text.push_str(" MATCH FULL");
    }
    if on_update != "NO ACTION" {
        text.push_str(&format!(" ON UPDATE {on_update}"));
    }
    if on_delete != "NO ACTION" {
        text.push_str(&format!(" ON DELETE {on_delete}"));
    }
    if !delete_columns.is_empty() {
        text.push_str(&format!(" ({})", name_list(delete_columns)));
    }
    text
}

fn exclude_clause(exclude: &Exclude) -> String {
    let Exclude { method, elements, predicate, index } = exclude;
    let elements: Vec<String> = elements.iter().map(exclude_element).collect();
    let predicate = predicate.as_ref().map(|expr| format!(" WHERE ({expr})")).unwrap_or_default();
    format!("EXCLUDE USING {method} ({}){}{predicate}", elements.join(", "), index_clause(index))
}

fn exclude_element(element: &ExcludeElement) -> String {
    let ExcludeElement { element, operator } = element;
    // pg_catalog comes first in every search_path that does not name it, so that its operators can stand alone.
    if operator.schema.as_str() == "pg_catalog" {
        format!("{} WITH {}", element.sql(), operator.name.as_str())
    } else {
        format!("{} WITH OPERATOR({}.{})", element.sql(), operator.schema, operator.name.as_str())
    }
}
