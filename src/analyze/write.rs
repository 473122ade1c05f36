//! INSERT, UPDATE, DELETE and MERGE: in rules, SQL bodies and WITH.

use pg_query::protobuf::{DeleteStmt, InsertStmt, MergeMatchKind, MergeStmt, RangeVar, ResTarget, ReturningClause, UpdateStmt};
use pg_query::{Node, NodeEnum};

use super::from::Star;
use super::scope::{Attr, Found, Level, Source, SourceKind};
use super::{Analyzer, Hook, fields_of_type};
use crate::model::{ObjectId, QName};
use crate::object::Kind;
use crate::sql::literal::{items, string};
use crate::sql::walk::Walk;

impl<H: Hook> Analyzer<'_, H> {
    pub(super) fn insert(&mut self, stmt: &mut InsertStmt) -> Option<Vec<Attr>> {
        self.levels.push(Level::default());
        self.with(stmt.with_clause.as_mut());
        let given = stmt.select_stmt.as_deref_mut().and_then(|query| {
            match rows_alone(query) {
                Some(rows) => {
                    // Each value is made to the type of its column, and not to one that the rows have in common.
                    self.levels.push(Level::default());
                    self.rows(rows);
                    self.levels.pop();
                    Some(items(rows.first()?).len())
                }
                None => self.query(query).map(|output| output.len()),
            }
        });
        let star = stmt.relation.as_mut().and_then(|relation| self.target(relation));
        if stmt.cols.is_empty()
            && let (Some(star), Some(given)) = (&star, given)
        {
            stmt.cols = star.iter().take(given).map(|at| column_target(&at.attr.name)).collect();
        }
        self.assignments(&mut stmt.cols);
        self.rows_to(&stmt.cols, stmt.select_stmt.as_deref_mut());
        stmt.select_stmt.as_deref_mut().into_iter().for_each(|query| self.hook.taken(query));
        if let Some(conflict) = stmt.on_conflict_clause.as_deref_mut() {
            if let (Some(infer), Some(table)) = (conflict.infer.as_deref().filter(|infer| !infer.conname.is_empty()), &stmt.relation) {
                let table = QName::new(table.schemaname.as_str(), table.relname.as_str());
                self.held.insert(ObjectId::on(Kind::Constraint, table, infer.conname.as_str()));
            }
            conflict.infer.walk_mut(self);
            self.done = false;
            self.beside("excluded", &star);
            if !conflict.target_list.is_empty() {
                self.held.extend(star.iter().flatten().filter_map(|column| column.attr.id.clone()));
            }
            self.assignments(&mut conflict.target_list);
            self.walk(&mut conflict.where_clause);
        }
        self.returning(stmt.returning_clause.as_mut(), &star)
    }

    pub(super) fn update(&mut self, stmt: &mut UpdateStmt) -> Option<Vec<Attr>> {
        self.levels.push(Level::default());
        self.with(stmt.with_clause.as_mut());
        let star = stmt.relation.as_mut().and_then(|relation| self.target(relation));
        let more = self.from_clause(&mut stmt.from_clause);
        self.assignments(&mut stmt.target_list);
        self.walk(&mut stmt.where_clause);
        self.returning(stmt.returning_clause.as_mut(), &both(star, more))
    }

    pub(super) fn delete(&mut self, stmt: &mut DeleteStmt) -> Option<Vec<Attr>> {
        self.levels.push(Level::default());
        self.with(stmt.with_clause.as_mut());
        let star = stmt.relation.as_mut().and_then(|relation| self.target(relation));
        let more = self.from_clause(&mut stmt.using_clause);
        self.walk(&mut stmt.where_clause);
        self.returning(stmt.returning_clause.as_mut(), &both(star, more))
    }

    pub(super) fn merge(&mut self, stmt: &mut MergeStmt) -> Option<Vec<Attr>> {
        self.levels.push(Level::default());
        self.with(stmt.with_clause.as_mut());
        let star = stmt.relation.as_mut().and_then(|relation| self.target(relation));
        let more = stmt.source_relation.as_deref_mut().and_then(|source| self.from_item(source));
        self.walk(&mut stmt.join_condition);
        for clause in &mut stmt.merge_when_clauses {
            let Some(NodeEnum::MergeWhenClause(clause)) = clause.node.as_mut() else { continue };
            // Where one side has no row, its columns are not seen (`setNamespaceForMergeWhen`).
            let seen = match clause.match_kind() {
                MergeMatchKind::MergeWhenNotMatchedByTarget => Some(1..usize::MAX),
                MergeMatchKind::MergeWhenNotMatchedBySource => Some(0..1),
                _ => None,
            };
            if let Some(level) = self.levels.last_mut() {
                level.seen = seen;
            }
            self.walk(&mut clause.condition);
            if let (true, Some(star)) = (clause.target_list.is_empty() && !clause.values.is_empty(), &star) {
                clause.target_list = star.iter().take(clause.values.len()).map(|at| column_target(&at.attr.name)).collect();
            }
            self.assignments(&mut clause.target_list);
            self.walk(&mut clause.values);
            for (value, target) in clause.values.iter_mut().zip(&clause.target_list) {
                self.value_to(target, value);
            }
        }
        if let Some(level) = self.levels.last_mut() {
            level.seen = None;
        }
        // RETURNING of MERGE gives the columns of the source first (`transformMergeStmt`).
        self.returning(stmt.returning_clause.as_mut(), &both(more, star))
    }

    fn target(&mut self, relation: &mut RangeVar) -> Star {
        let mut node = Node { node: Some(NodeEnum::RangeVar(relation.clone())) };
        let star = self.from_item(&mut node);
        if let Some(NodeEnum::RangeVar(changed)) = node.node {
            *relation = changed;
        }
        star
    }

    /// A further name for the rows of the target, that must be written.
    fn beside(&mut self, alias: &str, star: &Star) {
        let attrs = star.as_ref().map(|star| star.iter().map(|column| column.attr.clone()).collect());
        let rows_of = self.levels.last().and_then(|level| level.sources.first()?.rows_of.clone());
        let source = Source { rows_of, qualified_only: true, ..Source::new(SourceKind::Scope, Some(alias), attrs) };
        if let Some(level) = self.levels.last_mut() {
            level.sources.push(source);
        }
    }

    fn assignments(&mut self, targets: &mut [Node]) {
        for node in targets {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() else { continue };
            let column =
                self.levels.last().and_then(|level| level.sources.first()).map(|source| match (source.attr(&target.name), &source.attrs) {
                    (Some(attr), _) => Found::Attr { up: 0, source: source.number, attr: attr.clone(), qualified: false },
                    (None, None) => Found::Unknown(source.number, None),
                    (None, Some(_)) => Found::Missing,
                });
            let found = column.unwrap_or(Found::Unknown(None, None));
            if matches!(found, Found::Missing) {
                self.missing.push(target.name.clone());
            }
            self.field_of(target, &found);
            self.walk(&mut target.indirection);
            part_of_row(target);
            self.walk(&mut target.val);
            self.hook.assigned(target, &found);
        }
    }

    /// A field that is written to is needed as the column is.
    fn field_of(&mut self, target: &ResTarget, found: &Found) {
        let (Found::Attr { attr: Attr { type_name: Some(of), .. }, .. }, Some(field)) =
            (found, target.indirection.first().and_then(string))
        else {
            return;
        };
        let fields = fields_of_type(self.catalog, of).unwrap_or_default();
        self.held.extend(fields.into_iter().find(|attr| attr.name == field).and_then(|attr| attr.id));
    }

    /// The values of INSERT are made to the types of the columns.
    fn rows_to(&mut self, columns: &[Node], query: Option<&mut Node>) {
        let Some(NodeEnum::SelectStmt(select)) = query.and_then(|query| query.node.as_mut()) else { return };
        for row in &mut select.values_lists {
            let Some(NodeEnum::List(row)) = row.node.as_mut() else { continue };
            for (value, column) in row.items.iter_mut().zip(columns) {
                self.value_to(column, value);
            }
        }
    }

    fn value_to(&mut self, column: &Node, value: &mut Node) {
        let Some(NodeEnum::ResTarget(target)) = &column.node else { return };
        let source = self.levels.last().and_then(|level| level.sources.first());
        if let Some(attr) = source.and_then(|source| source.attr(&target.name)).filter(|_| target.indirection.is_empty()).cloned() {
            self.hook.inserted(value, &attr);
        }
    }

    fn returning(&mut self, clause: Option<&mut ReturningClause>, star: &Star) -> Option<Vec<Attr>> {
        let output = clause.and_then(|clause| {
            // Those of a rule keep their meaning (`addNSItemForReturning`'s callers in src/backend/parser/analyze.c).
            let seen =
                |alias: &str| self.levels.iter().flat_map(|level| &level.sources).any(|source| source.alias.as_deref() == Some(alias));
            for alias in ["old", "new"].into_iter().filter(|alias| !seen(alias)).collect::<Vec<_>>() {
                self.beside(alias, star);
            }
            for node in &clause.options {
                if let Some(NodeEnum::ReturningOption(option)) = &node.node {
                    let alias = option.value.clone();
                    self.beside(&alias, star);
                }
            }
            let output = self.targets(&mut clause.exprs, star);
            self.hook.returned(&mut clause.exprs, output.as_deref());
            output
        });
        self.levels.pop();
        output
    }
}

fn column_target(name: &str) -> Node {
    Node { node: Some(NodeEnum::ResTarget(Box::new(ResTarget { name: name.to_owned(), ..ResTarget::default() }))) }
}

/// `SET (a, b) = (1, 2)` sets each by itself (`transformMultiAssignRef`).
fn part_of_row(target: &mut ResTarget) {
    let Some(NodeEnum::MultiAssignRef(part)) = target.val.as_deref().and_then(|value| value.node.as_ref()) else { return };
    let Some(NodeEnum::RowExpr(row)) = part.source.as_deref().and_then(|source| source.node.as_ref()) else { return };
    let at = usize::try_from(part.colno).ok().and_then(|colno| colno.checked_sub(1));
    if let Some(value) = at.and_then(|at| row.args.get(at)) {
        target.val = Some(Box::new(value.clone()));
    }
}

fn both(first: Star, second: Star) -> Star {
    first.zip(second).map(|(first, second)| first.into_iter().chain(second).collect())
}

/// The rows of a VALUES that is no query of its own (`isGeneralSelect` of `transformInsertStmt`).
fn rows_alone(query: &mut Node) -> Option<&mut Vec<Node>> {
    let Some(NodeEnum::SelectStmt(select)) = query.node.as_mut() else { return None };
    let general = !select.sort_clause.is_empty()
        || select.limit_offset.is_some()
        || select.limit_count.is_some()
        || !select.locking_clause.is_empty()
        || select.with_clause.is_some();
    (!general && !select.values_lists.is_empty()).then_some(&mut select.values_lists)
}
