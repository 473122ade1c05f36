//! Type names: the parser's form, and the spelling of `format_type` (src/backend/utils/adt/format_type.c).

use std::sync::LazyLock;

use pg_query::NodeEnum;
use pg_query::protobuf::{Node, TypeName};
use rustc_hash::FxHashSet;

use super::literal::{names, number, string};
use super::{Name, ParseError, deparse_expr};
use crate::model::quote_ident;

/// The types of `pg_catalog` that are neither arrays nor row types, PostgreSQL 18, in byte order.
const BUILTIN: &str = include_str!("builtin_types.txt");

/// `MAX_TIMESTAMP_PRECISION` and its like: the server cuts higher ones down to this, with a warning.
const MAX_TIME_PRECISION: u32 = 6;

/// A type name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The schema, where given; the grammar gives `pg_catalog` for the types that SQL itself names.
    pub schema: Option<String>,
    /// The internal name: `int4` for integer, `varchar` for character varying.
    pub name: String,
    /// The modifiers as the grammar gives them; an interval's first one is the mask of its fields.
    pub typmods: Vec<String>,
    /// How many pairs of brackets; to PostgreSQL one is as good as many.
    pub array_dims: usize,
    /// `SETOF`.
    pub setof: bool,
    /// `%TYPE`: `schema` and `name` are then the last two parts of a column's name.
    pub percent_type: bool,
}

impl Spelling {
    /// The name as `format_type` spells it, where it is a type of `pg_catalog` and no other schema is named.
    pub fn builtin(&self) -> Option<String> {
        let catalog = self.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
        if self.percent_type || !catalog { None } else { builtin_display(&self.name, &self.typmods, self.array_dims > 0) }
    }

    /// The name as `format_type` spells a type of the given schema.
    pub fn qualified(&self, schema: &str) -> String {
        display(schema, &self.name, &self.typmods, self.array_dims > 0)
    }
}

/// Takes a type name apart.
///
/// # Errors
/// Where it has no name, or a modifier does not deparse.
pub fn spell(name: &TypeName) -> Result<Spelling, ParseError> {
    let Some(Name { schema, name: last }) = Name::of(&name.names) else {
        return Err(ParseError::whole("a type without a name").or_at(name.location));
    };
    Ok(Spelling {
        schema,
        name: last,
        typmods: name.typmods.iter().map(modifier).collect::<Result<_, _>>()?,
        array_dims: name.array_bounds.len(),
        setof: name.setof,
        percent_type: name.pct_type,
    })
}

/// Modifiers are constants or, for types of extensions, words.
fn modifier(node: &Node) -> Result<String, ParseError> {
    if let Some(NodeEnum::ColumnRef(word)) = &node.node {
        return Ok(names(&word.fields).join("."));
    }
    match number(node).or_else(|| string(node).map(str::to_owned)) {
        Some(text) => Ok(text),
        None => deparse_expr(node),
    }
}

/// Whether `pg_catalog` has a type of this internal name that is neither an array nor a row type.
pub fn is_builtin_type(name: &str) -> bool {
    static SET: LazyLock<FxHashSet<&str>> = LazyLock::new(|| BUILTIN.lines().collect());
    SET.contains(name)
}

/// A type of `pg_catalog` as `format_type` spells it when it knows the modifier; `None` for other types.
pub fn builtin_display(internal_name: &str, typmods: &[String], array: bool) -> Option<String> {
    if let Some(element) = internal_name.strip_prefix('_').filter(|element| is_builtin_type(element)) {
        return builtin_display(element, typmods, true);
    }
    if !is_builtin_type(internal_name) {
        return None;
    }
    let length = || if typmods.is_empty() { String::new() } else { format!("({})", typmods.join(",")) };
    let text = match internal_name {
        "bool" => "boolean".to_owned(),
        "int2" => "smallint".to_owned(),
        "int4" => "integer".to_owned(),
        "int8" => "bigint".to_owned(),
        "float4" => "real".to_owned(),
        "float8" => "double precision".to_owned(),
        "json" => "json".to_owned(),
        "numeric" if typmods.len() == 1 => format!("numeric({},0)", typmods[0]),
        "numeric" => format!("numeric{}", length()),
        "varchar" => format!("character varying{}", length()),
        "varbit" => format!("bit varying{}", length()),
        // Without a modifier these are not what the SQL names mean: character is character(1).
        "bpchar" if !typmods.is_empty() => format!("character{}", length()),
        "bit" if !typmods.is_empty() => format!("bit{}", length()),
        "time" => format!("time{} without time zone", precision(typmods.first())),
        "timetz" => format!("time{} with time zone", precision(typmods.first())),
        "timestamp" => format!("timestamp{} without time zone", precision(typmods.first())),
        "timestamptz" => format!("timestamp{} with time zone", precision(typmods.first())),
        "interval" => format!("interval{}{}", interval_fields(typmods.first()), precision(typmods.get(1))),
        name => format!("{}{}", quote_ident(name), length()),
    };
    Some(if array { text + "[]" } else { text })
}

/// Any type as `format_type` spells it under an empty search_path.
pub fn display(schema: &str, internal_name: &str, typmods: &[String], array: bool) -> String {
    if let Some(text) = builtin_display(internal_name, typmods, array).filter(|_| schema == "pg_catalog") {
        return text;
    }
    let mut text = format!("{}.{}", quote_ident(schema), quote_ident(internal_name));
    if !typmods.is_empty() {
        text += &format!("({})", typmods.join(","));
    }
    if array {
        text += "[]";
    }
    text
}

fn precision(typmod: Option<&String>) -> String {
    match typmod.map(|text| text.parse::<u32>()) {
        None => String::new(),
        Some(Ok(digits)) => format!("({})", digits.min(MAX_TIME_PRECISION)),
        Some(Err(_)) => format!("({})", typmod.map(String::as_str).unwrap_or_default()),
    }
}

/// `intervaltypmodout` of src/backend/utils/adt/timestamp.c; the masks are `INTERVAL_MASK` of utils/timestamp.h over the field codes
/// MONTH 1, YEAR 2, DAY 3, HOUR 10, MINUTE 11 and SECOND 12 of utils/datetime.h.
fn interval_fields(mask: Option<&String>) -> &'static str {
    const MONTH: u32 = 1 << 1;
    const YEAR: u32 = 1 << 2;
    const DAY: u32 = 1 << 3;
    const HOUR: u32 = 1 << 10;
    const MINUTE: u32 = 1 << 11;
    const SECOND: u32 = 1 << 12;
    const FIELDS: [(u32, &str); 13] = [
        (YEAR, " year"),
        (MONTH, " month"),
        (DAY, " day"),
        (HOUR, " hour"),
        (MINUTE, " minute"),
        (SECOND, " second"),
        (YEAR | MONTH, " year to month"),
        (DAY | HOUR, " day to hour"),
        (DAY | HOUR | MINUTE, " day to minute"),
        (DAY | HOUR | MINUTE | SECOND, " day to second"),
        (HOUR | MINUTE, " hour to minute"),
        (HOUR | MINUTE | SECOND, " hour to second"),
        (MINUTE | SECOND, " minute to second"),
    ];
    let mask = mask.and_then(|text| text.parse::<u32>().ok());
    FIELDS.iter().find(|(fields, _)| Some(*fields) == mask).map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse_type;

    fn spelled(text: &str) -> Spelling {
        parse_type(text).and_then(|name| spell(&name)).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn spells_like_the_server() {
        for (text, display) in [
            ("int", "integer"),
            ("INT8[][]", "bigint[]"),
            ("int ARRAY[3]", "integer[]"),
            ("varchar", "character varying"),
            ("varchar(50)", "character varying(50)"),
            ("char", "character(1)"),
            ("character(3)[]", "character(3)[]"),
            ("bpchar", "bpchar"),
            ("\"char\"", "\"char\""),
            ("national character varying(5)", "character varying(5)"),
            ("decimal(10)", "numeric(10,0)"),
            ("numeric(10, -2)", "numeric(10,-2)"),
            ("float(24)", "real"),
            ("float", "double precision"),
            ("bit", "bit(1)"),
            ("bit varying(7)", "bit varying(7)"),
            ("pg_catalog.bit", "\"bit\""),
            ("time", "time without time zone"),
            ("timetz(9)", "time(6) with time zone"),
            ("timestamp(0)", "timestamp(0) without time zone"),
            ("timestamp(3) with time zone[]", "timestamp(3) with time zone[]"),
            ("interval", "interval"),
            ("interval(3)", "interval(3)"),
            ("interval year to month", "interval year to month"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("interval second (0)", "interval second(0)"),
            ("json", "json"),
            ("pg_catalog._int4", "integer[]"),
            ("name", "name"),
            ("regclass", "regclass"),
            ("trigger", "trigger"),
        ] {
            assert_eq!(spelled(text).builtin().as_deref(), Some(display), "{text}");
        }
    }

    /// What `format_type(oid, -1)` of PostgreSQL 18 gives for all the types that have a spelling of their own.
    #[test]
    fn without_modifiers_few_have_another_name() {
        let other: Vec<String> = BUILTIN.lines().filter_map(|name| builtin_display(name, &[], false).filter(|text| text != name)).collect();
        let expected = "\"any\", \"bit\", boolean, \"char\", real, double precision, smallint, integer, bigint, time without time zone, \
                        timestamp without time zone, timestamp with time zone, time with time zone, bit varying, character varying";
        assert_eq!(other.join(", "), expected);
    }

    #[test]
    fn others_are_qualified() {
        let geometry = spelled("geometry(Point, 4326)[]");
        assert_eq!(geometry.builtin(), None);
        assert_eq!(geometry.qualified("gis"), "gis.geometry(point,4326)[]");
        let own = spelled("s.int4");
        assert_eq!((own.schema.as_deref(), own.builtin()), (Some("s"), None));
        assert_eq!(own.qualified("s"), "s.int4");
        assert_eq!(spelled("pg_catalog.int4").builtin().as_deref(), Some("integer"));
    }
}
