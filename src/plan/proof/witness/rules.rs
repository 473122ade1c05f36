//! What is not compared as it stands, column by column, each with the reason. A column that is not here is compared: OIDs and column
//! numbers by the addresses that `pg_get_catalog_foreign_keys()` says they stand for, everything else as text.

/// What becomes of a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Not compared.
    LeftOut,
    /// Not compared by itself, being part of the row's address or needed to read another column.
    Address,
    /// As [`Address`](Self::Address), read by an expression over the row `r`.
    AddressAs(&'static str),
    /// Compared by what an expression over the row `r` gives; a column that no catalog has is added so.
    As(&'static str),
    /// As [`As`](Self::As): what the server makes of a parse tree.
    Deparsed(&'static str),
    /// As [`As`](Self::As): an array whose order has no meaning.
    SetAs(&'static str),
    /// An array whose order has no meaning.
    Set,
    /// Numbers of columns of the relation that another column holds.
    ColumnsOf(&'static str),
    /// Privileges: the object's letter for `acldefault`, or an expression that gives it (null where nothing can be granted), and its owner.
    Privileges(&'static str, &'static str),
    /// The names of a relation's columns, in their order.
    ColumnOrder,
    /// Whether there are rows, which a [`Tolerance`](super::Tolerance) may pass over.
    Contents,
    /// Whether a table has by itself too what it inherits: what came out may, where what was wanted does not.
    Own,
}

use Rule::{Address, AddressAs, As, ColumnOrder, ColumnsOf, Contents, Deparsed, LeftOut, Own, Privileges, Set, SetAs};

/// Catalog, column, what becomes of it, why.
pub(super) type RuleOfColumn = (&'static str, &'static str, Rule, &'static str);

const NAMED: &str = "in the row's address";
const EXPRESSION: &str = "a parse tree holds OIDs and column numbers";
const LAZY: &str = "set when needed, cleared by VACUUM at leisure";
const STORAGE: &str = "where and how the rows are stored now";
const UNORDERED: &str = "order has no meaning";
const SECRET: &str = "order has no meaning; secrets are nobody's business, and no plan writes them";
const OWNED: &str = "NO INHERIT and INHERIT make it true, and no statement takes that back";
const OF_SERVER: &str = "said by CREATE DATABASE, or the server's own business";
const ACL: &str = "null stands for the built-in privileges";

/// The options that are no secrets, by the words of [`SECRET`](crate::object::foreign_options::SECRET).
macro_rules! no_secrets {
    ($column:literal) => {
        concat!(
            "(SELECT pg_catalog.array_agg(o) FROM pg_catalog.unnest(r.",
            $column,
            ") o WHERE pg_catalog.lower(pg_catalog.split_part(o, '=', 1)) OPERATOR(pg_catalog.!~) \
             'password|passwd|passphrase|passcode|pwd|secret|token|credential|private_key|access_key|api_key|apikey' \
             OR pg_catalog.lower(pg_catalog.split_part(o, '=', 1)) OPERATOR(pg_catalog.~~) '%\\_required')"
        )
    };
}

/// The rules.
pub(super) static RULES: &[RuleOfColumn] = &[
    ("pg_namespace", "nspname", Address, NAMED),
    ("pg_namespace", "nspacl", Privileges("'n'", "r.nspowner"), ACL),
    ("pg_language", "lanname", Address, NAMED),
    ("pg_language", "lanacl", Privileges("'l'", "r.lanowner"), ACL),
    ("pg_am", "amname", Address, NAMED),
    ("pg_class", "relname", Address, NAMED),
    ("pg_class", "relnamespace", Address, NAMED),
    ("pg_class", "reltype", LeftOut, "the row type, named as the relation"),
    ("pg_class", "relnatts", LeftOut, "counts dropped columns"),
    ("pg_class", "relfilenode", LeftOut, STORAGE),
    ("pg_class", "relpages", LeftOut, STORAGE),
    ("pg_class", "reltuples", LeftOut, STORAGE),
    ("pg_class", "relallvisible", LeftOut, STORAGE),
    ("pg_class", "relallfrozen", LeftOut, STORAGE),
    ("pg_class", "relfrozenxid", LeftOut, STORAGE),
    ("pg_class", "relminmxid", LeftOut, STORAGE),
    ("pg_class", "reltoastrelid", LeftOut, "whether there is a TOAST table depends on columns dropped long ago too"),
    ("pg_class", "relhasindex", LeftOut, LAZY),
    ("pg_class", "relhasrules", LeftOut, LAZY),
    ("pg_class", "relhastriggers", LeftOut, LAZY),
    ("pg_class", "relhassubclass", LeftOut, LAZY),
    ("pg_class", "relrewrite", LeftOut, "not zero only while a rewrite runs"),
    ("pg_class", "relpartbound", Deparsed("pg_catalog.pg_get_expr(r.relpartbound, 0)"), EXPRESSION),
    ("pg_class", "relispopulated", Contents, "no schema, but losing the rows of a materialized view is noticed"),
    ("pg_class", "reloptions", Set, UNORDERED),
    (
        "pg_class",
        "TOAST reloptions",
        SetAs("(SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = r.reltoastrelid)"),
        "the one thing that users say of TOAST tables, which are not compared",
    ),
    ("pg_class", "order of columns", ColumnOrder, "attnum counts dropped columns"),
    (
        "pg_class",
        "relacl",
        Privileges(
            "CASE WHEN r.relkind = 'S' THEN 's'::\"char\" WHEN r.relkind IN ('r', 'v', 'm', 'f', 'p') THEN 'r'::\"char\" END",
            "r.relowner",
        ),
        ACL,
    ),
    ("pg_attribute", "attrelid", Address, NAMED),
    // Columns of an index keep the name that the table's column had when the index was made; no statement knows them but by number.
    (
        "pg_attribute",
        "attname",
        AddressAs("CASE WHEN c.relkind IN ('i', 'I') THEN r.attnum::text ELSE pg_catalog.quote_ident(r.attname) END"),
        NAMED,
    ),
    ("pg_attribute", "attnum", Address, "counts dropped columns; pg_class has the order of columns"),
    ("pg_attribute", "atttypid", As("pg_catalog.format_type(r.atttypid, r.atttypmod)"), "with its modifier, as people write it"),
    ("pg_attribute", "atttypmod", LeftOut, "in atttypid"),
    ("pg_attribute", "attlen", LeftOut, "a copy from the type"),
    ("pg_attribute", "attbyval", LeftOut, "a copy from the type"),
    ("pg_attribute", "attalign", LeftOut, "a copy from the type"),
    ("pg_attribute", "attndims", LeftOut, "not enforced (documentation, 8.15.1), and pg_dump does not keep it"),
    ("pg_attribute", "attcacheoff", LeftOut, "of use in memory only"),
    ("pg_attribute", "atthasmissing", LeftOut, "whether rows from before ADD COLUMN were rewritten since"),
    ("pg_attribute", "attmissingval", LeftOut, "whether rows from before ADD COLUMN were rewritten since"),
    ("pg_attribute", "attislocal", Own, OWNED),
    ("pg_attribute", "attisdropped", LeftOut, "dropped columns are not read"),
    ("pg_attribute", "attoptions", Set, UNORDERED),
    ("pg_attribute", "attfdwoptions", SetAs(no_secrets!("attfdwoptions")), SECRET),
    ("pg_attribute", "attacl", Privileges("CASE WHEN r.attacl IS NOT NULL THEN 'c'::\"char\" END", "c.relowner"), ACL),
    ("pg_type", "typname", Address, NAMED),
    ("pg_type", "typnamespace", Address, NAMED),
    ("pg_type", "typrelid", Address, "the relation of a row type has the same name"),
    ("pg_type", "typarray", LeftOut, "the name of an array type depends on what was taken when it was made"),
    ("pg_type", "typndims", LeftOut, "not enforced, as attndims"),
    (
        "pg_type",
        "typbasetype",
        As("pg_catalog.format_type(NULLIF(r.typbasetype, 0), r.typtypmod)"),
        "with its modifier, as people write it",
    ),
    ("pg_type", "typtypmod", LeftOut, "in typbasetype"),
    ("pg_type", "typdefaultbin", Deparsed("pg_catalog.pg_get_expr(r.typdefaultbin, 0)"), EXPRESSION),
    (
        "pg_type",
        "typdefault",
        As("CASE WHEN r.typdefaultbin IS NULL THEN r.typdefault END"),
        "else typdefaultbin as it was spelled on the day it was made",
    ),
    ("pg_type", "typacl", Privileges("'T'", "r.typowner"), ACL),
    ("pg_enum", "enumtypid", Address, NAMED),
    ("pg_enum", "enumlabel", AddressAs("pg_catalog.quote_literal(r.enumlabel)"), NAMED),
    (
        "pg_enum",
        "enumsortorder",
        As("pg_catalog.lag(r.enumlabel) OVER (PARTITION BY r.enumtypid ORDER BY r.enumsortorder)"),
        "the label before it: the numbers depend on the order of ADD VALUE",
    ),
    ("pg_range", "rngtypid", Address, NAMED),
    ("pg_collation", "collname", Address, NAMED),
    ("pg_collation", "collnamespace", Address, NAMED),
    ("pg_collation", "collencoding", LeftOut, "this database's, or -1 for any where it was copied from a collation of initdb's"),
    ("pg_collation", "collversion", LeftOut, "of the operating system's library when it was made"),
    ("pg_conversion", "conname", Address, NAMED),
    ("pg_conversion", "connamespace", Address, NAMED),
    ("pg_proc", "proname", Address, NAMED),
    ("pg_proc", "pronamespace", Address, NAMED),
    ("pg_proc", "proargtypes", Address, NAMED),
    ("pg_proc", "proargdefaults", Deparsed("pg_catalog.pg_get_expr(r.proargdefaults, 0)"), EXPRESSION),
    ("pg_proc", "prosqlbody", Deparsed("pg_catalog.pg_get_function_sqlbody(r.oid)"), EXPRESSION),
    ("pg_proc", "proconfig", Set, UNORDERED),
    ("pg_proc", "proacl", Privileges("'f'", "r.proowner"), ACL),
    ("pg_aggregate", "aggfnoid", Address, NAMED),
    ("pg_operator", "oprname", Address, NAMED),
    ("pg_operator", "oprnamespace", Address, NAMED),
    ("pg_opfamily", "opfname", Address, NAMED),
    ("pg_opfamily", "opfnamespace", Address, NAMED),
    ("pg_opclass", "opcname", Address, NAMED),
    ("pg_opclass", "opcnamespace", Address, NAMED),
    ("pg_amop", "amopfamily", Address, NAMED),
    ("pg_amproc", "amprocfamily", Address, NAMED),
    ("pg_attrdef", "adrelid", Address, NAMED),
    ("pg_attrdef", "adnum", LeftOut, NAMED),
    // Only what is generated names columns; otherwise the table need not be opened, which is costly.
    (
        "pg_attrdef",
        "adbin",
        Deparsed(
            "pg_catalog.pg_get_expr(r.adbin, CASE (SELECT a.attgenerated FROM pg_catalog.pg_attribute a \
             WHERE a.attrelid = r.adrelid AND a.attnum = r.adnum) WHEN '' THEN 0::pg_catalog.oid ELSE r.adrelid END)",
        ),
        EXPRESSION,
    ),
    ("pg_constraint", "conname", Address, NAMED),
    ("pg_constraint", "connamespace", Address, NAMED),
    ("pg_constraint", "conrelid", Address, NAMED),
    ("pg_constraint", "contypid", Address, NAMED),
    (
        "pg_constraint",
        "conindid",
        As(
            "CASE WHEN r.contype <> 'f' THEN (SELECT pg_catalog.quote_ident(i.relname) FROM pg_catalog.pg_class i WHERE i.oid = r.conindid) END",
        ),
        "of several unique indexes that fit, a foreign key takes the one of lowest OID; no statement can choose (transformFkeyCheckAttrs)",
    ),
    (
        "pg_constraint",
        "connoinherit",
        As("CASE WHEN r.contype IN ('c', 'n') THEN r.connoinherit END"),
        "of keys it tells whether a partition was made as one or attached later (index_constraint_create), and nothing looks at it",
    ),
    (
        "pg_constraint",
        "convalidated",
        As(
            "r.convalidated OR r.conparentid <> 0 AND r.confrelid <> (SELECT p.confrelid FROM pg_catalog.pg_constraint p WHERE p.oid = r.conparentid)",
        ),
        "until 18, VALIDATE leaves out the copies of a foreign key for the partitions that it refers to, and nothing looks at theirs",
    ),
    ("pg_constraint", "conislocal", Own, OWNED),
    ("pg_constraint", "conbin", Deparsed("pg_catalog.pg_get_expr(r.conbin, r.conrelid)"), EXPRESSION),
    ("pg_constraint", "confdelsetcols", ColumnsOf("conrelid"), "not among pg_get_catalog_foreign_keys()"),
    // Of other constraints it says no more than the columns do, and the many NOT NULLs since 18 would double the time.
    (
        "pg_constraint",
        "definition",
        Deparsed(
            "CASE WHEN r.contype IN ('f', 'x') THEN CASE WHEN r.conparentid <> 0 \
             THEN pg_catalog.replace(pg_catalog.pg_get_constraintdef(r.oid), ' NOT VALID', '') ELSE pg_catalog.pg_get_constraintdef(r.oid) END END",
        ),
        "what people know it by; whether the copies of a key are validated is in convalidated",
    ),
    ("pg_index", "indexrelid", Address, NAMED),
    ("pg_index", "indcheckxmin", LeftOut, "whether old snapshots may use it: a matter of when it was built"),
    // pg_get_indexdef says nothing that these columns, pg_attribute and pg_class do not, and would take a third of all the time.
    ("pg_index", "indexprs", Deparsed("pg_catalog.pg_get_expr(r.indexprs, r.indrelid)"), EXPRESSION),
    ("pg_index", "indpred", Deparsed("pg_catalog.pg_get_expr(r.indpred, r.indrelid)"), EXPRESSION),
    ("pg_inherits", "inhrelid", Address, NAMED),
    ("pg_inherits", "inhparent", Address, NAMED),
    (
        "pg_inherits",
        "inhseqno",
        As("pg_catalog.row_number() OVER (PARTITION BY r.inhrelid ORDER BY r.inhseqno)"),
        "the rank: NO INHERIT leaves gaps",
    ),
    ("pg_partitioned_table", "partrelid", Address, NAMED),
    ("pg_partitioned_table", "partexprs", Deparsed("pg_catalog.pg_get_expr(r.partexprs, r.partrelid)"), EXPRESSION),
    ("pg_sequence", "seqrelid", Address, NAMED),
    ("pg_trigger", "tgname", Address, NAMED),
    ("pg_trigger", "tgrelid", Address, NAMED),
    ("pg_trigger", "tgconstrindid", LeftOut, "as conindid of its constraint"),
    ("pg_trigger", "tgattr", Set, UNORDERED),
    ("pg_trigger", "tgqual", LeftOut, "in the definition; pg_get_expr cannot take OLD beside NEW"),
    (
        "pg_trigger",
        "definition",
        Deparsed("CASE WHEN NOT r.tgisinternal THEN pg_catalog.pg_get_triggerdef(r.oid) END"),
        "what people know it by",
    ),
    ("pg_rewrite", "rulename", Address, NAMED),
    ("pg_rewrite", "ev_class", Address, NAMED),
    ("pg_rewrite", "ev_qual", LeftOut, "in ev_action"),
    (
        "pg_rewrite",
        "ev_action",
        Deparsed("CASE WHEN r.rulename = '_RETURN' THEN pg_catalog.pg_get_viewdef(r.ev_class) ELSE pg_catalog.pg_get_ruledef(r.oid) END"),
        EXPRESSION,
    ),
    ("pg_policy", "polname", Address, NAMED),
    ("pg_policy", "polrelid", Address, NAMED),
    ("pg_policy", "polroles", Set, UNORDERED),
    ("pg_policy", "polqual", Deparsed("pg_catalog.pg_get_expr(r.polqual, r.polrelid)"), EXPRESSION),
    ("pg_policy", "polwithcheck", Deparsed("pg_catalog.pg_get_expr(r.polwithcheck, r.polrelid)"), EXPRESSION),
    ("pg_statistic_ext", "stxname", Address, NAMED),
    ("pg_statistic_ext", "stxnamespace", Address, NAMED),
    ("pg_statistic_ext", "stxkeys", Set, "sorted by column number, whatever the statement said"),
    ("pg_statistic_ext", "stxexprs", Deparsed("pg_catalog.pg_get_statisticsobjdef_expressions(r.oid)"), EXPRESSION),
    ("pg_event_trigger", "evtname", Address, NAMED),
    ("pg_event_trigger", "evttags", Set, UNORDERED),
    ("pg_ts_parser", "prsname", Address, NAMED),
    ("pg_ts_parser", "prsnamespace", Address, NAMED),
    ("pg_ts_template", "tmplname", Address, NAMED),
    ("pg_ts_template", "tmplnamespace", Address, NAMED),
    ("pg_ts_dict", "dictname", Address, NAMED),
    ("pg_ts_dict", "dictnamespace", Address, NAMED),
    ("pg_ts_config", "cfgname", Address, NAMED),
    ("pg_ts_config", "cfgnamespace", Address, NAMED),
    ("pg_ts_config_map", "mapcfg", Address, NAMED),
    ("pg_ts_config_map", "maptokentype", Address, NAMED),
    ("pg_ts_config_map", "mapseqno", Address, NAMED),
    ("pg_foreign_data_wrapper", "fdwname", Address, NAMED),
    ("pg_foreign_data_wrapper", "fdwoptions", SetAs(no_secrets!("fdwoptions")), SECRET),
    ("pg_foreign_data_wrapper", "fdwacl", Privileges("'F'", "r.fdwowner"), ACL),
    ("pg_foreign_server", "srvname", Address, NAMED),
    ("pg_foreign_server", "srvoptions", SetAs(no_secrets!("srvoptions")), SECRET),
    ("pg_foreign_server", "srvacl", Privileges("'S'", "r.srvowner"), ACL),
    ("pg_foreign_table", "ftrelid", Address, NAMED),
    ("pg_foreign_table", "ftoptions", SetAs(no_secrets!("ftoptions")), SECRET),
    ("pg_user_mapping", "umuser", Address, NAMED),
    ("pg_user_mapping", "umserver", Address, NAMED),
    ("pg_user_mapping", "umoptions", SetAs(no_secrets!("umoptions")), SECRET),
    ("pg_publication", "pubname", Address, NAMED),
    ("pg_publication_rel", "prpubid", Address, NAMED),
    ("pg_publication_rel", "prrelid", Address, NAMED),
    ("pg_publication_rel", "prqual", Deparsed("pg_catalog.pg_get_expr(r.prqual, r.prrelid)"), EXPRESSION),
    ("pg_publication_rel", "prattrs", ColumnsOf("prrelid"), "not among pg_get_catalog_foreign_keys(); order has no meaning"),
    ("pg_publication_namespace", "pnpubid", Address, NAMED),
    ("pg_publication_namespace", "pnnspid", Address, NAMED),
    ("pg_subscription", "subname", Address, NAMED),
    ("pg_subscription", "subdbid", LeftOut, "this database"),
    ("pg_subscription", "subenabled", LeftOut, "operation, and no schema"),
    (
        "pg_subscription",
        "subconninfo",
        As("pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.btrim(pg_catalog.regexp_replace(r.subconninfo, \
            '(^|\\s)\\s*\\w*(password|secret)\\s*=\\s*(''([^''\\\\]|\\\\.)*''|\\S*)', '', 'gi')), '\\s+', ' ', 'g'), \
            '^(postgres(ql)?://[^:@/]*):[^@/]*@', '\\1@')"),
        "passwords in it are nobody's business, and no plan writes them",
    ),
    ("pg_subscription", "subskiplsn", LeftOut, "how far replication has come"),
    ("pg_subscription", "subtwophasestate", As("r.subtwophasestate <> 'd'"), "goes from pending to enabled by itself"),
    ("pg_subscription", "subpublications", Set, UNORDERED),
    ("pg_default_acl", "defaclrole", Address, NAMED),
    ("pg_default_acl", "defaclnamespace", Address, NAMED),
    ("pg_default_acl", "defaclobjtype", Address, NAMED),
    ("pg_default_acl", "defaclacl", Privileges("r.defaclobjtype", "r.defaclrole"), UNORDERED),
    ("pg_extension", "extname", Address, NAMED),
    ("pg_largeobject_metadata", "lomacl", Privileges("'L'", "r.lomowner"), ACL),
    ("pg_description", "objoid", Address, NAMED),
    ("pg_description", "classoid", Address, NAMED),
    ("pg_description", "objsubid", Address, NAMED),
    ("pg_seclabel", "objoid", Address, NAMED),
    ("pg_seclabel", "classoid", Address, NAMED),
    ("pg_seclabel", "objsubid", Address, NAMED),
    ("pg_seclabel", "provider", Address, NAMED),
    ("pg_database", "datname", Address, NAMED),
    ("pg_database", "datdba", LeftOut, OF_SERVER),
    ("pg_database", "encoding", LeftOut, OF_SERVER),
    ("pg_database", "datlocprovider", LeftOut, OF_SERVER),
    ("pg_database", "datistemplate", LeftOut, OF_SERVER),
    ("pg_database", "datallowconn", LeftOut, OF_SERVER),
    ("pg_database", "dathasloginevt", LeftOut, OF_SERVER),
    ("pg_database", "datconnlimit", LeftOut, OF_SERVER),
    ("pg_database", "datlastsysoid", LeftOut, OF_SERVER),
    ("pg_database", "datfrozenxid", LeftOut, OF_SERVER),
    ("pg_database", "datminmxid", LeftOut, OF_SERVER),
    ("pg_database", "dattablespace", LeftOut, OF_SERVER),
    ("pg_database", "datcollate", LeftOut, OF_SERVER),
    ("pg_database", "datctype", LeftOut, OF_SERVER),
    ("pg_database", "daticulocale", LeftOut, OF_SERVER),
    ("pg_database", "datlocale", LeftOut, OF_SERVER),
    ("pg_database", "daticurules", LeftOut, OF_SERVER),
    ("pg_database", "datcollversion", LeftOut, OF_SERVER),
    ("pg_database", "datacl", Privileges("'d'", "r.datdba"), ACL),
    ("pg_shdescription", "objoid", LeftOut, NAMED),
    ("pg_shdescription", "classoid", LeftOut, NAMED),
    ("pg_shseclabel", "objoid", LeftOut, NAMED),
    ("pg_shseclabel", "classoid", LeftOut, NAMED),
    ("pg_shseclabel", "provider", Address, NAMED),
    ("pg_db_role_setting", "setdatabase", LeftOut, "this database"),
    ("pg_db_role_setting", "setrole", Address, NAMED),
    ("pg_db_role_setting", "setconfig", Set, UNORDERED),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_the_same_words_everywhere() {
        let words = crate::object::foreign_options::SECRET.join("|");
        let secret = RULES.iter().filter_map(|(_, _, rule, why)| match rule {
            SetAs(expr) if *why == SECRET => Some(*expr),
            _ => None,
        });
        assert!(secret.clone().count() == 5 && secret.into_iter().all(|expr| expr.contains(&format!("'{words}'"))));
    }
}
