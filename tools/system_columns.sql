-- What src/analyze/builtin/columns.txt is made of, as functions.txt: schema, relation, and its columns with their types, be it below a domain
SELECT pg_catalog.concat_ws(E'\t', n.nspname, c.relname, pg_catalog.string_agg(a.attname || ':' || COALESCE(b.typname, t.typname), ' ' ORDER BY a.attnum))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE c.oid < 16384 AND c.relkind IN ('r', 'v') AND n.nspname IN ('pg_catalog', 'information_schema')
GROUP BY n.nspname, c.relname
