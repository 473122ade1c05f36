-- Objects of kinds that are not in the registry, so that none of them is skipped silently: relations and types of later versions.
SELECT o.classid, o.objid, 0 AS objsubid, o.nspname::text, pg_catalog.pg_describe_object(o.classid, o.objid, 0) AS description
FROM (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, n.nspname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I', 't', 'c')
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, n.nspname
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid >= 16384 AND (t.typtype NOT IN ('b', 'c', 'd', 'e', 'r', 'm', 'p') OR t.typtype = 'p' AND t.typisdefined)
) o
