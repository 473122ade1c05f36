-- Privileges on system objects and members of extensions that are not as initdb or CREATE EXTENSION left them (pg_init_privs).
-- Names and places of the columns are those that privileges.rs reads. The schema public is read with the schemas of users.
WITH granted (class, object, sub, letter, owner, acl) AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid, 0, CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner, c.relacl
    FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, a.attnum, 'c', c.relowner, a.attacl
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE NOT a.attisdropped AND (a.attacl IS NOT NULL OR EXISTS (
        SELECT FROM pg_catalog.pg_init_privs i WHERE i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objoid = c.oid AND i.objsubid = a.attnum))
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0, 'f', p.proowner, p.proacl FROM pg_catalog.pg_proc p
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, 'T', t.typowner, t.typacl FROM pg_catalog.pg_type t
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 0, 'n', n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE n.nspname <> 'public'
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0, 'l', l.lanowner, l.lanacl FROM pg_catalog.pg_language l
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, w.oid, 0, 'F', w.fdwowner, w.fdwacl FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid, 0, 'S', s.srvowner, s.srvacl FROM pg_catalog.pg_foreign_server s
)
SELECT g.class, (pg_catalog.pg_identify_object(g.class, g.object, g.sub)).identity, g.sub,
    pg_catalog.array_prepend(pg_catalog.pg_get_userbyid(g.owner)::text, coalesce(g.acl, pg_catalog.acldefault(g.letter, g.owner))::text[])::text,
    pg_catalog.array_prepend(pg_catalog.pg_get_userbyid(g.owner)::text, coalesce(i.initprivs, pg_catalog.acldefault(g.letter, g.owner))::text[])::text
FROM granted g
LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = g.class AND i.objoid = g.object AND i.objsubid = g.sub
WHERE g.acl IS DISTINCT FROM i.initprivs
  AND (g.object < 16384 OR EXISTS (
    SELECT FROM pg_catalog.pg_depend d WHERE d.classid = g.class AND d.objid = g.object AND d.objsubid = 0 AND d.deptype = 'e'))
