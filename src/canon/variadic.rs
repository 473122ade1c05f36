//! `f(VARIADIC ARRAY[a, b])`, which the server makes of `f(a, b)`.

use pg_query::protobuf::FuncCall;
use pg_query::{Node, NodeEnum};

use super::expr::value_of;
use super::literal::{cast, type_name};
use super::tree::{Canon, catalog_name};
use super::typing::has_modifiers;
use crate::analyze::candidates::Call;
use crate::analyze::overload::Signature;
use crate::analyze::types::Type;

/// Functions that take anything, which the server calls with the one array where it is written.
const TAKE_ANYTHING: &[&str] = &[
    "concat",
    "concat_ws",
    "format",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "num_nonnulls",
    "num_nulls",
];

impl Canon<'_> {
    /// Writes the elements of the array as arguments, where the same function is called then: another one of the name may take
    /// just so many.
    pub fn expand_variadic(&self, call: &mut FuncCall) {
        let anything = catalog_name(&call.funcname).is_some_and(|name| TAKE_ANYTHING.contains(&name));
        if !call.func_variadic || anything {
            return;
        }
        let Some(elements) = call.args.last().and_then(|last| self.elements(last)) else { return };
        let mut expanded = call.clone();
        expanded.args.pop();
        expanded.args.extend(elements);
        expanded.func_variadic = false;
        if self.is_sole(&expanded) || self.meant(call).zip(self.meant(&expanded)).is_some_and(|(one, other)| one.is_same(&other)) {
            *call = expanded;
        }
    }

    /// What an array is written of; of one that is cast as a whole, each is first made to what all have in common.
    fn elements(&self, array: &Node) -> Option<Vec<Node>> {
        match array.node.as_ref()? {
            NodeEnum::AArrayExpr(array) => Some(array.elements.clone()).filter(|elements| !elements.is_empty()),
            NodeEnum::TypeCast(whole) if !has_modifiers(whole) => {
                let (of, to) = (self.type_of(whole.arg.as_deref()?)?, whole.type_name.as_ref().and_then(Type::parsed)?);
                let made = |element: Node| cast(cast(element, type_name(&of.element())), type_name(&to.element()));
                let plain = |element: &Node| !matches!(element.node, Some(NodeEnum::AArrayExpr(_)));
                let elements = self.elements(whole.arg.as_deref()?)?;
                (to.array && elements.iter().all(plain)).then(|| elements.into_iter().map(made).collect())
            }
            _ => None,
        }
    }

    /// Whether no two functions of the name take so many arguments.
    fn is_sole(&self, call: &FuncCall) -> bool {
        Call::of(call).is_none_or(|meant| self.types.candidates(&meant, call.args.len()).len() < 2)
    }

    /// What is called, as far as types tell.
    fn meant(&self, call: &FuncCall) -> Option<Signature> {
        let mut args = call.args.clone();
        let types: Option<Vec<Type>> = args.iter_mut().map(|arg| self.type_of(value_of(arg)?)).collect();
        self.types.function(&Call::of(call)?, &types?)
    }
}
