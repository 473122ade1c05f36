-- Defaults of tables' columns; the expressions of generated columns are the columns' own. Without them an expression names no column, and
-- pg_get_expr need not open the table.
SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.relname::text, a.attname::text, pg_catalog.pg_get_expr(d.adbin, 0) AS expr
FROM pg_catalog.pg_attrdef d
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = '' AND NOT a.attisdropped
JOIN pg_catalog.pg_class c ON c.oid = d.adrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
