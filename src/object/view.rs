//! Views, and what they share with materialized views.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::canon;
use crate::model::{Expr, Hazard, Ident, LockMode, ObjectId, Options, Pair, QName, Step, TypeName, option_changes, with_options};
use crate::sql::{self, NodeEnum, protobuf};

/// What a view gives.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
pub struct OutputColumn {
    /// Its name.
    pub name: Ident,
    /// Its type, where a server has told.
    pub type_name: Option<TypeName>,
    /// Its collation, where it is not the type's.
    pub collation: Option<QName>,
}

impl PartialEq for OutputColumn {
    /// A type of which nothing is known is no difference.
    fn eq(&self, other: &Self) -> bool {
        let unknown = self.type_name.is_none() || other.type_name.is_none();
        self.name == other.name && (unknown || (self.type_name == other.type_name && self.collation == other.collation))
    }
}

/// What a view gives; empty where only a server could tell, which is no difference.
#[derive(Clone, Debug, Default, Eq, Serialize, Deserialize)]
pub struct Output(pub Vec<OutputColumn>);

impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_empty() || other.0.is_empty() || self.0 == other.0
    }
}

impl Output {
    /// Reads the columns as the queries of both kinds of views give them.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn read(row: &CatalogRow<'_>) -> Result<Self, ReadError> {
        let (names, types): (Vec<String>, Vec<String>) = (row.get("names")?, row.get("types")?);
        let (schemas, collations): (Vec<Option<String>>, Vec<Option<String>>) = (row.get("collation_schemas")?, row.get("collations")?);
        let collations = schemas.into_iter().zip(collations).map(|(schema, name)| Some(QName::new(schema?.as_str(), name?.as_str())));
        let columns = names.iter().zip(types).zip(collations);
        Ok(Self(
            columns
                .map(|((name, type_name), collation)| OutputColumn {
                    name: Ident::new(name),
                    type_name: Some(TypeName(type_name)),
                    collation,
                })
                .collect(),
        ))
    }

    fn is_typed(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|column| column.type_name.is_some())
    }

    /// The list of names behind the view's own, where the query alone would give others. What a server has told of a query
    /// names its columns.
    pub fn list(&self, query: &Expr) -> String {
        if self.0.is_empty() || self.is_typed() {
            return String::new();
        }
        let own = targets(&query.sql).map(|targets| targets.into_iter().map(|target| target.name).collect::<Vec<_>>());
        if own.is_some_and(|own| own.iter().map(String::as_str).eq(self.0.iter().map(|column| column.name.as_str()))) {
            return String::new();
        }
        format!(" ({})", self.0.iter().map(|column| column.name.quoted()).collect::<Vec<_>>().join(", "))
    }
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The query.
    pub query: Expr,
    /// What it gives.
    pub columns: Output,
    /// security_barrier, security_invoker, check_option.
    pub options: Options,
}

/// A column of a query, as it is written.
#[derive(PartialEq)]
struct Target {
    name: String,
    value: protobuf::Node,
}

/// The outermost select of a query; the first arm of set operations, which names the columns.
fn outermost(query: &str) -> Option<protobuf::SelectStmt> {
    let mut node = sql::parse_one(query).ok()?;
    sql::walk::clear_positions(&mut node);
    let Some(NodeEnum::SelectStmt(mut select)) = node.node else { return None };
    while let Some(arm) = select.larg.take() {
        select = arm;
    }
    Some(*select)
}

/// The columns of a query; `None` where names are not written (`*`, VALUES, calls without AS).
fn targets(query: &str) -> Option<Vec<Target>> {
    let targets = outermost(query)?.target_list;
    (!targets.is_empty()).then_some(())?;
    targets.into_iter().map(target).collect()
}

fn target(node: protobuf::Node) -> Option<Target> {
    let Some(NodeEnum::ResTarget(target)) = node.node else { return None };
    let value = *target.val?;
    if !target.name.is_empty() {
        return Some(Target { name: target.name, value });
    }
    let Some(NodeEnum::ColumnRef(column)) = &value.node else { return None };
    let Some(NodeEnum::String(last)) = column.fields.last().and_then(|field| field.node.as_ref()) else { return None };
    Some(Target { name: last.sval.clone(), value })
}

/// Whether CREATE OR REPLACE VIEW takes the new query: it must give the same columns first (`checkViewColumns` of
/// src/backend/commands/view.c). Without types, the columns must be written alike.
fn can_replace(pair: Pair<&View>) -> bool {
    let Pair { from, to } = pair;
    if from.columns.is_typed() && to.columns.is_typed() {
        return to.columns.0.starts_with(&from.columns.0);
    }
    let sources = pair.map(|view| outermost(&view.query.sql).map(|select| (select.from_clause, select.with_clause)));
    match (targets(&from.query.sql), targets(&to.query.sql)) {
        (Some(old), Some(new)) => !sources.differs() && new.starts_with(&old),
        _ => false,
    }
}

/// A query as people want to read it.
pub fn pretty(query: &Expr) -> String {
    sql::pretty_query(&query.sql).unwrap_or_else(|| query.sql.clone())
}

impl View {
    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { query, columns, options } = self;
        format!("{verb} {}{}{} AS\n{}", id.spelled(), columns.list(query), with_options(options), pretty(query))
    }
}

impl ObjectDef for View {
    const KIND: Kind = Kind::View;
    const QUERY: &'static str = include_str!("view.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::View, row.qname("nspname", "relname")?);
        let view = Self { query: row.query("query", &id)?, columns: Output::read(row)?, options: row.options("reloptions")? };
        Ok(Some(Found::new(id, view)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(self.definition(id, "CREATE VIEW"), format!("create view {}", id.spelled()))]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        vec![drop_step(id, "view", cx)]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let same_query = !pair.map(|view| &view.query).differs();
        let mut steps = Vec::new();
        if !same_query || pair.from.columns != pair.to.columns {
            if !can_replace(pair) || canon::calls_another(Pair::new(cx.from, cx.to), id) {
                return Change::Replace;
            }
            // OR REPLACE takes away the options that it does not name.
            steps.push(Step::new(pair.to.definition(id, "CREATE OR REPLACE VIEW"), format!("change view {}", id.spelled())));
        } else {
            let (set, reset) = option_changes(pair.map(|view| &view.options));
            let clauses = [set.map(|list| format!("SET ({list})")), reset.map(|list| format!("RESET ({list})"))];
            for clause in clauses.into_iter().flatten() {
                steps.push(Step::new(format!("ALTER VIEW {} {clause}", id.spelled()), format!("change options of view {}", id.spelled())));
            }
        }
        Change::InPlace(steps.into_iter().map(|step| locked(step, id, LockMode::AccessExclusive)).collect())
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL refuses to change the type of a column that a view uses.
    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        false
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        relation_slots(id)
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        vec![&mut self.query]
    }
}

/// The step that drops a view of either kind.
pub fn drop_step(id: &ObjectId, words: &str, cx: &Cx<'_>) -> Step {
    let step = Step::new(format!("DROP {}", id.address()), format!("drop {words} {}", id.spelled()));
    let step = locked(step, id, LockMode::AccessExclusive);
    if cx.to.contains(id) { step } else { step.hazard(Hazard::Breaks(format!("queries of {words} {} fail", id.spelled()))) }
}

/// The step with a lock on the relation that the object is or belongs to.
pub fn locked(step: Step, id: &ObjectId, mode: LockMode) -> Step {
    match id.qname() {
        Some(relation) => step.lock(relation, mode),
        None => step,
    }
}

/// A relation takes its name among relations and, by its row type, among types.
pub fn relation_slots(id: &ObjectId) -> Vec<Slot> {
    id.qname().map(|name| vec![Slot::Relation(name.clone()), Slot::Type(name.clone())]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalog;

    fn view(query: &str, columns: &[(&str, &str)], options: &[(&str, &str)]) -> View {
        let column = |(name, type_name): &(&str, &str)| OutputColumn {
            name: Ident::new(name),
            type_name: (!type_name.is_empty()).then(|| TypeName((*type_name).to_owned())),
            collation: None,
        };
        View {
            query: Expr::new(query),
            columns: Output(columns.iter().map(column).collect()),
            options: options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    fn change(from: &View, to: &View) -> Vec<String> {
        let id = ObjectId::in_schema(Kind::View, QName::new("s", "v"));
        let (none, created) = (Catalog::empty(17), BTreeSet::new());
        match View::alter(&id, Pair::new(from, to), &Cx { from: &none, to: &none, online: true, created: &created }) {
            Change::InPlace(steps) => steps.into_iter().map(|step| step.sql).collect(),
            _ => vec!["REPLACE".to_owned()],
        }
    }

    #[test]
    fn columns_can_be_added_at_the_end_only() {
        let old = view("SELECT a FROM s.t", &[("a", "integer")], &[("security_barrier", "true")]);
        let longer = view("SELECT a, b FROM s.t", &[("a", "integer"), ("b", "text")], &[("security_barrier", "true")]);
        assert!(change(&old, &longer).iter().all(|sql| sql.starts_with("CREATE OR REPLACE VIEW s.v WITH (security_barrier = true) AS\n")));
        assert_eq!(change(&longer, &old), ["REPLACE"]);
        assert_eq!(change(&old, &view("SELECT a FROM s.t", &[("a", "bigint")], &[])), ["REPLACE"]);
    }

    #[test]
    fn without_types_columns_must_be_written_alike() {
        let untyped = |query: &str| view(query, &[], &[]);
        let old = untyped("SELECT a, b + 1 AS c FROM s.t");
        assert!(change(&old, &untyped("SELECT a, b + 1 AS c, d FROM s.t WHERE a > 1")).iter().all(|sql| sql.starts_with("CREATE OR")));
        for other in ["SELECT a, b + 2 AS c FROM s.t", "SELECT a, b + 1 AS d FROM s.t", "SELECT * FROM s.t", "SELECT a, b + 1 AS c FROM s.u"] {
            assert_eq!(change(&old, &untyped(other)), ["REPLACE"], "{other}");
        }
    }

    #[test]
    fn options_alone_leave_the_query() {
        let with = |options: &[(&str, &str)]| view("SELECT 1 AS a", &[("a", "integer")], options);
        let (from, to) = (with(&[("security_barrier", "true")]), with(&[("check_option", "local")]));
        assert_eq!(change(&from, &to), ["ALTER VIEW s.v SET (check_option = local)", "ALTER VIEW s.v RESET (security_barrier)"]);
    }

    #[test]
    fn names_are_listed_where_the_query_gives_others() {
        let list = |query: &str, names: &[(&str, &str)]| {
            let view = view(query, names, &[]);
            view.columns.list(&view.query)
        };
        assert_eq!(list("SELECT a, 1 AS b FROM t", &[("a", ""), ("b", "")]), "");
        assert_eq!(list("VALUES (1)", &[("a b", "")]), " (\"a b\")");
        assert_eq!(list("VALUES (1)", &[("a", "integer")]), "");
    }
}
