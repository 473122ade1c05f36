SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.typname::text, pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,
       opn.nspname::text AS opclass_schema, op.opcname::text, kn.nspname::text AS collation_schema, k.collname::text,
       cfn.nspname::text AS canonical_schema, cf.proname::text AS canonical_name,
       dfn.nspname::text AS subtype_diff_schema, df.proname::text AS subtype_diff_name,
       mn.nspname::text AS multirange_schema, m.typname::text AS multirange_name
FROM pg_catalog.pg_range r
JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
LEFT JOIN pg_catalog.pg_opclass op ON op.oid = r.rngsubopc AND NOT op.opcdefault
LEFT JOIN pg_catalog.pg_namespace opn ON opn.oid = op.opcnamespace
LEFT JOIN pg_catalog.pg_collation k ON k.oid = r.rngcollation AND r.rngcollation <> s.typcollation
LEFT JOIN pg_catalog.pg_namespace kn ON kn.oid = k.collnamespace
LEFT JOIN pg_catalog.pg_proc cf ON cf.oid = r.rngcanonical
LEFT JOIN pg_catalog.pg_namespace cfn ON cfn.oid = cf.pronamespace
LEFT JOIN pg_catalog.pg_proc df ON df.oid = r.rngsubdiff
LEFT JOIN pg_catalog.pg_namespace dfn ON dfn.oid = df.pronamespace
WHERE t.oid >= 16384 AND n.nspname !~ '^pg_'
