-- Which columns of the system catalogs hold OIDs or column numbers of what: the server's own list (since 14).
SELECT f.fktable::pg_catalog.oid, f.fkcols, f.pktable::pg_catalog.oid, f.is_array
FROM pg_catalog.pg_get_catalog_foreign_keys() f
