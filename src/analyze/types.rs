//! Types as parse analysis compares them: without modifiers, by category, and what becomes what by itself
//! (src/backend/parser/parse_coerce.c).

use std::sync::LazyLock;

use pg_query::protobuf::TypeName;
use rustc_hash::FxHashMap;

use super::source::type_called;
use crate::model::{Catalog, Key, ObjectId, QName};
use crate::object::cast::Cast;
use crate::object::{Kind, Object, inheritance};
use crate::sql::types;

/// A type without modifiers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The internal name of a type of `pg_catalog`, or the qualified name of another one.
    pub name: String,
    /// Whether it is the array of that type.
    pub array: bool,
}

const TYPES: &str = include_str!("builtin/types.txt");
const CASTS: &str = include_str!("builtin/casts.txt");

struct Builtin {
    category: char,
    preferred: bool,
    subtype: Option<&'static str>,
    range: bool,
    multirange: bool,
}

static BUILTIN: LazyLock<FxHashMap<&str, Builtin>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut fields = line.split('\t');
        let (name, category, preferred, kind, subtype) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let subtype = Some(subtype).filter(|name| !name.is_empty());
        let category = category.chars().next()?;
        Some((name, Builtin { category, preferred: preferred == "p", subtype, range: kind == "r", multirange: kind == "m" }))
    };
    TYPES.lines().filter_map(row).collect()
});

/// Implicit casts; whether no function is needed.
static IMPLICIT: LazyLock<FxHashMap<(&str, &str), bool>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut fields = line.split('\t');
        let (from, to, context, method) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (context == "i").then_some(((from, to), method == "b"))
    };
    CASTS.lines().filter_map(row).collect()
});

impl Type {
    /// A type of `pg_catalog` by its internal name; `_text` is the array of text.
    pub fn internal(name: &str) -> Self {
        match name.strip_prefix('_').filter(|element| BUILTIN.contains_key(element)) {
            Some(element) => Self { name: element.to_owned(), array: true },
            None => Self { name: name.to_owned(), array: false },
        }
    }

    /// What a literal has of which nothing is known.
    pub fn unknown() -> Self {
        Self::internal("unknown")
    }

    /// As `format_type` spells it.
    pub fn displayed(text: &str) -> Self {
        let text = text.strip_prefix("SETOF ").unwrap_or(text);
        let (text, array) = text.strip_suffix("[]").map_or((text, false), |element| (element.trim_end_matches("[]"), true));
        // A modifier stands in the middle of `timestamp(3) with time zone`.
        let bare = match (text.find('('), text.find(')')) {
            (Some(open), Some(close)) if !text.starts_with('"') && open < close => format!("{}{}", &text[..open], &text[close + 1..]),
            _ => text.to_owned(),
        };
        let name = match bare.as_str() {
            "boolean" => "bool",
            "smallint" => "int2",
            "integer" => "int4",
            "bigint" => "int8",
            "real" => "float4",
            "double precision" => "float8",
            "character varying" => "varchar",
            "character" => "bpchar",
            "bit varying" => "varbit",
            "\"bit\"" => "bit",
            "\"char\"" => "char",
            "time without time zone" => "time",
            "time with time zone" => "timetz",
            "timestamp without time zone" => "timestamp",
            "timestamp with time zone" => "timestamptz",
            name if name.starts_with("interval ") => "interval",
            name => name,
        };
        Self { name: name.to_owned(), array }
    }

    /// As the parser gives it, its name written out in full.
    pub fn parsed(name: &TypeName) -> Option<Self> {
        let spelling = types::spell(name).ok().filter(|spelling| !spelling.percent_type)?;
        match spelling.schema.as_deref() {
            None | Some("pg_catalog") => {
                let inner = Self::internal(&spelling.name);
                Some(Self { array: inner.array || spelling.array_dims > 0, ..inner })
            }
            Some(schema) => Some(Self { name: QName::new(schema, spelling.name.as_str()).to_string(), array: spelling.array_dims > 0 }),
        }
    }

    /// As `format_type` spells it.
    pub fn display(&self) -> String {
        let array = if self.array { "[]" } else { "" };
        types::builtin_display(&self.name, &[], self.array).unwrap_or_else(|| format!("{}{array}", self.name))
    }

    /// Whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        self.name == "unknown" && !self.array
    }

    /// Whether it stands for other types.
    pub fn is_polymorphic(&self) -> bool {
        self.name.starts_with("any") && !self.array && self.name != "any"
    }

    /// The element of an array; its own self otherwise.
    pub fn element(&self) -> Self {
        match (self.array, self.name.as_str()) {
            (false, "int2vector") => Self::internal("int2"),
            (false, "oidvector") => Self::internal("oid"),
            _ => Self { name: self.name.clone(), array: false },
        }
    }

    /// The array of it.
    pub fn array(&self) -> Self {
        Self { name: self.name.clone(), array: true }
    }

    /// Whether values of it are plain text.
    pub fn is_text(&self) -> bool {
        !self.array && matches!(self.name.as_str(), "text" | "varchar" | "bpchar" | "name" | "unknown")
    }

    /// Whether it is a type of `pg_catalog`, or an array of one.
    pub fn is_builtin(&self) -> bool {
        BUILTIN.contains_key(self.name.as_str())
    }

    fn builtin(&self) -> Option<&'static Builtin> {
        if self.array { None } else { BUILTIN.get(self.name.as_str()) }
    }
}

/// The types of a catalog beside PostgreSQL's own.
#[derive(Clone, Copy)]
pub struct Types<'a>(pub &'a Catalog);

/// The type of an argument, with what is asked about it candidate by candidate.
pub struct Given<'t> {
    /// Its type.
    pub of: &'t Type,
    /// What a domain is made of; else the type itself.
    pub base: Type,
    /// Its [`Types::category`].
    pub category: (char, bool),
    /// Whether PostgreSQL has casts from it to its own types.
    pub casts: bool,
}

impl Types<'_> {
    fn own(&self, of: &Type) -> Option<&Object> {
        if of.array || of.builtin().is_some() {
            return None;
        }
        type_called(self.0, &of.name).map(|(_, entry)| &entry.object)
    }

    /// Whether it is an enum that somebody made.
    pub(super) fn is_enum(&self, of: &Type) -> bool {
        matches!(self.own(of), Some(Object::Enum(_)))
    }

    /// `getBaseType`: what a domain is made of.
    pub fn base(&self, of: &Type) -> Type {
        let mut at = of.clone();
        if at.array || at.builtin().is_some() {
            return at;
        }
        for _ in 0..32 {
            let Some(Object::Domain(domain)) = self.own(&at) else { break };
            at = Type::displayed(&domain.base.0);
        }
        while let Some(base) = self.member_base(&at) {
            at = base;
        }
        at
    }

    /// `TypeCategory`, and whether the type is the preferred one of it.
    pub fn category(&self, of: &Type) -> (char, bool) {
        if of.array {
            return ('A', false);
        }
        if let Some(builtin) = of.builtin() {
            return (builtin.category, builtin.preferred);
        }
        match self.own(of) {
            Some(Object::Enum(_)) => ('E', false),
            Some(Object::Range(_)) => ('R', false),
            Some(Object::Domain(_)) => self.category(&self.base(of)),
            Some(_) => ('C', false),
            None => match self.member_type(of) {
                Some(member) => member.category,
                None => ('U', false),
            },
        }
    }

    /// An argument, with what candidates are asked about it.
    pub fn given<'t>(&self, of: &'t Type) -> Given<'t> {
        let base = self.base(of);
        let category = self.category(&base);
        let casts = !base.array && base.builtin().is_some();
        Given { of, base, category, casts }
    }

    /// `can_coerce_type` in an implicit context, for one argument.
    pub fn coerces(&self, from: &Type, to: &Type) -> bool {
        from == to || self.becomes(&self.given(from), to)
    }

    /// The same for an argument that is asked about more than once.
    pub fn becomes(&self, from: &Given<'_>, to: &Type) -> bool {
        let Given { of, base, category, casts } = from;
        if *of == to || of.is_unknown() || to.name == "any" && !to.array {
            return true;
        }
        if to.is_polymorphic() {
            return self.fits(from, to);
        }
        // A domain takes what the type takes that it is made of (`find_coercion_pathway`).
        let to = &self.base(to);
        if base == to || *casts && !to.array && IMPLICIT.contains_key(&(base.name.as_str(), to.name.as_str())) {
            return true;
        }
        if !base.array && !to.array && self.extension_casts(base, to) {
            return true;
        }
        if self.own_cast(base, to).is_some_and(|(_, cast)| cast.is_implicit()) {
            return true;
        }
        if base.array && to.array {
            let (from, to) = (base.element(), to.element());
            return from == to || self.coerces(&from, &to) && !from.is_unknown();
        }
        match to.name.as_str() {
            "record" if !to.array => category.0 == 'C',
            "_record" => base.array && self.category(&base.element()).0 == 'C',
            _ => category.0 == 'C' && !to.array && self.descends(base, to),
        }
    }

    /// Whether the rows of a table are rows of a table that it inherits from, or of the type that it is OF (`typeInheritsFrom` and
    /// `typeIsOfTypedTable` of src/backend/parser/parse_coerce.c).
    fn descends(&self, from: &Type, to: &Type) -> bool {
        let Some((id, entry)) = type_called(self.0, &from.name) else { return false };
        let Object::Table(table) = &entry.object else { return false };
        let same = |name: &QName| name.to_string() == to.name;
        if table.of_type.as_ref().is_some_and(same) {
            return true;
        }
        let mut open: Vec<&QName> = id.qname().into_iter().collect();
        while let Some(child) = open.pop() {
            for (_, link) in inheritance::parents(self.0, child) {
                if same(&link.parent) {
                    return true;
                }
                open.push(&link.parent);
            }
        }
        false
    }

    /// The cast from one type to another that somebody made (`find_coercion_pathway`).
    pub fn own_cast(&self, from: &Type, to: &Type) -> Option<(ObjectId, &Cast)> {
        // Most catalogs have none.
        self.0.of_kind(Kind::Cast).next()?;
        let id = ObjectId::new(Kind::Cast, Key::Two(from.display(), to.display()));
        match self.0.object(&id)? {
            Object::Cast(cast) => Some((id, cast)),
            _ => None,
        }
    }

    /// The casts that somebody made and that are done by themselves.
    pub fn own_implicit_casts(&self) -> impl Iterator<Item = &ObjectId> {
        self.0.of_kind(Kind::Cast).filter(|(_, entry)| matches!(&entry.object, Object::Cast(cast) if cast.is_implicit())).map(|(id, _)| id)
    }

    /// Whether an argument can stand where a polymorphic type is declared.
    fn fits(&self, Given { base, category, .. }: &Given<'_>, to: &Type) -> bool {
        match to.name.as_str() {
            "anyarray" | "anycompatiblearray" => base.array || matches!(base.name.as_str(), "int2vector" | "oidvector"),
            "anynonarray" | "anycompatiblenonarray" => !base.array,
            "anyenum" => category.0 == 'E',
            "anyrange" | "anycompatiblerange" => self.is_range(base),
            "anymultirange" | "anycompatiblemultirange" => base.builtin().is_some_and(|builtin| builtin.multirange),
            _ => true,
        }
    }

    fn is_range(&self, of: &Type) -> bool {
        of.builtin().map_or_else(|| matches!(self.own(of), Some(Object::Range(_))), |builtin| builtin.range)
    }

    /// The subtype of a range or multirange.
    pub fn subtype(&self, of: &Type) -> Option<Type> {
        match of.builtin() {
            Some(builtin) => builtin.subtype.map(Type::internal),
            None => match self.own(of)? {
                Object::Range(range) => Some(Type::displayed(&range.subtype.0)),
                _ => None,
            },
        }
    }

    /// `select_common_type` of UNION, CASE, COALESCE and the like; `None` where one is not known, or they have nothing in common.
    pub fn common(&self, all: &[Type]) -> Option<Type> {
        let first = all.first()?;
        if !first.is_unknown() && all.iter().all(|each| each == first) {
            return Some(first.clone());
        }
        let mut chosen: Option<Type> = None;
        for each in all.iter().filter(|each| !each.is_unknown()).map(|each| self.base(each)) {
            let Some(present) = &chosen else {
                chosen = Some(each);
                continue;
            };
            let ((a, preferred), (b, _)) = (self.category(present), self.category(&each));
            if *present == each {
                continue;
            }
            if a != b {
                return None;
            }
            if !preferred && self.coerces(present, &each) && !self.coerces(&each, present) {
                chosen = Some(each);
            }
        }
        Some(chosen.unwrap_or_else(|| Type::internal("text")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_one_name() {
        for (text, name, array) in [
            ("character varying(50)", "varchar", false),
            ("timestamp(3) with time zone[]", "timestamptz", true),
            ("interval day to second(3)", "interval", false),
            ("public.\"a(b\"[]", "public.\"a(b\"", true),
            ("numeric(10,2)", "numeric", false),
        ] {
            assert_eq!(Type::displayed(text), Type { name: name.to_owned(), array }, "{text}");
        }
        assert_eq!(Type::internal("_int4"), Type::displayed("integer[]"));
        assert_eq!(Type::parsed(&crate::sql::parse_type("int[]").unwrap_or_default()), Some(Type::displayed("integer[]")));
    }

    #[test]
    fn what_is_common() {
        let catalog = Catalog::empty(18);
        let types = Types(&catalog);
        let common = |names: &[&str]| types.common(&names.iter().map(|name| Type::internal(name)).collect::<Vec<_>>()).map(|of| of.name);
        assert_eq!(common(&["int4", "numeric"]).as_deref(), Some("numeric"));
        assert_eq!(common(&["varchar", "unknown"]).as_deref(), Some("varchar"));
        assert_eq!(common(&["varchar", "text"]).as_deref(), Some("varchar"));
        assert_eq!(common(&["unknown", "unknown"]).as_deref(), Some("text"));
        assert_eq!(common(&["int4", "text"]), None);
    }
}
