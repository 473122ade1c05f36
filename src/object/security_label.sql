SELECT l.classoid AS classid, l.objoid AS objid, l.objsubid, l.provider, l.label FROM pg_catalog.pg_seclabel l WHERE l.objoid >= 16384
UNION ALL
SELECT l.classoid, l.objoid, 0, l.provider, l.label FROM pg_catalog.pg_shseclabel l
WHERE l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
  AND l.objoid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database())
