//! Which extensions bring what. Members of extensions are not objects of the catalog; where no server tells, a name that schema
//! files use is known to be theirs from here.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The members of the extensions that come with PostgreSQL 14 to 18: extension, what they are (functions, relations, types), names.
const MEMBERS: &str = include_str!("members.txt");

/// Extensions by what their members are, and by their names.
static PROVIDERS: LazyLock<HashMap<&str, HashMap<&str, Vec<&str>>>> = LazyLock::new(|| {
    let mut providers: HashMap<&str, HashMap<&str, Vec<&str>>> = HashMap::new();
    for line in MEMBERS.lines() {
        let mut words = line.split(' ');
        let (Some(extension), Some(what)) = (words.next(), words.next()) else { continue };
        for name in words {
            providers.entry(what).or_default().entry(name).or_default().push(extension);
        }
    }
    providers
});

fn providers(what: &'static str, name: &str) -> Option<&'static [&'static str]> {
    PROVIDERS.get(what)?.get(name).map(Vec::as_slice)
}

/// Extensions that bring a type of that name.
pub fn type_providers(name: &str) -> &'static [&'static str] {
    providers("t", name).unwrap_or(match name {
        "geometry" | "geography" | "box2d" | "box3d" => &["postgis"],
        "raster" => &["postgis_raster"],
        "vector" | "halfvec" | "sparsevec" => &["vector"],
        _ => &[],
    })
}

/// Extensions that bring a relation of that name.
pub fn relation_providers(name: &str) -> &'static [&'static str] {
    providers("r", name).unwrap_or(match name {
        "spatial_ref_sys" | "geometry_columns" | "geography_columns" => &["postgis"],
        "raster_columns" | "raster_overviews" => &["postgis_raster"],
        _ => &[],
    })
}

/// Extensions that bring a function of that name.
pub fn function_providers(name: &str) -> &'static [&'static str] {
    providers("f", name).unwrap_or_else(|| match name {
        "l2_distance" | "cosine_distance" | "inner_product" | "vector_dims" | "vector_norm" | "l2_normalize" => &["vector"],
        _ if name.starts_with("st_") => &["postgis", "postgis_raster"],
        _ => &[],
    })
}

/// The members of an extension that are of that kind, in some version: relations (`r`), types (`t`).
pub fn members(extension: &str, what: &str) -> impl Iterator<Item = &'static str> {
    let mut lines = MEMBERS.lines().map(|line| line.split(' '));
    let of = lines.find_map(|mut words| (words.next() == Some(extension) && words.next() == Some(what)).then_some(words));
    of.into_iter().flatten()
}

/// Extensions of which every member is known here.
pub fn members_known(extension: &str) -> bool {
    static KNOWN: LazyLock<Vec<&str>> = LazyLock::new(|| MEMBERS.lines().filter_map(|line| line.split(' ').next()).collect());
    KNOWN.binary_search(&extension).is_ok()
}

/// The schema that the extension's control file prescribes; CREATE EXTENSION needs no SCHEMA then.
pub fn fixed_schema(extension: &str) -> Option<&'static str> {
    match extension {
        "plpgsql" | "plperl" | "plperlu" | "plpython3u" | "pltcl" | "pltclu" | "adminpack" | "pg_cron" | "citus" => Some("pg_catalog"),
        "postgis_topology" => Some("topology"),
        "postgis_tiger_geocoder" => Some("tiger"),
        "pgmq" => Some("pgmq"),
        _ => None,
    }
}

/// The extensions that an extension requires and that CASCADE installs.
pub fn requires(extension: &str) -> &'static [&'static str] {
    match extension {
        "earthdistance" => &["cube"],
        "postgis_raster" | "postgis_topology" | "postgis_sfcgal" => &["postgis"],
        "postgis_tiger_geocoder" => &["postgis", "fuzzystrmatch"],
        "hstore_plperl" => &["hstore", "plperl"],
        "hstore_plpython3u" => &["hstore", "plpython3u"],
        "ltree_plpython3u" => &["ltree", "plpython3u"],
        "jsonb_plperl" => &["plperl"],
        "jsonb_plpython3u" => &["plpython3u"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_their_names() {
        assert!(MEMBERS.lines().is_sorted());
        assert_eq!(type_providers("citext"), ["citext"]);
        assert_eq!(function_providers("uuid_generate_v4"), ["uuid-ossp"]);
        assert_eq!(relation_providers("pg_stat_statements"), ["pg_stat_statements"]);
        assert_eq!(members("citext", "t").collect::<Vec<_>>(), ["citext"]);
        assert_eq!(members("citext", "r").count(), 0);
        assert!(members_known("tablefunc") && !members_known("postgis"));
    }
}
