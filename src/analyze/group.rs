//! GROUP BY a primary key: what else the table has may be selected then, and the query needs the key
//! (`check_functional_grouping` of src/backend/catalog/pg_constraint.c).

use std::collections::BTreeSet;

use pg_query::protobuf::{ColumnRef, FuncCall, SelectStmt};
use pg_query::{Node, NodeEnum};

use super::candidates::place;
use super::scope::{self, Found, Level};
use super::{Analyzer, Hook, overload};
use crate::model::{Catalog, Ident, ObjectId, QName};
use crate::object::constraint::Definition;
use crate::object::{Kind, Object};
use crate::sql;
use crate::sql::Name;
use crate::sql::literal::{integer, names};
use crate::sql::walk::{NodeRef, Walk};

impl<H: Hook> Analyzer<'_, H> {
    /// Notes the keys without which the columns that are not grouped could not be selected.
    pub(super) fn note_keys(&mut self, stmt: &SelectStmt) {
        let sets = stmt.group_clause.iter().any(|item| matches!(item.node, Some(NodeEnum::GroupingSet(_))));
        let Some(level) = self.levels.last().filter(|_| !stmt.group_clause.is_empty() && !sets) else { return };
        let items: Vec<&Node> = stmt.group_clause.iter().filter_map(|item| grouped_item(item, stmt, level)).collect();
        let grouped: BTreeSet<ObjectId> = items.iter().filter_map(|item| plain_column(item, level)).collect();
        let texts: Vec<String> = items.iter().filter_map(|item| sql::deparse_expr(item).ok()).collect();
        let mut free = BTreeSet::new();
        for value in stmt.target_list.iter().filter_map(target).chain(stmt.having_clause.as_deref()) {
            if !sql::deparse_expr(value).is_ok_and(|text| texts.contains(&text)) {
                self.free_columns(value, &grouped, level, &mut free);
            }
        }
        let keys = free.iter().filter_map(|table| primary_key(self.catalog, table, &grouped)).collect::<Vec<_>>();
        self.held.extend(keys);
    }

    /// The tables of columns that stand neither in an aggregate nor in GROUP BY.
    fn free_columns(&self, value: &Node, grouped: &BTreeSet<ObjectId>, level: &Level, free: &mut BTreeSet<QName>) {
        value.walk(&mut |node: NodeRef<'_>| match node {
            NodeRef::FuncCall(call) => !self.is_aggregate(call),
            NodeRef::SubLink(_) | NodeRef::SelectStmt(_) => false,
            NodeRef::ColumnRef(column) => {
                free.extend(column_of(column, level).filter(|id| !grouped.contains(id)).and_then(|id| id.qname().cloned()));
                false
            }
            _ => true,
        });
    }

    fn is_aggregate(&self, call: &FuncCall) -> bool {
        let Some(Name { schema, name }) = Name::of(&call.funcname).filter(|_| call.over.is_none()) else { return false };
        match place(schema.as_deref()) {
            Some(schema) => self.catalog.routines_named(&overload::qname(schema.as_str(), &name)).any(|id| id.kind == Kind::Aggregate),
            None => overload::is_aggregate(&name),
        }
    }
}

fn target(node: &Node) -> Option<&Node> {
    match node.node.as_ref()? {
        NodeEnum::ResTarget(target) => target.val.as_deref(),
        _ => None,
    }
}

/// What an item of GROUP BY stands for, which may be an output column by place or by name.
fn grouped_item<'n>(item: &'n Node, stmt: &'n SelectStmt, level: &Level) -> Option<&'n Node> {
    if matches!(item.node, Some(NodeEnum::AConst(_))) {
        return target(stmt.target_list.get(usize::try_from(integer(item)?).ok()?.checked_sub(1)?)?);
    }
    if let Some(NodeEnum::ColumnRef(column)) = &item.node
        && column_of(column, level).is_none()
        && let [name] = names(&column.fields).as_slice()
    {
        let named = |node: &&Node| matches!(&node.node, Some(NodeEnum::ResTarget(target)) if target.name == *name);
        return stmt.target_list.iter().find(named).and_then(target).or(Some(item));
    }
    Some(item)
}

fn plain_column(node: &Node, level: &Level) -> Option<ObjectId> {
    match node.node.as_ref()? {
        NodeEnum::ColumnRef(column) => column_of(column, level),
        _ => None,
    }
}

fn column_of(column: &ColumnRef, level: &Level) -> Option<ObjectId> {
    match scope::find(std::slice::from_ref(level), &names(&column.fields)) {
        Found::Attr { attr, .. } => attr.id.filter(|id| id.kind == Kind::Column),
        _ => None,
    }
}

fn primary_key(catalog: &Catalog, table: &QName, grouped: &BTreeSet<ObjectId>) -> Option<ObjectId> {
    let id = ObjectId::in_schema(Kind::Table, table.clone());
    let is_grouped = |column: &Ident| grouped.contains(&ObjectId::on(Kind::Column, table.clone(), column.clone()));
    let found = catalog.children_of(&id, Kind::Constraint).find(|(_, entry)| match &entry.object {
        Object::Constraint(constraint) => match &constraint.definition {
            Definition::PrimaryKey(key) => key.columns.iter().all(is_grouped),
            _ => false,
        },
        _ => false,
    });
    found.map(|(id, _)| id.clone())
}
