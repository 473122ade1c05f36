-- A range's cast to its multirange is internal to the type.
SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       pg_catalog.format_type(c.castsource, NULL) AS source, pg_catalog.format_type(c.casttarget, NULL) AS target,
       c.castmethod, c.castcontext,
       (SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
                   pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
                       FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t(oid, n) ORDER BY t.n), ', '))
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = c.castfunc) AS function
FROM pg_catalog.pg_cast c
WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'i')
