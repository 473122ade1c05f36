-- Indexes by number that are attached to an index of a partitioned table: that one, and the constraint that owns it.
SELECT h.inhrelid AS oid, n.nspname::text, r.relname::text, c.conname::text, x.relname::text AS indname
FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhparent
JOIN pg_catalog.pg_class x ON x.oid = h.inhparent
JOIN pg_catalog.pg_class r ON r.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = h.inhparent AND c.contype IN ('p', 'u', 'x')
WHERE h.inhrelid >= 16384
