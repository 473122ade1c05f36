-- Indexes that no constraint owns.
WITH keys AS MATERIALIZED (
    -- Most indexes are on columns by the default operator class of their type; these need no text, which is costly. Polymorphic
    -- classes (anyarray, anyenum, anyrange, anymultirange, record) and text_ops for varchar are defaults too. Columns of INCLUDE have
    -- no operator class.
    SELECT i.indexrelid, pg_catalog.array_agg(a.attname::text ORDER BY k.place) AS columns,
           pg_catalog.bool_or(k.n = 0 OR k.opclass IS NOT NULL AND (NOT o.opcdefault OR k.coll <> a.attcollation
               OR NOT (o.opcintype = a.atttypid OR o.opcintype IN (2277, 3500, 3831, 4537, 2249) OR o.opcintype = 25 AND a.atttypid = 1043))) AS special
    FROM pg_catalog.pg_index i
    CROSS JOIN LATERAL ROWS FROM (
        pg_catalog.unnest(i.indkey::pg_catalog.int2[]), pg_catalog.unnest(i.indclass::pg_catalog.oid[]),
        pg_catalog.unnest(i.indcollation::pg_catalog.oid[])) WITH ORDINALITY k(n, opclass, coll, place)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n
    LEFT JOIN pg_catalog.pg_opclass o ON o.oid = k.opclass
    WHERE i.indexrelid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
      AND EXISTS (SELECT FROM pg_catalog.pg_class r WHERE r.oid = i.indrelid AND r.relkind IN ('r', 'p', 'm'))
    GROUP BY i.indexrelid
), targets AS MATERIALIZED (
    SELECT a.attrelid, pg_catalog.bool_or(a.attoptions IS NOT NULL) AS has_options,
           pg_catalog.array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum) FILTER (WHERE a.attstattarget >= 0) AS statistics
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('i', 'I')
    WHERE a.attnum > 0 AND a.attrelid >= 16384 AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL)
    GROUP BY a.attrelid
)
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, x.oid AS objid, 0 AS objsubid,
       n.nspname::text, r.relname::text, r.relkind, x.relname::text AS indname, m.amname::text, i.indisunique, i.indisvalid,
       i.indisreplident, i.indisclustered, x.relkind = 'I' AS partitioned, x.reloptions, s.spcname::text, i.indnkeyatts,
       i.indnullsnotdistinct, -- since 15
       false AS indnullsnotdistinct, -- until 14
       keys.columns, i.indoption::pg_catalog.int2[] AS sorting,
       CASE WHEN keys.special OR targets.has_options THEN pg_catalog.pg_get_indexdef(x.oid) END AS definition,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
       targets.statistics,
       pn.nspname::text AS pnspname, pr.relname::text AS prelname, pc.conname::text AS pconname, px.relname::text AS pindname
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam
JOIN pg_catalog.pg_class r ON r.oid = i.indrelid AND r.relkind IN ('r', 'p', 'm')
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
JOIN keys ON keys.indexrelid = i.indexrelid
LEFT JOIN targets ON targets.attrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_class px ON px.oid = h.inhparent
LEFT JOIN pg_catalog.pg_index pi ON pi.indexrelid = h.inhparent
LEFT JOIN pg_catalog.pg_class pr ON pr.oid = pi.indrelid
LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pr.relnamespace
LEFT JOIN pg_catalog.pg_constraint pc ON pc.conindid = h.inhparent AND pc.contype IN ('p', 'u', 'x')
WHERE i.indexrelid >= 16384 AND n.nspname !~ '^pg_'
