//! Which function or operator is meant where `search_path` shows several of a name: only types can tell.

use std::collections::BTreeMap;

use pg_query::protobuf::{AExprKind, FuncCall, SubLink};
use pg_query::{Node, NodeEnum};
use rustc_hash::FxHashMap;

use super::expr::{between, in_list};
use super::literal::{cast, is_null, text_of, type_name};
use super::tree::Canon;
use crate::analyze::candidates::{Place, place};
use crate::analyze::overload::Signature;
use crate::analyze::types::Type;
use crate::analyze::{Analyzer, Attr, Scope};
use crate::model::{Catalog, Ident, ObjectId};
use crate::sql::literal::{names, string_node};
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// What the field that says where in the text a call stands holds for one that is to be decided, by its number.
pub fn mark(number: usize) -> i32 {
    i32::try_from(number).map_or(-1, |number| -2 - number)
}

/// The number of a call that is to be decided.
pub fn marked(position: i32) -> Option<usize> {
    usize::try_from(-2 - i64::from(position)).ok()
}

/// What is to be found out, and what was.
pub struct Choices {
    /// Where everything is looked for.
    pub path: Vec<Place>,
    /// What is meant, if it is the same wherever a node has been copied to.
    chosen: FxHashMap<usize, Option<Signature>>,
    /// An operator that is meant by syntax without one and that the path does not show.
    unseen: Option<Unseen>,
}

/// An operator of an extension that syntax without an operator (IS DISTINCT FROM, NULLIF, CASE, IN with a query) stands for once its operands
/// have their types, and that the path does not show: a statement there means another one, which only casts can say.
#[derive(Clone, Debug)]
pub struct Unseen {
    /// Its name.
    pub operator: String,
    /// The extension that has brought it.
    pub extension: &'static str,
    /// Where that is.
    pub schema: Ident,
    /// The type of its left operand, as `format_type` spells it.
    pub of: String,
}

impl Canon<'_> {
    /// Notes an operator that syntax without one stands for, where the path (or the schema that is said) does not show it.
    pub fn see(&mut self, said: Option<&str>, operator: &str, meant: Option<&Signature>) {
        let (Some(choices), Some(meant)) = (&mut self.choices, meant) else { return };
        let (Some(extension), Some(schema)) = (meant.extension, &meant.schema) else { return };
        let own = said.map(|schema| vec![place(Some(schema))]);
        let seen = self.types.operator_in(own.as_ref().unwrap_or(&choices.path), operator, &meant.arguments);
        if !seen.is_some_and(|seen| seen.is_same(meant)) {
            let of = meant.arguments.first().map(Type::display).unwrap_or_default();
            choices.unseen = Some(Unseen { operator: operator.to_owned(), extension, schema: schema.clone(), of });
        }
    }

    /// Notes what a call means that was to be decided.
    pub fn choose(&mut self, mark: Option<usize>, meant: Option<&Signature>) {
        let (Some(choices), Some(mark)) = (&mut self.choices, mark) else { return };
        let same = |old: &Signature| meant.is_some_and(|new| new.is_same(old));
        match choices.chosen.get(&mark) {
            Some(Some(old)) if same(old) => {}
            Some(_) => drop(choices.chosen.insert(mark, None)),
            None => drop(choices.chosen.insert(mark, meant.cloned())),
        }
    }
}

/// What was decided.
#[derive(Debug)]
pub struct Decided {
    /// The schema that has it, unless it is PostgreSQL's.
    pub schema: Place,
    /// The extension that has brought it.
    pub extension: Option<&'static str>,
    /// The types of its arguments as they are declared.
    pub types: Vec<Type>,
}

/// Writes the schema to the calls that are marked: the one that types tell, or, where they cannot, another one. What was decided, by number.
///
/// # Errors
/// Where something means another operator than it would be read for.
pub fn choose(
    catalog: &Catalog,
    (outputs, scope): (&BTreeMap<ObjectId, Vec<Attr>>, &Scope<'_>),
    path: Vec<Place>,
    otherwise: Vec<Place>,
    tree: &mut Node,
) -> Result<Vec<(usize, Option<Decided>)>, Unseen> {
    tree.walk_mut(&mut |mut node: NodeMut<'_>| {
        let mark = position(&mut node).map(|position| *position);
        node.clear_positions();
        if let (Some(mark), Some(position)) = (mark.filter(|mark| marked(*mark).is_some()), position(&mut node)) {
            *position = mark;
        }
        true
    });
    let mut hook = Canon::new(catalog);
    hook.choices = Some(Choices { path, chosen: FxHashMap::default(), unseen: None });
    let mut analyzer = Analyzer::knowing(catalog, Some(outputs), scope, hook);
    analyzer.query(&mut tree.clone());
    let (chosen, unseen) = analyzer.hook.choices.map(|choices| (choices.chosen, choices.unseen)).unwrap_or_default();
    if let Some(unseen) = unseen {
        return Err(unseen);
    }
    let mut writer = Writer { chosen, otherwise, decided: Vec::new() };
    tree.walk_mut(&mut writer);
    Ok(writer.decided)
}

fn position<'n>(node: &'n mut NodeMut<'_>) -> Option<&'n mut i32> {
    match node {
        NodeMut::FuncCall(call) => Some(&mut call.location),
        NodeMut::AExpr(expr) => Some(&mut expr.location),
        NodeMut::SubLink(link) => Some(&mut link.location),
        _ => None,
    }
}

struct Writer {
    chosen: FxHashMap<usize, Option<Signature>>,
    otherwise: Vec<Place>,
    decided: Vec<(usize, Option<Decided>)>,
}

impl Writer {
    /// The schema that is to be written to a node.
    fn decide(&mut self, position: &mut i32) -> Option<Ident> {
        let mark = marked(std::mem::take(position))?;
        let found = self.chosen.get(&mark).cloned().flatten();
        let schema = found.as_ref().map_or_else(|| self.otherwise.get(mark).cloned().flatten(), |found| found.schema.clone());
        self.decided.push((mark, found.map(|found| Decided { schema: found.schema, extension: found.extension, types: found.declared })));
        schema
    }

    /// The operator before a query; `IN` has no name for it.
    fn operator_of_query(&mut self, link: &mut SubLink) {
        if let Some(schema) = self.decide(&mut link.location) {
            let name = names(&link.oper_name).pop().unwrap_or_else(|| "=".to_owned());
            link.oper_name = vec![string_node(schema.as_str()), string_node(&name)];
        }
    }

    fn call(&mut self, call: &mut FuncCall) {
        if let Some((schema, name)) = self.decide(&mut call.location).zip(names(&call.funcname).pop()) {
            call.funcname = vec![string_node(schema.as_str()), string_node(&name)];
        }
    }
}

impl VisitorMut for Writer {
    fn replace(&mut self, node: &mut NodeEnum) {
        let NodeEnum::AExpr(expr) = node else { return };
        let meant = marked(expr.location).and_then(|mark| self.chosen.get(&mark)?.as_ref());
        let of = meant.and_then(|found| found.declared.get(1)).filter(|of| !of.is_polymorphic()).cloned();
        let Some((schema, name)) = self.decide(&mut expr.location).zip(names(&expr.name).pop()) else { return };
        let spelled = match expr.kind() {
            AExprKind::AexprIn => in_list(expr),
            AExprKind::AexprBetween | AExprKind::AexprNotBetween | AExprKind::AexprBetweenSym | AExprKind::AexprNotBetweenSym => {
                between(expr)
            }
            AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar => {
                expr.set_kind(AExprKind::AexprOp);
                None
            }
            _ => None,
        };
        match spelled {
            Some(spelled) => {
                *node = spelled;
                qualify(node, &schema);
                of.into_iter().for_each(|of| type_arrays(node, &of));
            }
            None => expr.name = vec![string_node(schema.as_str()), string_node(&name)],
        }
    }

    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        match node {
            NodeMut::FuncCall(call) => self.call(call),
            NodeMut::SubLink(link) => self.operator_of_query(link),
            _ => {}
        }
        true
    }
}

/// The comparisons that IN and BETWEEN stand for: nothing else says which operator they mean.
fn qualify(node: &mut NodeEnum, schema: &Ident) {
    match node {
        NodeEnum::BoolExpr(expr) => expr.args.iter_mut().filter_map(|arg| arg.node.as_mut()).for_each(|arg| qualify(arg, schema)),
        NodeEnum::AExpr(expr) => expr.name.insert(0, string_node(schema.as_str())),
        _ => {}
    }
}

/// The literals that IN compares with are of the type of what is compared (`transformAExprIn`); in an array by themselves they would be text.
fn type_arrays(node: &mut NodeEnum, of: &Type) {
    match node {
        NodeEnum::BoolExpr(expr) => expr.args.iter_mut().filter_map(|arg| arg.node.as_mut()).for_each(|arg| type_arrays(arg, of)),
        NodeEnum::AExpr(expr) => {
            let of_literals = |array: &&mut Box<Node>| match &array.node {
                Some(NodeEnum::AArrayExpr(array)) => array.elements.iter().all(|element| text_of(element).is_some() || is_null(element)),
                _ => false,
            };
            if let Some(array) = expr.rexpr.as_mut().filter(of_literals) {
                **array = cast(std::mem::take(array), type_name(&of.array()));
            }
        }
        _ => {}
    }
}
