SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, a.attnum::integer AS objsubid,
       n.nspname::text, c.relname::text, a.attname::text, a.attnum::integer AS position,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type_name, kn.nspname::text AS collation_schema, k.collname::text
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation k ON k.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace kn ON kn.oid = k.collnamespace
WHERE c.relkind = 'c' AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND a.attnum > 0 AND NOT a.attisdropped
