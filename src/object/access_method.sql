SELECT 'pg_catalog.pg_am'::pg_catalog.regclass::pg_catalog.oid AS classid, a.oid AS objid, 0 AS objsubid,
       a.amname::text, a.amtype, n.nspname::text, p.proname::text
FROM pg_catalog.pg_am a
JOIN pg_catalog.pg_proc p ON p.oid = a.amhandler
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE a.oid >= 16384
