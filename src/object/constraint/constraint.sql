-- Copies that PostgreSQL makes of a foreign key for partitions (conparentid) are no objects of their own; constraint
-- triggers (contype t) are triggers. Before 18 NOT NULL is a flag of the column, and read with it.
SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       c.conrelid, c.conname::text, c.contype, c.condeferrable, c.condeferred, c.convalidated, c.connoinherit,
       c.contype IN ('c', 'n') AND NOT c.conislocal AS inherited,
       c.conenforced, -- since 18
       true AS conenforced, -- until 17
       c.conperiod, -- since 18
       false AS conperiod, -- until 17
       c.conkey, c.confrelid, c.confkey,
       c.confdelsetcols, -- since 15
       NULL::pg_catalog.int2[] AS confdelsetcols, -- until 14
       c.confupdtype, c.confdeltype, c.confmatchtype,
       CASE c.contype WHEN 'c' THEN pg_catalog.pg_get_expr(c.conbin, c.conrelid) END AS expression,
       CASE c.contype WHEN 'x' THEN pg_catalog.pg_get_constraintdef(c.oid) END AS exclusion,
       i.indkey::pg_catalog.int2[] AS indkey, i.indnkeyatts,
       i.indnullsnotdistinct AS nulls_not_distinct, -- since 15
       CASE WHEN i.indexrelid IS NOT NULL THEN false END AS nulls_not_distinct, -- until 14
       i.indisreplident, i.indisclustered, x.reloptions, s.spcname::text, i.indexrelid
FROM pg_catalog.pg_constraint c
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
WHERE c.oid >= 16384 AND c.conrelid <> 0 AND c.contype IN ('c', 'f', 'n', 'p', 'u', 'x') AND NOT (c.contype = 'f' AND c.conparentid <> 0)
