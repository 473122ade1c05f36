SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.typname::text, COALESCE(e.labels, '{}') AS labels
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN (SELECT enumtypid, pg_catalog.array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
           FROM pg_catalog.pg_enum GROUP BY enumtypid) e ON e.enumtypid = t.oid
WHERE t.typtype = 'e' AND t.oid >= 16384 AND n.nspname !~ '^pg_'
