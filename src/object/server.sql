SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::pg_catalog.oid AS classid, s.oid AS objid, 0 AS objsubid,
       s.srvname::text, s.srvtype, s.srvversion, s.srvoptions, f.fdwname::text
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper f ON f.oid = s.srvfdw
WHERE s.oid >= 16384
