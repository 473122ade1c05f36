//! SELECT, VALUES and set operations (`transformSelectStmt` and its kin in src/backend/parser/analyze.c).

use pg_query::protobuf::{AConst, ColumnRef, ResTarget, SelectStmt, SetOperation, WithClause, a_const};
use pg_query::{Node, NodeEnum, protobuf};

use super::from::Star;
use super::scope::{Attr, Found, Level, StarColumn};
use super::types::{Type, Types};
use super::{Analyzer, Hook, label, scope};
use crate::sql::literal::{integer, items, names, string_node};

/// The type of a literal that has none yet.
const UNKNOWN: &str = "unknown";

impl<H: Hook> Analyzer<'_, H> {
    /// Literals that a query gives are text by the end of it, unless it is an arm of another one (`p_resolve_unknowns`).
    pub(super) fn select(&mut self, stmt: &mut SelectStmt) -> Option<Vec<Attr>> {
        let mut output = self.arm(stmt, false);
        for of in output.iter_mut().flatten().filter_map(|attr| attr.type_name.as_mut()).filter(|of| *of == UNKNOWN) {
            "text".clone_into(of);
        }
        output
    }

    /// What a query gives, be it one of its own or an arm of a set operation.
    fn arm(&mut self, stmt: &mut SelectStmt, of_set: bool) -> Option<Vec<Attr>> {
        let recursive = self.recursive.take();
        self.levels.push(Level::default());
        self.with(stmt.with_clause.as_mut());
        let output = if stmt.op() != SetOperation::SetopNone {
            self.set_operation(stmt, recursive)
        } else if stmt.values_lists.is_empty() {
            self.plain(stmt)
        } else {
            self.values(stmt)
        };
        self.walk(&mut stmt.limit_offset);
        self.walk(&mut stmt.limit_count);
        self.note_keys(stmt);
        self.hook.selected(stmt, output.as_deref(), of_set);
        self.levels.pop();
        output
    }

    /// A query of WITH sees those before it; under RECURSIVE, all of them, and the second arm of its own union what the first gives.
    pub(super) fn with(&mut self, with: Option<&mut WithClause>) {
        let Some(with) = with else { return };
        let depth = self.levels.len().saturating_sub(1);
        let recursive = with.recursive;
        if recursive {
            let all = with.ctes.iter().filter_map(|node| match &node.node {
                Some(NodeEnum::CommonTableExpr(cte)) => Some((cte.ctename.clone(), None)),
                _ => None,
            });
            let all: Vec<_> = all.collect();
            if let Some(level) = self.levels.last_mut() {
                level.ctes = all;
            }
        }
        for (at, node) in with.ctes.iter_mut().enumerate() {
            let Some(NodeEnum::CommonTableExpr(cte)) = node.node.as_mut() else { continue };
            let given = names(&cte.aliascolnames);
            if recursive {
                self.recursive = Some((depth, at, given.clone()));
            }
            let mut attrs = cte.ctequery.as_deref_mut().and_then(|query| self.query(query));
            self.recursive = None;
            if let Some(attrs) = &mut attrs {
                rename(attrs, &given);
                let search = cte.search_clause.as_ref().map(|clause| clause.search_seq_column.as_str());
                let cycle =
                    cte.cycle_clause.as_deref().map(|clause| [clause.cycle_mark_column.as_str(), clause.cycle_path_column.as_str()]);
                attrs.extend(search.into_iter().chain(cycle.into_iter().flatten()).map(|name| Attr::new(name, None)));
            }
            let Some(level) = self.levels.last_mut() else { continue };
            match level.ctes.get_mut(at).filter(|_| recursive) {
                Some(known) => known.1 = attrs,
                None => level.ctes.push((cte.ctename.clone(), attrs)),
            }
        }
    }

    fn set_operation(&mut self, stmt: &mut SelectStmt, recursive: Option<(usize, usize, Vec<String>)>) -> Option<Vec<Attr>> {
        let left = stmt.larg.as_deref_mut().and_then(|arm| self.arm(arm, true));
        if let Some((depth, at, given)) = recursive
            && let Some(known) = self.levels.get_mut(depth).and_then(|level| level.ctes.get_mut(at))
        {
            known.1 = left.clone().map(|mut attrs| {
                rename(&mut attrs, &given);
                attrs
            });
        }
        let right = stmt.rarg.as_deref_mut().and_then(|arm| self.arm(arm, true)).unwrap_or_default();
        let common = |(at, attr): (usize, &Attr)| {
            let types = [attr.type_name.clone(), right.get(at).and_then(|other| other.type_name.clone())];
            Attr::new(attr.name.as_str(), self.common_type(types))
        };
        let output: Option<Vec<Attr>> = left.map(|left| left.iter().enumerate().map(common).collect());
        self.sort_places(&mut stmt.sort_clause, output.as_deref().unwrap_or_default());
        output
    }

    /// Where a query is none of one FROM, it can be ordered by its columns alone.
    fn sort_places(&mut self, items: &mut [Node], output: &[Attr]) {
        let labels: Vec<String> = output.iter().map(|attr| attr.name.clone()).collect();
        for item in items {
            let Some(NodeEnum::SortBy(sort)) = item.node.as_mut() else { continue };
            let Some(node) = sort.node.as_deref_mut() else { continue };
            if let Some(NodeEnum::ColumnRef(column)) = node.node.as_mut()
                && names(&column.fields).first().is_some_and(|first| first == "*VALUES*")
            {
                // So PostgreSQL 14 and 15 qualify the columns of VALUES.
                column.fields.remove(0);
            }
            if let Some(at) = output_place(node, &labels) {
                self.hook.output_item(node, at, &[]);
            }
        }
    }

    fn values(&mut self, stmt: &mut SelectStmt) -> Option<Vec<Attr>> {
        self.rows(&mut stmt.values_lists);
        let width = items(stmt.values_lists.first()?).len();
        let mut output = Vec::with_capacity(width);
        for at in 0..width {
            let types: Vec<Option<String>> = stmt.values_lists.iter().map(|row| self.type_of(items(row).get(at)?)).collect();
            output.push(Attr::new(format!("column{}", at + 1), self.common_type(types)));
        }
        self.sort_places(&mut stmt.sort_clause, &output);
        Some(output)
    }

    fn plain(&mut self, stmt: &mut SelectStmt) -> Option<Vec<Attr>> {
        let star = self.from_clause(&mut stmt.from_clause);
        if let Some(level) = self.levels.last() {
            self.hook.locked(&mut stmt.locking_clause, &level.sources);
        }
        let output = self.targets(&mut stmt.target_list, &star);
        let labels = labels(&stmt.target_list, output.as_deref());
        self.walk(&mut stmt.where_clause);
        let SelectStmt { target_list, group_clause, sort_clause, distinct_clause, .. } = stmt;
        for item in group_clause.iter_mut() {
            self.grouping(item, &labels, target_list);
        }
        self.walk(&mut stmt.having_clause);
        self.walk(&mut stmt.window_clause);
        for item in sort_clause {
            if let Some(NodeEnum::SortBy(sort)) = item.node.as_mut()
                && let Some(node) = sort.node.as_deref_mut()
            {
                self.sort_item(node, &labels, target_list);
            }
        }
        for item in distinct_clause {
            self.sort_item(item, &labels, target_list);
        }
        output
    }

    /// The items of a target list, `*` written out where that can be.
    pub(super) fn targets(&mut self, targets: &mut Vec<Node>, star: &Star) -> Option<Vec<Attr>> {
        let mut expanded = Vec::with_capacity(targets.len());
        let mut known = true;
        for node in std::mem::take(targets) {
            let (nodes, all) = self.written_out(node, star);
            expanded.extend(nodes);
            known &= all;
        }
        *targets = expanded;
        let mut output = Vec::with_capacity(targets.len());
        for node in targets {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() else { continue };
            known &= !is_row_star(target);
            let name = target_label(target);
            self.walk(&mut target.val);
            let type_name = target.val.as_deref().and_then(|value| self.type_of(value));
            output.push(Attr::new(name, type_name));
        }
        known.then_some(output)
    }

    /// The type of an expression that is done, and of a literal none but its own.
    fn type_of(&mut self, node: &Node) -> Option<String> {
        match &node.node {
            Some(NodeEnum::AConst(AConst { isnull: true, .. } | AConst { val: Some(a_const::Val::Sval(_)), .. })) => {
                Some(UNKNOWN.to_owned())
            }
            _ => self.hook.type_of(node),
        }
    }

    /// What `select_common_type` makes of several, where all are known; without modifiers, but where all have the same.
    pub(super) fn common_type(&self, types: impl IntoIterator<Item = Option<String>>) -> Option<String> {
        let all: Vec<String> = types.into_iter().collect::<Option<_>>()?;
        let first = all.first()?;
        if first != UNKNOWN && all.iter().all(|of| of == first) {
            return Some(first.clone());
        }
        let all: Vec<Type> = all.iter().map(|of| Type::displayed(of)).collect();
        Types(self.catalog).common(&all).map(|of| of.display())
    }

    /// What a target stands for, and whether that is all that it gives.
    fn written_out(&mut self, mut node: Node, star: &Star) -> (Vec<Node>, bool) {
        self.star_of_parameter(&mut node);
        match self.star_of(&node, star) {
            None => (self.fields_of(&node).unwrap_or_else(|| vec![node]), true),
            Some(Some(columns)) => (columns.iter().map(|column| self.column_target(column)).collect(), true),
            Some(None) => (vec![node], false),
        }
    }

    /// The same for the values of ROW and VALUES (`transformExpressionList`).
    pub(super) fn write_out(&mut self, values: &mut Vec<Node>) {
        for value in std::mem::take(values) {
            let target = ResTarget { val: Some(Box::new(value)), ..ResTarget::default() };
            let (nodes, _) = self.written_out(Node { node: Some(NodeEnum::ResTarget(Box::new(target))) }, &None);
            values.extend(nodes.into_iter().filter_map(|node| match node.node {
                Some(NodeEnum::ResTarget(target)) => target.val.map(|value| *value),
                _ => None,
            }));
        }
    }

    /// The rows of VALUES.
    pub(super) fn rows(&mut self, rows: &mut Vec<Node>) {
        for row in rows.iter_mut() {
            if let Some(NodeEnum::List(row)) = row.node.as_mut() {
                self.write_out(&mut row.items);
            }
        }
        self.walk(rows);
    }

    /// The columns that a target stands for, if it is `*` or `alias.*`.
    fn star_of(&self, node: &Node, star: &Star) -> Option<Star> {
        let Some(NodeEnum::ResTarget(target)) = &node.node else { return None };
        let Some(NodeEnum::ColumnRef(column)) = target.val.as_deref().and_then(|value| value.node.as_ref()) else { return None };
        let fields = names(&column.fields);
        match fields.as_slice() {
            [all] if all == "*" => Some(star.clone()),
            [rest @ .., alias, all] if all == "*" => Some(scope::source(&self.levels, rest.last(), alias).and_then(|(_, of)| of.star())),
            _ => None,
        }
    }

    /// The fields that `(row).*` stands for, where the type of the row is known.
    fn fields_of(&mut self, node: &Node) -> Option<Vec<Node>> {
        let Some(NodeEnum::ResTarget(target)) = &node.node else { return None };
        let Some(NodeEnum::AIndirection(whole)) = target.val.as_deref()?.node.as_ref() else { return None };
        let (Node { node: Some(NodeEnum::AStar(_)) }, path) = whole.indirection.split_last()? else { return None };
        let of = |indirection: Vec<Node>| {
            let part = protobuf::AIndirection { arg: whole.arg.clone(), indirection };
            Node { node: Some(NodeEnum::AIndirection(Box::new(part))) }
        };
        let sources = self.sources;
        let mut row = if path.is_empty() { whole.arg.as_deref()?.clone() } else { of(path.to_vec()) };
        self.walk(&mut row);
        self.sources = sources;
        let fields = super::fields_of_type(self.catalog, &self.hook.type_of(&row)?)?;
        let field = |attr: Attr| {
            let part = of(path.iter().cloned().chain(std::iter::once(string_node(&attr.name))).collect());
            let target = ResTarget { val: Some(Box::new(part)), ..ResTarget::default() };
            Node { node: Some(NodeEnum::ResTarget(Box::new(target))) }
        };
        Some(fields.into_iter().map(field).collect())
    }

    /// A column that `*` stands for; of two relations that are called alike, with the schema.
    fn column_target(&self, column: &StarColumn) -> Node {
        let sources = || self.levels.iter().flat_map(|level| &level.sources);
        let alike = |source: &&scope::Source| column.fields.len() > 1 && source.alias.as_ref() == column.fields.first();
        let own = sources().find(|source| source.number.is_some() && source.number == column.source);
        let schema = own.and_then(|source| source.schema.as_ref()).filter(|_| sources().filter(alike).count() > 1);
        let fields = schema.into_iter().chain(&column.fields).map(|name| string_node(name)).collect();
        let target = ResTarget {
            name: if column.fields.last() == Some(&column.attr.name) { String::new() } else { column.attr.name.clone() },
            val: Some(Box::new(Node { node: Some(NodeEnum::ColumnRef(ColumnRef { fields, location: 0 })) })),
            ..ResTarget::default()
        };
        Node { node: Some(NodeEnum::ResTarget(Box::new(target))) }
    }

    fn grouping(&mut self, item: &mut Node, labels: &[String], targets: &[Node]) {
        if let Some(NodeEnum::GroupingSet(set)) = item.node.as_mut() {
            for inner in &mut set.content {
                self.grouping(inner, labels, targets);
            }
            return;
        }
        if let Some(NodeEnum::RowExpr(row)) = item.node.as_mut()
            && row.row_format() == protobuf::CoercionForm::CoerceImplicitCast
        {
            // `(a, 1)` in brackets is a list of them.
            return row.args.iter_mut().for_each(|inner| self.grouping(inner, labels, targets));
        }
        // In GROUP BY, unlike ORDER BY, the columns of FROM win (`findTargetlistEntrySQL92`).
        let is_input = bare(item).is_some_and(|name| {
            let inner = self.levels.last().map(std::slice::from_ref).unwrap_or_default();
            matches!(scope::find(inner, std::slice::from_ref(&name)), Found::Attr { .. } | Found::Merged(..) | Found::System { .. })
        });
        if is_input { self.walk(item) } else { self.sort_item(item, labels, targets) }
    }

    fn sort_item(&mut self, node: &mut Node, labels: &[String], targets: &[Node]) {
        match output_place(node, labels) {
            Some(at) => self.hook.output_item(node, at, targets),
            None => self.walk(node),
        }
    }
}

/// The output column that an item of ORDER BY names, by position or by name.
fn output_place(node: &Node, labels: &[String]) -> Option<usize> {
    if matches!(node.node, Some(NodeEnum::AConst(_))) {
        let at = usize::try_from(integer(node)?).ok()?.checked_sub(1)?;
        return (at < labels.len()).then_some(at);
    }
    let name = bare(node)?;
    labels.iter().position(|label| *label == name)
}

fn bare(node: &Node) -> Option<String> {
    let Some(NodeEnum::ColumnRef(column)) = &node.node else { return None };
    match names(&column.fields).as_slice() {
        [name] => Some(name.clone()),
        _ => None,
    }
}

fn labels(targets: &[Node], output: Option<&[Attr]>) -> Vec<String> {
    match output {
        Some(output) => output.iter().map(|attr| attr.name.clone()).collect(),
        None => targets
            .iter()
            .map(|node| if let Some(NodeEnum::ResTarget(target)) = &node.node { target_label(target) } else { String::new() })
            .collect(),
    }
}

fn target_label(target: &ResTarget) -> String {
    if target.name.is_empty() { target.val.as_deref().map(label).unwrap_or_default() } else { target.name.clone() }
}

/// `(row).*`, of which only types could tell the columns; or a `*` that could not be written out.
fn is_row_star(target: &ResTarget) -> bool {
    match target.val.as_deref().and_then(|value| value.node.as_ref()) {
        Some(NodeEnum::AIndirection(indirection)) => {
            matches!(indirection.indirection.last(), Some(Node { node: Some(NodeEnum::AStar(_)) }))
        }
        _ => false,
    }
}

/// The names that are given, for the first columns.
fn rename(attrs: &mut [Attr], given: &[String]) {
    for (attr, name) in attrs.iter_mut().zip(given) {
        attr.name.clone_from(name);
    }
}
