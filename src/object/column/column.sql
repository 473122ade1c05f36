-- Columns of ordinary, partitioned and foreign tables; those of materialized views and such of indexes as something is said of are only
-- known of to read indexes by. An identity column owns its sequence by an internal dependency; partitions of
-- 17 and later are marked as identity columns too, but have no sequence of their own.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, a.attrelid AS objid, a.attnum::int AS objsubid,
       a.attname::text, a.atttypid, a.attcollation, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
       CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT cn.nspname::text FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
           WHERE co.oid = a.attcollation) END AS collation_schema,
       CASE WHEN a.attcollation <> t.typcollation THEN (
           SELECT co.collname::text FROM pg_catalog.pg_collation co WHERE co.oid = a.attcollation) END AS collation_name,
       a.attidentity, s.sequence_schema, s.sequence_name, s.sequence_type, s.sequence_persistence,
       s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
       a.attgenerated,
       CASE WHEN a.attgenerated <> '' THEN (
           SELECT pg_catalog.pg_get_expr(ad.adbin, ad.adrelid) FROM pg_catalog.pg_attrdef ad
           WHERE ad.adrelid = a.attrelid AND ad.adnum = a.attnum) END AS generated,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
       a.attcompression,
       NULLIF(a.attstattarget, -1)::int AS statistics,
       a.attoptions, a.attfdwoptions,
       NOT a.attislocal AS inherited, a.attnotnull
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN LATERAL (
    SELECT sn.nspname::text AS sequence_schema, sc.relname::text AS sequence_name,
           pg_catalog.format_type(s.seqtypid, NULL) AS sequence_type, sc.relpersistence AS sequence_persistence,
           s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
    JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
    WHERE a.attidentity <> '' AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0 AND d.deptype = 'i'
    -- Not to be made a join of, which would cost where there is none.
    OFFSET 0) s ON true
WHERE c.relpersistence <> 't' AND c.oid >= 16384
  AND (c.relkind IN ('r', 'p', 'f', 'm') OR c.relkind IN ('i', 'I') AND (a.attoptions IS NOT NULL OR a.attstattarget >= 0))
