-- Defaults name no column, and pg_get_expr need not open the view.
-- Only columns of which something is said alone. "No target" of SET STATISTICS is -1 until 16, and null from 17 on.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, a.attnum::pg_catalog.int4 AS objsubid,
    n.nspname::text, c.relname::text, c.relkind, a.attname::text,
    pg_catalog.pg_get_expr(d.adbin, 0) AS default_expr,
    CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::pg_catalog.int4 END AS statistics,
    CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
    a.attcompression, a.attoptions::text[]
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description de
    ON de.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND de.objoid = c.oid AND de.objsubid = a.attnum
WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (d.oid IS NOT NULL OR de.objoid IS NOT NULL OR a.attacl IS NOT NULL OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL
        OR c.relkind = 'm' AND (a.attstorage <> t.typstorage OR a.attcompression <> ''))
