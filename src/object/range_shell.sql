SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid, n.nspname::text, t.typname::text
FROM pg_catalog.pg_range r
JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND n.nspname !~ '^pg_' AND r.rngcanonical <> 0
