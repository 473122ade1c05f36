-- Ordinary, partitioned and foreign tables. Views and temporary tables are other kinds or nobody's.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.relname::text, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key,
       tn.nspname::text AS type_schema, t.typname::text AS type_name,
       c.reloptions, toast.reloptions AS toast_options,
       CASE WHEN c.relkind = 'p' OR am.amname <> 'heap' THEN am.amname::text END AS access_method,
       ts.spcname::text AS tablespace, fs.srvname::text, ft.ftoptions,
       c.relhasindex AND EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered,
       c.relreplident = 'i' AND EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) AS identity_index
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid AND c.reltoastrelid <> 0
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND c.relam <> 0
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace AND c.reltablespace <> 0
LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid AND c.relkind = 'f'
LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reloftype AND c.reloftype <> 0
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
