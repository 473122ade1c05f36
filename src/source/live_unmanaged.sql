-- Objects of kinds that are not in the registry, so that none of them is skipped silently.
SELECT o.classid, o.objid, 0 AS objsubid, o.nspname::text, pg_catalog.pg_describe_object(o.classid, o.objid, 0) AS description
FROM (
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, n.nspname
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid >= 16384 AND (t.typtype = 'b' AND t.typelem = 0 OR t.typtype = 'p')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
    UNION ALL
    SELECT 'pg_catalog.pg_subscription'::pg_catalog.regclass, s.oid, NULL
    FROM pg_catalog.pg_subscription s
    WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
) o
