//! Columns as CREATE TABLE and ADD COLUMN take them.

use std::collections::BTreeSet;

use super::{Column, Generated, Identity};
use crate::model::{Catalog, Expr, Ident, LockMode, ObjectId, Pair, QName, Step, TypeName, make_object_name, quote_literal};
use crate::object::constraint::Constraint;
use crate::object::sequence::{SequenceOptions, persistence};
use crate::object::table::AlterTable;
use crate::object::{Cx, Kind, Object, inheritance, typing};

/// Words that `b_expr` of PostgreSQL's grammar, which DEFAULT takes, has only between parentheses.
const NOT_IN_B_EXPR: &[&str] = &[
    "and", "or", "not", "is", "in", "like", "ilike", "similar", "between", "at", "collate", "overlaps", "isnull", "notnull", "any", "all",
    "some",
];

/// The column with those of its default and NOT NULL that are among `parts`.
pub fn definition(id: &ObjectId, column: &Column, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> String {
    let Column {
        position: _,
        type_name,
        collation,
        identity,
        generated,
        storage,
        compression,
        // Said by statements of their own.
        statistics: _,
        options: _,
        foreign_options,
        inherited: _,
    } = column;
    let Some((table, name)) = id.qname().zip(id.name()) else { return String::new() };
    let mut text = format!("{name} {type_name}");
    if let Some(storage) = storage.as_ref().filter(|_| cx.major() >= 16) {
        text.push_str(&format!(" STORAGE {storage}"));
    }
    if let Some(method) = compression {
        text.push_str(&format!(" COMPRESSION {method}"));
    }
    if let Some(options) = foreign_options.clause() {
        text.push_str(&format!(" {options}"));
    }
    text.push_str(&typing::collate(collation.as_ref()));
    if let Some(Generated { expr, stored }) = generated.as_deref() {
        text.push_str(&format!(" GENERATED ALWAYS AS ({expr}) {}", if *stored { "STORED" } else { "VIRTUAL" }));
    }
    if let Some(identity) = identity {
        text.push_str(&format!(" {}", identity_clause(identity, table, name)));
    }
    text.push_str(&constraints(id, table, parts, cx));
    text
}

/// The column of a typed table, which has its type from the table's; `None` where there is nothing to add to it.
pub fn typed_definition(id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Option<String> {
    let (table, name) = id.qname().zip(id.name())?;
    let constraints = constraints(id, table, parts, cx);
    (!constraints.is_empty()).then(|| format!("{name} WITH OPTIONS{constraints}"))
}

fn constraints(id: &ObjectId, table: &QName, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> String {
    let default = default_of(id, parts, cx).map(default_clause).unwrap_or_default();
    let not_null = not_null_of(id, parts, cx).map(|constraint| {
        let named = constraint.name(id).map(|name| QName { schema: table.schema.clone(), name: name.clone() });
        let others = |name: &QName| [cx.from, cx.to].iter().any(|catalog| catalog.constraints_named(name).any(|other| other.qname() != Some(table)));
        let shared = cx.major() >= 18 && (inheritance::is_parent(table, cx) || named.as_ref().is_some_and(others));
        format!(" {}", constraint.column_clause(table, shared))
    });
    format!("{default}{}", not_null.unwrap_or_default())
}

/// The default of a column, if it is among `parts`.
pub fn default_of<'a>(column: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'a>) -> Option<&'a Expr> {
    let id = ObjectId::of(Kind::Default, column.clone());
    match cx.to.object(&id) {
        Some(Object::Default(default)) if parts.contains(&id) => Some(&default.expr),
        _ => None,
    }
}

/// The NOT NULL of a column, if it is among `parts`.
pub fn not_null_of<'a>(column: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'a>) -> Option<&'a Constraint> {
    let id = ObjectId::of(Kind::Constraint, column.clone());
    match cx.to.object(&id) {
        Some(Object::Constraint(constraint)) if parts.contains(&id) => Some(constraint),
        _ => None,
    }
}

/// ` DEFAULT ..`, between parentheses where the grammar wants them.
pub fn default_clause(expr: &Expr) -> String {
    if is_b_expr(&expr.sql) { format!(" DEFAULT {expr}") } else { format!(" DEFAULT ({expr})") }
}

/// Whether no word of [`NOT_IN_B_EXPR`] stands outside of quotes and parentheses.
fn is_b_expr(sql: &str) -> bool {
    let (mut depth, mut quote, mut word) = (0_usize, None, String::new());
    for c in sql.chars().chain([' ']) {
        // The word that ends here stands where the character does that opens what follows: ANY(..).
        let outside = depth == 0;
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if quote.is_none() && (c.is_alphanumeric() || c == '_') {
            word.extend(c.to_lowercase());
        } else if outside && NOT_IN_B_EXPR.contains(&word.as_str()) {
            return false;
        } else {
            word.clear();
        }
    }
    true
}

/// `GENERATED .. AS IDENTITY (..)`, with what PostgreSQL would not choose by itself.
pub fn identity_clause(identity: &Identity, table: &QName, column: &Ident) -> String {
    // Persistence is the table's, or said by a statement of its own.
    let Identity { always, sequence, options, unlogged: _ } = identity;
    let chosen = make_object_name(table.name.as_str(), Some(column.as_str()), "seq");
    let name = (sequence.schema != table.schema || sequence.name.as_str() != chosen).then(|| format!("SEQUENCE NAME {sequence}"));
    let said: Vec<String> = name.into_iter().chain(Some(options.clauses()).filter(|text| !text.is_empty())).collect();
    let list = if said.is_empty() { String::new() } else { format!(" ({})", said.join(" ")) };
    format!("GENERATED {} AS IDENTITY{list}", if *always { "ALWAYS" } else { "BY DEFAULT" })
}

/// The type of an identity column's sequence is the column's, and its persistence the table's; others need statements of their own.
/// `AS` takes bounds that are those of the column's type for those of the type, which LIKE .. INCLUDING IDENTITY does not mean.
pub fn sequence_traits(identity: &Identity, type_name: &TypeName, table: &QName, cx: &Cx<'_>) -> Vec<Step> {
    let Identity { always: _, sequence, options, unlogged } = identity;
    let differs = options.data_type != *type_name;
    let made = SequenceOptions { data_type: type_name.clone(), ..options.clone() };
    let sql = format!("ALTER SEQUENCE {sequence} {}", SequenceOptions::changes(Pair::new(&made, options)).join(" "));
    let counted = differs.then(|| Step::new(sql, format!("count {sequence} as {}", options.data_type)));
    let logged = (*unlogged != persistence::of_new_sequences(table, cx.to)).then(|| persistence::step(sequence, *unlogged));
    counted.into_iter().chain(logged).collect()
}

/// The type of a column; of a domain, the type below.
fn base_type<'a>(column: &ObjectId, catalog: &'a Catalog) -> Option<&'a str> {
    let mut entry = catalog.get(column)?;
    loop {
        let domain = entry.needs.iter().find(|need| need.kind == Kind::Domain);
        let name = match &entry.object {
            Object::Column(column) => &column.type_name,
            Object::Domain(domain) => &domain.base,
            _ => return None,
        };
        match domain.filter(|domain| domain.spelled() == name.0).and_then(|domain| catalog.get(domain)) {
            Some(below) => entry = below,
            None => return Some(&name.0),
        }
    }
}

/// Sets a new sequence behind the numbers that the rows of a column hold already. Rows decide, so that it does nothing to an
/// empty table. `None` where the column holds no numbers, only texts with numbers in them.
pub fn catch_up(column: &ObjectId, sequence: &QName, options: &SequenceOptions, cx: &Cx<'_>) -> Option<Step> {
    let (table, name) = column.qname().zip(column.name())?;
    let SequenceOptions { data_type: _, start: _, increment, min, max, cache: _, cycle: _ } = options;
    let end = if *increment < 0 { "min" } else { "max" };
    let cast = match base_type(column, cx.to)? {
        "smallint" | "integer" | "bigint" => "",
        other if other.split('(').next() == Some("numeric") => "::pg_catalog.int8",
        _ => return None,
    };
    let sql = format!(
        "SELECT pg_catalog.setval({}, held.number{cast}) FROM (SELECT pg_catalog.{end}({name}) AS number FROM {table}) AS held \
         WHERE held.number BETWEEN {min} AND {max}",
        quote_literal(&sequence.to_string())
    );
    let step = Step::new(sql, format!("let {sequence} go on behind the numbers that {table}.{name} holds"));
    Some(AlterTable::new(table, cx).locked(step, LockMode::AccessShare).scan(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_fenced_where_the_grammar_wants_it() {
        for (sql, clause) in [
            ("'x'::character varying", " DEFAULT 'x'::character varying"),
            ("1 = ANY(ARRAY[1, 2])", " DEFAULT (1 = ANY(ARRAY[1, 2]))"),
            ("f(1 IS NULL)", " DEFAULT f(1 IS NULL)"),
            ("nextval('a is b'::regclass)", " DEFAULT nextval('a is b'::regclass)"),
            ("'a' COLLATE \"C\"", " DEFAULT ('a' COLLATE \"C\")"),
            ("NOT true", " DEFAULT (NOT true)"),
            ("(1 IS NULL)", " DEFAULT (1 IS NULL)"),
            ("now() AT TIME ZONE 'utc'", " DEFAULT (now() AT TIME ZONE 'utc')"),
            ("1 + 2", " DEFAULT 1 + 2"),
        ] {
            assert_eq!(default_clause(&Expr::new(sql)), clause);
        }
    }

    #[test]
    fn identity_says_what_postgres_would_not_choose() {
        let table = QName::new("s", "t");
        let mut identity = Identity {
            always: true,
            sequence: QName::new("s", "t_id_seq"),
            options: SequenceOptions::defaults(TypeName("integer".into()), 1),
            unlogged: false,
        };
        assert_eq!(identity_clause(&identity, &table, &"id".into()), "GENERATED ALWAYS AS IDENTITY");
        identity.always = false;
        identity.sequence = QName::new("s", "Odd");
        identity.options.start = 7;
        assert_eq!(
            identity_clause(&identity, &table, &"id".into()),
            "GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME s.\"Odd\" START WITH 7)"
        );
    }
}
