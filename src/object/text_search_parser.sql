SELECT 'pg_catalog.pg_ts_parser'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.prsname::text,
       sn.nspname::text AS start_schema, s.proname::text AS start_name, kn.nspname::text AS token_schema, k.proname::text AS token_name,
       en.nspname::text AS end_schema, e.proname::text AS end_name, hn.nspname::text AS headline_schema, h.proname::text AS headline_name,
       ln.nspname::text AS types_schema, l.proname::text AS types_name
FROM pg_catalog.pg_ts_parser t
JOIN pg_catalog.pg_namespace n ON n.oid = t.prsnamespace
JOIN pg_catalog.pg_proc s ON s.oid = t.prsstart JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace
JOIN pg_catalog.pg_proc k ON k.oid = t.prstoken JOIN pg_catalog.pg_namespace kn ON kn.oid = k.pronamespace
JOIN pg_catalog.pg_proc e ON e.oid = t.prsend JOIN pg_catalog.pg_namespace en ON en.oid = e.pronamespace
JOIN pg_catalog.pg_proc l ON l.oid = t.prslextype JOIN pg_catalog.pg_namespace ln ON ln.oid = l.pronamespace
LEFT JOIN pg_catalog.pg_proc h ON h.oid = t.prsheadline LEFT JOIN pg_catalog.pg_namespace hn ON hn.oid = h.pronamespace
WHERE t.oid >= 16384
