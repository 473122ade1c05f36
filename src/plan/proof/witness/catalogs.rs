//! Which system catalogs the witness reads, and how a row of each is addressed.

/// How the rows of a catalog are addressed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Identity {
    /// By `pg_identify_object`.
    Server,
    /// By an expression over the row `r`.
    Expression(&'static str),
    /// By the row's own columns, `{column}` standing for one; for catalogs whose rows are no objects of their own.
    Columns(&'static str),
    /// By `pg_identify_object`, but rows of which the condition holds by their columns: their names are made of OIDs or counters.
    Unless(&'static str, &'static str),
}

/// One system catalog.
#[derive(Debug)]
pub(super) struct SystemCatalog {
    pub name: &'static str,
    /// What is joined to it, as `r`, for [`users`](Self::users).
    pub join: &'static str,
    /// Which rows (`r`) users made. 16384 is FirstNormalObjectId (src/include/access/transam.h), 99 PG_TOAST_NAMESPACE.
    pub users: &'static str,
    pub identity: Identity,
    /// Columns that name what a row is part of: a row is out of scope with it.
    pub part_of: &'static [&'static str],
}

const OID: &str = "r.oid >= 16384";

const fn object(name: &'static str, part_of: &'static [&'static str]) -> SystemCatalog {
    SystemCatalog { name, join: "", users: OID, identity: Identity::Server, part_of }
}

const fn rows(name: &'static str, users: &'static str, identity: &'static str, part_of: &'static [&'static str]) -> SystemCatalog {
    SystemCatalog { name, join: "", users, identity: Identity::Columns(identity), part_of }
}

/// Of a row `r` of a catalog of the cluster, whether it is about this database.
const THIS_DATABASE: &str = "r.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND r.objoid = \
    (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())";

/// Every catalog that is compared, `pg_depend` aside; those whose rows name others' addresses come after them.
pub(super) static CATALOGS: &[SystemCatalog] = &[
    SystemCatalog { users: "(r.oid >= 16384 OR r.nspname = 'public')", ..object("pg_namespace", &[]) },
    object("pg_language", &[]),
    object("pg_am", &[]),
    SystemCatalog { users: "r.oid >= 16384 AND r.relnamespace <> 99", ..object("pg_class", &["relnamespace"]) },
    SystemCatalog {
        join: "JOIN pg_catalog.pg_class c ON c.oid = r.attrelid",
        ..rows(
            "pg_attribute",
            "r.attrelid >= 16384 AND c.relnamespace <> 99 AND NOT r.attisdropped AND (r.attnum > 0 OR r.attacl IS NOT NULL)",
            "{attrelid}.{attname}",
            &["attrelid"],
        )
    },
    // An array type is made with its element and named after it, with underscores where that name is taken (makeArrayTypeName).
    SystemCatalog {
        users: "r.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = r.typelem AND e.typarray = r.oid)",
        ..object("pg_type", &["typnamespace", "typrelid"])
    },
    rows("pg_enum", "r.enumtypid >= 16384", "{enumtypid} {enumlabel}", &["enumtypid"]),
    rows("pg_range", "r.rngtypid >= 16384", "{rngtypid}", &["rngtypid"]),
    object("pg_collation", &["collnamespace"]),
    object("pg_conversion", &["connamespace"]),
    object("pg_proc", &["pronamespace"]),
    rows("pg_aggregate", "r.aggfnoid >= 16384", "{aggfnoid}", &["aggfnoid"]),
    object("pg_operator", &["oprnamespace"]),
    object("pg_opfamily", &["opfnamespace"]),
    object("pg_opclass", &["opcnamespace"]),
    object("pg_amop", &["amopfamily"]),
    object("pg_amproc", &["amprocfamily"]),
    object("pg_cast", &[]),
    object("pg_transform", &[]),
    object("pg_attrdef", &["adrelid"]),
    // A foreign key to a partitioned table has one more row per referenced partition, its name chosen by the server. So have partitions one
    // for each of their parent, whose name is the server's unless it was there before ATTACH; no dump has either name.
    SystemCatalog {
        identity: Identity::Unless(
            "r.contype = 'f' AND r.conparentid <> 0",
            "foreign key {conkey} on {conrelid} against {confrelid}, as above it",
        ),
        ..object("pg_constraint", &["conrelid", "contypid", "connamespace"])
    },
    SystemCatalog {
        join: "JOIN pg_catalog.pg_class c ON c.oid = r.indrelid",
        ..rows("pg_index", "r.indexrelid >= 16384 AND c.relnamespace <> 99", "{indexrelid}", &["indexrelid", "indrelid"])
    },
    rows("pg_inherits", "r.inhrelid >= 16384", "{inhrelid} under {inhparent}", &["inhrelid"]),
    rows("pg_partitioned_table", "r.partrelid >= 16384", "{partrelid}", &["partrelid"]),
    rows("pg_sequence", "r.seqrelid >= 16384", "{seqrelid}", &["seqrelid"]),
    SystemCatalog {
        identity: Identity::Unless("r.tgisinternal AND r.tgconstraint <> 0", "{tgfoid} for {tgconstraint} on {tgrelid}"),
        ..object("pg_trigger", &["tgrelid"])
    },
    object("pg_rewrite", &["ev_class"]),
    object("pg_policy", &["polrelid"]),
    object("pg_statistic_ext", &["stxnamespace"]),
    object("pg_event_trigger", &[]),
    object("pg_ts_parser", &["prsnamespace"]),
    object("pg_ts_template", &["tmplnamespace"]),
    object("pg_ts_dict", &["dictnamespace"]),
    object("pg_ts_config", &["cfgnamespace"]),
    rows("pg_ts_config_map", "r.mapcfg >= 16384", "{mapcfg} token type {maptokentype} dictionary {mapseqno}", &["mapcfg"]),
    object("pg_foreign_data_wrapper", &[]),
    object("pg_foreign_server", &[]),
    rows("pg_foreign_table", "r.ftrelid >= 16384", "{ftrelid}", &["ftrelid"]),
    rows("pg_user_mapping", "r.umserver >= 16384", "{umuser} on {umserver}", &["umserver"]),
    object("pg_publication", &[]),
    object("pg_publication_rel", &["prpubid"]),
    object("pg_publication_namespace", &["pnpubid"]),
    SystemCatalog {
        users: "r.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
        ..object("pg_subscription", &[])
    },
    object("pg_default_acl", &["defaclnamespace"]),
    // initdb makes plpgsql below 16384, and it can be dropped.
    SystemCatalog { users: "true", ..object("pg_extension", &[]) },
    // The OID of a large object is its name, may be chosen, and initdb makes none. pg_identify_object knows it under pg_largeobject.
    SystemCatalog { users: "true", identity: Identity::Expression("r.oid::text"), ..object("pg_largeobject_metadata", &[]) },
    rows(
        "pg_description",
        // DROP SUBSCRIPTION leaves the comment behind (src/backend/commands/subscriptioncmds.c).
        "(r.classoid <> 'pg_catalog.pg_subscription'::pg_catalog.regclass OR EXISTS (SELECT FROM pg_catalog.pg_subscription s WHERE s.oid = r.objoid)) \
         AND (r.objoid >= 16384 OR r.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass OR r.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass \
         OR r.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND r.objoid = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public'))",
        "{objoid}",
        &["objoid"],
    ),
    rows("pg_seclabel", "true", "{objoid} by {provider}", &["objoid"]),
    // Its name is another one on every server.
    SystemCatalog {
        users: "r.datname = pg_catalog.current_database()",
        identity: Identity::Expression("'this database'"),
        ..object("pg_database", &[])
    },
    rows("pg_shdescription", THIS_DATABASE, "this database", &[]),
    rows("pg_shseclabel", THIS_DATABASE, "this database by {provider}", &[]),
    rows(
        "pg_db_role_setting",
        "r.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
        "{setrole}",
        &[],
    ),
];

/// What a role that may not read a catalog reads instead: catalog, relation, its columns.
pub(super) static INSTEAD: &[(&str, &str, &[&str])] = &[(
    "pg_user_mapping",
    "(SELECT m.umid AS oid, m.umuser, m.srvid AS umserver FROM pg_catalog.pg_user_mappings m)",
    &["oid", "umuser", "umserver"],
)];

/// Catalogs that are not compared, each with the reason.
pub(super) static LEFT_OUT: &[(&str, &str)] = &[
    ("pg_auth_members", "of the cluster, not of the database"),
    ("pg_authid", "of the cluster, not of the database"),
    ("pg_parameter_acl", "of the cluster, not of the database"),
    ("pg_replication_origin", "of the cluster, not of the database"),
    ("pg_shdepend", "follows from owners, privileges, roles of policies and tablespaces, which are compared"),
    ("pg_tablespace", "of the cluster, not of the database"),
    ("pg_init_privs", "the ground on which altered privileges of system objects and members of extensions are seen"),
    ("pg_largeobject", "contents, not schema"),
    ("pg_statistic", "gathered by ANALYZE from the rows"),
    ("pg_statistic_ext_data", "gathered by ANALYZE from the rows"),
    ("pg_subscription_rel", "how far replication has come"),
];
