SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid AS classid, k.oid AS objid, 0 AS objsubid,
       n.nspname::text, t.typname::text, k.conname::text, k.contype, k.convalidated,
       pg_catalog.pg_get_expr(k.conbin, 0) AS check_expr, NULL::text[] AS taken
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_type t ON t.oid = k.contypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE k.contypid <> 0 AND k.oid >= 16384 AND n.nspname !~ '^pg_'
-- Before 17, NOT NULL of a domain is a flag without a name or an address of its own.
UNION ALL                                                                                                      -- until 16
SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, -1,                                   -- until 16
       n.nspname::text, t.typname::text, NULL, 'n', true, NULL,                                                -- until 16
       ARRAY(SELECT k.conname::text FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid)                  -- until 16
FROM pg_catalog.pg_type t                                                                                      -- until 16
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace                                                       -- until 16
WHERE t.typtype = 'd' AND t.typnotnull AND t.oid >= 16384 AND n.nspname !~ '^pg_'                              -- until 16
