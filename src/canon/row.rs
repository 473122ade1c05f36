//! Rows, subscripts, and what else takes the type of its place.

use pg_query::protobuf::{AExpr, AExprKind, CoercionForm, FuncCall, GroupingSetKind, TypeCast, TypeName, WindowDef};
use pg_query::{Node, NodeEnum};

use super::literal::{cast, integer_node, is_null, is_number, text_of, type_name, value};
use super::tree::Canon;
use crate::analyze::fields_of_type;
pub use crate::analyze::spelled;
use crate::analyze::types::Type;
use crate::sql::literal::{items, names, string_node};
use crate::sql::walk::same_tree;

/// `FRAMEOPTION_RANGE` of src/include/nodes/parsenodes.h.
const RANGE: i32 = 0x2;

impl Canon<'_> {
    /// The fields of a row that is made to a composite type (`coerce_record_to_complex`).
    pub fn assign_fields(&self, row: &mut Node, to: &Type) {
        let Some(NodeEnum::RowExpr(row)) = row.node.as_mut() else { return };
        let Some(fields) = self.fields_of(to) else { return };
        for (arg, of) in row.args.iter_mut().zip(fields) {
            let Some(of) = of else { continue };
            strip_same(arg, &of);
            self.assign(arg, &of);
        }
    }

    /// A cast of an array is one of its elements, and of those of the arrays in it, which have no type in common before
    /// (`transformArrayExpr`); one to a domain goes on to be one of the whole.
    pub fn cast_elements(&self, node: &mut NodeEnum) {
        let NodeEnum::TypeCast(given) = node else { return };
        let Some(name) = given.type_name.clone() else { return };
        let Some(to) = Type::parsed(&name) else { return };
        let base = self.types.base(&to);
        let Some(NodeEnum::AArrayExpr(array)) = given.arg.as_deref_mut().and_then(|arg| arg.node.as_mut()) else { return };
        if !base.array || array.elements.is_empty() {
            return;
        }
        let of_arrays = array.elements.iter().any(|element| matches!(element.node, Some(NodeEnum::AArrayExpr(_))));
        for element in &mut array.elements {
            let of = type_name(&if of_arrays { base.clone() } else { base.element() });
            *element = cast(std::mem::take(element), TypeName { typmods: name.typmods.clone(), ..of });
        }
        if base == to {
            *node = NodeEnum::AArrayExpr(std::mem::take(array));
        }
    }

    /// The types of the fields of a composite type.
    fn fields_of(&self, to: &Type) -> Option<Vec<Option<String>>> {
        let fields = fields_of_type(self.types.0, &to.name).filter(|_| !to.array)?;
        Some(fields.into_iter().map(|attr| attr.type_name).collect())
    }

    /// The type that the part of a column has that is written to.
    pub fn part(&self, of: Type, indirection: &[Node]) -> Option<Type> {
        let mut at = of;
        for step in indirection {
            at = match step.node.as_ref()? {
                NodeEnum::AIndices(indices) if indices.is_slice => at,
                NodeEnum::AIndices(_) if at.array => at.element(),
                _ => return None,
            };
        }
        Some(at)
    }

    /// Literals between brackets are text; beside a slice, one number stands for all from 1 to it.
    pub fn subscripts(&self, indirection: &mut [Node]) {
        let slices = |node: &Node| matches!(&node.node, Some(NodeEnum::AIndices(indices)) if indices.is_slice);
        let any = indirection.iter().any(slices);
        for step in indirection {
            let Some(NodeEnum::AIndices(indices)) = step.node.as_mut() else { continue };
            for index in [&mut indices.lidx, &mut indices.uidx].into_iter().flatten() {
                self.lean_output(index);
            }
            if any && !indices.is_slice {
                indices.is_slice = true;
                indices.lidx = Some(Box::new(integer_node(1)));
            }
        }
    }

    /// How far a frame reaches is a number of rows, or something that can be added to what the rows are ordered by.
    pub fn frame(&self, window: &mut WindowDef) {
        let ordered = match window.order_clause.as_slice() {
            [Node { node: Some(NodeEnum::SortBy(sort)) }] => sort.node.as_deref().and_then(|node| self.type_of(node)),
            _ => None,
        };
        let of = match ordered {
            _ if window.frame_options & RANGE == 0 => Type::internal("int8"),
            Some(of) if matches!(of.name.as_str(), "date" | "time" | "timetz" | "timestamp" | "timestamptz") => Type::internal("interval"),
            Some(of) => of,
            None => return,
        };
        for offset in [&mut window.start_offset, &mut window.end_offset].into_iter().flatten() {
            self.assign_type(offset, &of);
        }
    }

    /// A literal with a length: as the type writes it, once.
    pub fn plain_length(&self, given: &mut TypeCast) {
        let Some(to) = given.type_name.as_ref().and_then(Type::parsed) else { return };
        let Some(inner) = given.arg.as_deref_mut() else { return };
        if !matches!(to.name.as_str(), "numeric" | "timestamp" | "timestamptz" | "time" | "timetz") || to.array {
            return;
        }
        if let Some(below) = below(inner, &to)
            && (text_of(&below).is_some() || is_number(&below))
        {
            *inner = below;
        }
        if let Some(text) = text_of(inner) {
            let written = value(text, &to);
            *inner = below(&written, &to).unwrap_or(written);
        }
    }

    /// Of rows each field has an operator of its own, which the one that is written does not say: that of an extension may be among them.
    pub fn name_operators(&self, built: &mut NodeEnum) {
        match built {
            NodeEnum::BoolExpr(expr) => expr.args.iter_mut().filter_map(|arg| arg.node.as_mut()).for_each(|arg| self.name_operators(arg)),
            NodeEnum::AExpr(expr) if expr.kind() == AExprKind::AexprOp && expr.location == 0 => {
                let sides = [&expr.lexpr, &expr.rexpr].map(|side| side.as_deref().and_then(|side| self.type_of(side)));
                let said = names(&expr.name);
                let ([Some(left), Some(right)], [name]) = (sides, said.as_slice()) else { return };
                let meant = self.types.unsaid_operator(name, &[left, right]).filter(|found| found.extension.is_some());
                if let Some(schema) = meant.and_then(|found| found.schema) {
                    expr.name.insert(0, string_node(schema.as_str()));
                }
            }
            _ => {}
        }
    }

    /// Rows that are compared by their order are so field by field (`make_row_comparison_op`).
    pub fn lean_pairs(&self, expr: &mut AExpr, mark: Option<usize>) {
        let (Some(left), Some(right)) = (fields(expr.lexpr.as_deref_mut()), fields(expr.rexpr.as_deref_mut())) else { return };
        let shape = AExpr { kind: expr.kind, name: expr.name.clone(), ..AExpr::default() };
        let bare = names(&expr.name).pop().unwrap_or_default();
        let mut of_extensions = false;
        for (one, other) in left.iter_mut().zip(right) {
            let mut pair = [one, other];
            let meant = self.lean(&mut pair, |types| {
                let of_extension = || self.types.unsaid_operator(&bare, types).filter(|found| mark.is_none() && found.extension.is_some());
                let found = of_extension().or_else(|| self.operator(&shape, mark, types))?;
                let settled = found.arguments.clone();
                Some((found, settled))
            });
            if meant.is_none() {
                self.lean_companion(&mut pair);
            }
            // The server writes that of the first pair for all.
            of_extensions |= meant.is_some_and(|meant| meant.extension.is_some());
        }
        if of_extensions {
            expr.name = vec![string_node(&bare)];
        }
    }

    /// IN makes all that it compares one type, where they have one (`transformAExprIn`).
    pub fn common_list(&self, expr: &mut AExpr) {
        let (Some(left), Some(right)) = (expr.lexpr.as_deref(), expr.rexpr.as_deref_mut()) else { return };
        let constants = |node: &&Node| !super::expr::has_columns(node);
        let rows = items(right).iter().any(|item| matches!(item.node, Some(NodeEnum::RowExpr(_))));
        if rows || items(right).iter().filter(constants).count() < 2 {
            return;
        }
        let Some(common) = self.common_of(std::iter::once(left).chain(items(right).iter().filter(constants))) else { return };
        let Some(NodeEnum::List(list)) = right.node.as_mut() else { return };
        let mut constants: Vec<&mut Node> = list.items.iter_mut().filter(|item| !super::expr::has_columns(item)).collect();
        let is_plain = common.is_unknown() || !common.array && matches!(common.name.as_str(), "text" | "varchar");
        for item in &mut constants {
            // In an array by themselves, literals would be text.
            if !is_plain && text_of(item).is_some() {
                **item = cast(std::mem::take(*item), type_name(&common));
            }
            if self.type_of(item).is_some_and(|of| !of.is_unknown() && of != common) {
                **item = cast(std::mem::take(*item), type_name(&common));
            }
        }
        self.lean_common(&mut constants);
    }

    /// `rank('x') WITHIN GROUP (ORDER BY label)`: what is ranked is of the type of what it is ranked among.
    pub fn lean_hypothetical(&self, call: &mut FuncCall) {
        let hypothetical =
            names(&call.funcname).pop().is_some_and(|name| matches!(name.as_str(), "rank" | "dense_rank" | "percent_rank" | "cume_dist"));
        if !hypothetical {
            return;
        }
        for (arg, order) in call.args.iter_mut().zip(&mut call.agg_order) {
            if let Some(NodeEnum::SortBy(sort)) = order.node.as_mut()
                && let Some(order) = sort.node.as_deref_mut()
            {
                self.lean_common(&mut [arg, order]);
            }
        }
    }

    /// With DISTINCT, what is ordered by is an argument, and has the casts that it has.
    pub fn lean_order(&self, call: &mut FuncCall) {
        if !call.agg_distinct {
            return;
        }
        for order in &mut call.agg_order {
            let Some(NodeEnum::SortBy(sort)) = order.node.as_mut() else { continue };
            let Some(node) = sort.node.as_deref_mut() else { continue };
            let bare = match &node.node {
                Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().cloned(),
                _ => None,
            };
            if let Some(bare) = bare.filter(|bare| call.args.iter().any(|arg| same_tree(arg, bare))) {
                *node = bare;
            }
        }
    }
}

/// What is below a cast to a type, whatever its length.
fn below(node: &Node, to: &Type) -> Option<Node> {
    let Some(NodeEnum::TypeCast(cast)) = &node.node else { return None };
    let same = cast.type_name.as_ref().and_then(Type::parsed).as_ref() == Some(to);
    cast.arg.as_deref().filter(|_| same && cast.type_name.as_ref().is_some_and(|name| name.typmods.is_empty())).cloned()
}

/// A number or literal that is cast to the very type that it is put in, length and all; a text that is too long for it is cut only
/// by a cast.
pub fn strip_same(node: &mut Node, to: &str) {
    let Some(NodeEnum::TypeCast(cast)) = &node.node else { return };
    let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some() || is_number(inner) || is_null(inner)) else { return };
    let cuts = Type::displayed(to).is_text();
    if !cuts && !is_row(inner) && cast.type_name.as_ref().and_then(spelled).as_deref() == Some(to) {
        *node = inner.clone();
    }
}

/// What a row is written of.
fn fields(node: Option<&mut Node>) -> Option<&mut Vec<Node>> {
    match node?.node.as_mut()? {
        NodeEnum::RowExpr(row) => Some(&mut row.args),
        _ => None,
    }
}

/// `GROUP BY (a, b)` is by both, and `GROUP BY ROW(a, b)` by the one row (`flatten_grouping_sets` of src/backend/parser/parse_clause.c),
/// which is told from these by a cast that says nothing. What is said twice counts once; where sets come to a single one, it is that of a
/// plain GROUP BY (`parseCheckAggregates` of src/backend/parser/parse_agg.c).
pub fn tell_groups(items: &mut Vec<Node>) {
    flatten(items);
    if items.iter().any(is_set) {
        let single: Option<Vec<Vec<Node>>> = items.iter().map(only_set).collect();
        match single {
            Some(sets) if sets.iter().any(|set| !set.is_empty()) => *items = sets.into_iter().flatten().collect(),
            _ if items.iter().all(is_empty_set) => items.truncate(1),
            _ => items.retain(|item| !is_empty_set(item)),
        }
    }
    let mut told: Vec<Node> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        if is_set(&item) || !told.iter().any(|other| same_tree(other, &item)) {
            told.push(item);
        }
    }
    *items = told;
}

fn flatten(items: &mut Vec<Node>) {
    for mut item in std::mem::take(items) {
        match item.node.as_mut() {
            Some(NodeEnum::RowExpr(row)) if row.row_format() == CoercionForm::CoerceImplicitCast => {
                flatten(&mut row.args);
                items.append(&mut row.args);
                continue;
            }
            _ => tell_rows(&mut item),
        }
        items.push(item);
    }
}

/// What an item groups by, if that is a single set.
fn only_set(item: &Node) -> Option<Vec<Node>> {
    match item.node.as_ref()? {
        NodeEnum::GroupingSet(set) => match (set.kind(), set.content.as_slice()) {
            (GroupingSetKind::GroupingSetEmpty, _) => Some(Vec::new()),
            (GroupingSetKind::GroupingSetSets, [only]) => only_set(only),
            _ => None,
        },
        NodeEnum::RowExpr(row) if row.row_format() == CoercionForm::CoerceImplicitCast => {
            let mut items = row.args.clone();
            flatten(&mut items);
            Some(items)
        }
        _ => Some(vec![item.clone()]),
    }
}

const fn is_set(item: &Node) -> bool {
    matches!(item.node, Some(NodeEnum::GroupingSet(_)))
}

fn is_empty_set(item: &Node) -> bool {
    matches!(&item.node, Some(NodeEnum::GroupingSet(set)) if set.kind() == GroupingSetKind::GroupingSetEmpty)
}

/// The same within GROUPING SETS, where what stands in brackets is one set, and sets of sets are sets.
fn tell_rows(item: &mut Node) {
    match item.node.as_mut() {
        Some(NodeEnum::RowExpr(row)) if row.row_format() == CoercionForm::CoerceImplicitCast => row.args.iter_mut().for_each(tell_rows),
        Some(NodeEnum::RowExpr(_)) => *item = cast(std::mem::take(item), type_name(&Type::internal("record"))),
        Some(NodeEnum::GroupingSet(set)) => {
            set.content.iter_mut().for_each(tell_rows);
            let inner = |node: Node| match node.node {
                Some(NodeEnum::GroupingSet(inner)) if inner.kind() == GroupingSetKind::GroupingSetSets => inner.content,
                node => vec![Node { node }],
            };
            set.content = std::mem::take(&mut set.content).into_iter().flat_map(inner).collect();
        }
        _ => {}
    }
}

/// Whether it is `alias.*`.
pub fn is_row(node: &Node) -> bool {
    match &node.node {
        Some(NodeEnum::ColumnRef(column)) => matches!(column.fields.last(), Some(Node { node: Some(NodeEnum::AStar(_)) })),
        _ => false,
    }
}

/// `alias.*` within an expression is the row as a whole.
pub fn whole_row(node: &Node) -> Node {
    let mut row = node.clone();
    if let Some(NodeEnum::ColumnRef(column)) = row.node.as_mut() {
        column.fields.pop();
    }
    row
}
