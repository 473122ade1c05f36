//! Schemas, types and sequences.

use super::spec::{Sort, Spec};
use super::world::{Class, Phase, World};

type Out = Vec<(Phase, String)>;

pub fn schema(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.bare(spec);
    all.push((Phase::Schema, format!("CREATE SCHEMA {name}")));
    world.said(spec, [0, 1], "SCHEMA", &name, "CREATE", all);
}

pub fn enumeration(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let mut labels = vec!["a"];
    for (bit, label) in [(2, "it''s"), (3, "b"), (4, "B"), (5, "ü"), (6, "two words"), (7, "c")] {
        if world.on(spec, bit).is_some() {
            labels.push(label);
        }
    }
    if world.on(spec, 8).is_some_and(|value| value % 4 == 0) {
        labels.reverse();
    }
    let name = world.name(spec);
    all.push((Phase::Type, format!("CREATE TYPE {name} AS ENUM ('{}')", labels.join("', '"))));
    world.owned(spec, "TYPE", &name, all);
    world.said(spec, [0, 1], "TYPE", &name, "USAGE", all);
}

pub fn domain(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let integer = spec.seed & 1 == 0;
    let other = world.on(spec, 2).is_some();
    let base = match (integer, other) {
        (true, false) => "integer",
        (true, true) => "bigint",
        (false, false) => "text",
        (false, true) => "varchar(30)",
    };
    let below = world.pick_before(spec, 1, |other| other.sort == Sort::Domain && other.seed & 1 == spec.seed & 1);
    let base = match (world.on(spec, 7), below) {
        (Some(_), Some(below)) => world.name(below),
        _ => base.to_owned(),
    };
    let mut sql = format!("CREATE DOMAIN {name} AS {base}");
    if let Some(value) = world.on(spec, 3) {
        sql.push_str(&if integer { format!(" DEFAULT {}", value % 5 + 1) } else { format!(" DEFAULT 'd{}'", value % 5) });
    }
    if world.on(spec, 4).is_some() {
        sql.push_str(" NOT NULL");
    }
    for bit in [5, 6] {
        if let Some(value) = world.on(spec, bit) {
            let check = if integer { format!("VALUE > {}", -(i64::from(value % 3 == 0))) } else { format!("VALUE <> 'x{}'", value % 3) };
            sql.push_str(&format!(" CONSTRAINT ok{bit} CHECK ({check})"));
        }
    }
    all.push((Phase::Type, sql));
    if let (Some(value), Some(_)) = (world.on(spec, 8), world.on(spec, 5)) {
        all.push((Phase::Said, format!("COMMENT ON CONSTRAINT ok5 ON DOMAIN {name} IS 'of the domain {}'", value % 3)));
    }
    world.owned(spec, "DOMAIN", &name, all);
    world.said(spec, [0, 1], "DOMAIN", &name, "USAGE", all);
}

pub fn composite(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let mut attributes = vec![format!("a {}", if world.on(spec, 2).is_some() { "bigint" } else { "integer" })];
    for bit in 3..7 {
        if let Some(value) = world.on(spec, bit) {
            let type_name = ["text", "text COLLATE \"C\"", "numeric(6,2)", "boolean", "date[]"][value as usize % 5];
            attributes.push(format!("\"x {bit}\" {type_name}"));
        }
    }
    if let (Some(_), Some(other)) = (world.on(spec, 7), world.pick_before(spec, 1, |other| other.sort == Sort::Enum)) {
        attributes.push(format!("e {}", world.name(other)));
    }
    for (bit, sort) in [(8, Sort::Domain), (9, Sort::Composite)] {
        if let (Some(value), Some(other)) = (world.on(spec, bit), world.pick_before(spec, u64::from(bit), |other| other.sort == sort)) {
            attributes.push(format!("n{bit} {}{}", world.name(other), ["", "[]"][value as usize % 2]));
        }
    }
    all.push((Phase::Type, format!("CREATE TYPE {name} AS ({})", attributes.join(", "))));
    if let Some(value) = world.on(spec, 10) {
        all.push((Phase::Said, format!("COMMENT ON COLUMN {name}.a IS 'attribute {}'", value % 3)));
    }
    world.owned(spec, "TYPE", &name, all);
    world.said(spec, [0, 1], "TYPE", &name, "USAGE", all);
}

pub fn range(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let more = match world.on(spec, 2) {
        None => "SUBTYPE = integer".to_owned(),
        Some(value) => ["SUBTYPE = bigint", "SUBTYPE = text, COLLATION = \"C\"", "SUBTYPE = float8, SUBTYPE_DIFF = float8mi"]
            [value as usize % 3]
            .to_owned(),
    };
    all.push((Phase::Type, format!("CREATE TYPE {name} AS RANGE ({more})")));
    world.said(spec, [0, 1], "TYPE", &name, "USAGE", all);
}

pub fn sequence(world: &World<'_>, spec: &Spec, all: &mut Out) {
    let name = world.name(spec);
    let mut sql = format!("CREATE SEQUENCE {name}");
    if world.on(spec, 2).is_some() {
        sql.push_str(" AS integer");
    }
    for (bit, text) in
        [(3, " INCREMENT BY 2"), (4, " MINVALUE -5"), (5, " MAXVALUE 5000"), (6, " START WITH 7"), (7, " CACHE 3"), (8, " CYCLE")]
    {
        if world.on(spec, bit).is_some() {
            sql.push_str(text);
        }
    }
    all.push((Phase::Sequence, sql));
    // an owned sequence has the schema of its table
    let owner = world.pick_where(spec, 1, |other| {
        let by_another = world.on(other, 62).is_some_and(|value| value % 2 == 0);
        other.sort == Sort::Table && world.schema(other) == world.schema(spec) && !by_another
    });
    if let (Some(_), Some(owner)) = (world.on(spec, 9), owner) {
        all.push((Phase::Late, format!("ALTER SEQUENCE {name} OWNED BY {}.id", world.name(owner))));
    }
    world.said(spec, [0, 1], "SEQUENCE", &name, "USAGE", all);
}

/// A type for a column, and what it is.
pub fn column_type(world: &World<'_>, me: &Spec, slot: u64, value: u64) -> (String, Class) {
    const BUILT_IN: &[(&str, Class)] = &[
        ("integer", Class::Int),
        ("text", Class::Text),
        ("bigint", Class::Int),
        ("varchar(20)", Class::Text),
        ("numeric(10,2)", Class::Num),
        ("timestamp with time zone", Class::Time),
        ("date", Class::Time),
        ("boolean", Class::Bool),
        ("jsonb", Class::Json),
        ("integer[]", Class::Array),
        ("text[]", Class::Array),
        ("uuid", Class::Other),
        ("bytea", Class::Other),
        ("double precision", Class::Num),
        ("character(4)", Class::Text),
        ("smallint", Class::Int),
    ];
    let wanted = [Sort::Enum, Sort::Domain, Sort::Composite, Sort::Range];
    // another one of the same sort, now and then
    let slot = if value & 0x400 == 0 { slot } else { slot + 500 };
    if value.is_multiple_of(3)
        && let Some(found) = world.pick_where(me, slot, |spec| spec.sort == wanted[value as usize / 3 % 4])
    {
        let class = match found.sort {
            Sort::Enum => Class::Enum,
            Sort::Domain if found.seed & 1 == 0 => Class::Int,
            Sort::Domain => Class::Text,
            Sort::Composite => Class::Composite,
            _ => Class::Range,
        };
        return if (value / 16).is_multiple_of(7) {
            (format!("{}[]", world.name(found)), Class::Array)
        } else {
            (world.name(found), class)
        };
    }
    let (name, class) = &BUILT_IN[value as usize / 3 % BUILT_IN.len()];
    ((*name).to_owned(), class.clone())
}

/// Something that is true or false of a value.
pub fn condition(class: &Class, value: &str, number: u64) -> String {
    let n = number % 4;
    match class {
        Class::Int | Class::Num => [format!("{value} > {n}"), format!("{value} BETWEEN {n} AND 99"), format!("{value} IN (1, {n}, 7)")]
            [number as usize / 4 % 3]
            .clone(),
        Class::Text => [
            format!("{value} <> 'x{n}'"),
            format!("length({value}) < {}", n + 10),
            format!("{value} IN ('a', 'b{n}')"),
            format!("{value} ~ '^[a-z]{n}'"),
        ][number as usize / 4 % 4]
            .clone(),
        Class::Time => format!("{value} > '200{n}-01-01'"),
        Class::Bool => format!("{value} IS NOT FALSE"),
        Class::Json => format!("({value} ->> 'k{n}') IS NOT NULL"),
        Class::Array => format!("cardinality({value}) < {n}"),
        Class::Enum => format!("{value} <> 'a'"),
        Class::Composite => format!("({value}).a > {n}"),
        Class::Range => format!("NOT isempty({value})"),
        Class::Other => format!("{value} IS NOT NULL"),
    }
}

/// A default.
pub fn default(class: &Class, number: u64) -> Option<String> {
    let n = number % 4;
    Some(match class {
        Class::Int | Class::Num => {
            if n == 0 {
                format!("({n} + 1)")
            } else {
                n.to_string()
            }
        }
        Class::Text => ["'x'".to_owned(), "'it''s'".to_owned(), "lower('AB')".to_owned(), "''".to_owned()][n as usize].clone(),
        Class::Time => {
            if n == 0 {
                "'2020-01-01'".to_owned()
            } else {
                "now()".to_owned()
            }
        }
        Class::Bool => (n == 0).to_string(),
        Class::Json | Class::Array => "'{}'".to_owned(),
        Class::Enum => "'a'".to_owned(),
        Class::Composite => return None,
        Class::Range => "'empty'".to_owned(),
        Class::Other => return None,
    })
}
