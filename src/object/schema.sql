-- The schema public exists in every new database (it has an oid below 16384), but can be dropped.
SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid AS classid, n.oid AS objid, 0 AS objsubid, n.nspname::text
FROM pg_catalog.pg_namespace n
WHERE (n.oid >= 16384 OR n.nspname = 'public') AND n.nspname !~ '^pg_'
