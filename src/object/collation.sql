-- The locale of ICU is in collcollate up to 14, in colliculocale up to 16, and in colllocale since 17; there are rules since 16.
SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.collname::text, c.collprovider, c.collisdeterministic,
       CASE WHEN c.collprovider = 'c' THEN c.collcollate::text END AS lc_collate,
       CASE WHEN c.collprovider = 'c' THEN c.collctype::text END AS lc_ctype,
       CASE WHEN c.collprovider <> 'c' THEN
           COALESCE(j.row ->> 'colllocale', j.row ->> 'colliculocale', c.collcollate::text)
       END AS locale,
       j.row ->> 'collicurules' AS rules
FROM pg_catalog.pg_collation c
JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(c.*)) j(row)
WHERE c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
