SELECT 'pg_catalog.pg_database'::pg_catalog.regclass::pg_catalog.oid AS classid, s.setdatabase AS objid, 0 AS objsubid,
       CASE WHEN s.setrole <> 0 THEN pg_catalog.pg_get_userbyid(s.setrole)::text END AS role, s.setconfig AS proconfig
FROM pg_catalog.pg_db_role_setting s
WHERE s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
