-- Privileges on members of extensions and on system objects, where they are not what CREATE EXTENSION or initdb left (pg_init_privs), as
-- pg_dump tells them. Those of the schema public, which users may drop, are read with the privileges of what users made; initdb keeps no
-- record of those of information_schema, which pg_dump leaves out too.
WITH members AS MATERIALIZED (
    SELECT d.classid, d.objid, e.extname
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
), altered AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
           CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END AS target, c.relnamespace AS namespace, c.relname AS name,
           NULL::pg_catalog.name AS part, NULL::text[] AS arguments, c.relacl AS acl, c.relowner AS owner,
           CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END AS letter
    FROM pg_catalog.pg_class c
    WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, t.attnum, 'column', c.relnamespace, c.relname, t.attname, NULL, t.attacl, c.relowner, 'c'
    FROM (
        -- by the index, since most columns are users'
        SELECT s.attrelid, s.attnum, s.attname, s.attacl, s.attisdropped FROM pg_catalog.pg_attribute s WHERE s.attrelid < 16384
        UNION ALL
        SELECT s.attrelid, s.attnum, s.attname, s.attacl, s.attisdropped
        FROM members m JOIN pg_catalog.pg_attribute s ON s.attrelid = m.objid
        WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid >= 16384
    ) t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
    WHERE t.attacl IS NOT NULL AND NOT t.attisdropped
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, p.pronamespace, p.proname,
           NULL, ARRAY(SELECT pg_catalog.format_type(a.type, NULL) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a (type, n) ORDER BY a.n),
           p.proacl, p.proowner, 'f'
    FROM pg_catalog.pg_proc p WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, 'type', t.typnamespace, t.typname, NULL, NULL, t.typacl, t.typowner, 'T'
    FROM pg_catalog.pg_type t WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 0, 'schema', NULL, n.nspname, NULL, NULL, n.nspacl, n.nspowner, 'n'
    FROM pg_catalog.pg_namespace n WHERE n.nspacl IS NOT NULL AND n.nspname NOT IN ('public', 'information_schema')
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0, 'language', NULL, l.lanname, NULL, NULL, l.lanacl, l.lanowner, 'l'
    FROM pg_catalog.pg_language l WHERE l.lanacl IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, w.oid, 0, 'wrapper', NULL, w.fdwname, NULL, NULL, w.fdwacl, w.fdwowner, 'F'
    FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid, 0, 'server', NULL, s.srvname, NULL, NULL, s.srvacl, s.srvowner, 'S'
    FROM pg_catalog.pg_foreign_server s WHERE s.srvacl IS NOT NULL
)
SELECT a.classid, a.objid, a.objsubid, a.target, n.nspname::text, a.name::text, a.part::text, a.arguments, m.extname::text,
       ARRAY(SELECT x.privilege_type || E'\t' || x.is_grantable || E'\t'
                    || CASE x.grantor WHEN a.owner THEN '0:' ELSE (SELECT pg_catalog.char_length(g.name)::text || ':' || g.name
                                                                  FROM (SELECT pg_catalog.pg_get_userbyid(x.grantor)::text) g (name)) END
                    || CASE x.grantee WHEN 0 THEN 'p' ELSE 'r' || pg_catalog.pg_get_userbyid(x.grantee)::text END
             FROM pg_catalog.aclexplode(a.acl) x) AS present,
       ARRAY(SELECT x.privilege_type || E'\t' || x.is_grantable || E'\t'
                    || CASE x.grantor WHEN a.owner THEN '0:' ELSE (SELECT pg_catalog.char_length(g.name)::text || ':' || g.name
                                                                  FROM (SELECT pg_catalog.pg_get_userbyid(x.grantor)::text) g (name)) END
                    || CASE x.grantee WHEN 0 THEN 'p' ELSE 'r' || pg_catalog.pg_get_userbyid(x.grantee)::text END
             FROM pg_catalog.aclexplode(coalesce(i.initprivs, pg_catalog.acldefault(a.letter, a.owner))) x) AS initial
FROM altered a
LEFT JOIN members m ON m.classid = a.classid AND m.objid = a.objid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.namespace
LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = a.classid AND i.objoid = a.objid AND i.objsubid = a.objsubid
WHERE n.nspname IS DISTINCT FROM 'information_schema' AND (a.objid < 16384 OR m.objid IS NOT NULL) AND a.acl IS DISTINCT FROM i.initprivs
