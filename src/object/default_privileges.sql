SELECT 'pg_catalog.pg_default_acl'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid, 0 AS objsubid,
       pg_catalog.pg_get_userbyid(d.defaclrole)::text AS role, n.nspname::text, d.defaclobjtype,
       ARRAY(SELECT x.privilege_type || E'\t' || x.is_grantable || E'\t'
                    || CASE x.grantee WHEN 0 THEN 'p' WHEN d.defaclrole THEN 'o' ELSE 'r' || pg_catalog.pg_get_userbyid(x.grantee)::text END
             FROM pg_catalog.aclexplode(d.defaclacl) x) AS grants
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
