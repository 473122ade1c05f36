//! What ALTER COLUMN TYPE does to the values: whether PostgreSQL converts them by itself, writes the table anew, or may fail.


use crate::model::{Catalog, Hazard, IdSet, Ident, TypeName};
use crate::object::{Kind, Object};

/// PostgreSQL's own casts between types that columns have: source, targets that assignment reaches, targets that want an
/// explicit cast (`pg_cast` of 14, less the casts to strings, which all types have by assignment).
const CASTS: &[(&str, &[&str], &[&str])] = &[
    ("\"char\"", &[], &["integer"]),
    ("bigint", &["double precision", "integer", "money", "numeric", "oid", "real", "smallint"], &["bit"]),
    ("bit", &["bit varying"], &["bigint", "integer"]),
    ("bit varying", &["bit"], &[]),
    ("boolean", &[], &["integer"]),
    ("box", &["polygon"], &["circle", "lseg", "point"]),
    ("cidr", &["inet"], &[]),
    ("circle", &[], &["box", "point", "polygon"]),
    ("date", &["timestamp with time zone", "timestamp without time zone"], &[]),
    ("daterange", &[], &["datemultirange"]),
    ("double precision", &["bigint", "integer", "numeric", "real", "smallint"], &[]),
    ("inet", &["cidr"], &[]),
    ("int4range", &[], &["int4multirange"]),
    ("int8range", &[], &["int8multirange"]),
    ("integer", &["bigint", "double precision", "money", "numeric", "oid", "real", "smallint"], &["\"char\"", "bit", "boolean"]),
    ("interval", &["time without time zone"], &[]),
    ("json", &["jsonb"], &[]),
    ("jsonb", &["json"], &["bigint", "boolean", "double precision", "integer", "numeric", "real", "smallint"]),
    ("lseg", &[], &["point"]),
    ("macaddr", &["macaddr8"], &[]),
    ("macaddr8", &["macaddr"], &[]),
    ("money", &["numeric"], &[]),
    ("numeric", &["bigint", "double precision", "integer", "money", "real", "smallint"], &[]),
    ("numrange", &[], &["nummultirange"]),
    ("oid", &["bigint", "integer"], &[]),
    ("path", &["polygon"], &["point"]),
    ("point", &["box"], &[]),
    ("polygon", &["path"], &["box", "circle", "point"]),
    ("real", &["bigint", "double precision", "integer", "numeric", "smallint"], &[]),
    ("smallint", &["bigint", "double precision", "integer", "numeric", "oid", "real"], &[]),
    ("time with time zone", &["time without time zone"], &[]),
    ("time without time zone", &["interval", "time with time zone"], &[]),
    (
        "timestamp with time zone",
        &["date", "time with time zone", "time without time zone", "timestamp without time zone"],
        &[],
    ),
    ("timestamp without time zone", &["date", "time without time zone", "timestamp with time zone"], &[]),
    ("tsrange", &[], &["tsmultirange"]),
    ("tstzrange", &[], &["tstzmultirange"]),
    ("xid8", &[], &["xid"]),
];

/// Types of string category: everything casts to them by assignment, and from them explicitly, by way of text.
const STRINGS: &[&str] = &["text", "character varying", "character", "name", "\"char\""];

/// Changes that leave the stored bytes as they are, beside those of modifiers (measured on 14 to 18).
const BINARY: &[(&str, &str)] = &[
    ("character varying", "text"),
    ("text", "character varying"),
    ("cidr", "inet"),
    ("xml", "text"),
    ("integer", "oid"),
];

/// Whole numbers by width.
const INTEGERS: &[&str] = &["smallint", "integer", "bigint"];

/// A type taken apart, domains resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape {
    base: String,
    modifiers: Vec<i64>,
    modified: bool,
    array: bool,
    /// Through a domain with constraints.
    constrained: bool,
}

/// What a change of type means.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// What stands behind USING.
    pub using: Option<String>,
    /// The table is written anew.
    pub rewrites: bool,
    /// What may happen to values.
    pub hazards: Vec<Hazard>,
}

/// A type with the catalog in which its domains are, and what the column needs of that.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    /// The type.
    pub name: &'a TypeName,
    /// Where its domains are.
    pub catalog: &'a Catalog,
    /// What the column needs.
    pub needs: Option<&'a IdSet>,
}

/// What becomes of the values of a column whose type changes. `through_text`: the old type has a new one under its name.
pub fn conversion(column: &Ident, from: Typed<'_>, to: Typed<'_>, through_text: bool) -> Conversion {
    let (old, new) = (shape(from), shape(to));
    let using = using(column, &old, &new, to.name, through_text);
    let unconstrained = !new.constrained || from.name == to.name;
    let rewrites = through_text || using.is_some() || !unconstrained || !same_bytes(&old, &new);
    let mut hazards = Vec::new();
    if from.name != to.name || through_text {
        hazards.extend(value_hazard(&old, &new, to.name, using.is_some()));
        if new.constrained && from.name != to.name {
            hazards.push(Hazard::Assumes(format!("every value satisfies the constraints of {}", to.name)));
        }
    }
    Conversion { using, rewrites, hazards }
}

/// Whether the type checks values: a domain with constraints, be it below another domain.
pub fn is_constrained(typed: Typed<'_>) -> bool {
    shape(typed).constrained
}

/// Whether the type has a default of its own: a domain's.
pub fn has_default(typed: Typed<'_>) -> bool {
    let domain = typed.needs.into_iter().flatten().find(|id| id.kind == Kind::Domain && id.spelled() == typed.name.0);
    matches!(domain.and_then(|id| typed.catalog.object(id)), Some(Object::Domain(domain)) if domain.default.is_some())
}

fn shape(typed: Typed<'_>) -> Shape {
    let (mut constrained, mut array) = (false, false);
    let (mut name, mut needs) = (typed.name, typed.needs);
    // Domains over domains end; a damaged catalog may not.
    for _ in 0..32 {
        let element = name.0.strip_suffix("[]").unwrap_or(&name.0);
        array |= element.len() != name.0.len();
        let domain = needs.into_iter().flatten().find(|id| id.kind == Kind::Domain && id.spelled() == element);
        let Some((id, entry)) = domain.and_then(|id| Some((id, typed.catalog.get(id)?))) else { break };
        let Object::Domain(below) = &entry.object else { break };
        constrained |= typed.catalog.children_of(id, Kind::DomainConstraint).next().is_some();
        (name, needs) = (&below.base, Some(&entry.needs));
    }
    let (base, modifiers) = split(name.0.strip_suffix("[]").unwrap_or(&name.0));
    Shape { base, modified: modifiers.is_some(), modifiers: modifiers.unwrap_or_default(), array, constrained }
}

/// `timestamp(3) with time zone` into `timestamp with time zone` and 3. Parentheses within quotes are part of a name.
pub(in crate::object) fn split(text: &str) -> (String, Option<Vec<i64>>) {
    let mut quoted = false;
    let open = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '(' && !quoted
    });
    let Some(((before, inside), after)) =
        open.and_then(|(at, _)| text.split_at_checked(at)).and_then(|(before, rest)| Some(((before, rest.get(1..)?), rest.split_once(')')?.1)))
    else {
        return (text.to_owned(), None);
    };
    let list = inside.split(')').next().unwrap_or_default();
    // Modifiers of extensions' types can be words; they only matter by being equal.
    let number = |text: &str| text.trim().parse().unwrap_or_else(|_| text.bytes().fold(-1, |sum: i64, c| sum.wrapping_mul(31) - i64::from(c)));
    (format!("{before}{after}"), Some(list.split(',').map(number).collect()))
}

fn cast(from: &str, to: &str) -> Option<bool> {
    // No string to PostgreSQL any more (`typcategory` Z since 15), but reached from strings.
    let is_char = |name: &str| name == "\"char\"";
    if from == to || STRINGS.contains(&to) && (!is_char(to) || STRINGS.contains(&from)) {
        return Some(true);
    }
    let listed = CASTS.iter().find(|(source, _, _)| *source == from);
    match listed {
        Some((_, assigned, _)) if assigned.contains(&to) => Some(true),
        Some((_, _, explicit)) if explicit.contains(&to) => Some(false),
        _ => (STRINGS.contains(&from) && !is_char(from)).then_some(false),
    }
}

fn using(column: &Ident, old: &Shape, new: &Shape, to: &TypeName, through_text: bool) -> Option<String> {
    let text = if old.array && new.array { "text[]" } else { "text" };
    let by_text = Some(format!("{column}::{text}::{to}"));
    let way = if through_text || cast(&old.base, &new.base).is_none() { "::text" } else { "" };
    match (old.array, new.array) {
        (false, true) => return Some(format!("CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}{way}]::{to} END")),
        (true, false) if STRINGS.contains(&new.base.as_str()) && !through_text => return None,
        (true, false) => return Some(format!("({column}[1]{way})::{to}")),
        _ if through_text => return by_text,
        _ => {}
    }
    let is_number = |name: &str| INTEGERS.contains(&name) || matches!(name, "numeric" | "real" | "double precision");
    match cast(&old.base, &new.base) {
        Some(true) => None,
        Some(false) => Some(format!("{column}::{to}")),
        None if (old.base == "boolean" && is_number(&new.base)) || (is_number(&old.base) && new.base == "boolean") => {
            Some(format!("{column}::integer{}::{to}", if old.array { "[]" } else { "" }))
        }
        None => by_text,
    }
}

/// Whether values stay as they are stored (rewrite-free changes, measured; all others are taken to rewrite).
fn same_bytes(old: &Shape, new: &Shape) -> bool {
    if old.array || new.array {
        return old.array == new.array && old.base == new.base && old.modifiers == new.modifiers;
    }
    if old.base != new.base {
        return !new.modified && BINARY.contains(&(old.base.as_str(), new.base.as_str()));
    }
    old.modifiers == new.modifiers || widens(old, new)
}

/// Whether the modifiers of the same type let through all that they let through before, without a change of values.
fn widens(old: &Shape, new: &Shape) -> bool {
    let fixed = matches!(old.base.as_str(), "character" | "bit");
    match (old.modifiers.as_slice(), new.modifiers.as_slice()) {
        _ if fixed => false,
        (_, []) => true,
        ([old], [new]) => *new >= 0 && old <= new,
        ([precision, scale], [wider, same]) => precision <= wider && scale == same && old.base == "numeric",
        _ => false,
    }
}

fn value_hazard(old: &Shape, new: &Shape, to: &TypeName, explicit: bool) -> Option<Hazard> {
    let fits = || Some(Hazard::Assumes(format!("every value fits into {to}")));
    let loss = |what: &str| Some(Hazard::Loss(format!("{what}, which {to} does not keep")));
    let (a, b) = (old.base.as_str(), new.base.as_str());
    let width = |name| INTEGERS.iter().position(|integer| *integer == name);
    let is_time = |name: &str| name.starts_with("time ");
    let is_timestamp = |name: &str| name.starts_with("timestamp ");
    let fractional = |name: &str| matches!(name, "numeric" | "real" | "double precision" | "money");
    if old.array && !new.array && !STRINGS.contains(&b) {
        return loss("all elements but the first");
    }
    if a == b {
        return match (old.modifiers.as_slice(), new.modifiers.as_slice()) {
            _ if old.modifiers == new.modifiers || widens(old, new) => None,
            ([_, old], [_, new]) if new < old => loss("digits behind the point"),
            ([], [_, _] | [_]) if a == "numeric" => loss("digits behind the point"),
            _ if is_time(a) || is_timestamp(a) || a == "interval" => loss("fractions of seconds"),
            _ => fits(),
        };
    }
    match (a, b) {
        _ if width(a).zip(width(b)).is_some_and(|(a, b)| b < a) => fits(),
        _ if fractional(a) && width(b).is_some() => loss("fractions"),
        ("double precision" | "numeric", "real") | ("numeric", "double precision") => loss("precision"),
        _ if is_timestamp(a) && b == "date" => loss("the time of day"),
        _ if is_timestamp(a) && is_time(b) => loss("the date"),
        ("interval", _) if is_time(b) => loss("days"),
        _ if is_timestamp(a) && is_timestamp(b) => Some(Hazard::Assumes("values are meant in the session's TimeZone".to_owned())),
        _ if STRINGS.contains(&b) => if new.modified { fits() } else { None },
        _ if explicit => Some(Hazard::Assumes(format!("every value converts to {to}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(from: &str, to: &str) -> Conversion {
        let catalog = Catalog::empty(18);
        let (from, to) = (TypeName(from.into()), TypeName(to.into()));
        let typed = |name| Typed { name, catalog: &catalog, needs: None };
        conversion(&Ident::new("c"), typed(&from), typed(&to), false)
    }

    #[test]
    fn values_are_cast_where_assignment_does_not_do_it() {
        for (from, to, using) in [
            ("integer", "bigint", None),
            ("text", "character varying(10)", None),
            ("text", "integer", Some("c::integer")),
            ("jsonb", "text", None),
            ("integer", "boolean", Some("c::boolean")),
            ("boolean", "bigint", Some("c::integer::bigint")),
            ("s.mood", "s.\"Mood2\"", Some("c::text::s.\"Mood2\"")),
            ("s.mood[]", "s.m[]", Some("c::text[]::s.m[]")),
            ("s.mood", "text", None),
            ("character varying(5)[]", "text[]", None),
            ("integer", "integer[]", Some("CASE WHEN c IS NOT NULL THEN ARRAY[c]::integer[] END")),
            ("integer[]", "bigint", Some("(c[1])::bigint")),
            ("integer", "uuid", Some("c::text::uuid")),
            ("date", "s.pair[]", Some("CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::s.pair[] END")),
            ("date[]", "s.pair", Some("(c[1]::text)::s.pair")),
        ] {
            assert_eq!(convert(from, to).using.as_deref(), using, "{from} to {to}");
        }
    }

    #[test]
    fn one_value_of_a_type_that_is_made_anew_becomes_an_array_of_one() {
        let catalog = Catalog::empty(18);
        for (from, to, using) in [
            ("s.e", "s.e", "c::text::s.e"),
            ("s.e[]", "s.e[]", "c::text[]::s.e[]"),
            ("s.e", "s.e[]", "CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::s.e[] END"),
            ("s.e[]", "s.e", "(c[1]::text)::s.e"),
        ] {
            let (from, to) = (TypeName(from.into()), TypeName(to.into()));
            let typed = |name| Typed { name, catalog: &catalog, needs: None };
            let converted = conversion(&Ident::new("c"), typed(&from), typed(&to), true);
            assert_eq!(converted.using.as_deref(), Some(using), "{} to {}", from.0, to.0);
        }
    }

    #[test]
    fn rewrites_are_known() {
        for (from, to, rewrites) in [
            ("character varying(20)", "character varying(50)", false),
            ("character varying(20)", "text", false),
            ("character varying(20)", "character varying(10)", true),
            ("text", "character varying", false),
            ("text", "character varying(50)", true),
            ("character varying[]", "text[]", true),
            ("character(5)", "character(10)", true),
            ("numeric(10,2)", "numeric(14,2)", false),
            ("numeric(10,2)", "numeric", false),
            ("numeric(10,2)", "numeric(12,4)", true),
            ("timestamp(3) without time zone", "timestamp(6) without time zone", false),
            ("timestamp with time zone", "timestamp(3) with time zone", true),
            ("interval(3)", "interval", false),
            ("cidr", "inet", false),
            ("integer", "oid", false),
            ("integer", "bigint", true),
            ("public.vector(3)", "public.vector(3)", false),
        ] {
            assert_eq!(convert(from, to).rewrites, rewrites, "{from} to {to}");
        }
    }

    #[test]
    fn losses_are_told() {
        assert!(matches!(convert("numeric(10,2)", "integer").hazards.as_slice(), [Hazard::Loss(_)]));
        assert!(matches!(convert("numeric", "numeric(10,2)").hazards.as_slice(), [Hazard::Loss(_)]));
        assert!(matches!(convert("timestamp with time zone", "date").hazards.as_slice(), [Hazard::Loss(_)]));
        assert!(matches!(convert("bigint", "integer").hazards.as_slice(), [Hazard::Assumes(_)]));
        assert!(matches!(convert("text", "uuid").hazards.as_slice(), [Hazard::Assumes(_)]));
        assert!(convert("integer", "bigint").hazards.is_empty());
        assert!(convert("s.mood", "text").hazards.is_empty());
    }

    #[test]
    fn names_may_hold_parentheses() {
        assert_eq!(split("s.\"a(1)\""), ("s.\"a(1)\"".to_owned(), None));
        assert_eq!(split("time(3) with time zone"), ("time with time zone".to_owned(), Some(vec![3])));
        assert_eq!(split("public.geometry(Point,4326)").0, "public.geometry");
    }
}
