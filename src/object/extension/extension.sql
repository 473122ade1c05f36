-- plpgsql is in every new database.
SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid AS classid, e.oid AS objid, 0 AS objsubid,
       e.extname::text, n.nspname::text, e.extversion
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql'
