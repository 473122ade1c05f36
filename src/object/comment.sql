SELECT d.classoid AS classid, d.objoid AS objid, d.objsubid, d.description
FROM pg_catalog.pg_description d
WHERE d.objoid >= 16384
   OR (d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
       AND d.objoid = (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public'))
UNION ALL
SELECT d.classoid, d.objoid, 0, d.description
FROM pg_catalog.pg_shdescription d
WHERE d.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
  AND d.objoid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database())
