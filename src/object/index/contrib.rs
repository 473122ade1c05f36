//! Operator classes of the extensions that come with PostgreSQL, and which of them is the default of a type.

use super::opclass::input_types;
use crate::model::{ObjectId, QName};
use crate::object::{Kind, Object, Session};
use crate::sql::parse_qualified_name;

/// Per extension and access method: `name:input type`, a point before the extension's own types, `!` behind those that are no defaults
/// (`pg_opclass` and `pg_depend`; what 14 lacks of 18 nobody can name there).
const CLASSES: &[(&str, &str, &str)] = &[
    ("bloom", "bloom", "int4_ops:integer text_ops:text"),
    (
        "btree_gin",
        "gin",
        "bit_ops:bit bool_ops:boolean bpchar_ops:character bytea_ops:bytea char_ops:char cidr_ops:cidr date_ops:date \
         enum_ops:anyenum float4_ops:real float8_ops:double_precision inet_ops:inet int2_ops:smallint int4_ops:integer \
         int8_ops:bigint interval_ops:interval macaddr8_ops:macaddr8 macaddr_ops:macaddr money_ops:money name_ops:name \
         numeric_ops:numeric oid_ops:oid text_ops:text time_ops:time_without_time_zone \
         timestamp_ops:timestamp_without_time_zone timestamptz_ops:timestamp_with_time_zone \
         timetz_ops:time_with_time_zone uuid_ops:uuid varbit_ops:bit_varying varchar_ops:character_varying",
    ),
    (
        "btree_gist",
        "gist",
        "gist_bit_ops:bit gist_bool_ops:boolean gist_bpchar_ops:character gist_bytea_ops:bytea gist_cash_ops:money \
         gist_cidr_ops:cidr gist_date_ops:date gist_enum_ops:anyenum gist_float4_ops:real \
         gist_float8_ops:double_precision gist_inet_ops:inet gist_int2_ops:smallint gist_int4_ops:integer \
         gist_int8_ops:bigint gist_interval_ops:interval gist_macaddr8_ops:macaddr8 gist_macaddr_ops:macaddr \
         gist_numeric_ops:numeric gist_oid_ops:oid gist_text_ops:text gist_time_ops:time_without_time_zone \
         gist_timestamp_ops:timestamp_without_time_zone gist_timestamptz_ops:timestamp_with_time_zone \
         gist_timetz_ops:time_with_time_zone gist_uuid_ops:uuid gist_vbit_ops:bit_varying",
    ),
    ("citext", "btree", "citext_ops:.citext citext_pattern_ops:.citext!"),
    ("citext", "hash", "citext_ops:.citext"),
    ("cube", "btree", "cube_ops:.cube"),
    ("cube", "gist", "gist_cube_ops:.cube"),
    ("hstore", "btree", "btree_hstore_ops:.hstore"),
    ("hstore", "gin", "gin_hstore_ops:.hstore"),
    ("hstore", "gist", "gist_hstore_ops:.hstore"),
    ("hstore", "hash", "hash_hstore_ops:.hstore"),
    ("intarray", "gin", "gin__int_ops:integer[]!"),
    ("intarray", "gist", "gist__int_ops:integer[] gist__intbig_ops:integer[]!"),
    (
        "isn",
        "btree",
        "ean13_ops:.ean13 isbn13_ops:.isbn13 isbn_ops:.isbn ismn13_ops:.ismn13 ismn_ops:.ismn issn13_ops:.issn13 \
         issn_ops:.issn upc_ops:.upc",
    ),
    (
        "isn",
        "hash",
        "ean13_ops:.ean13 isbn13_ops:.isbn13 isbn_ops:.isbn ismn13_ops:.ismn13 ismn_ops:.ismn issn13_ops:.issn13 \
         issn_ops:.issn upc_ops:.upc",
    ),
    ("ltree", "btree", "ltree_ops:.ltree"),
    ("ltree", "gist", "gist__ltree_ops:.ltree[] gist_ltree_ops:.ltree"),
    ("ltree", "hash", "hash_ltree_ops:.ltree"),
    ("pg_trgm", "gin", "gin_trgm_ops:text!"),
    ("pg_trgm", "gist", "gist_trgm_ops:text!"),
    ("seg", "btree", "seg_ops:.seg"),
    ("seg", "gist", "gist_seg_ops:.seg"),
];

struct Class {
    name: &'static str,
    input: &'static str,
    default: bool,
    extension: ObjectId,
    schema: String,
}

/// The classes that the extensions of a catalog bring for an access method.
fn classes(method: &str, session: &Session) -> impl Iterator<Item = Class> {
    CLASSES.iter().filter(move |(_, of, _)| *of == method).flat_map(|(extension, _, classes)| {
        let id = ObjectId::global(Kind::Extension, *extension);
        let schema = match session.catalog.object(&id) {
            Some(Object::Extension(extension)) => Some(extension.schema.as_str().to_owned()),
            _ => None,
        };
        let class = move |class: &'static str| {
            let (name, input) = class.split_once(':')?;
            let (default, input) = input.strip_suffix('!').map_or((true, input), |input| (false, input));
            Some(Class { name, input, default, extension: id.clone(), schema: schema.clone()? })
        };
        classes.split_whitespace().filter_map(class)
    })
}

/// The class of that name, and the extension that has brought it.
pub fn named(method: &str, schema: &str, name: &str, session: &Session) -> Option<(QName, ObjectId)> {
    let mut all = classes(method, session);
    let class = all.find(|class| class.name == name && (schema.is_empty() || class.schema == schema))?;
    Some((QName::new(class.schema.as_str(), name), class.extension))
}

/// The class that is taken for a type where none is said, and the extension that has brought it (`GetDefaultOpClass` of
/// src/backend/commands/indexcmds.c).
pub fn default_of(method: &str, type_name: &str, family: Option<&'static str>, session: &Session) -> Option<(QName, ObjectId)> {
    let own = parse_qualified_name(type_name.trim_end_matches("[]")).filter(|parts| parts.len() == 2);
    let array = if type_name.ends_with("[]") { "[]" } else { "" };
    let mut inputs = input_types(type_name, family);
    // Of arrays of PostgreSQL's own types.
    inputs.extend(Some(type_name.replace(' ', "_")).filter(|_| !array.is_empty() && own.is_none()));
    let is_of = |class: &Class| match (class.input.strip_prefix('.'), own.as_deref()) {
        (Some(input), Some([schema, name])) => *schema == class.schema && format!("{name}{array}") == input,
        (Some(_), _) => false,
        (None, _) => inputs.iter().any(|known| known == class.input),
    };
    let mut fitting: Vec<Class> = classes(method, session).filter(|class| class.default && is_of(class)).collect();
    // That of the type itself goes before that of what it is the same as.
    fitting.sort_by_key(|class| inputs.iter().position(|known| known == class.input));
    let class = fitting.into_iter().next()?;
    Some((QName::new(class.schema.as_str(), class.name), class.extension))
}
