SELECT a.classid, a.objid, a.objsubid,
       ARRAY(SELECT x.privilege_type || E'\t' || x.is_grantable || E'\t'
                    || CASE x.grantor WHEN a.owner THEN '0:' ELSE (SELECT pg_catalog.char_length(g.name)::text || ':' || g.name
                                                                  FROM (SELECT pg_catalog.pg_get_userbyid(x.grantor)::text) g (name)) END
                    || CASE x.grantee WHEN 0 THEN 'p' WHEN a.owner THEN 'o' ELSE 'r' || pg_catalog.pg_get_userbyid(x.grantee)::text END
             FROM pg_catalog.aclexplode(a.acl) x) AS grants,
       ARRAY(SELECT x.privilege_type || E'\t' || x.is_grantable || E'\t'
                    || CASE x.grantee WHEN 0 THEN 'p' WHEN a.owner THEN 'o' ELSE 'r' || pg_catalog.pg_get_userbyid(x.grantee)::text END
             FROM pg_catalog.aclexplode(a.built_in) x) AS built_in
FROM (
    SELECT 'pg_catalog.pg_database'::pg_catalog.regclass::pg_catalog.oid AS classid, b.oid AS objid, 0 AS objsubid,
           b.datacl AS acl, pg_catalog.acldefault('d', b.datdba) AS built_in, b.datdba AS owner
    FROM pg_catalog.pg_database b
    WHERE b.datacl IS NOT NULL AND b.datname = pg_catalog.current_database()
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid AS classid, n.oid AS objid, 0 AS objsubid,
           n.nspacl AS acl, pg_catalog.acldefault('n', n.nspowner) AS built_in, n.nspowner AS owner
    FROM pg_catalog.pg_namespace n
    WHERE n.nspacl IS NOT NULL AND (n.oid >= 16384 OR n.nspname = 'public') AND n.nspname !~ '^pg_'
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0, c.relacl,
           pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner), c.relowner
    FROM pg_catalog.pg_class c
    WHERE c.relacl IS NOT NULL AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, t.attnum, t.attacl, pg_catalog.acldefault('c', c.relowner), c.relowner
    FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
    WHERE t.attacl IS NOT NULL AND NOT t.attisdropped AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, t.typacl, pg_catalog.acldefault('T', t.typowner), t.typowner
    FROM pg_catalog.pg_type t WHERE t.typacl IS NOT NULL AND t.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0, p.proacl, pg_catalog.acldefault('f', p.proowner), p.proowner
    FROM pg_catalog.pg_proc p WHERE p.proacl IS NOT NULL AND p.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0, l.lanacl, pg_catalog.acldefault('l', l.lanowner), l.lanowner
    FROM pg_catalog.pg_language l WHERE l.lanacl IS NOT NULL AND l.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, f.oid, 0, f.fdwacl, pg_catalog.acldefault('F', f.fdwowner), f.fdwowner
    FROM pg_catalog.pg_foreign_data_wrapper f WHERE f.fdwacl IS NOT NULL AND f.oid >= 16384
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid, 0, s.srvacl, pg_catalog.acldefault('S', s.srvowner), s.srvowner
    FROM pg_catalog.pg_foreign_server s WHERE s.srvacl IS NOT NULL AND s.oid >= 16384
) a
