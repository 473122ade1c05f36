-- pg_inherits has no OIDs of its own: a link is found by its child and its number there. Bounds name no column, and pg_get_expr need not
-- open the table. Copies of foreign keys are told with what they were made of, however far above that is.
SELECT 'pg_catalog.pg_inherits'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, i.inhseqno AS objsubid,
       cn.nspname::text AS child_schema, c.relname::text AS child_name, pn.nspname::text AS parent_schema, p.relname::text AS parent_name,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, 0) END AS bound,
       k.copies, k.key_schemas, k.key_tables, k.key_names
FROM pg_catalog.pg_inherits i
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
LEFT JOIN LATERAL (
    WITH RECURSIVE above AS (
        SELECT f.conname, f.conparentid
        FROM pg_catalog.pg_constraint f
        JOIN pg_catalog.pg_constraint p ON p.oid = f.conparentid AND p.conrelid <> f.conrelid AND p.confrelid = f.confrelid
        WHERE f.conrelid = c.oid AND f.contype = 'f'
        UNION ALL
        SELECT a.conname, p.conparentid FROM above a JOIN pg_catalog.pg_constraint p ON p.oid = a.conparentid WHERE p.conparentid <> 0
    )
    SELECT pg_catalog.array_agg(a.conname::text) AS copies, pg_catalog.array_agg(n.nspname::text) AS key_schemas,
           pg_catalog.array_agg(r.relname::text) AS key_tables, pg_catalog.array_agg(p.conname::text) AS key_names
    FROM above a
    JOIN pg_catalog.pg_constraint p ON p.oid = a.conparentid AND p.conparentid = 0
    JOIN pg_catalog.pg_class r ON r.oid = p.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
) k ON c.relispartition
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
