//! The frame of queries: aliases become numbers, columns are qualified by them, and names that mean nothing go.

use std::cell::RefCell;

use pg_query::protobuf::{
    self, Alias, CoercionForm, ColumnRef, JsonTable, LimitOption, LockingClause, RangeTableFunc, RangeVar, ResTarget, SelectStmt,
    SetOperation, SubLink, SubLinkType,
};
use pg_query::{Node, NodeEnum};
use rustc_hash::FxHashMap;

use super::choice::Choices;
use super::coerced::Casts;
use super::literal::integer_node;
use super::typing::case_results;
use crate::analyze::types::{Type, Types};
use crate::analyze::{Attr, Found, Hook, Source, SourceKind, is_made_unique};
use crate::model::{Catalog, QName};
use crate::sql::Name;
use crate::sql::literal::{names, string, string_node};
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// What qualifies a column that the expression is about, within a query of it.
const SUBJECT: &str = "@";

/// What qualifies the row as a whole that the expression is about: a column may be called as its table is.
const ROW: &str = "@row";

/// The walk that makes a tree canonical. Types that were worked out are remembered by the position field of the node.
pub struct Canon<'a> {
    /// What types there are.
    pub types: Types<'a>,
    known: Vec<Option<Type>>,
    /// Types that have modifiers, in full, by the position that leads to them.
    modified: FxHashMap<i32, String>,
    /// The functions and operators of the catalog that are called: name, and declared types of the arguments.
    pub called: Vec<(QName, Vec<Type>)>,
    /// What is to be found out of names that several have.
    pub choices: Option<Choices>,
    /// The casts that are done, where somebody asks.
    pub casts: Option<RefCell<Casts>>,
}

impl<'a> Canon<'a> {
    /// A walk over one tree, whose positions must be cleared.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { types: Types(catalog), known: Vec::new(), modified: FxHashMap::default(), called: Vec::new(), choices: None, casts: None }
    }

    /// Notes a type; the position that leads to it.
    pub fn remember(&mut self, of: Option<Type>) -> i32 {
        self.known.push(of);
        i32::try_from(self.known.len()).unwrap_or(0)
    }

    /// Notes a type as it is spelled, with its modifiers.
    fn remember_spelled(&mut self, of: Option<&str>) -> i32 {
        let plain = of.map(Type::displayed);
        let modified = of.zip(plain.as_ref()).filter(|(of, plain)| **of != plain.display()).map(|(of, _)| of.to_owned());
        let position = self.remember(plain);
        if let Some(modified) = modified {
            self.modified.insert(position, modified);
        }
        position
    }

    /// The type of a node in full, where it is known to have modifiers (`exprTypmod` of src/backend/nodes/nodeFuncs.c).
    pub fn modified(&self, node: &Node) -> Option<&str> {
        match node.node.as_ref()? {
            NodeEnum::ColumnRef(column) => self.modified.get(&column.location).map(String::as_str),
            NodeEnum::SubLink(link) => self.modified.get(&link.location).map(String::as_str),
            NodeEnum::CollateClause(collate) => self.modified(collate.arg.as_deref()?),
            NodeEnum::CoalesceExpr(expr) => self.all_modified(&expr.args),
            NodeEnum::MinMaxExpr(expr) => self.all_modified(&expr.args),
            NodeEnum::CaseExpr(case) if case.defresult.is_some() => self.all_modified(case_results(case)),
            _ => None,
        }
    }

    /// The type of several in full, where all have the same modifiers.
    fn all_modified<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> Option<&str> {
        let mut all = nodes.into_iter().map(|node| self.modified(node));
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }

    /// The type that was noted.
    pub fn recall(&self, position: i32) -> Option<Type> {
        let at = usize::try_from(position).ok()?.checked_sub(1)?;
        self.known.get(at)?.clone()
    }

    /// Columns are called as they would be without a name.
    fn name_columns(targets: &mut [Node], output: Option<&[Attr]>) {
        for (at, node) in targets.iter_mut().enumerate() {
            let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() else { continue };
            if let Some(attr) = output.and_then(|output| output.get(at)) {
                target.name.clone_from(&attr.name);
            }
        }
    }
}

/// How a column is called: by the number of its source; without a name of that, but within a query, what the expression is about.
fn fields(up: usize, source: Option<usize>, name: &str) -> Vec<String> {
    let of = source.map(alias).or_else(|| (up > 0).then(|| SUBJECT.to_owned()));
    of.into_iter().chain([name.to_owned()]).collect()
}

fn alias(number: usize) -> String {
    format!("t{number}")
}

impl Hook for Canon<'_> {
    fn column(&mut self, column: &mut ColumnRef, found: &Found) {
        let given = names(&column.fields);
        let last = given.last().map(String::as_str).unwrap_or_default();
        let star = || (last == "*").then(|| last.to_owned());
        let (fields, of) = match found {
            Found::Attr { qualified: true, attr, .. } => (given.clone(), attr.type_name.as_deref()),
            Found::Attr { up, source, attr, .. } => (fields(*up, *source, &attr.name), attr.type_name.as_deref()),
            Found::Merged(attr, joined) => {
                let of = format!("{}..{}", alias(joined.start), alias(joined.end));
                (vec![of, attr.name.clone()], attr.type_name.as_deref())
            }
            Found::Row(Some(number), of) => (std::iter::once(alias(*number)).chain(star()).collect(), of.as_deref()),
            Found::Row(None, of) => {
                let name = given.iter().rfind(|name| *name != "*").cloned();
                ([ROW.to_owned()].into_iter().chain(name).chain(star()).collect(), of.as_deref())
            }
            Found::System { qualified: false, up, source } => (fields(*up, *source, last), None),
            Found::Unknown(Some(number), of) => (vec![alias(*number), last.to_owned()], of.as_deref()),
            Found::Unknown(None, of) => (given.clone(), of.as_deref()),
            _ => (given.clone(), None),
        };
        if fields != given {
            let node = |name: &String| match name.as_str() {
                "*" => Node { node: Some(NodeEnum::AStar(protobuf::AStar {})) },
                name => string_node(name),
            };
            column.fields = fields.iter().map(node).collect();
        }
        column.location = self.remember_spelled(of);
    }

    /// A parameter that has a name is written by it (`print_parameter_expr` of src/backend/utils/adt/ruleutils.c).
    fn numbered(&mut self, parameter: &mut NodeEnum, found: &Found) {
        let (Found::Attr { up, attr, .. }, NodeEnum::ParamRef(number)) = (found, &mut *parameter) else { return };
        let location = self.remember_spelled(attr.type_name.as_deref());
        if attr.name.is_empty() {
            number.location = location;
        } else {
            let fields = fields(*up, None, &attr.name).iter().map(|name| string_node(name)).collect();
            *parameter = NodeEnum::ColumnRef(ColumnRef { fields, location });
        }
    }

    fn assigned(&mut self, target: &mut ResTarget, found: &Found) {
        let (Found::Attr { attr: Attr { type_name: Some(to), .. }, .. }, Some(value)) = (found, target.val.as_deref_mut()) else { return };
        if target.indirection.is_empty() {
            self.assign(value, to);
        } else if let Some(to) = self.part(Type::displayed(to), &target.indirection) {
            self.assign_type(value, &to);
        }
    }

    fn inserted(&mut self, value: &mut Node, column: &Attr) {
        let Some(to) = &column.type_name else { return };
        let base = self.types.base(&Type::displayed(to));
        self.coerce_node(value, &base);
        // Assignment does what the cast does.
        if let Some(NodeEnum::TypeCast(cast)) = &value.node
            && cast.type_name.as_ref().is_some_and(|name| name.typmods.is_empty() && Type::parsed(name).as_ref() == Some(&base))
            && let Some(inner) = cast
                .arg
                .as_deref()
                .filter(|inner| Self::type_of(self, inner).is_some_and(|of| self.types.category(&of).0 == self.types.category(&base).0))
        {
            *value = inner.clone();
        }
        self.assign(value, to);
    }

    fn taken(&mut self, query: &mut Node) {
        unname(query);
    }

    fn source(&mut self, given: &mut Option<Alias>, source: &Source) {
        let Some(number) = source.number else { return };
        let colnames = given.as_ref().map(|alias| alias.colnames.clone()).unwrap_or_default();
        let listed = !colnames.is_empty() || source.kind == SourceKind::Function;
        // The server lists all columns of a function, whether the statement did or not.
        let colnames = match &source.attrs {
            // Columns that are added later come behind all others, whatever the place that they are wanted in.
            Some(_) if source.is_of_columns() => {
                let is_join = source.kind == SourceKind::Join;
                source.called().iter().filter(|called| !is_join || !is_made_unique(called)).map(|name| string_node(name)).collect()
            }
            Some(attrs) if listed => attrs.iter().map(|attr| string_node(&attr.name)).collect(),
            _ => colnames,
        };
        *given = Some(Alias { aliasname: alias(number), colnames });
    }

    fn before(&mut self, node: &mut NodeEnum) {
        self.cast_elements(node);
    }

    fn node(&mut self, node: &mut NodeEnum) {
        self.rewrite(node);
    }

    fn json_table(&mut self, table: &mut JsonTable) {
        self.table(table);
    }

    /// Without OF it is all tables (`transformLockingClause`), and each of several is locked by itself.
    fn locked(&mut self, clauses: &mut Vec<Node>, sources: &[Source]) {
        let name = |source: &Source| source.number.map(alias).filter(|_| source.kind == SourceKind::Relation);
        let all: Option<Vec<String>> = sources.iter().map(name).collect();
        let table = |name: &String| {
            let table = RangeVar { relname: name.clone(), inh: true, relpersistence: "p".to_owned(), ..RangeVar::default() };
            Node { node: Some(NodeEnum::RangeVar(table)) }
        };
        // What stands in FROM has been given another name.
        let renamed = |node: &Node| match &node.node {
            Some(NodeEnum::RangeVar(given)) => {
                let named = sources.iter().find(|source| source.alias.as_ref() == Some(&given.relname));
                named.and_then(|source| source.number).map_or_else(|| node.clone(), |number| table(&alias(number)))
            }
            _ => node.clone(),
        };
        let mut single = Vec::new();
        for clause in clauses.iter() {
            let Some(NodeEnum::LockingClause(lock)) = &clause.node else { return };
            let of: Vec<Node> = match &all {
                _ if !lock.locked_rels.is_empty() => lock.locked_rels.iter().map(renamed).collect(),
                Some(all) => all.iter().map(table).collect(),
                None => {
                    single.push(clause.clone());
                    continue;
                }
            };
            let each = |of| NodeEnum::LockingClause(LockingClause { locked_rels: vec![of], ..lock.clone() });
            single.extend(of.into_iter().map(|of| Node { node: Some(each(of)) }));
        }
        *clauses = single;
    }

    fn xml_table(&mut self, table: &mut RangeTableFunc) {
        let spaces = table.namespaces.iter_mut().filter_map(|space| match space.node.as_mut() {
            Some(NodeEnum::ResTarget(target)) => value_of(target),
            _ => None,
        });
        for node in spaces.chain(table.rowexpr.as_deref_mut()) {
            self.lean_output(node);
        }
    }

    fn returned(&mut self, targets: &mut [Node], output: Option<&[Attr]>) {
        Self::name_columns(targets, output);
        targets.iter_mut().filter_map(target_value).for_each(|value| self.lean_output(value));
    }

    fn output_item(&mut self, item: &mut Node, index: usize, targets: &[Node]) {
        let value = targets.get(index).and_then(|target| match &target.node {
            Some(NodeEnum::ResTarget(target)) => target.val.as_deref().cloned(),
            _ => None,
        });
        // Of set operations only the number can be named.
        let value = value.map(|mut value| {
            // The row itself, and not its fields as in `GROUP BY (a, b)`.
            if let Some(NodeEnum::RowExpr(row)) = value.node.as_mut() {
                row.row_format = CoercionForm::CoerceExplicitCall.into();
            }
            value
        });
        *item = value.unwrap_or_else(|| integer_node(i32::try_from(index + 1).unwrap_or(i32::MAX)));
    }

    fn sublink(&mut self, link: &mut SubLink, output: Option<&[Attr]>) {
        if let Some(query) = link.subselect.as_deref_mut() {
            unname(query);
        }
        let said = Name::of(&link.oper_name).and_then(|name| name.schema);
        let own = said.as_deref().is_some_and(|schema| self.has_own_operator(schema, &link.oper_name));
        let is_equal = names(&link.oper_name).last().is_some_and(|name| name == "=");
        if link.sub_link_type() == SubLinkType::AnySublink && is_equal && !own {
            link.oper_name.clear();
        }
        let spelled = output.and_then(<[Attr]>::first).and_then(|attr| attr.type_name.as_deref());
        let first = spelled.map(Type::displayed);
        match link.sub_link_type() {
            SubLinkType::AnySublink | SubLinkType::AllSublink => {
                if !own {
                    self.compare_to_query(link, said.as_deref(), output.unwrap_or_default());
                }
                link.location = self.remember(Some(Type::internal("bool")));
            }
            SubLinkType::ExistsSublink => link.location = self.remember(Some(Type::internal("bool"))),
            SubLinkType::ArraySublink => link.location = self.remember(first.map(|of| of.array())),
            _ => link.location = self.remember_spelled(spelled),
        }
    }

    fn selected(&mut self, stmt: &mut SelectStmt, output: Option<&[Attr]>, of_set: bool) {
        Self::name_columns(&mut stmt.target_list, output);
        // A literal of an arm is what the other arms make of it.
        if !of_set {
            target_values(stmt).for_each(|value| self.lean_output(value));
        }
        if stmt.op() != SetOperation::SetopNone {
            self.lean_arms(stmt);
            if let Some(right) = stmt.rarg.as_deref_mut() {
                unname_select(right);
            }
        }
        self.lean_rows(&mut stmt.values_lists);
        for condition in stmt.where_clause.iter().chain(&stmt.having_clause) {
            self.coerce_node(condition, &Type::internal("bool"));
        }
        for limit in [&mut stmt.limit_count, &mut stmt.limit_offset].into_iter().flatten() {
            self.assign(limit, "bigint");
        }
        for item in &mut stmt.sort_clause {
            if let Some(NodeEnum::SortBy(sort)) = item.node.as_mut() {
                Self::plain_sort(sort);
            }
        }
    }

    fn type_of(&mut self, node: &Node) -> Option<String> {
        let modified = self.modified(node).map(str::to_owned);
        modified.or_else(|| Self::type_of(self, node).filter(|of| !of.is_unknown()).map(|of| of.display()))
    }
}

/// Within an expression or INSERT the names of a query's columns mean nothing.
fn unname(query: &mut Node) {
    if let Some(NodeEnum::SelectStmt(select)) = query.node.as_mut() {
        unname_select(select);
    }
}

fn unname_select(select: &mut SelectStmt) {
    for node in &mut select.target_list {
        if let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() {
            target.name.clear();
        }
    }
    for arm in [&mut select.larg, &mut select.rarg].into_iter().flatten() {
        unname_select(arm);
    }
}

/// Gives the columns of a query the names that the view has for them.
pub fn name_targets(query: &mut Node, names: &[String]) {
    let Some(NodeEnum::SelectStmt(select)) = query.node.as_mut() else { return };
    let mut select = select;
    while select.larg.is_some() {
        let Some(left) = select.larg.as_mut() else { return };
        select = left;
    }
    for (node, name) in select.target_list.iter_mut().zip(names) {
        if let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() {
            target.name.clone_from(name);
        }
    }
}

/// Rows of VALUES by themselves are a query of all their columns (`get_simple_values_rte` of ruleutils.c writes either).
pub fn select_values(query: &mut Node) {
    let Some(NodeEnum::SelectStmt(select)) = query.node.as_mut() else { return };
    let plain =
        select.sort_clause.is_empty() && select.limit_count.is_none() && select.limit_offset.is_none() && select.with_clause.is_none();
    if plain {
        select_rows(select, &alias(0));
    }
}

/// VALUES that are an arm of a set operation are such a query too, which the server writes of those on the right.
pub fn select_arms(tree: &mut Node) {
    struct Arms;
    impl VisitorMut for Arms {
        fn replace(&mut self, node: &mut NodeEnum) {
            let NodeEnum::SelectStmt(select) = node else { return };
            let mut open: Vec<&mut SelectStmt> = vec![select];
            while let Some(next) = open.pop() {
                for arm in [&mut next.larg, &mut next.rarg].into_iter().flatten() {
                    if arm.with_clause.is_none() {
                        select_rows(arm, VALUES);
                    }
                    open.push(arm);
                }
            }
        }
        fn enter(&mut self, _: NodeMut<'_>) -> bool {
            true
        }
    }
    tree.walk_mut(&mut Arms);
}

/// The name that PostgreSQL gives to rows of VALUES.
const VALUES: &str = "*VALUES*";

fn select_rows(select: &mut SelectStmt, name: &str) {
    let values_lists = std::mem::take(&mut select.values_lists);
    let Some(first) = values_lists.first() else { return };
    let target = |at: usize| {
        let fields = vec![string_node(name), string_node(&format!("column{at}"))];
        let column = Node { node: Some(NodeEnum::ColumnRef(ColumnRef { fields, location: 0 })) };
        let target = ResTarget { name: format!("column{at}"), val: Some(Box::new(column)), ..ResTarget::default() };
        Node { node: Some(NodeEnum::ResTarget(Box::new(target))) }
    };
    select.target_list = (1..=crate::sql::literal::items(first).len()).map(target).collect();
    let values =
        SelectStmt { values_lists, op: SetOperation::SetopNone.into(), limit_option: LimitOption::Default.into(), ..SelectStmt::default() };
    let item = protobuf::RangeSubselect {
        lateral: false,
        subquery: Some(Box::new(Node { node: Some(NodeEnum::SelectStmt(Box::new(values))) })),
        alias: Some(Alias { aliasname: name.to_owned(), colnames: Vec::new() }),
    };
    select.from_clause = vec![Node { node: Some(NodeEnum::RangeSubselect(Box::new(item))) }];
}

/// The values of a target list.
pub fn target_values(select: &mut SelectStmt) -> impl Iterator<Item = &mut Node> {
    select.target_list.iter_mut().filter_map(target_value)
}

fn target_value(node: &mut Node) -> Option<&mut Node> {
    match node.node.as_mut()? {
        NodeEnum::ResTarget(target) => value_of(target),
        _ => None,
    }
}

fn value_of(target: &mut ResTarget) -> Option<&mut Node> {
    target.val.as_deref_mut()
}

/// Whether a name is one of `pg_catalog`, and which.
pub fn catalog_name(parts: &[Node]) -> Option<&str> {
    match parts {
        [name] => string(name),
        [schema, name] if string(schema) == Some("pg_catalog") => string(name),
        _ => None,
    }
}
