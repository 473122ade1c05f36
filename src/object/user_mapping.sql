-- Options of others are told only to those who may use the server. Nobody but a superuser may read pg_user_mapping itself.
SELECT 'pg_catalog.pg_user_mapping'::pg_catalog.regclass::pg_catalog.oid AS classid, u.umid AS objid, 0 AS objsubid,
       CASE u.umuser WHEN 0 THEN NULL ELSE u.usename::text END AS role, u.srvname::text, u.umoptions
FROM pg_catalog.pg_user_mappings u
WHERE u.umid >= 16384
