-- The whole statements of some indexes.
SELECT i.oid, pg_catalog.pg_get_indexdef(i.oid) AS definition FROM pg_catalog.unnest($1::pg_catalog.oid[]) i(oid)
