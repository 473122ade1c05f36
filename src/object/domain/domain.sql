SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.typname::text, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS base,
       kn.nspname::text AS collation_schema, k.collname::text,
       pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS default_expr
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_catalog.pg_collation k ON k.oid = t.typcollation AND t.typcollation <> b.typcollation
LEFT JOIN pg_catalog.pg_namespace kn ON kn.oid = k.collnamespace
WHERE t.typtype = 'd' AND t.oid >= 16384 AND n.nspname !~ '^pg_'
