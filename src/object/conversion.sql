SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.conname::text, pg_catalog.pg_encoding_to_char(c.conforencoding)::text AS source,
       pg_catalog.pg_encoding_to_char(c.contoencoding)::text AS target, c.condefault,
       fn.nspname::text AS function_schema, f.proname::text AS function_name
FROM pg_catalog.pg_conversion c
JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
JOIN pg_catalog.pg_proc f ON f.oid = c.conproc
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
WHERE c.oid >= 16384
