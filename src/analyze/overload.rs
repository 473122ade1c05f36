//! Which operator or function is meant: `oper` and `func_get_detail` (src/backend/parser/parse_oper.c, parse_func.c).

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::candidates::{Callee, Place};
use super::types::{Given, Type, Types};
use crate::model::{Ident, QName};
use crate::sql::memo::Memo;

const FUNCTIONS: &str = include_str!("builtin/functions.txt");
const OPERATORS: &str = include_str!("builtin/operators.txt");

/// An operator or function that could be meant, or, with its types worked out, the one that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The types of the arguments of the call.
    pub arguments: Vec<Type>,
    /// The type of the result.
    pub result: Type,
    /// As it is declared, to tell signatures apart: all argument types.
    pub declared: Vec<Type>,
    /// Where it is.
    pub schema: Place,
    /// The extension that has brought it.
    pub extension: Option<&'static str>,
}

impl Signature {
    /// Whether both are the same operator or function, whatever its polymorphic types have become.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.schema, self.extension, &self.declared) == (&other.schema, other.extension, &other.declared)
    }

    fn is_polymorphic(&self) -> bool {
        self.arguments.iter().any(Type::is_polymorphic)
    }
}

/// A function of `pg_catalog` or of an extension.
pub(super) struct Function {
    arguments: Vec<Type>,
    names: Vec<Option<String>>,
    result: Type,
    variadic: bool,
    aggregate: bool,
    defaults: usize,
    columns: Vec<(&'static str, Type)>,
}

impl Function {
    /// A function with its name as tools/builtin_functions.sql gives it, with types as `of` understands their names.
    pub(super) fn parsed(fields: &[&'static str], of: fn(&str) -> Type) -> Option<(&'static str, Self)> {
        let [name, arguments, result, flags, columns, names @ ..] = fields else { return None };
        let flag = |flag: &str| flags.split(' ').any(|word| word == flag);
        let defaults = flags.split(' ').find_map(|word| word.strip_prefix('d')?.parse().ok()).unwrap_or(0);
        let column = |text: &'static str| text.rsplit_once(':').map(|(name, type_name)| (name, of(type_name)));
        let function = Self {
            arguments: arguments.split(' ').filter(|name| !name.is_empty()).map(of).collect(),
            names: names.iter().flat_map(|names| names.split(' ')).map(|name| Some(name.to_owned())).collect(),
            result: of(result),
            variadic: flag("v"),
            aggregate: flag("a"),
            defaults,
            columns: columns.split(' ').filter_map(column).collect(),
        };
        Some((name, function))
    }

    /// Adds it to those of its name. Majors may differ in results; the newest comes last.
    pub(super) fn put(self, known: &mut Vec<Self>) {
        known.retain(|other| other.arguments != self.arguments);
        known.push(self);
    }

    /// Whether it may be called with so many arguments.
    pub(super) fn takes(&self, count: usize) -> bool {
        let all = self.arguments.len();
        (all - self.defaults.min(all)..=all).contains(&count) || self.variadic && count + 1 >= all
    }

    pub(super) fn callee(&'static self) -> Callee<'static> {
        Callee {
            inputs: Cow::Borrowed(&self.arguments),
            names: Cow::Borrowed(&self.names),
            defaults: self.defaults,
            variadic: self.variadic,
            result: self.result.clone(),
        }
    }
}

/// An operator as tools/builtin_operators.sql gives it.
pub(super) fn signature(operands: &[&'static str], result: &str, of: fn(&str) -> Type) -> Signature {
    let arguments: Vec<Type> = operands.iter().filter(|name| !name.is_empty()).map(|name| of(name)).collect();
    Signature { declared: arguments.clone(), arguments, result: of(result), schema: None, extension: None }
}

static FUNCTION: LazyLock<FxHashMap<&str, Vec<Function>>> = LazyLock::new(|| {
    let mut all: FxHashMap<&str, Vec<Function>> = FxHashMap::default();
    for line in FUNCTIONS.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let Some((name, function)) = Function::parsed(&fields, Type::internal) else { continue };
        function.put(all.entry(name).or_default());
    }
    all
});

static OPERATOR: LazyLock<FxHashMap<&str, Vec<Signature>>> = LazyLock::new(|| {
    let mut all: FxHashMap<&str, Vec<Signature>> = FxHashMap::default();
    for line in OPERATORS.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [name, operands @ .., result] = fields.as_slice() else { continue };
        all.entry(*name).or_default().push(signature(operands, result, Type::internal));
    }
    all
});

thread_local! {
    static OPERATORS_MEANT: Memo<Signature> = Memo::new();
}

/// The OUT columns of a function of `pg_catalog`, where all of that name give the same; empty where they give one value.
pub fn builtin_columns(name: &str, arguments: usize) -> Option<Vec<(&'static str, Type)>> {
    columns(FUNCTION.get(name)?, arguments)
}

/// The OUT columns that all of some functions give that can be called with so many arguments.
pub(super) fn columns(functions: &[Function], arguments: usize) -> Option<Vec<(&'static str, Type)>> {
    let mut fitting = functions.iter().filter(|function| function.takes(arguments));
    let first = fitting.next()?;
    let names = |function: &Function| function.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let single = |function: &Function| function.columns.is_empty() && function.result.name != "record" && !function.result.is_polymorphic();
    if fitting.any(|other| names(other) != names(first)) || first.columns.is_empty() && !single(first) {
        return None;
    }
    Some(first.columns.clone())
}

/// Whether functions of `pg_catalog` of that name are aggregates.
pub fn is_aggregate(name: &str) -> bool {
    FUNCTION.get(name).is_some_and(|all| all.iter().any(|function| function.aggregate))
}

/// Whether `pg_catalog` has operators of that name.
pub fn is_builtin_operator(name: &str) -> bool {
    OPERATOR.contains_key(name)
}

/// Whether `pg_catalog` may have a function of that name for so many arguments.
pub fn may_take(name: &str, arguments: usize) -> bool {
    FUNCTION.get(name).is_none_or(|all| all.iter().any(|function| function.takes(arguments)))
}

/// The functions of `pg_catalog` of that name.
pub(super) fn builtin_functions(name: &str) -> impl Iterator<Item = Callee<'static>> {
    FUNCTION.get(name).into_iter().flatten().map(Function::callee)
}

/// The operators of `pg_catalog` of that name.
pub(super) fn builtin_operators(name: &str, operands: usize) -> impl Iterator<Item = &'static Signature> {
    OPERATOR.get(name).into_iter().flatten().filter(move |operator| operator.arguments.len() == operands)
}

impl Types<'_> {
    /// The operator of `pg_catalog` that is called with arguments of these types.
    pub fn operator(&self, name: &str, arguments: &[Type]) -> Option<Signature> {
        let find = || self.best_operator(builtin_operators(name, arguments.len()).collect(), arguments);
        // Only casts could say otherwise what is meant by operands of PostgreSQL's own types, and of enums, which become nothing else.
        let own = |of: &Type| if of.is_builtin() { Some("") } else { self.is_enum(&of.element()).then_some("enum ") };
        let of = |of: &Type| Some([own(of)?, of.name.as_str(), if of.array { "[]," } else { "," }].concat());
        let key: Option<String> = arguments.iter().map(of).chain([Some(name.to_owned())]).collect();
        let Some(key) = key.filter(|_| self.own_implicit_casts().next().is_none()) else { return find() };
        OPERATORS_MEANT.with(|known| known.get(key.as_bytes(), || find().ok_or(()))).ok()
    }

    /// The operator that is called where syntax says none (CASE, NULLIF, IS DISTINCT FROM, IN with a query): one of `pg_catalog`, or of an
    /// extension, wherever that is. Once its operands have their types, there is no other; what the server prints says no more either.
    pub fn unsaid_operator(&self, name: &str, arguments: &[Type]) -> Option<Signature> {
        let others = self.all_extension_operators(name, arguments.len());
        if others.is_empty() {
            return self.operator(name, arguments);
        }
        let own: Vec<&Signature> = builtin_operators(name, arguments.len()).collect();
        self.best_operator(own.into_iter().chain(&others).collect(), arguments)
    }

    pub(super) fn best_operator(&self, candidates: Vec<&Signature>, arguments: &[Type]) -> Option<Signature> {
        // A literal is taken for what stands on the other side (`binary_oper_exact`), a domain for what it is made of.
        if let [left, right] = arguments {
            let same = match (left.is_unknown(), right.is_unknown()) {
                (true, false) => [right.clone(), right.clone()],
                (false, true) => [left.clone(), left.clone()],
                _ => [left.clone(), right.clone()],
            };
            for exact in [same.clone(), same.map(|each| self.base(&each))] {
                if let Some(found) = candidates.iter().find(|candidate| candidate.arguments == exact) {
                    return Some((*found).clone());
                }
            }
        }
        self.choose(candidates.into_iter().map(Cow::Borrowed), arguments)
    }

    /// `func_match_argtypes` and `func_select_candidate`, with polymorphic types worked out.
    pub(super) fn choose<'c>(&self, candidates: impl Iterator<Item = Cow<'c, Signature>>, arguments: &[Type]) -> Option<Signature> {
        let candidates: Vec<Cow<'c, Signature>> = candidates.collect();
        if let Some(exact) = candidates.iter().find(|candidate| candidate.arguments == arguments) {
            return Some(exact.clone().into_owned());
        }
        let given: Vec<Given<'_>> = arguments.iter().map(|each| self.given(each)).collect();
        let fitting: Vec<Signature> = candidates
            .into_iter()
            .filter(|candidate| given.iter().zip(&candidate.arguments).all(|(from, to)| self.becomes(from, to)))
            .filter(|candidate| !candidate.is_polymorphic() || self.settled(candidate, arguments).is_some())
            .map(Cow::into_owned)
            .collect();
        self.best(fitting, &given).and_then(|chosen| if chosen.is_polymorphic() { self.settled(&chosen, arguments) } else { Some(chosen) })
    }

    fn best(&self, mut candidates: Vec<Signature>, given: &[Given<'_>]) -> Option<Signature> {
        if candidates.len() < 2 {
            return candidates.pop();
        }
        let exact = |candidate: &Signature| known(given, candidate).filter(|(from, to)| from.base == **to).count();
        keep_best(&mut candidates, exact);
        if candidates.len() == 1 {
            return candidates.pop();
        }
        let preferred = |candidate: &Signature| {
            known(given, candidate).filter(|(from, to)| from.base == **to || self.category(to) == (from.category.0, true)).count()
        };
        keep_best(&mut candidates, preferred);
        if candidates.len() == 1 || !given.iter().any(|each| each.of.is_unknown()) {
            return (candidates.len() == 1).then(|| candidates.pop()).flatten();
        }
        self.by_category(&mut candidates, given);
        if candidates.len() == 1 {
            return candidates.pop();
        }
        // The last resort: all literals are of the one type that the others have.
        let mut others = given.iter().map(|each| &each.base).filter(|each| !each.is_unknown());
        let only = others.next().filter(|first| given.iter().all(|each| each.base.is_unknown() || each.base == **first))?;
        let all = vec![only.clone(); given.len()];
        let takes = |candidate: &Signature| candidate.arguments.iter().all(|to| self.coerces(only, to));
        candidates.retain(|candidate| takes(candidate) && self.settled(candidate, &all).is_some());
        if candidates.len() == 1 { candidates.pop() } else { None }
    }

    /// Literals: a string if that can be, else of the one category that all candidates want there; the preferred type of it wins.
    fn by_category(&self, candidates: &mut Vec<Signature>, given: &[Given<'_>]) {
        let mut wanted: Vec<Option<(char, bool)>> = Vec::with_capacity(given.len());
        for (at, from) in given.iter().enumerate() {
            if !from.base.is_unknown() {
                wanted.push(None);
                continue;
            }
            let slots = || candidates.iter().filter_map(|candidate| candidate.arguments.get(at)).map(|to| self.category(to));
            let first = slots().next().map(|(category, _)| category);
            let category = if slots().any(|(category, _)| category == 'S') {
                Some('S')
            } else {
                first.filter(|first| slots().all(|(category, _)| category == *first))
            };
            let Some(category) = category else { return };
            wanted.push(Some((category, slots().any(|slot| slot == (category, true)))));
        }
        let fits = |candidate: &Signature| {
            candidate.arguments.iter().zip(&wanted).all(|(to, want)| match want {
                None => true,
                Some((category, preferred)) => {
                    let slot = self.category(to);
                    slot.0 == *category && (!preferred || slot.1)
                }
            })
        };
        if candidates.iter().any(fits) {
            candidates.retain(fits);
        }
    }

    /// Polymorphic types by what stands in their places (`enforce_generic_type_consistency`); `None` where that does not fit together.
    fn settled(&self, signature: &Signature, arguments: &[Type]) -> Option<Signature> {
        let mut element: Option<Type> = None;
        let mut compatible: Vec<Type> = Vec::new();
        let mut range: Option<Type> = None;
        for (from, to) in arguments.iter().zip(&signature.arguments) {
            if from.is_unknown() || !to.is_polymorphic() {
                continue;
            }
            let base = self.base(from);
            let is_range = to.name.ends_with("range");
            let inner = match to.name.trim_start_matches("anycompatible").trim_start_matches("any") {
                "array" => base.element(),
                "range" | "multirange" => self.subtype(&base)?,
                _ => from.clone(),
            };
            if is_range {
                range.get_or_insert(base);
            }
            if to.name.starts_with("anycompatible") {
                compatible.push(inner);
            } else if *element.get_or_insert(inner.clone()) != inner {
                return None;
            }
        }
        let compatible = if compatible.is_empty() { None } else { Some(self.common(&compatible)?) };
        let settle = |of: &Type| -> Option<Type> {
            if !of.is_polymorphic() {
                return Some(of.clone());
            }
            let inner = if of.name.starts_with("anycompatible") { compatible.clone() } else { element.clone() };
            match of.name.trim_start_matches("anycompatible").trim_start_matches("any") {
                "array" => Some(inner.unwrap_or_else(|| Type::internal("text")).array()),
                "range" | "multirange" => {
                    range.clone().filter(|range| of.name.ends_with("multirange") == range.name.ends_with("multirange"))
                }
                _ => inner,
            }
        };
        let settled: Option<Vec<Type>> = signature.arguments.iter().map(settle).collect();
        let result = settle(&signature.result).unwrap_or_else(|| signature.result.clone());
        Some(Signature { arguments: settled?, result, ..signature.clone() })
    }
}

fn known<'a>(given: &'a [Given<'a>], candidate: &'a Signature) -> impl Iterator<Item = (&'a Given<'a>, &'a Type)> {
    given.iter().zip(&candidate.arguments).filter(|(from, _)| !from.base.is_unknown())
}

fn keep_best(candidates: &mut Vec<Signature>, score: impl Fn(&Signature) -> usize) {
    let best = candidates.iter().map(&score).max().unwrap_or(0);
    candidates.retain(|candidate| score(candidate) == best);
}

/// The name of something in a schema.
pub fn qname(schema: &str, name: &str) -> QName {
    QName { schema: Ident::new(schema), name: Ident::new(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::candidates::Call;
    use crate::model::Catalog;

    fn types(names: &str) -> Vec<Type> {
        names.split(' ').filter(|name| !name.is_empty()).map(Type::internal).collect()
    }

    /// As PostgreSQL 18 says.
    #[test]
    fn operators_are_chosen() {
        let catalog = Catalog::empty(18);
        for (name, arguments, chosen) in [
            ("=", "varchar unknown", "text text"),
            ("=", "varchar text", "text text"),
            ("=", "bpchar unknown", "bpchar bpchar"),
            (">", "numeric int4", "numeric numeric"),
            (">", "int8 int4", "int8 int4"),
            (">", "float8 numeric", "float8 float8"),
            (">", "float4 int4", "float4 float8"),
            ("||", "varchar unknown", "text text"),
            ("||", "int4 unknown", "int4 text"),
            ("->>", "jsonb unknown", "jsonb text"),
            ("-", "timestamptz interval", "timestamptz interval"),
            ("~~", "varchar unknown", "text text"),
            ("@>", "_text _text", "_text _text"),
            ("=", "timestamptz unknown", "timestamptz timestamptz"),
            ("=", "date timestamptz", "date timestamptz"),
            ("@@", "tsvector unknown", "tsvector tsquery"),
            ("-", "int4", "int4"),
        ] {
            let found = Types(&catalog).operator(name, &types(arguments)).map(|found| found.arguments);
            assert_eq!(found, Some(types(chosen)), "{name} {arguments}");
        }
    }

    #[test]
    fn functions_are_chosen() {
        let catalog = Catalog::empty(18);
        for (name, arguments, chosen, result) in [
            ("lower", "varchar", "text", "text"),
            ("lower", "unknown", "text", "text"),
            ("date_trunc", "unknown timestamptz", "text timestamptz", "timestamptz"),
            ("to_tsvector", "unknown text", "regconfig text", "tsvector"),
            ("round", "numeric int4", "numeric int4", "numeric"),
            ("length", "varchar", "text", "int4"),
            ("array_length", "_text int4", "_text int4", "int4"),
            ("jsonb_build_object", "unknown int4", "any any", "jsonb"),
            ("concat", "unknown varchar", "any any", "text"),
            ("make_interval", "int4", "int4", "interval"),
            ("abs", "int8", "int8", "int8"),
            ("array_append", "_text unknown", "_text text", "_text"),
            ("max", "varchar", "text", "text"),
        ] {
            let call = Call::plain(None, name);
            let found = Types(&catalog).function(&call, &types(arguments)).map(|found| (found.arguments, found.result));
            assert_eq!(found, Some((types(chosen), Type::internal(result))), "{name}({arguments})");
        }
        assert_eq!(builtin_columns("jsonb_each", 1).map(|columns| columns.len()), Some(2));
        assert_eq!(builtin_columns("generate_series", 2).map(|columns| columns.len()), Some(0));
        assert_eq!(builtin_columns("now", 0).map(|columns| columns.len()), Some(0));
    }
}
