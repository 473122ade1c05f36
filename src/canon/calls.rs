//! Casts that say nothing: where the same operator, function or common type is chosen without them.

use pg_query::protobuf::{self, SelectStmt, SubLink, TypeCast, TypeName};
use pg_query::{Node, NodeEnum};

use super::choice::marked;
use super::interval::written_in;
use super::literal::{cast, is_null, is_number, text_constant, text_of, type_name, value};
use super::row::{is_row, whole_row};
use super::tree::{Canon, target_values};
use super::typing::has_modifiers;
use crate::analyze::types::Type;
use crate::analyze::{Attr, spelled};
use crate::sql::literal::{integer, names};
use crate::sql::parse_type;

/// A node without its outermost casts.
struct Bare {
    node: Node,
    /// The type that it has then.
    of: Type,
    /// The types that it was made to, one after the other.
    through: Vec<Type>,
}

impl Canon<'_> {
    /// The same without its outermost casts; `None` where the cast says something wherever it stands.
    fn bare(&self, node: &Node) -> Option<Bare> {
        match node.node.as_ref()? {
            NodeEnum::TypeCast(cast) if !has_modifiers(cast) => self.bare_cast(cast),
            NodeEnum::AArrayExpr(array) => {
                let mut array = array.clone();
                let mut through = Vec::new();
                for element in &mut array.elements {
                    if let Some(bare) = self.bare(element) {
                        *element = bare.node;
                        through.extend(bare.through.into_iter().map(|of| of.array()));
                    }
                }
                let of = self.element_of(&array.elements)?.array();
                (!through.is_empty()).then_some(Bare { node: Node { node: Some(NodeEnum::AArrayExpr(array)) }, of, through })
            }
            NodeEnum::CollateClause(collate) => {
                let mut bare = self.bare(collate.arg.as_deref()?)?;
                let collate = protobuf::CollateClause { arg: Some(Box::new(bare.node)), ..(**collate).clone() };
                bare.node = Node { node: Some(NodeEnum::CollateClause(Box::new(collate))) };
                Some(bare)
            }
            _ => None,
        }
    }

    /// The same without its outermost cast alone.
    fn uncast(&self, node: &Node) -> Option<Bare> {
        let Some(NodeEnum::TypeCast(cast)) = &node.node else { return None };
        let (inner, to) = (cast.arg.as_deref()?, cast.type_name.as_ref().and_then(Type::parsed)?);
        let of = self.type_of(inner).filter(|of| !of.is_unknown() && !has_modifiers(cast) && self.types.coerces(of, &to))?;
        Some(Bare { node: inner.clone(), of, through: vec![to] })
    }

    fn bare_cast(&self, cast: &TypeCast) -> Option<Bare> {
        let inner = cast.arg.as_deref()?;
        let to = cast.type_name.as_ref().and_then(Type::parsed)?;
        if text_of(inner).is_some() || is_null(inner) {
            return Some(Bare { node: inner.clone(), of: Type::unknown(), through: vec![to] });
        }
        let of = self.type_of(inner)?;
        let is_array = matches!(inner.node, Some(NodeEnum::AArrayExpr(_)));
        // A cast below a cast that says nothing may say nothing either.
        if is_array && let Some(mut bare) = self.bare(inner) {
            bare.through.push(to);
            return Some(bare);
        }
        if !self.types.coerces(&of, &to) && !is_number(inner) {
            return None;
        }
        let below = self.bare(inner).map(|mut bare| {
            bare.through.push(to.clone());
            bare
        });
        below.or_else(|| Some(Bare { node: inner.clone(), of, through: vec![to] }))
    }

    /// Whether a value that is made to some types on its way is the same when it is made to the last one at once.
    fn is_faithful(&self, bare: &Bare, end: &Type) -> bool {
        let literal = bare.of.is_unknown();
        bare.through.iter().all(|at| {
            let (of, at, end) = (self.types.base(&bare.of), self.types.base(at), self.types.base(end));
            at == end || if literal { same_value(&at, &end) } else { end.name == "any" && at == of || keeps(&of, &at) && keeps(&at, &end) }
        })
    }

    /// Takes the casts off the arguments that say nothing, where `choose` tells what arguments of given types mean: of all of
    /// them, or of one after the other. Literals become values of the types that are chosen for them.
    pub fn lean<M: PartialEq>(&self, nodes: &mut [&mut Node], choose: impl Fn(&[Type]) -> Option<(M, Vec<Type>)>) -> Option<M> {
        let (meant, numbers) = self.lean_once(nodes, &choose);
        // A literal that has become a number of a type may do without that.
        if numbers { self.lean_once(nodes, &choose).0 } else { meant }
    }

    /// What is meant, and whether literals have become typed numbers.
    fn lean_once<M: PartialEq>(&self, nodes: &mut [&mut Node], choose: &impl Fn(&[Type]) -> Option<(M, Vec<Type>)>) -> (Option<M>, bool) {
        let now: Option<Vec<Type>> = nodes.iter().map(|node| self.type_of(node)).collect();
        let Some((now, (meant, mut settled))) = now.and_then(|now| choose(&now).map(|chosen| (now, chosen))) else {
            self.coerce_anyhow();
            return (None, false);
        };
        now.iter().zip(&settled).for_each(|(of, to)| self.coerce(of, to));
        // All casts are written first, so that it does not matter which of them were.
        let mut now = now;
        for ((node, now), to) in nodes.iter_mut().zip(&mut now).zip(&settled) {
            if self.is_unsaid(node, now, to) {
                **node = cast(std::mem::take(*node), type_name(to));
                now.clone_from(to);
            }
        }
        let mut bare: Vec<Option<Bare>> = nodes.iter().map(|node| self.bare(node)).collect();
        let all: Vec<Type> = now.iter().zip(&bare).map(|(now, bare)| bare.as_ref().map_or(now, |bare| &bare.of).clone()).collect();
        let mut take = vec![false; nodes.len()];
        let faithful =
            |bare: Option<&Bare>, at: usize, types: &[Type]| bare.zip(types.get(at)).is_none_or(|(bare, end)| self.is_faithful(bare, end));
        match choose(&all) {
            Some((same, types)) if same == meant && (0..now.len()).all(|at| faithful(bare[at].as_ref(), at, &types)) => {
                take.iter_mut().zip(&bare).for_each(|(take, bare)| *take = bare.is_some());
                settled = types;
            }
            _ => {
                let mut present = now.clone();
                for at in 0..now.len() {
                    for candidate in [bare[at].take(), self.uncast(nodes[at])].into_iter().flatten() {
                        let before = std::mem::replace(&mut present[at], candidate.of.clone());
                        match choose(&present) {
                            Some((same, types)) if same == meant && faithful(Some(&candidate), at, &types) => {
                                (take[at], bare[at], settled) = (true, Some(candidate), types);
                                break;
                            }
                            _ => present[at] = before,
                        }
                    }
                }
            }
        }
        let mut numbers = false;
        for (at, (node, bare)) in nodes.iter_mut().zip(bare).enumerate() {
            if let (true, Some(bare)) = (take[at], bare) {
                **node = bare.node;
            }
            if let Some(of) = settled.get(at) {
                numbers |= self.settle_typed(node, of);
            }
        }
        (Some(meant), numbers)
    }

    /// Whether a value is made to another type without a cast that says so.
    fn is_unsaid(&self, node: &Node, of: &Type, to: &Type) -> bool {
        let vague = |of: &Type| {
            of.is_unknown() || of.is_polymorphic() || matches!(of.name.as_str(), "any" | "record") || self.types.category(of).0 == 'C'
        };
        let base = self.types.base(of);
        !vague(of) && !vague(to) && base != *to && base.array == to.array && !matches!(node.node, Some(NodeEnum::AArrayExpr(_)))
    }

    /// As [`settle`](Self::settle); a number that would be of another type by itself keeps its own. Whether there was one.
    fn settle_typed(&self, node: &mut Node, of: &Type) -> bool {
        if let Some(NodeEnum::AArrayExpr(array)) = node.node.as_mut() {
            let each = of.element();
            let numbers = array.elements.iter_mut().filter_map(|element| self.settle_typed(element, &each).then_some(()));
            return numbers.count() > 0;
        }
        let literal = text_of(node).is_some();
        self.settle(node, of);
        let other = literal && is_number(node) && self.type_of(node).is_some_and(|natural| natural != *of);
        if other {
            *node = cast(std::mem::take(node), type_name(of));
        }
        other
    }

    /// A literal as a value of the type that its place has.
    pub fn settle(&self, node: &mut Node, of: &Type) {
        if let Some(text) = text_of(node) {
            *node = value(text, of);
        } else if let Some(NodeEnum::AArrayExpr(array)) = node.node.as_mut() {
            for element in &mut array.elements {
                self.settle(element, &of.element());
            }
        }
    }

    /// Where nothing is known of an operator: a literal that is said to be of the type that its companion has would be so anyway
    /// (`binary_oper_exact` of src/backend/parser/parse_oper.c). Of functions nothing like it can be said.
    pub fn lean_companion(&self, nodes: &mut [&mut Node]) {
        let [one, other] = nodes else { return };
        let (Some(left), Some(right)) = (self.type_of(one), self.type_of(other)) else { return };
        if left != right || left.is_unknown() {
            return;
        }
        for node in [one, other] {
            let Some(NodeEnum::TypeCast(cast)) = node.node.as_ref() else { continue };
            let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some() && !has_modifiers(cast)) else { continue };
            **node = inner.clone();
            // The other one has to say it.
            return;
        }
    }

    /// For arguments of COALESCE, CASE, ARRAY and the like, which have one type in common.
    pub fn lean_common(&self, nodes: &mut [&mut Node]) {
        self.lean(nodes, |types| {
            let common = self.types.common(types)?;
            let all = vec![common.clone(); types.len()];
            Some((common, all))
        });
    }

    /// The rows of VALUES, whose columns have one type each in common.
    pub fn lean_rows(&self, rows: &mut [Node]) {
        let mut columns: Vec<Vec<&mut Node>> = Vec::new();
        for row in rows {
            let Some(NodeEnum::List(list)) = row.node.as_mut() else { continue };
            for (at, item) in list.items.iter_mut().enumerate() {
                match columns.get_mut(at) {
                    Some(column) => column.push(item),
                    None => columns.push(vec![item]),
                }
            }
        }
        for mut column in columns {
            self.lean_common(&mut column);
        }
    }

    /// For `IN (SELECT ..)` and its kin, of which a query gives the right side; `said` is the schema of the operator.
    pub fn compare_to_query(&mut self, link: &mut SubLink, said: Option<&str>, output: &[Attr]) {
        let mark = marked(link.location);
        let operator = names(&link.oper_name).pop().unwrap_or_else(|| "=".to_owned());
        let tests = match link.testexpr.as_deref_mut() {
            Some(Node { node: Some(NodeEnum::RowExpr(row)) }) => row.args.as_mut_slice(),
            Some(test) => std::slice::from_mut(test),
            None => return,
        };
        for (test, of) in tests.iter_mut().zip(output) {
            let Some(of) = of.type_name.as_deref().map(Type::displayed) else { continue };
            let meant = self.lean(&mut [test], |types| {
                let both = [types.first()?.clone(), of.clone()];
                let found = match mark {
                    Some(_) => self.operator_named(said, &operator, mark, &both),
                    None => self.types.unsaid_operator(&operator, &both),
                }?;
                let first = found.arguments.first().cloned().into_iter().collect();
                Some((found, first))
            });
            if let Some(second) = meant.as_ref().and_then(|found| found.arguments.get(1)) {
                self.coerce(&of, second);
            }
            self.see(said, &operator, meant.as_ref());
            self.choose(mark, meant.as_ref());
        }
    }

    /// A value that is assigned to a column: a literal takes its type from there.
    pub fn assign(&self, node: &mut Node, to: &str) {
        if let Some(whole) = parse_type(to).ok().filter(|_| to.starts_with("interval")).and_then(|to| assigned_interval(node, &to)) {
            *node = text_constant(&whole);
        }
        let to = self.types.base(&Type::displayed(to));
        self.coerce_node(node, &to);
        self.assign_type(node, &to);
    }

    pub(super) fn assign_type(&self, node: &mut Node, to: &Type) {
        if matches!(node.node, Some(NodeEnum::RowExpr(_))) {
            return self.assign_fields(node, to);
        }
        if let Some(NodeEnum::TypeCast(cast)) = node.node.as_ref()
            && let Some(inner) = cast.arg.as_deref()
        {
            let of = cast.type_name.as_ref().and_then(Type::parsed);
            let literal = text_of(inner).is_some() || is_null(inner) || is_number(inner);
            let same = !has_modifiers(cast) && of.is_some_and(|of| self.types.base(&of) == *to);
            if literal && same {
                *node = inner.clone();
            }
        }
        if text_of(node).is_some() {
            self.settle(node, to);
        }
    }

    /// A column of a query: a literal of which nothing else is said is text.
    pub fn lean_output(&self, node: &mut Node) {
        let Some(NodeEnum::TypeCast(cast)) = node.node.as_ref() else { return };
        let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some() || is_null(inner)) else { return };
        if self.type_of(node) == Some(Type::internal("text")) {
            *node = inner.clone();
        }
    }

    /// The arms of a set operation: their columns have one type each in common, of two arms at a time (`transformSetOperationTree`).
    pub fn lean_arms(&self, stmt: &mut SelectStmt) {
        let (Some(left), Some(right)) = (stmt.larg.as_deref_mut(), stmt.rarg.as_deref_mut()) else { return };
        let types = [self.arm_types(left), self.arm_types(right)];
        let (mut left, mut right) = (target_values(left), target_values(right));
        for (a, b) in types[0].iter().zip(&types[1]) {
            match (left.next(), right.next()) {
                (Some(left), Some(right)) => self.lean_common(&mut [left, right]),
                // What is a set operation itself has its type already.
                (Some(left), None) => self.lean_beside(left, |of| [of, b.clone()]),
                (None, Some(right)) => self.lean_beside(right, |of| [a.clone(), of]),
                (None, None) => return,
            }
        }
    }

    fn lean_beside(&self, node: &mut Node, both: impl Fn(Option<Type>) -> [Option<Type>; 2]) {
        self.lean(&mut [node], |types| {
            let both: Option<Vec<Type>> = both(types.first().cloned()).into_iter().collect();
            let common = self.types.common(&both?)?;
            Some((common.clone(), vec![common]))
        });
    }

    /// The types of the columns of an arm.
    fn arm_types(&self, stmt: &mut SelectStmt) -> Vec<Option<Type>> {
        if let (Some(left), Some(right)) = (stmt.larg.as_deref_mut(), stmt.rarg.as_deref_mut()) {
            let (left, right) = (self.arm_types(left), self.arm_types(right));
            return left.into_iter().zip(right).map(|(a, b)| self.types.common(&[a?, b?])).collect();
        }
        target_values(stmt).map(|value| self.type_of(value)).collect()
    }

    /// A cast on its own: what the server works out when it reads it.
    pub fn plain_cast(&self, node: &mut NodeEnum) {
        let NodeEnum::TypeCast(given) = node else { return };
        if let Some((inner, to)) = given.arg.as_deref().zip(given.type_name.as_ref().and_then(Type::parsed)) {
            self.coerce_node(inner, &to);
        }
        if has_modifiers(given) {
            let serialized = given.arg.as_deref().filter(|arg| is_serialized(arg, given.type_name.as_ref())).cloned();
            if let Some(Node { node: Some(serialized) }) = serialized {
                *node = serialized;
                return;
            }
            match interval_field(given) {
                Some(whole) => *node = whole,
                None => self.plain_length(given),
            }
            if let NodeEnum::TypeCast(given) = node
                && given.arg.as_deref().is_some_and(|arg| self.is_so_already(arg, given.type_name.as_ref()))
                && let Some(modified) = given.arg.take().and_then(|arg| arg.node)
            {
                *node = modified;
            }
            return;
        }
        let Some(to) = given.type_name.as_ref().and_then(Type::parsed) else { return };
        let Some(inner) = given.arg.as_deref() else { return };
        let leaner = if let Some(literal) = self.literal_of_domain(inner, &to) {
            Some(cast(literal, type_name(&to)))
        } else if let Some(text) = text_of(inner) {
            self.literal_cast(text, &to)
        } else if matches!(inner.node, Some(NodeEnum::RowExpr(_))) {
            let mut row = inner.clone();
            self.assign_fields(&mut row, &to);
            Some(cast(row, given.type_name.clone().unwrap_or_default()))
        } else if is_row(inner) {
            // The server writes a whole row as a star with the type of the row.
            let same = self.type_of(inner).is_some_and(|of| of == to);
            let row = whole_row(inner);
            Some(if same { row } else { cast(row, given.type_name.clone().unwrap_or_default()) })
        } else if let Some(literal) = text_below(inner).filter(|_| to == Type::internal("text") || to == Type::internal("varchar")) {
            Some(cast(literal.clone(), type_name(&to)))
        } else {
            // A type without modifiers is another one than that with them.
            let same = self.type_of(inner).is_some_and(|of| of == to) && !self.is_modified(inner);
            same.then(|| inner.clone())
        };
        if let Some(Node { node: Some(leaner) }) = leaner {
            *node = leaner;
        }
    }

    /// Whether a node is of a type and has its modifiers, so that a cast to it is nothing (`coerce_type_typmod` of src/backend/parser/parse_coerce.c).
    fn is_so_already(&self, node: &Node, wanted: Option<&TypeName>) -> bool {
        let spelled;
        let of = if let Some(NodeEnum::TypeCast(cast)) = &node.node {
            cast.type_name.as_ref()
        } else {
            spelled = self.modified(node).and_then(|spelled| parse_type(spelled).ok());
            spelled.as_ref()
        };
        let modifiers = |name: &TypeName| name.typmods.iter().map(integer).collect::<Option<Vec<i64>>>();
        of.zip(wanted).is_some_and(|(of, wanted)| {
            Type::parsed(of).is_some_and(|of| Type::parsed(wanted) == Some(of))
                && modifiers(of).is_some_and(|of| modifiers(wanted) == Some(of))
        })
    }

    /// The literal that is made to a domain, which is one of the type below first (`coerce_type`).
    fn literal_of_domain(&self, node: &Node, to: &Type) -> Option<Node> {
        let base = self.types.base(to);
        let literal = match node.node.as_ref()? {
            _ if base == *to => return None,
            NodeEnum::TypeCast(below) if !has_modifiers(below) && below.type_name.as_ref().and_then(Type::parsed)? == base => {
                below.arg.as_deref()?
            }
            _ => node,
        };
        match text_of(literal) {
            Some(text) => match value(text, &base).node? {
                NodeEnum::TypeCast(typed) => typed.arg.map(|arg| *arg),
                plain => Some(Node { node: Some(plain) }),
            },
            None => (is_null(literal) || is_number(literal)).then(|| literal.clone()),
        }
    }

    /// The value of a literal; with its type, where the value alone would have another one.
    pub fn literal_cast(&self, text: &str, to: &Type) -> Option<Node> {
        let plain = value(text, to);
        if to.is_text() || text_of(&plain).is_some() {
            return None;
        }
        let natural = self.type_of(&plain)?;
        Some(if natural == *to { plain } else { cast(plain, type_name(to)) })
    }
}

/// `xmlserialize(.. AS varchar(9))::varchar(9)`, as the server writes it.
fn is_serialized(node: &Node, to: Option<&protobuf::TypeName>) -> bool {
    match &node.node {
        Some(NodeEnum::XmlSerialize(xml)) => xml.type_name.as_ref().and_then(spelled) == to.and_then(spelled),
        _ => false,
    }
}

/// A literal with the modifiers of an interval, as the server writes it.
fn interval_field(given: &TypeCast) -> Option<NodeEnum> {
    let name = given.type_name.as_ref()?;
    let text = given.arg.as_deref().and_then(text_of)?;
    cast(text_constant(&interval_of(text, name)?), name.clone()).node
}

/// What a column of intervals gets from a literal, which has lost the modifiers of its own by then.
fn assigned_interval(node: &Node, to: &protobuf::TypeName) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::TypeCast(cast) => interval_of(&interval_of(text_of(cast.arg.as_deref()?)?, cast.type_name.as_ref()?)?, to),
        _ => interval_of(text_of(node)?, to),
    }
}

/// A literal as an interval with the modifiers that its type has.
fn interval_of(text: &str, name: &protobuf::TypeName) -> Option<String> {
    let modifiers: Vec<i64> = name.typmods.iter().map(integer).collect::<Option<_>>()?;
    written_in(text, &modifiers).filter(|_| Type::parsed(name) == Some(Type::internal("interval")))
}

/// Whether a literal of one type, made to another, is what it is when it is read as of the other. Not so `'2020-01-01 10:00'::date`.
fn same_value(from: &Type, to: &Type) -> bool {
    let text = |of: &Type| matches!(of.name.as_str(), "text" | "varchar" | "unknown" | "any");
    from == to || from.is_unknown() || from.array == to.array && text(from) && text(to) || keeps(from, to)
}

/// Whether every value of one type has its like among those of another, so that it does not matter whether it was of the first.
fn keeps(from: &Type, to: &Type) -> bool {
    const WIDER: &[(&str, &[&str])] = &[
        ("int2", &["int4", "int8", "numeric", "float8"]),
        ("int4", &["int8", "numeric", "float8"]),
        ("int8", &["numeric"]),
        ("varchar", &["text"]),
        ("text", &["varchar"]),
        ("name", &["text", "varchar"]),
        ("date", &["timestamp"]),
        ("cidr", &["inet"]),
    ];
    from == to || from.array == to.array && WIDER.iter().any(|(name, wider)| *name == from.name && wider.contains(&to.name.as_str()))
}

/// The literal below a cast to text or varchar.
fn text_below(node: &Node) -> Option<&Node> {
    let Some(NodeEnum::TypeCast(cast)) = &node.node else { return None };
    let of = cast.type_name.as_ref().and_then(Type::parsed)?;
    let plain = !has_modifiers(cast) && (of == Type::internal("text") || of == Type::internal("varchar"));
    cast.arg.as_deref().filter(|inner| plain && text_of(inner).is_some())
}
