-- Indexes that no constraint owns. Most are on columns and expressions by the default operator class and the collation of their type; these
-- need no whole text, which is costly (index_definition.sql). What collation an expression has by itself is only told by its tree; where no
-- part of it has another than the database's own, nor has it.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, x.oid AS objid, 0 AS objsubid,
       i.indrelid, x.relname::text AS indname, m.amname::text, i.indisunique, i.indisvalid,
       i.indisreplident, i.indisclustered, x.relkind = 'I' AS partitioned, x.reloptions, s.spcname::text, i.indnkeyatts,
       i.indnullsnotdistinct, -- since 15
       false AS indnullsnotdistinct, -- until 14
       i.indkey::pg_catalog.int2[] AS indkey, i.indclass::pg_catalog.oid[] AS indclass,
       i.indcollation::pg_catalog.oid[] AS indcollation, i.indoption::pg_catalog.int2[] AS sorting,
       CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
           SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attnum > 0 ORDER BY a.attnum) END AS types,
       CASE WHEN i.indexprs::text !~* ':[a-z_]*coll[a-z]* (?!0[^0-9]|100[^0-9])' THEN pg_catalog.pg_get_expr(i.indexprs, i.indrelid) END
           AS expressions,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
WHERE i.indexrelid >= 16384 AND x.relpersistence <> 't' AND x.relnamespace <> 'pg_toast'::pg_catalog.regnamespace AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
