SELECT 'pg_catalog.pg_ts_template'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.tmplname::text, inn.nspname::text AS init_schema, i.proname::text AS init_name,
       ln.nspname::text AS lexize_schema, l.proname::text AS lexize_name
FROM pg_catalog.pg_ts_template t
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
JOIN pg_catalog.pg_proc l ON l.oid = t.tmpllexize JOIN pg_catalog.pg_namespace ln ON ln.oid = l.pronamespace
LEFT JOIN pg_catalog.pg_proc i ON i.oid = t.tmplinit LEFT JOIN pg_catalog.pg_namespace inn ON inn.oid = i.pronamespace
WHERE t.oid >= 16384
