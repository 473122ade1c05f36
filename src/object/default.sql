-- Defaults of tables' columns; the expressions of generated columns are the columns' own. Without them an expression names no column, and
-- pg_get_expr need not open the table.
SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid, 0 AS objsubid,
       d.adrelid, d.adnum, pg_catalog.pg_get_expr(d.adbin, 0) AS expr
FROM pg_catalog.pg_attrdef d
WHERE d.adrelid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = d.adrelid AND a.attnum = d.adnum AND (a.attgenerated <> '' OR a.attisdropped))
