SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass::pg_catalog.oid AS classid, f.oid AS objid, 0 AS objsubid,
       f.fdwname::text, f.fdwoptions, hn.nspname::text AS handler_schema, h.proname::text AS handler_name,
       vn.nspname::text AS validator_schema, v.proname::text AS validator_name
FROM pg_catalog.pg_foreign_data_wrapper f
LEFT JOIN pg_catalog.pg_proc h ON h.oid = f.fdwhandler
LEFT JOIN pg_catalog.pg_namespace hn ON hn.oid = h.pronamespace
LEFT JOIN pg_catalog.pg_proc v ON v.oid = f.fdwvalidator
LEFT JOIN pg_catalog.pg_namespace vn ON vn.oid = v.pronamespace
WHERE f.oid >= 16384
