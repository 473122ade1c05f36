-- Partitions' copies of a row trigger (tgparentid) are told where they fire otherwise than what they are copies of. Until 14 copies are
-- internal too, so that what tells them from triggers of foreign keys is the kind of constraint behind tgconstraint.
SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid,
    n.nspname::text, c.relname::text, c.relkind, t.tgname::text, t.tgenabled, u.oid IS NOT NULL AS inherited,
    pg_catalog.pg_get_triggerdef(t.oid) AS definition, fn.nspname::text AS function_schema, f.proname::text AS function_name,
    a.above_schemas, a.above_names
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
LEFT JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint
LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid
LEFT JOIN LATERAL (
    SELECT pg_catalog.array_agg(pn.nspname::text ORDER BY p.place) AS above_schemas, pg_catalog.array_agg(pc.relname::text ORDER BY p.place) AS above_names
    FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY p (relid, place)
    JOIN pg_catalog.pg_class pc ON pc.oid = p.relid
    JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
    WHERE u.oid IS NOT NULL) a ON true
WHERE t.oid >= 16384 AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (k.oid IS NULL OR k.contype = 't')
    AND (u.oid IS NULL AND NOT t.tgisinternal OR t.tgenabled <> u.tgenabled)
