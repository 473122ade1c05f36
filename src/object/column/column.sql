-- Columns of ordinary, partitioned and foreign tables. An identity column owns its sequence by an internal dependency; partitions of
-- 17 and later are marked as identity columns too, but have no sequence of their own.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, a.attrelid AS objid, a.attnum::int AS objsubid,
       n.nspname::text, c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name,
       CASE WHEN a.attcollation <> t.typcollation THEN cn.nspname::text END AS collation_schema,
       CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END AS collation_name,
       a.attidentity, sn.nspname::text AS sequence_schema, sc.relname::text AS sequence_name,
       pg_catalog.format_type(s.seqtypid, NULL) AS sequence_type,
       s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
       a.attgenerated,
       CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(ad.adbin, ad.adrelid) END AS generated,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
       a.attcompression,
       NULLIF(a.attstattarget, -1)::int AS statistics,
       a.attoptions, a.attfdwoptions,
       NOT a.attislocal AS inherited
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum AND a.attgenerated <> ''
LEFT JOIN pg_catalog.pg_depend d ON a.attidentity <> '' AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0 AND d.deptype = 'i'
LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
LEFT JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid
LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= 16384
