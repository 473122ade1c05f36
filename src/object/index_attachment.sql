SELECT 'pg_catalog.pg_inherits'::pg_catalog.regclass::pg_catalog.oid AS classid, h.inhrelid AS objid, 0 AS objsubid,
       n.nspname::text, r.relname::text, c.conname::text, x.relname::text AS indname
FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_class x ON x.oid = h.inhrelid AND x.relkind IN ('i', 'I')
JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid
JOIN pg_catalog.pg_class r ON r.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = h.inhrelid AND c.contype IN ('p', 'u', 'x')
WHERE h.inhrelid >= 16384 AND n.nspname !~ '^pg_'
