-- A column's collation is told where it is not its type's own. There are views without columns.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
    n.nspname::text, c.relname::text, c.reloptions::text[], pg_catalog.pg_get_viewdef(c.oid) AS query,
    coalesce(o.names, '{}') AS names, coalesce(o.types, '{}') AS types,
    coalesce(o.collation_schemas, '{}') AS collation_schemas, coalesce(o.collations, '{}') AS collations
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT a.attrelid,
          pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) AS names,
          pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
          pg_catalog.array_agg(cn.nspname::text ORDER BY a.attnum) AS collation_schemas,
          pg_catalog.array_agg(co.collname::text ORDER BY a.attnum) AS collations
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class v ON v.oid = a.attrelid AND v.relkind = 'v' AND v.oid >= 16384
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
      LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped
      GROUP BY a.attrelid) o ON o.attrelid = c.oid
WHERE c.relkind = 'v' AND c.oid >= 16384 AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
