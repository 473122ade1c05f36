//! Expressions over the columns of one table: checks, index expressions, predicates.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::Node;

use super::{DdlError, Kind, Session};
use crate::analyze::Scope;
use crate::canon;
use crate::model::{Expr, Ident, ObjectId};
use crate::sql::literal::names;
use crate::sql::walk::{NodeMut, VisitorMut, Walk};
use crate::sql::{deparse_expr, parse_one};

/// The type of an expression over a table's columns, where that can be told.
pub fn type_of(expr: &str, relation: &ObjectId, session: &Session) -> Option<String> {
    let query = parse_one(&format!("SELECT {expr} FROM {}", relation.qname()?)).ok()?;
    let output = canon::typed(&session.catalog, &BTreeMap::new(), &Scope::Query, &query).output?;
    output.into_iter().next()?.type_name
}

/// An expression with its names written out in full, and what it refers to.
#[derive(Clone, Debug)]
pub struct TableExpr {
    /// The expression; columns stand alone.
    pub expr: Expr,
    /// The columns that it names.
    pub columns: BTreeSet<Ident>,
    /// Whether it names the row as a whole.
    pub whole_row: bool,
    /// What must be there, columns among it.
    pub needs: BTreeSet<ObjectId>,
    /// What should be there if it can be had.
    pub wants: BTreeSet<ObjectId>,
}

struct Columns<'a> {
    schema: &'a str,
    table: &'a str,
    has: &'a dyn Fn(&str) -> bool,
    found: BTreeSet<Ident>,
    whole_row: bool,
}

impl VisitorMut for Columns<'_> {
    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        let NodeMut::ColumnRef(column) = node else { return true };
        let parts = names(&column.fields);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let name = match parts.as_slice() {
            [name] => *name,
            [table, name] if *table == self.table => name,
            [schema, table, name] if *schema == self.schema && *table == self.table => name,
            // a field of a column of a composite type
            [name, ..] => name,
            [] => return true,
        };
        if name == "*" || parts.len() == 1 && name == self.table && !(self.has)(name) {
            self.whole_row = true;
        } else {
            if parts.len() > 1 && parts.last() == Some(&name) {
                let last = column.fields.pop();
                column.fields = last.into_iter().collect();
            }
            self.found.insert(Ident::new(name));
        }
        true
    }
}

/// Interprets an expression over the columns of a table or materialized view.
///
/// # Errors
/// Where a name in it is of nothing that exists.
pub fn table_expr(relation: &ObjectId, node: &Node, session: &Session) -> Result<TableExpr, DdlError> {
    let mut node = node.clone();
    let found = session.names(&mut node, &Scope::Table(relation))?;
    let column = |name: &str| session.column(relation, name);
    let (schema, table) = relation.qname().map(|name| (name.schema.as_str(), name.name.as_str())).unwrap_or_default();
    let has = |name: &str| relation.kind == Kind::Table && column(name).is_ok();
    let mut columns = Columns { schema, table, has: &has, found: BTreeSet::new(), whole_row: false };
    node.walk_mut(&mut columns);
    let Columns { found: names, whole_row, .. } = columns;
    Ok(TableExpr {
        expr: Expr::new(deparse_expr(&node)?),
        columns: names,
        whole_row,
        needs: found.needs.into_iter().collect(),
        wants: found.wants.into_iter().collect(),
    })
}
