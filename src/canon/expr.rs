//! Syntax that stands for operators and functions, written as such.

use pg_query::protobuf::{
    AArrayExpr, AConst, AExpr, AExprKind, BoolExpr, BoolExprType, CaseExpr, CoercionForm, FuncCall, NullTest, NullTestType, SortBy,
    SortByDir, SortByNulls, a_const,
};
use pg_query::{Node, NodeEnum};

use super::choice;
use super::literal::{bits, cast, is_null, respelled, text_constant, type_name, value};
use super::row::{is_row, whole_row};
use super::tree::{Canon, catalog_name};
use super::typing::names_no_operator;
use crate::analyze::candidates::Call;
use crate::analyze::extensions::has_operator;
use crate::analyze::overload::qname;
use crate::analyze::types::Type;
use crate::object::extension::members_known;
use crate::object::{Kind, Object};
use crate::sql::Name;
use crate::sql::literal::{items, names, string_node};
use crate::sql::walk::{NodeRef, Walk};

/// Functions with a syntax of their own, which libpg_query writes only with their schema.
const SYNTAX: &[&str] = &[
    "btrim",
    "extract",
    "is_normalized",
    "ltrim",
    "normalize",
    "overlay",
    "pg_collation_for",
    "position",
    "rtrim",
    "substring",
    "system_user",
    "timezone",
    "xmlexists",
];

impl Canon<'_> {
    /// Brings one node into canonical form; its children are in it already.
    pub fn rewrite(&mut self, node: &mut NodeEnum) {
        match node {
            NodeEnum::BoolExpr(expr) => {
                expr.args.iter().for_each(|arg| self.coerce_node(arg, &Type::internal("bool")));
                flatten(expr);
            }
            NodeEnum::AExpr(_) => self.rewrite_operator(node),
            NodeEnum::TypeCast(_) => self.plain_cast(node),
            NodeEnum::FuncCall(call) => self.rewrite_call(call),
            NodeEnum::CoalesceExpr(expr) => self.lean_common(&mut expr.args.iter_mut().collect::<Vec<_>>()),
            NodeEnum::MinMaxExpr(expr) => self.lean_common(&mut expr.args.iter_mut().collect::<Vec<_>>()),
            NodeEnum::AArrayExpr(expr) => self.lean_common(&mut expr.elements.iter_mut().collect::<Vec<_>>()),
            NodeEnum::CaseExpr(case) => self.rewrite_case(case),
            NodeEnum::SortBy(sort) => Self::plain_sort(sort),
            NodeEnum::CollateClause(collate) => collate.arg.as_deref_mut().into_iter().for_each(|arg| self.lean_output(arg)),
            NodeEnum::ReturnStmt(stmt) => stmt.returnval.as_deref_mut().into_iter().for_each(|value| {
                self.coerce_result(value);
                self.lean_output(value);
            }),
            NodeEnum::NullTest(test) => {
                if let Some(arg) = test.arg.as_deref_mut().filter(|arg| is_row(arg)) {
                    *arg = whole_row(arg);
                }
            }
            NodeEnum::WindowDef(window) => self.frame(window),
            NodeEnum::AIndirection(whole) => {
                // ((a).b).c is (a).b.c; (a[1:2])[1] is an element of a slice, and a[1:2][1] another slice.
                let indexed = |node: Option<&Node>| matches!(node.and_then(|node| node.node.as_ref()), Some(NodeEnum::AIndices(_)));
                let of_element = indexed(whole.indirection.first());
                if let Some(NodeEnum::AIndirection(inner)) = whole.arg.as_mut().and_then(|arg| arg.node.as_mut())
                    && !(of_element && indexed(inner.indirection.last()))
                {
                    let mut fields = std::mem::take(&mut inner.indirection);
                    fields.append(&mut whole.indirection);
                    (whole.indirection, whole.arg) = (fields, inner.arg.take());
                }
                self.subscripts(&mut whole.indirection);
            }
            NodeEnum::AConst(constant) => {
                if let Some(written) = self.written_constant(constant).and_then(|written| written.node) {
                    *node = written;
                }
            }
            other => self.rewrite_json(other),
        }
    }

    /// Bits and numbers as the server writes them, where that is otherwise.
    fn written_constant(&self, constant: &AConst) -> Option<Node> {
        match constant.val.as_ref()? {
            a_const::Val::Bsval(text) => Some(cast(text_constant(&bits(&text.bsval)?), type_name(&Type::internal("bit")))),
            a_const::Val::Fval(number) => {
                let text = respelled(&number.fval)?;
                let whole = !number.fval.contains(['e', 'E', '.']) || number.fval.starts_with("0x");
                if whole { Some(value(&text, &Type::internal("int8"))) } else { self.literal_cast(&text, &Type::internal("numeric")) }
            }
            _ => None,
        }
    }

    fn rewrite_case(&mut self, case: &mut CaseExpr) {
        if let Some(arg) = case.arg.as_deref_mut() {
            self.lean_output(arg);
        }
        let subject = case.arg.as_deref().and_then(|arg| self.type_of(arg));
        let mut results: Vec<&mut Node> = case.defresult.as_deref_mut().into_iter().collect();
        for when in &mut case.args {
            let Some(NodeEnum::CaseWhen(when)) = when.node.as_mut() else { continue };
            if let (Some(subject), Some(value)) = (&subject, when.expr.as_deref_mut()) {
                let meant = self.lean(&mut [value], |types| {
                    let found = self.types.unsaid_operator("=", &[subject.clone(), types.first()?.clone()])?;
                    let second = found.arguments.get(1).cloned().into_iter().collect();
                    Some((found, second))
                });
                if let Some(first) = meant.as_ref().and_then(|found| found.arguments.first()) {
                    self.coerce(subject, first);
                }
                self.see(None, "=", meant.as_ref());
            }
            results.extend(when.result.as_deref_mut());
        }
        self.lean_common(&mut results);
        // ELSE NULL goes without saying.
        if case.defresult.as_deref().is_some_and(is_null) {
            case.defresult = None;
        }
    }

    fn rewrite_call(&mut self, call: &mut FuncCall) {
        // The server tells AT TIME ZONE from the function, and so does a dump.
        let is_zone = call.funcformat() == CoercionForm::CoerceSqlSyntax && catalog_name(&call.funcname) == Some("timezone");
        if !is_zone {
            call.funcformat = CoercionForm::CoerceExplicitCall.into();
        }
        if let Some(name) = catalog_name(&call.funcname).map(str::to_owned) {
            let schema = SYNTAX.contains(&name.as_str()).then_some("pg_catalog");
            call.funcname = schema.into_iter().chain([name.as_str()]).map(string_node).collect();
        }
        let mark = choice::marked(call.location);
        if mark.is_none() {
            self.expand_variadic(call);
        }
        for arg in call.args.iter_mut().filter(|arg| is_row(arg)) {
            *arg = whole_row(arg);
        }
        let mut meant = Call::of(call);
        if let (Some(meant), Some(choices), Some(_), 1) = (&mut meant, &self.choices, mark, call.funcname.len()) {
            meant.path.clone_from(&choices.path);
        }
        let mut nodes: Vec<&mut Node> = call.args.iter_mut().filter_map(value_of).collect();
        if call.agg_within_group {
            nodes.extend(call.agg_order.iter_mut().filter_map(sorted));
        }
        let chosen = self.lean(&mut nodes, |types| {
            let found = self.types.function(meant.as_ref()?, types)?;
            let settled = found.arguments.clone();
            // What takes any type may look which one it is.
            let seen = settled.iter().zip(types).filter(|(to, _)| to.name == "any");
            let seen: Vec<Type> = seen.map(|(_, of)| if of.is_unknown() { Type::internal("text") } else { of.clone() }).collect();
            Some(((found, seen), settled))
        });
        self.choose(mark, chosen.as_ref().map(|(found, _)| found));
        if call.agg_within_group && call.args.len() == call.agg_order.len() {
            self.lean_hypothetical(call);
        }
        self.lean_order(call);
        if let Some(window) = call.over.as_deref_mut() {
            self.frame(window);
        }
        if let (Some((found, _)), Some(Name { schema: Some(schema), name })) = (&chosen, Name::of(&call.funcname)) {
            self.called.push((qname(&schema, &name), found.declared.clone()));
        }
        call.location = self.remember(chosen.map(|(found, _)| found.result));
    }

    fn rewrite_operator(&mut self, node: &mut NodeEnum) {
        let NodeEnum::AExpr(expr) = node else { return };
        let mark = choice::marked(std::mem::take(&mut expr.location));
        if let Some(name) = self.operator_name(&expr.name) {
            expr.name = vec![string_node(&name)];
        }
        for side in [&mut expr.lexpr, &mut expr.rexpr].into_iter().flatten().filter(|side| is_row(side)) {
            **side = whole_row(side);
        }
        let of_rows = matches!(expr.lexpr.as_deref(), Some(Node { node: Some(NodeEnum::RowExpr(_)) }));
        let rewritten = match expr.kind() {
            AExprKind::AexprIn => {
                self.common_list(expr);
                in_list(expr)
            }
            AExprKind::AexprBetween | AExprKind::AexprNotBetween | AExprKind::AexprBetweenSym | AExprKind::AexprNotBetweenSym => {
                between(expr)
            }
            AExprKind::AexprDistinct => self.null_test(expr).or_else(|| rows(expr)),
            AExprKind::AexprNotDistinct => self.null_test(expr).or_else(|| {
                let mut distinct = binary(AExprKind::AexprDistinct, "=", expr.lexpr.as_deref(), expr.rexpr.as_deref());
                if let Some(NodeEnum::AExpr(whole)) = &distinct.node
                    && let Some(by_fields) = rows(whole)
                {
                    distinct.node = Some(by_fields);
                }
                Some(boolean(BoolExprType::NotExpr, vec![distinct]))
            }),
            AExprKind::AexprOp => rows(expr),
            _ => None,
        };
        if let Some(rewritten) = rewritten {
            *node = rewritten;
            if of_rows && mark.is_none() {
                self.name_operators(node);
            }
            self.rewrite_built(node, mark);
            return;
        }
        if matches!(expr.kind(), AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar) {
            expr.set_kind(AExprKind::AexprOp);
        }
        self.lean_pairs(expr, mark);
        self.lean_operator(expr, mark);
    }

    /// The name without a schema that says nothing: PostgreSQL's own, or that of an extension of whose operators nothing is known.
    fn operator_name(&self, parts: &[Node]) -> Option<String> {
        let of_extension = |schema: &str| {
            self.types.0.of_kind(Kind::Extension).any(|(id, entry)| match &entry.object {
                Object::Extension(extension) => {
                    extension.schema.as_str() == schema && !id.name().is_some_and(|name| members_known(name.as_str()))
                }
                _ => false,
            })
        };
        let own = |schema: &str, name: &str| {
            has_operator(self.types.0, schema, name) || self.types.0.named(&qname(schema, name), &[Kind::Operator]).next().is_some()
        };
        match names(parts).as_slice() {
            [name] => Some(name.clone()),
            [schema, name] if schema == "pg_catalog" || of_extension(schema) && !own(schema, name) => Some(name.clone()),
            _ => None,
        }
    }

    /// `transformAExprDistinct`: with NULL on one side it is a test of the other. Of a row it is one of the row as a whole then, unlike
    /// IS NULL, which looks at its fields, and the server goes on to write it so.
    fn null_test(&self, expr: &AExpr) -> Option<NodeEnum> {
        let (left, right) = (expr.lexpr.as_deref()?, expr.rexpr.as_deref()?);
        let tested = if is_null(right) { left } else { Some(right).filter(|_| is_null(left))? };
        if self.types.category(&self.types.base(&self.type_of(tested)?)).0 == 'C' {
            return None;
        }
        let kind = if expr.kind() == AExprKind::AexprDistinct { NullTestType::IsNotNull } else { NullTestType::IsNull };
        let arg = Some(Box::new(tested.clone()));
        Some(NodeEnum::NullTest(Box::new(NullTest { arg, nulltesttype: kind.into(), ..NullTest::default() })))
    }

    /// Whether a schema has operators of the name that belong to no extension.
    pub fn has_own_operator(&self, schema: &str, parts: &[Node]) -> bool {
        let name = names(parts).pop().unwrap_or_default();
        self.types.0.named(&qname(schema, &name), &[Kind::Operator]).next().is_some()
    }

    /// What was put in place of a node gets what its parts did not have yet.
    fn rewrite_built(&mut self, node: &mut NodeEnum, mark: Option<usize>) {
        match node {
            NodeEnum::BoolExpr(expr) => {
                for inner in expr.args.iter_mut().filter_map(|arg| arg.node.as_mut()) {
                    self.rewrite_built(inner, mark);
                }
                flatten(expr);
            }
            NodeEnum::AExpr(expr) if expr.location == 0 => self.lean_operator(expr, mark),
            _ => {}
        }
    }

    fn lean_operator(&mut self, expr: &mut AExpr, mark: Option<usize>) {
        let is_array = matches!(expr.kind(), AExprKind::AexprOpAny | AExprKind::AexprOpAll);
        let shape = AExpr { kind: expr.kind, name: expr.name.clone(), ..AExpr::default() };
        let mut nodes: Vec<&mut Node> = [expr.lexpr.as_deref_mut(), expr.rexpr.as_deref_mut()].into_iter().flatten().collect();
        let has_literals = nodes.last().is_some_and(|node| is_array && literal_array(node));
        let chosen = self.lean(&mut nodes, |types| {
            let mut types = types.to_vec();
            if is_array && let Some(last) = types.last_mut() {
                *last = last.element();
            }
            let mut found = self.operator(&shape, mark, &types);
            if found.is_none()
                && has_literals
                && let Some(last) = types.last_mut().filter(|last| **last == Type::internal("text"))
            {
                // Literals whose casts are taken off get the type of what is compared with them.
                *last = Type::unknown();
                found = self.operator(&shape, mark, &types);
            }
            let mut found = found?;
            let mut settled = found.arguments.clone();
            if is_array && let Some(last) = settled.last_mut() {
                *last = last.array();
            }
            if let AExprKind::AexprNullif = shape.kind() {
                found.result = settled.first()?.clone();
            }
            Some((found, settled))
        });
        if chosen.is_none() {
            self.lean_companion(&mut nodes);
        }
        self.choose(mark, chosen.as_ref());
        if let (Some(found), Some(Name { schema: Some(schema), name })) = (&chosen, Name::of(&shape.name)) {
            self.called.push((qname(&schema, &name), found.declared.clone()));
        }
        if names_no_operator(shape.kind()) {
            self.see(None, "=", chosen.as_ref());
        }
        let bool_kind = !matches!(shape.kind(), AExprKind::AexprOp | AExprKind::AexprNullif);
        let result = if bool_kind { Some(Type::internal("bool")) } else { chosen.map(|found| found.result) };
        expr.location = self.remember(result);
    }

    /// ASC NULLS LAST and DESC NULLS FIRST go without saying.
    pub fn plain_sort(sort: &mut SortBy) {
        let direction = match names(&sort.use_op).as_slice() {
            [less] if less == "<" => Some(SortByDir::SortbyDefault),
            [greater] if greater == ">" => Some(SortByDir::SortbyDesc),
            _ => None,
        };
        if let (SortByDir::SortbyUsing, Some(direction)) = (sort.sortby_dir(), direction) {
            sort.use_op.clear();
            sort.set_sortby_dir(direction);
        }
        if sort.sortby_dir() == SortByDir::SortbyAsc {
            sort.set_sortby_dir(SortByDir::SortbyDefault);
        }
        let first_by_default = sort.sortby_dir() == SortByDir::SortbyDesc;
        if sort.sortby_nulls() == if first_by_default { SortByNulls::SortbyNullsFirst } else { SortByNulls::SortbyNullsLast } {
            sort.set_sortby_nulls(SortByNulls::SortbyNullsDefault);
        }
    }
}

/// Whether an array is one of literals alone, with casts or without.
fn literal_array(node: &Node) -> bool {
    match node.node.as_ref() {
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().is_some_and(literal_array),
        Some(NodeEnum::AArrayExpr(array)) => array.elements.iter().all(is_literal),
        _ => false,
    }
}

fn is_literal(node: &Node) -> bool {
    match &node.node {
        Some(NodeEnum::TypeCast(cast)) => cast.arg.as_deref().is_some_and(is_literal),
        _ => super::literal::text_of(node).is_some(),
    }
}

fn flatten(expr: &mut BoolExpr) {
    let kind = expr.boolop();
    if kind == BoolExprType::NotExpr {
        return;
    }
    for arg in std::mem::take(&mut expr.args) {
        match arg.node {
            Some(NodeEnum::BoolExpr(inner)) if inner.boolop() == kind => expr.args.extend(inner.args),
            _ => expr.args.push(arg),
        }
    }
}

fn binary(kind: AExprKind, operator: &str, left: Option<&Node>, right: Option<&Node>) -> Node {
    let expr = AExpr {
        kind: kind.into(),
        name: vec![string_node(operator)],
        lexpr: left.cloned().map(Box::new),
        rexpr: right.cloned().map(Box::new),
        ..AExpr::default()
    };
    Node { node: Some(NodeEnum::AExpr(Box::new(expr))) }
}

/// What is given for an argument, by name or by place.
pub fn value_of(argument: &mut Node) -> Option<&mut Node> {
    if matches!(argument.node, Some(NodeEnum::NamedArgExpr(_))) {
        let Some(NodeEnum::NamedArgExpr(named)) = argument.node.as_mut() else { return None };
        return named.arg.as_deref_mut();
    }
    Some(argument)
}

/// What an item of ORDER BY sorts by.
fn sorted(item: &mut Node) -> Option<&mut Node> {
    match item.node.as_mut()? {
        NodeEnum::SortBy(sort) => sort.node.as_deref_mut(),
        _ => None,
    }
}

fn boolean(kind: BoolExprType, args: Vec<Node>) -> NodeEnum {
    NodeEnum::BoolExpr(Box::new(BoolExpr { boolop: kind.into(), args, ..BoolExpr::default() }))
}

fn one_or(kind: BoolExprType, mut args: Vec<Node>) -> Option<NodeEnum> {
    if args.len() == 1 { args.pop().and_then(|node| node.node) } else { Some(boolean(kind, args)) }
}

/// `transformAExprIn`: one array of what has no columns, and a comparison with each that has.
pub fn in_list(expr: &AExpr) -> Option<NodeEnum> {
    let operator = names(&expr.name).pop()?;
    let (joined, kind) =
        if operator == "=" { (BoolExprType::OrExpr, AExprKind::AexprOpAny) } else { (BoolExprType::AndExpr, AExprKind::AexprOpAll) };
    let all = items(expr.rexpr.as_deref()?);
    let rows = all.iter().any(|item| matches!(item.node, Some(NodeEnum::RowExpr(_))));
    let (vars, constants): (Vec<&Node>, Vec<&Node>) = all.iter().partition(|item| rows || has_columns(item));
    let mut parts = Vec::new();
    let left = expr.lexpr.as_deref();
    match constants.as_slice() {
        [] => {}
        [one] => parts.push(binary(AExprKind::AexprOp, &operator, left, Some(one))),
        many => {
            let elements = many.iter().map(|node| (*node).clone()).collect();
            let array = Node { node: Some(NodeEnum::AArrayExpr(AArrayExpr { elements, ..AArrayExpr::default() })) };
            parts.push(binary(kind, &operator, left, Some(&array)));
        }
    }
    for item in vars {
        let each = AExpr { kind: AExprKind::AexprOp.into(), name: vec![string_node(&operator)], ..AExpr::default() };
        let each = AExpr { lexpr: left.cloned().map(Box::new), rexpr: Some(Box::new(item.clone())), ..each };
        parts.push(Node { node: rows.then(|| self::rows(&each)).flatten().or_else(|| Some(NodeEnum::AExpr(Box::new(each)))) });
    }
    one_or(joined, parts)
}

pub fn has_columns(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node: NodeRef<'_>| {
        found |= matches!(node, NodeRef::ColumnRef(_));
        !found
    });
    found
}

/// `transformAExprBetween`.
pub fn between(expr: &AExpr) -> Option<NodeEnum> {
    let [low, high] = items(expr.rexpr.as_deref()?) else { return None };
    let left = expr.lexpr.as_deref();
    let compare = |operator, right| binary(AExprKind::AexprOp, operator, left, Some(right));
    let inside = |low, high| boolean(BoolExprType::AndExpr, vec![compare(">=", low), compare("<=", high)]);
    let outside = |low, high| boolean(BoolExprType::OrExpr, vec![compare("<", low), compare(">", high)]);
    let wrap = |node| Node { node: Some(node) };
    Some(match expr.kind() {
        AExprKind::AexprBetween => inside(low, high),
        AExprKind::AexprNotBetween => outside(low, high),
        AExprKind::AexprBetweenSym => boolean(BoolExprType::OrExpr, vec![wrap(inside(low, high)), wrap(inside(high, low))]),
        _ => boolean(BoolExprType::AndExpr, vec![wrap(outside(low, high)), wrap(outside(high, low))]),
    })
}

/// `make_row_comparison_op`: rows are equal where all their fields are.
fn rows(expr: &AExpr) -> Option<NodeEnum> {
    let [operator] = names(&expr.name).try_into().ok()?;
    let kind = expr.kind();
    let joined = match (kind, operator.as_str()) {
        (AExprKind::AexprDistinct, _) | (AExprKind::AexprOp, "<>") => BoolExprType::OrExpr,
        (AExprKind::AexprOp, "=") => BoolExprType::AndExpr,
        _ => return None,
    };
    let (Some(NodeEnum::RowExpr(left)), Some(NodeEnum::RowExpr(right))) =
        (expr.lexpr.as_deref()?.node.as_ref(), expr.rexpr.as_deref()?.node.as_ref())
    else {
        return None;
    };
    let pairs = left.args.iter().zip(&right.args).map(|(a, b)| binary(kind, &operator, Some(a), Some(b)));
    (left.args.len() == right.args.len()).then(|| one_or(joined, pairs.collect())).flatten()
}
