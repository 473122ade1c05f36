-- Copies that PostgreSQL makes of a foreign key for partitions (conparentid) are no objects of their own; constraint
-- triggers (contype t) are triggers. Before 18 NOT NULL is a flag of the column.
-- Most constraints are of one column, whose name a join gives.
WITH relations AS MATERIALIZED (
    SELECT r.oid, n.nspname::text, r.relname::text
    FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
    WHERE r.oid >= 16384 AND r.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_'
)
SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       r.nspname, r.relname, c.conname::text, c.contype, c.condeferrable, c.condeferred, c.convalidated, c.connoinherit,
       c.contype IN ('c', 'n') AND NOT c.conislocal AS inherited,
       c.conenforced, -- since 18
       true AS conenforced, -- until 17
       c.conperiod, -- since 18
       false AS conperiod, -- until 17
       CASE pg_catalog.cardinality(c.conkey) WHEN 1 THEN ARRAY[ka.attname::text] ELSE ARRAY(
           SELECT a.attname::text FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k(n, place)
           LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place) END AS columns,
       f.nspname AS fnspname, f.relname AS frelname,
       CASE pg_catalog.cardinality(c.confkey) WHEN 1 THEN ARRAY[fa.attname::text] ELSE ARRAY(
           SELECT a.attname::text FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k(n, place)
           LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.place) END AS fcolumns,
       CASE WHEN c.confdelsetcols IS NULL THEN '{}' ELSE ARRAY( -- since 15
           SELECT a.attname::text FROM pg_catalog.unnest(c.confdelsetcols) WITH ORDINALITY k(n, place) -- since 15
           LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place) END AS delete_columns, -- since 15
       '{}'::pg_catalog.text[] AS delete_columns, -- until 14
       c.confupdtype, c.confdeltype, c.confmatchtype,
       CASE c.contype WHEN 'c' THEN pg_catalog.pg_get_expr(c.conbin, c.conrelid) END AS expression,
       CASE c.contype WHEN 'x' THEN pg_catalog.pg_get_constraintdef(c.oid) END AS exclusion,
       CASE WHEN i.indnatts > i.indnkeyatts THEN ARRAY(
           SELECT a.attname::text FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY k(n, place)
           LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n
           WHERE k.place > i.indnkeyatts ORDER BY k.place) ELSE '{}' END AS include,
       i.indnullsnotdistinct AS nulls_not_distinct, -- since 15
       CASE WHEN i.indexrelid IS NOT NULL THEN false END AS nulls_not_distinct, -- until 14
       i.indisreplident, i.indisclustered, x.reloptions, s.spcname::text,
       pn.nspname::text AS pnspname, pr.relname::text AS prelname, pc.conname::text AS pconname, px.relname::text AS pindname
FROM pg_catalog.pg_constraint c
JOIN relations r ON r.oid = c.conrelid
LEFT JOIN pg_catalog.pg_attribute ka ON ka.attrelid = c.conrelid AND ka.attnum = c.conkey[1]
LEFT JOIN relations f ON f.oid = c.confrelid
LEFT JOIN pg_catalog.pg_attribute fa ON fa.attrelid = c.confrelid AND fa.attnum = c.confkey[1]
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_class px ON px.oid = h.inhparent
LEFT JOIN pg_catalog.pg_index pi ON pi.indexrelid = h.inhparent
LEFT JOIN pg_catalog.pg_class pr ON pr.oid = pi.indrelid
LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pr.relnamespace
LEFT JOIN pg_catalog.pg_constraint pc ON pc.conindid = h.inhparent AND pc.contype IN ('p', 'u', 'x')
WHERE c.oid >= 16384 AND c.contype IN ('c', 'f', 'n', 'p', 'u', 'x') AND NOT (c.contype = 'f' AND c.conparentid <> 0)
UNION ALL -- until 17
SELECT 'pg_catalog.pg_attribute'::pg_catalog.regclass, a.attrelid, a.attnum::int4, r.nspname, r.relname, NULL, 'n', false, false, true, false, -- until 17
       NOT a.attislocal AND EXISTS ( -- until 17
           SELECT FROM pg_catalog.pg_inherits h -- until 17
           JOIN pg_catalog.pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname AND p.attnotnull -- until 17
           WHERE h.inhrelid = a.attrelid), -- until 17
       true, false, ARRAY[a.attname::text], NULL, NULL, '{}', '{}', ' ', ' ', ' ', NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL -- until 17
FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid -- until 17
WHERE a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped -- until 17
