//! Which extensions bring what. Members of extensions are not objects of the catalog; where no server tells, a name that schema
//! files use is known to be theirs from here.

/// Extensions that bring a type of that name.
pub fn type_providers(name: &str) -> &'static [&'static str] {
    match name {
        "citext" => &["citext"],
        "hstore" | "ghstore" => &["hstore"],
        "ltree" | "lquery" | "ltxtquery" => &["ltree"],
        "cube" => &["cube"],
        "seg" => &["seg"],
        "query_int" => &["intarray"],
        "isbn" | "isbn13" | "issn" | "issn13" | "ismn" | "ismn13" | "ean13" | "upc" => &["isn"],
        "earth" => &["earthdistance"],
        "lo" => &["lo"],
        "geometry" | "geography" | "box2d" | "box3d" => &["postgis"],
        "raster" => &["postgis_raster"],
        "vector" | "halfvec" | "sparsevec" => &["vector"],
        _ => &[],
    }
}

/// Extensions that bring a relation of that name.
pub fn relation_providers(name: &str) -> &'static [&'static str] {
    match name {
        "spatial_ref_sys" | "geometry_columns" | "geography_columns" => &["postgis"],
        "raster_columns" | "raster_overviews" => &["postgis_raster"],
        _ => &[],
    }
}

/// Extensions that bring a function of that name.
pub fn function_providers(name: &str) -> &'static [&'static str] {
    match name {
        "digest" | "hmac" | "crypt" | "gen_salt" | "encrypt" | "decrypt" | "encrypt_iv" | "decrypt_iv" | "gen_random_bytes" | "armor"
        | "dearmor" => &["pgcrypto"],
        "similarity" | "show_trgm" | "word_similarity" | "strict_word_similarity" | "show_limit" | "set_limit" => &["pg_trgm"],
        "unaccent" => &["unaccent"],
        "levenshtein" | "levenshtein_less_equal" | "soundex" | "difference" | "metaphone" | "dmetaphone" | "dmetaphone_alt"
        | "daitch_mokotoff" => &["fuzzystrmatch"],
        "hstore" | "akeys" | "avals" | "skeys" | "svals" | "slice" | "defined" | "hstore_to_json" | "hstore_to_jsonb"
        | "hstore_to_array" => &["hstore"],
        "nlevel" | "subpath" | "subltree" | "text2ltree" | "ltree2text" | "lca" => &["ltree"],
        "citext" => &["citext"],
        "cube" | "cube_distance" | "cube_dim" | "cube_enlarge" => &["cube"],
        "ll_to_earth" | "earth_box" | "earth_distance" | "earth" | "sec_to_gc" | "gc_to_sec" | "latitude" | "longitude" => &["earthdistance"],
        "crosstab" | "crosstab2" | "crosstab3" | "crosstab4" | "normal_rand" | "connectby" => &["tablefunc"],
        "icount" | "sort_asc" | "sort_desc" | "uniq" | "subarray" | "intset" => &["intarray"],
        "l2_distance" | "cosine_distance" | "inner_product" | "vector_dims" | "vector_norm" | "l2_normalize" => &["vector"],
        _ if name.starts_with("uuid_") => &["uuid-ossp"],
        _ if name.starts_with("pgp_") => &["pgcrypto"],
        _ if name.starts_with("dblink") => &["dblink"],
        _ if name.starts_with("st_") => &["postgis", "postgis_raster"],
        _ => &[],
    }
}

/// Extensions of which the functions above name all that a schema is likely to call.
pub fn members_known(extension: &str) -> bool {
    matches!(
        extension,
        "uuid-ossp"
            | "pgcrypto"
            | "pg_trgm"
            | "unaccent"
            | "fuzzystrmatch"
            | "citext"
            | "tablefunc"
            | "dblink"
            | "btree_gin"
            | "btree_gist"
            | "pg_stat_statements"
            | "postgres_fdw"
            | "file_fdw"
    )
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
