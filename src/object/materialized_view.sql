-- Options of the TOAST table are told with the prefix that CREATE MATERIALIZED VIEW .. WITH takes.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
    n.nspname::text, c.relname::text, pg_catalog.pg_get_viewdef(c.oid) AS query, c.relispopulated, c.relreplident,
    c.reloptions::text[] || ARRAY(SELECT 'toast.' || x.option FROM pg_catalog.unnest(tc.reloptions) x(option)) AS options,
    CASE WHEN am.amname <> 'heap' THEN am.amname::text END AS access_method, ts.spcname::text AS tablespace,
    EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered,
    o.names, o.types, o.collation_schemas, o.collations
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class tc ON tc.oid = c.reltoastrelid
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
JOIN (SELECT a.attrelid,
          pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) AS names,
          pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
          pg_catalog.array_agg(cn.nspname::text ORDER BY a.attnum) AS collation_schemas,
          pg_catalog.array_agg(co.collname::text ORDER BY a.attnum) AS collations
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class v ON v.oid = a.attrelid AND v.relkind = 'm' AND v.oid >= 16384
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
      LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped
      GROUP BY a.attrelid) o ON o.attrelid = c.oid
WHERE c.relkind = 'm' AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
