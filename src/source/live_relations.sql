-- What is called by number elsewhere: relations with columns, and what they inherit from.
SELECT c.oid, n.nspname::text, c.relname::text, c.relkind, h.parents
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (
    SELECT h.inhrelid, pg_catalog.array_agg(h.inhparent) AS parents FROM pg_catalog.pg_inherits h GROUP BY h.inhrelid
) h ON h.inhrelid = c.oid
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
