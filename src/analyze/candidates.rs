//! What could be meant by the name of a function or operator, in the order of `search_path`: `FuncnameGetCandidates`,
//! `MatchNamedCall` and `OpernameGetCandidates` (src/backend/catalog/namespace.c).

use std::borrow::Cow;

use pg_query::protobuf::FuncCall;
use pg_query::{Node, NodeEnum};

use super::overload::{Signature, builtin_functions, builtin_operators, qname};
use super::types::{Type, Types};
use crate::model::{Ident, Key, ObjectId};
use crate::object::aggregate::Aggregate;
use crate::object::routine::{Argument, Mode};
use crate::object::{Kind, Object};
use crate::sql::Name;

/// Where to look: in a schema, or in `pg_catalog`.
pub type Place = Option<Ident>;

/// How a function is called, but for the types.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where it is looked for, in this order.
    pub path: Vec<Place>,
    /// Its name.
    pub name: String,
    /// The names of the arguments that are given by name, after those that are given by place.
    pub names: Vec<Option<String>>,
    /// Whether the last argument stands for all that are VARIADIC.
    pub variadic: bool,
}

/// The place of a schema.
pub fn place(schema: Option<&str>) -> Place {
    schema.filter(|schema| *schema != "pg_catalog").map(Ident::new)
}

impl Call {
    /// A call by place alone to a function of one schema.
    pub fn plain(place: Place, name: impl Into<String>) -> Self {
        Self { path: vec![place], name: name.into(), names: Vec::new(), variadic: false }
    }

    /// A call to a function whose name is written out; `None` where it is no name.
    pub fn of(call: &FuncCall) -> Option<Self> {
        let Name { schema, name } = Name::of(&call.funcname)?;
        let named = |node: &Node| if let Some(NodeEnum::NamedArgExpr(named)) = &node.node { Some(named.name.clone()) } else { None };
        let names = call.args.iter().map(named).collect();
        Some(Self { names, variadic: call.func_variadic, ..Self::plain(place(schema.as_deref()), name) })
    }

    /// The types that the arguments of the call have by the declaration; `None` where it cannot be called so.
    fn fit(&self, callee: &Callee<'_>, count: usize) -> Option<Vec<Type>> {
        let all = callee.inputs.len();
        let needed = all - callee.defaults.min(all);
        if let Some(placed) = self.names.iter().position(Option::is_some) {
            let mut given: Vec<usize> = (0..placed).collect();
            for name in self.names.iter().skip(placed) {
                let at = callee.names.iter().position(|own| own.as_deref() == name.as_deref() && own.is_some())?;
                given.push(at);
            }
            let once = (0..all).all(|at| given.iter().filter(|other| **other == at).count() <= 1 && (at >= needed || given.contains(&at)));
            let fits = once && (self.variadic || !callee.variadic);
            return if fits { given.into_iter().map(|at| callee.inputs.get(at).cloned()).collect() } else { None };
        }
        if self.variadic {
            return (callee.variadic && count == all).then(|| callee.inputs.to_vec());
        }
        let fits = (needed..=all).contains(&count) || callee.variadic && count + 1 >= all;
        fits.then(|| callee.stretched(count))
    }
}

/// Something that can be called.
pub struct Callee<'c> {
    /// The types of its arguments.
    pub inputs: Cow<'c, [Type]>,
    /// Their names.
    pub names: Cow<'c, [Option<String>]>,
    /// How many of the last have defaults.
    pub defaults: usize,
    /// Whether the last is VARIADIC.
    pub variadic: bool,
    /// What it gives.
    pub result: Type,
}

impl Callee<'_> {
    /// The types for so many arguments.
    fn stretched(&self, count: usize) -> Vec<Type> {
        let mut types = self.inputs.to_vec();
        if let (true, Some(last)) = (self.variadic, types.last().cloned()) {
            let each = match last.name.as_str() {
                "any" => last,
                "anyarray" => Type::internal("anyelement"),
                "anycompatiblearray" => Type::internal("anycompatible"),
                _ => last.element(),
            };
            types.pop();
            types.resize(count.max(types.len()), each);
        }
        types.truncate(count);
        types
    }
}

impl Types<'_> {
    /// The function that is called with arguments of these types, in the order of the call.
    pub fn function(&self, call: &Call, arguments: &[Type]) -> Option<Signature> {
        let candidates = self.candidates(call, arguments.len());
        self.choose(candidates.into_iter().map(Cow::Owned), arguments)
    }

    /// The functions that may be called with so many arguments, whatever their types.
    pub fn candidates(&self, call: &Call, count: usize) -> Vec<Signature> {
        let mut candidates: Vec<Signature> = Vec::new();
        for place in &call.path {
            let fitting = |callee: &Callee<'_>| {
                let types = call.fit(callee, count)?;
                let (result, declared) = (callee.result.clone(), callee.inputs.to_vec());
                Some(Signature { arguments: types, result, declared, schema: place.clone(), extension: None })
            };
            let mut found: Vec<Signature> = match place {
                None => builtin_functions(&call.name).filter_map(|callee| fitting(&callee)).collect(),
                Some(schema) => {
                    let name = qname(schema.as_str(), &call.name);
                    self.0.routines_named(&name).filter_map(|id| fitting(&self.callee(id)?)).collect()
                }
            };
            let of_extensions = self.extension_functions(place, &call.name).into_iter();
            found.extend(of_extensions.filter_map(|(name, callee)| Some(Signature { extension: Some(name), ..fitting(&callee)? })));
            add_visible(&mut candidates, found);
        }
        candidates
    }

    /// The operator that is called with operands of these types.
    pub fn operator_in(&self, path: &[Place], name: &str, operands: &[Type]) -> Option<Signature> {
        let own = |schema: &Ident| -> Vec<Signature> {
            let name = qname(schema.as_str(), name);
            self.0.named(&name, &[Kind::Operator]).filter_map(|id| self.own_operator(id, operands.len())).collect()
        };
        let found = path.iter().map(|place| {
            let mut found = place.as_ref().map(own).unwrap_or_default();
            found.extend(self.extension_operators(place, name, operands.len()));
            found
        });
        let found: Vec<Vec<Signature>> = found.collect();
        if path.contains(&None) && found.iter().all(Vec::is_empty) {
            return self.operator(name, operands);
        }
        let mut candidates: Vec<Signature> = Vec::new();
        for (place, mut found) in path.iter().zip(found) {
            if place.is_none() {
                found.extend(builtin_operators(name, operands.len()).cloned());
            }
            add_visible(&mut candidates, found);
        }
        self.best_operator(candidates.iter().collect(), operands)
    }

    fn own_operator(&self, id: &ObjectId, operands: usize) -> Option<Signature> {
        let Key::Routine(name, types) = &id.key else { return None };
        let Object::Operator(operator) = self.0.object(id)? else { return None };
        let arguments: Vec<Type> = types.iter().filter(|of| *of != "NONE").map(|of| Type::displayed(of)).collect();
        let function = &operator.function;
        let call = Call::plain(place(Some(function.schema.as_str())), function.name.as_str());
        let result = self.function(&call, &arguments)?.result;
        (arguments.len() == operands).then(|| Signature {
            declared: arguments.clone(),
            arguments,
            result,
            schema: Some(name.schema.clone()),
            extension: None,
        })
    }

    fn callee(&self, id: &ObjectId) -> Option<Callee<'static>> {
        match self.0.object(id)? {
            Object::Function(function) => Some(of_arguments(&function.arguments, Type::displayed(&function.returns))),
            Object::Procedure(procedure) => Some(of_arguments(&procedure.arguments, Type::internal("void"))),
            Object::Aggregate(aggregate) => self.aggregate(id, aggregate),
            _ => None,
        }
    }

    /// What an aggregate gives: what its final function does, or else its state.
    fn aggregate(&self, id: &ObjectId, aggregate: &Aggregate) -> Option<Callee<'static>> {
        let Key::Routine(_, types) = &id.key else { return None };
        let inputs: Vec<Type> = types.iter().map(|name| Type::displayed(name)).collect();
        let state = Type::displayed(&aggregate.transition.state);
        let result = match aggregate.transition.last.as_deref().map(Name::of_text) {
            None => state,
            Some(Some(Name { schema, name })) => self.function(&Call::plain(place(schema.as_deref()), name), &[state])?.result,
            Some(None) => return None,
        };
        Some(Callee { inputs: inputs.into(), names: Cow::Borrowed(&[]), defaults: 0, variadic: aggregate.is_variadic(), result })
    }
}

/// Of two of the same types, the one that comes first in the path hides the other.
fn add_visible(candidates: &mut Vec<Signature>, found: Vec<Signature>) {
    let hidden = |new: &Signature, all: &[Signature]| all.iter().any(|old| old.arguments == new.arguments);
    let before = candidates.len();
    for new in found {
        if !hidden(&new, &candidates[..before]) {
            candidates.push(new);
        }
    }
}

fn of_arguments(given: &[Argument], result: Type) -> Callee<'static> {
    let inputs: Vec<&Argument> = given.iter().filter(|argument| argument.mode.is_input()).collect();
    let name = |argument: &&Argument| argument.name.as_ref().map(|name| name.as_str().to_owned());
    Callee {
        names: inputs.iter().map(name).collect(),
        defaults: inputs.iter().filter(|argument| argument.default.is_some()).count(),
        variadic: inputs.iter().any(|argument| argument.mode == Mode::Variadic),
        inputs: inputs.iter().map(|argument| Type::displayed(&argument.type_name.0)).collect(),
        result,
    }
}
