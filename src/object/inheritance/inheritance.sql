-- pg_inherits has no OIDs of its own: a link is found by its child and its number there. Bounds name no column, and pg_get_expr need not
-- open the table.
SELECT 'pg_catalog.pg_inherits'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, i.inhseqno AS objsubid,
       cn.nspname::text AS child_schema, c.relname::text AS child_name, pn.nspname::text AS parent_schema, p.relname::text AS parent_name,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, 0) END AS bound
FROM pg_catalog.pg_inherits i
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND p.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
