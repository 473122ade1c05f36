//! Operator classes: which are PostgreSQL's own, and which is the default of a type.

use super::contrib;
use crate::model::{Entry, Key, ObjectId, QName};
use crate::object::{DdlError, Kind, Object, Session};

/// Per access method: `name:input type`, `!` behind those that are no defaults (`pg_opclass`, the same from 14 to 18).
const CLASSES: &[(&str, &str)] = &[
    (
        "brin",
        "bit_minmax_ops:bit box_inclusion_ops:box bpchar_bloom_ops:character! bpchar_minmax_ops:character \
         bytea_bloom_ops:bytea! bytea_minmax_ops:bytea char_bloom_ops:char! char_minmax_ops:char date_bloom_ops:date! \
         date_minmax_multi_ops:date! date_minmax_ops:date float4_bloom_ops:real! float4_minmax_multi_ops:real! \
         float4_minmax_ops:real float8_bloom_ops:double_precision! float8_minmax_multi_ops:double_precision! \
         float8_minmax_ops:double_precision inet_bloom_ops:inet! inet_inclusion_ops:inet inet_minmax_multi_ops:inet! \
         inet_minmax_ops:inet! int2_bloom_ops:smallint! int2_minmax_multi_ops:smallint! int2_minmax_ops:smallint \
         int4_bloom_ops:integer! int4_minmax_multi_ops:integer! int4_minmax_ops:integer int8_bloom_ops:bigint! \
         int8_minmax_multi_ops:bigint! int8_minmax_ops:bigint interval_bloom_ops:interval! interval_minmax_multi_ops:interval! \
         interval_minmax_ops:interval macaddr8_bloom_ops:macaddr8! macaddr8_minmax_multi_ops:macaddr8! \
         macaddr8_minmax_ops:macaddr8 macaddr_bloom_ops:macaddr! macaddr_minmax_multi_ops:macaddr! macaddr_minmax_ops:macaddr \
         name_bloom_ops:name! name_minmax_ops:name numeric_bloom_ops:numeric! numeric_minmax_multi_ops:numeric! \
         numeric_minmax_ops:numeric oid_bloom_ops:oid! oid_minmax_multi_ops:oid! oid_minmax_ops:oid pg_lsn_bloom_ops:pg_lsn! \
         pg_lsn_minmax_multi_ops:pg_lsn! pg_lsn_minmax_ops:pg_lsn range_inclusion_ops:anyrange text_bloom_ops:text! \
         text_minmax_ops:text tid_bloom_ops:tid! tid_minmax_multi_ops:tid! tid_minmax_ops:tid \
         time_bloom_ops:time_without_time_zone! time_minmax_multi_ops:time_without_time_zone! \
         time_minmax_ops:time_without_time_zone timestamp_bloom_ops:timestamp_without_time_zone! \
         timestamp_minmax_multi_ops:timestamp_without_time_zone! timestamp_minmax_ops:timestamp_without_time_zone \
         timestamptz_bloom_ops:timestamp_with_time_zone! timestamptz_minmax_multi_ops:timestamp_with_time_zone! \
         timestamptz_minmax_ops:timestamp_with_time_zone timetz_bloom_ops:time_with_time_zone! \
         timetz_minmax_multi_ops:time_with_time_zone! timetz_minmax_ops:time_with_time_zone uuid_bloom_ops:uuid! \
         uuid_minmax_multi_ops:uuid! uuid_minmax_ops:uuid varbit_minmax_ops:bit_varying",
    ),
    (
        "btree",
        "array_ops:anyarray bit_ops:bit bool_ops:boolean bpchar_ops:character bpchar_pattern_ops:character! bytea_ops:bytea \
         char_ops:char cidr_ops:inet! date_ops:date enum_ops:anyenum float4_ops:real float8_ops:double_precision inet_ops:inet \
         int2_ops:smallint int4_ops:integer int8_ops:bigint interval_ops:interval jsonb_ops:jsonb macaddr8_ops:macaddr8 \
         macaddr_ops:macaddr money_ops:money multirange_ops:anymultirange name_ops:name numeric_ops:numeric oid_ops:oid \
         oidvector_ops:oidvector pg_lsn_ops:pg_lsn range_ops:anyrange record_image_ops:record! record_ops:record text_ops:text \
         text_pattern_ops:text! tid_ops:tid time_ops:time_without_time_zone timestamp_ops:timestamp_without_time_zone \
         timestamptz_ops:timestamp_with_time_zone timetz_ops:time_with_time_zone tsquery_ops:tsquery tsvector_ops:tsvector \
         uuid_ops:uuid varbit_ops:bit_varying varchar_ops:text! varchar_pattern_ops:text! xid8_ops:xid8",
    ),
    (
        "gin",
        "array_ops:anyarray jsonb_ops:jsonb jsonb_path_ops:jsonb! tsvector_ops:tsvector",
    ),
    (
        "gist",
        "box_ops:box circle_ops:circle inet_ops:inet! multirange_ops:anymultirange point_ops:point poly_ops:polygon \
         range_ops:anyrange tsquery_ops:tsquery tsvector_ops:tsvector",
    ),
    (
        "hash",
        "aclitem_ops:aclitem array_ops:anyarray bool_ops:boolean bpchar_ops:character bpchar_pattern_ops:character! \
         bytea_ops:bytea char_ops:char cid_ops:cid cidr_ops:inet! date_ops:date enum_ops:anyenum float4_ops:real \
         float8_ops:double_precision inet_ops:inet int2_ops:smallint int4_ops:integer int8_ops:bigint interval_ops:interval \
         jsonb_ops:jsonb macaddr8_ops:macaddr8 macaddr_ops:macaddr multirange_ops:anymultirange name_ops:name \
         numeric_ops:numeric oid_ops:oid oidvector_ops:oidvector pg_lsn_ops:pg_lsn range_ops:anyrange record_ops:record \
         text_ops:text text_pattern_ops:text! tid_ops:tid time_ops:time_without_time_zone \
         timestamp_ops:timestamp_without_time_zone timestamptz_ops:timestamp_with_time_zone timetz_ops:time_with_time_zone \
         uuid_ops:uuid varchar_ops:text! varchar_pattern_ops:text! xid8_ops:xid8 xid_ops:xid",
    ),
    (
        "spgist",
        "box_ops:box inet_ops:inet kd_point_ops:point! poly_ops:polygon quad_point_ops:point range_ops:anyrange text_ops:text",
    ),
];

/// Operator classes of extensions, by their names or what these begin with.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("pg_trgm", &["gin_trgm_ops", "gist_trgm_ops"]),
    ("vector", &["vector_", "halfvec_", "sparsevec_", "bit_hamming_ops", "bit_jaccard_ops"]),
    ("intarray", &["gin__int_ops", "gist__int_ops", "gist__intbig_ops"]),
    ("ltree", &["ltree_ops", "hash_ltree_ops", "gist_ltree_ops", "gist__ltree_ops"]),
    ("hstore", &["btree_hstore_ops", "hash_hstore_ops", "gist_hstore_ops", "gin_hstore_ops"]),
    ("citext", &["citext_"]),
    ("cube", &["cube_ops", "gist_cube_ops"]),
    ("seg", &["seg_ops", "gist_seg_ops"]),
    ("isn", &["ean13_ops", "isbn_ops", "isbn13_ops", "ismn_ops", "ismn13_ops", "issn_ops", "issn13_ops", "upc_ops"]),
    (
        "postgis",
        &["gist_geometry_", "gist_geography_", "brin_geometry_", "brin_geography_", "spgist_geometry_", "spgist_geography_", "btree_geometry_ops"],
    ),
    ("rum", &["rum_"]),
    ("btree_gist", &["gist_"]),
    ("btree_gin", &[]),
];

/// What the type is called in the list: without modifiers and dimensions, and what stands for whole families of types.
pub(super) fn input_types(type_name: &str, family: Option<&'static str>) -> Vec<String> {
    let bare = type_name.split('(').next().unwrap_or_default();
    let suffix = type_name.rsplit(')').next().filter(|_| type_name.contains(')')).unwrap_or_default();
    let name = format!("{bare}{suffix}");
    if name.ends_with("[]") {
        return vec!["anyarray".to_owned()];
    }
    let mut names = vec![name.replace('"', "").replace(' ', "_")];
    match name.as_str() {
        // binary coercible, and without a default class of its own
        "character varying" => names.push("text".to_owned()),
        "cidr" => names.push("inet".to_owned()),
        "regclass" | "regcollation" | "regconfig" | "regdictionary" | "regnamespace" | "regoper" | "regoperator" | "regproc"
        | "regprocedure" | "regrole" | "regtype" => names.push("oid".to_owned()),
        // Below a domain nothing tells of the modifiers with which it has another name.
        "bpchar" => names.push("character".to_owned()),
        range if range.ends_with("multirange") => names.push("anymultirange".to_owned()),
        range if range.ends_with("range") => names.push("anyrange".to_owned()),
        _ => {}
    }
    names.extend(family.map(str::to_owned));
    names
}

fn classes(method: &str) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let all = CLASSES.iter().find(|(name, _)| *name == method).map(|(_, classes)| *classes).unwrap_or_default();
    all.split_whitespace().filter_map(|class| {
        let (name, input) = class.split_once(':')?;
        Some((name, input.trim_end_matches('!'), !class.ends_with('!')))
    })
}

/// Whether it is the class that PostgreSQL takes for a type by itself, so that nothing need be said.
///
/// `family` is the pseudo-type for types of the catalog: `anyenum`, `anyrange`, `record`.
pub fn is_default(method: &str, class: &QName, type_name: &str, family: Option<&'static str>) -> bool {
    let inputs = input_types(type_name, family);
    class.schema.as_str() == "pg_catalog"
        && classes(method).any(|(name, input, default)| default && name == class.name.as_str() && inputs.iter().any(|known| known == input))
}

/// Whether PostgreSQL itself has a class for a type, which is then taken where no class is said.
pub fn has_default(method: &str, type_name: &str, family: Option<&'static str>) -> bool {
    let inputs = input_types(type_name, family);
    classes(method).any(|(_, input, default)| default && inputs.iter().any(|known| known == input))
}

/// The extension of which the default class for a column must be where none is known to have it: that of its type, or one that brings classes for PostgreSQL's own types.
pub fn likely_provider(method: &str, column: &Entry, session: &Session) -> Option<ObjectId> {
    let of_type = column.needs.iter().find(|need| need.kind == Kind::Extension).cloned();
    of_type.or_else(|| {
        let extension = match method {
            "gist" => "btree_gist",
            "gin" => "btree_gin",
            _ => return None,
        };
        Some(ObjectId::global(Kind::Extension, extension)).filter(|id| session.catalog.contains(id))
    })
}

/// The class of the catalog that is the default of a type.
pub fn own_default(method: &str, type_name: &str, session: &Session) -> Option<ObjectId> {
    let bare = type_name.split('(').next().unwrap_or_default();
    let using = |id: &ObjectId| matches!(&id.key, Key::Routine(_, of) if of.iter().any(|of| of == method));
    let found = session.catalog.of_kind(Kind::OperatorClass).find(|(id, entry)| {
        using(id) && matches!(&entry.object, Object::OperatorClass(class) if class.default && class.type_name.0 == bare)
    });
    found.map(|(id, _)| id.clone())
}

/// The qualified name of a class that a statement names, and the extension that it needs.
///
/// # Errors
/// Where nothing is known to have it.
pub fn resolve(parts: &[&str], method: &str, session: &Session) -> Result<(QName, Option<ObjectId>), DdlError> {
    let (schema, name) = match parts {
        [schema, name] => (*schema, *name),
        [.., name] => ("", *name),
        [] => ("", ""),
    };
    let of_catalog: Vec<String> = [method].iter().chain(parts).map(|part| (*part).to_owned()).collect();
    if let Some(id) = session.of_method(Kind::OperatorClass, &of_catalog)
        && let Some(name) = id.qname().cloned()
    {
        return Ok((name, Some(id)));
    }
    let builtin = classes(method).any(|(known, _, _)| known == name);
    if schema == "pg_catalog" || schema.is_empty() && builtin {
        return Ok((QName::new("pg_catalog", name), None));
    }
    if let Some((name, extension)) = contrib::named(method, schema, name, session) {
        return Ok((name, Some(extension)));
    }
    let is_of = |names: &[&str]| names.iter().any(|known| name == *known || known.ends_with('_') && name.starts_with(known));
    // The first is the one that says most of the name.
    let providers: Vec<&str> = PROVIDERS.iter().filter(|(_, names)| is_of(names)).map(|(extension, _)| *extension).take(1).collect();
    let (extension, at) = session
        .extension_with(schema, &providers)
        .ok_or_else(|| DdlError::Missing { what: "operator class", name: crate::object::session::dotted(schema, name) })?;
    Ok((QName::new(at, name), Some(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_need_not_be_said() {
        let own = |name: &str| QName::new("pg_catalog", name);
        for (method, class, type_name, family, default) in [
            ("btree", "text_ops", "character varying(20)", None, true),
            ("btree", "varchar_ops", "character varying(20)", None, false),
            ("spgist", "inet_ops", "cidr", None, true),
            ("gist", "inet_ops", "cidr", None, false),
            ("btree", "oid_ops", "regclass", None, true),
            ("btree", "timestamptz_ops", "timestamp(3) with time zone", None, true),
            ("gin", "array_ops", "text[]", None, true),
            ("gin", "jsonb_ops", "jsonb", None, true),
            ("gin", "jsonb_path_ops", "jsonb", None, false),
            ("btree", "enum_ops", "s.mood", Some("anyenum"), true),
            ("gist", "range_ops", "int4range", None, true),
            ("btree", "text_pattern_ops", "text", None, false),
        ] {
            assert_eq!(is_default(method, &own(class), type_name, family), default, "{class}");
        }
    }
}
