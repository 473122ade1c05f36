SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass::pg_catalog.oid AS classid, e.oid AS objid, 0 AS objsubid,
       e.evtname::text, e.evtevent::text, e.evtenabled, COALESCE(e.evttags, '{}') AS tags, n.nspname::text, p.proname::text
FROM pg_catalog.pg_event_trigger e
JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE e.oid >= 16384
