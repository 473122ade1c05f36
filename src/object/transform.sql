WITH functions AS MATERIALIZED (
    SELECT p.oid, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
               pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
                   FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t(oid, n) ORDER BY t.n), ', ')) AS name
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid IN (SELECT pg_catalog.unnest(ARRAY[t.trffromsql, t.trftosql]::pg_catalog.oid[])
                    FROM pg_catalog.pg_transform t WHERE t.oid >= 16384))
SELECT 'pg_catalog.pg_transform'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
       pg_catalog.format_type(t.trftype, NULL) AS type_name, l.lanname::text,
       (SELECT f.name FROM functions f WHERE f.oid = t.trffromsql) AS from_sql,
       (SELECT f.name FROM functions f WHERE f.oid = t.trftosql) AS to_sql
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
