//! What the extensions that come with PostgreSQL have: types, casts, operators and functions. Their members are no objects of the catalog,
//! which only knows in which schema an extension is.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::candidates::{Callee, Place, place};
use super::overload::{Function, Signature, signature};
use super::types::{Type, Types};
use crate::model::{Catalog, ObjectId, QName};
use crate::object::{Kind, Object};
use crate::sql::parse_qualified_name;

const MEMBERS: &str = include_str!("builtin/extensions.txt");

/// A type of an extension.
pub struct MemberType {
    /// Its category, and whether it is the preferred one of it.
    pub category: (char, bool),
    /// What a domain is made of.
    base: Option<Type>,
}

/// What an extension has. Types of extensions are called `extension/type` here, wherever they are.
#[derive(Default)]
struct Members {
    types: FxHashMap<&'static str, MemberType>,
    /// Casts that are made by themselves.
    implicit: FxHashSet<(&'static str, &'static str)>,
    operators: FxHashMap<&'static str, Vec<Signature>>,
    functions: FxHashMap<&'static str, Vec<Function>>,
}

static EXTENSION: LazyLock<FxHashMap<&str, Members>> = LazyLock::new(|| {
    let mut all: FxHashMap<&str, Members> = FxHashMap::default();
    for line in MEMBERS.lines() {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [extension, what, fields @ ..] = fields.as_slice() else { continue };
        let members = all.entry(*extension).or_default();
        match (*what, fields) {
            ("t", [name, category, preferred, _, base]) => {
                let base = Some(*base).filter(|base| !base.is_empty()).map(raw);
                let category = (category.chars().next().unwrap_or('U'), *preferred == "p");
                members.types.insert(*name, MemberType { category, base });
            }
            ("c", [from, to, "i", _]) => drop(members.implicit.insert((*from, *to))),
            ("o", [name, operands @ .., result]) => members.operators.entry(*name).or_default().push(signature(operands, result, raw)),
            ("f", fields) => {
                let Some((name, function)) = Function::parsed(fields, raw) else { continue };
                function.put(members.functions.entry(name).or_default());
            }
            _ => {}
        }
    }
    all
});

/// A type as it is called here.
fn raw(name: &str) -> Type {
    match name.strip_prefix('_').filter(|_| name.contains('/')) {
        Some(element) => Type { name: element.to_owned(), array: true },
        None => Type::internal(name),
    }
}

/// The extensions of a catalog of which the members are known, with where they are.
fn installed(catalog: &Catalog) -> impl Iterator<Item = (&'static str, Place, &'static Members)> {
    catalog.of_kind(Kind::Extension).filter_map(|(id, entry)| {
        let Object::Extension(extension) = &entry.object else { return None };
        let (name, members) = EXTENSION.get_key_value(id.name()?.as_str())?;
        Some((*name, place(Some(extension.schema.as_str())), members))
    })
}

/// The extensions in a schema that have operators of that name for so many operands.
pub fn with_operator(catalog: &Catalog, schema: &str, name: &str, operands: usize) -> Vec<ObjectId> {
    let at = place(Some(schema));
    let has = |members: &Members| members.operators.get(name).is_some_and(|all| all.iter().any(|own| own.arguments.len() == operands));
    with(catalog, &at, has)
}

/// Whether extensions have operators of that name in a schema, whatever its operands.
pub fn has_operator(catalog: &Catalog, schema: &str, name: &str) -> bool {
    !with(catalog, &place(Some(schema)), |members| members.operators.contains_key(name)).is_empty()
}

/// The extensions in a schema that have functions of that name that can be called with so many arguments.
pub fn with_function(catalog: &Catalog, schema: &str, name: &str, arguments: usize) -> Vec<ObjectId> {
    let at = place(Some(schema));
    let has = |members: &Members| members.functions.get(name).is_some_and(|all| all.iter().any(|own| own.takes(arguments)));
    with(catalog, &at, has)
}

fn with(catalog: &Catalog, at: &Place, has: impl Fn(&Members) -> bool) -> Vec<ObjectId> {
    let here = installed(catalog).filter(|(_, place, members)| place == at && has(members));
    here.map(|(name, ..)| ObjectId::global(Kind::Extension, name)).collect()
}

/// The OUT columns of a function of an extension, as [`builtin_columns`](super::overload::builtin_columns).
pub fn columns(catalog: &Catalog, schema: &str, name: &str, arguments: usize) -> Option<Vec<(&'static str, Type)>> {
    let (types, at) = (Types(catalog), place(Some(schema)));
    let (.., members) = installed(catalog).find(|(_, place, members)| *place == at && members.functions.contains_key(name))?;
    let columns = super::overload::columns(members.functions.get(name)?, arguments)?;
    Some(columns.into_iter().map(|(name, of)| (name, types.placed(&of).into_owned())).collect())
}

/// Whether an extension brings operators, which may hide PostgreSQL's.
pub fn bring_operators(catalog: &Catalog) -> bool {
    installed(catalog).any(|(.., members)| !members.operators.is_empty())
}

impl<'a> Types<'a> {
    /// A type of an extension as the catalog calls it.
    fn placed<'t>(&self, of: &'t Type) -> Cow<'t, Type> {
        let Some((extension, name)) = of.name.split_once('/') else { return Cow::Borrowed(of) };
        let name = match self.0.object(&ObjectId::global(Kind::Extension, extension)) {
            Some(Object::Extension(extension)) if extension.schema.as_str() == "pg_catalog" => name.to_owned(),
            Some(Object::Extension(extension)) => QName::new(extension.schema.as_str(), name).to_string(),
            _ => return Cow::Borrowed(of),
        };
        Cow::Owned(Type { name, array: of.array })
    }

    fn all_placed(&self, all: &[Type]) -> Vec<Type> {
        all.iter().map(|of| self.placed(of).into_owned()).collect()
    }

    /// The type of an extension that is called so, with the extension and its name there.
    fn member(&self, of: &Type) -> Option<(&'static str, &'static str, &'static MemberType)> {
        if of.is_builtin() || self.0.of_kind(Kind::Extension).next().is_none() {
            return None;
        }
        let parts = parse_qualified_name(&of.name)?;
        let (at, name) = match parts.as_slice() {
            [name] => (None, name),
            [schema, name] => (place(Some(schema)), name),
            _ => return None,
        };
        installed(self.0).find_map(|(extension, place, members)| {
            let (name, member) = members.types.get_key_value(name.as_str())?;
            (place == at).then_some((extension, *name, member))
        })
    }

    /// The type of an extension that is called so.
    pub(super) fn member_type(&self, of: &Type) -> Option<&'static MemberType> {
        self.member(of).map(|(.., member)| member)
    }

    /// What a domain of an extension is made of.
    pub(super) fn member_base(&self, of: &Type) -> Option<Type> {
        self.member_type(of)?.base.as_ref().map(|base| self.placed(base).into_owned())
    }

    /// Whether an extension has brought a cast that is made by itself.
    pub(super) fn extension_casts(&self, from: &Type, to: &Type) -> bool {
        // PostgreSQL's own are no matter of extensions; and many candidates are asked about where there are none.
        if from.is_builtin() && to.is_builtin() || installed(self.0).next().is_none() {
            return false;
        }
        let called = |of: &Type| self.member(of).map_or_else(|| of.name.clone(), |(extension, name, _)| format!("{extension}/{name}"));
        let (from, to) = (called(from), called(to));
        installed(self.0).any(|(.., members)| members.implicit.contains(&(&*from, &*to)))
    }

    /// The operators that extensions have in a place.
    pub(super) fn extension_operators(&self, at: &Place, name: &str, operands: usize) -> Vec<Signature> {
        let here = installed(self.0).filter(|(_, place, _)| place == at);
        here.flat_map(|found| self.operators_of(found, name, operands)).collect()
    }

    /// The operators that extensions have anywhere.
    pub(super) fn all_extension_operators(&self, name: &str, operands: usize) -> Vec<Signature> {
        installed(self.0).flat_map(|found| self.operators_of(found, name, operands)).collect()
    }

    fn operators_of(
        &self,
        (extension, at, members): (&'static str, Place, &'static Members),
        name: &str,
        operands: usize,
    ) -> Vec<Signature> {
        let fitting = members.operators.get(name).into_iter().flatten().filter(|own| own.arguments.len() == operands);
        let placed = |own: &Signature| Signature {
            arguments: self.all_placed(&own.arguments),
            result: self.placed(&own.result).into_owned(),
            declared: self.all_placed(&own.declared),
            schema: at.clone(),
            extension: Some(extension),
        };
        fitting.map(placed).collect()
    }

    /// The functions that extensions have in a place, each with the extension.
    pub(super) fn extension_functions(&self, at: &Place, name: &str) -> Vec<(&'static str, Callee<'static>)> {
        let placed = |function: &'static Function| {
            let callee = function.callee();
            Callee { inputs: self.all_placed(&callee.inputs).into(), result: self.placed(&callee.result).into_owned(), ..callee }
        };
        let here = installed(self.0).filter(|(_, place, _)| place == at);
        let of = |(extension, _, members): (&'static str, Place, &'static Members)| {
            members.functions.get(name).into_iter().flatten().map(move |function| (extension, function))
        };
        here.flat_map(of).map(|(extension, function)| (extension, placed(function))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::candidates::Call;
    use crate::model::{Entry, Ident};
    use crate::object::extension::Extension;

    /// A database with extensions, of which citext is in a schema of its own.
    fn catalog() -> Catalog {
        let mut catalog = Catalog::empty(18);
        for (name, schema) in
            [("citext", "c"), ("hstore", "public"), ("cube", "public"), ("earthdistance", "public"), ("btree_gist", "public")]
        {
            let extension = Extension { schema: Ident::new(schema), version: None };
            catalog.insert(ObjectId::global(Kind::Extension, name), Entry::new(extension, None));
        }
        catalog
    }

    fn types(names: &str) -> Vec<Type> {
        names.split(' ').map(Type::displayed).collect()
    }

    /// As PostgreSQL 18 says, with `c` and `public` in the path.
    #[test]
    fn operators_are_chosen() {
        let (catalog, path) = (catalog(), [None, place(Some("c")), place(Some("public"))]);
        for (name, operands, chosen, extension) in [
            ("=", "c.citext unknown", "c.citext c.citext", Some("citext")),
            ("=", "c.citext text", "text text", None),
            ("=", "text unknown", "text text", None),
            ("->", "public.hstore unknown", "public.hstore text", Some("hstore")),
            ("->", "jsonb unknown", "jsonb text", None),
            ("<->", "public.earth public.cube", "public.cube public.cube", Some("cube")),
            ("<->", "integer integer", "int4 int4", Some("btree_gist")),
        ] {
            let found = Types(&catalog).operator_in(&path, name, &types(operands)).map(|found| (found.arguments, found.extension));
            assert_eq!(found, Some((types(chosen), extension)), "{name} {operands}");
        }
        let unseen = Types(&catalog).operator_in(&path[..1], "=", &types("c.citext unknown")).map(|found| found.arguments);
        assert_eq!(unseen, Some(types("text text")));
    }

    #[test]
    fn members_are_where_the_extension_is() {
        let catalog = catalog();
        let all = Types(&catalog);
        let call = Call { path: vec![None, place(Some("c"))], ..Call::plain(None, "max") };
        let found = all.function(&call, &types("c.citext")).map(|found| (found.result, found.extension));
        assert_eq!(found, Some((Type::displayed("c.citext"), Some("citext"))));
        assert!(
            all.coerces(&Type::displayed("c.citext"), &Type::internal("text"))
                && !all.coerces(&Type::displayed("c.citext"), &Type::internal("bpchar"))
        );
        assert_eq!(all.category(&Type::displayed("c.citext")), ('S', false));
        assert_eq!(all.base(&Type::displayed("public.earth")), Type::displayed("public.cube"));
        let each = columns(&catalog, "public", "each", 1);
        assert_eq!(each, Some(vec![("key", Type::internal("text")), ("value", Type::internal("text"))]));
    }
}
