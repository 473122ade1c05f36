-- Schemas whose contents are out of scope: PostgreSQL's own, with those of other sessions' temporary objects and of TOAST, and those asked for.
SELECT n.oid
FROM pg_catalog.pg_namespace n
WHERE n.nspname = ANY ($1::text[]) OR n.nspname ~ '^pg_' OR n.nspname = 'information_schema'
