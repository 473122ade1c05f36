-- Edges between objects that are not PostgreSQL's own, and to extensions and the schema public. Each row has all of one sort, in the order
-- in which they stand in pg_depend: so many rows cost more than what they say. Only columns are grouped by, of whose values PostgreSQL
-- knows that they are few, so that it need not sort.
SELECT d.classid, d.refclassid, d.objsubid, d.refobjsubid, d.deptype, pg_catalog.array_agg(d.objid) AS objids,
       pg_catalog.array_agg(d.refobjid) AS refobjids
FROM pg_catalog.pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S') AND d.objid >= 16384
  -- Triggers that carry constraints out are no objects, and nothing needs them (CreateTriggerFiringOn, src/backend/commands/trigger.c).
  AND NOT (d.deptype = 'i' AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass)
  AND (d.refobjid >= 16384 OR d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)
  AND d.classid NOT IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
GROUP BY d.classid, d.refclassid, d.objsubid, d.refobjsubid, d.deptype
UNION ALL
-- Members of operator classes and families stand for the class or family that they belong to, whether that is internal or not; they may
-- need a family to order by beside.
SELECT d.classid, d.refclassid, d.objsubid, d.refobjsubid,
       CASE WHEN d.refclassid IN ('pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass)
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_amop o WHERE o.oid = d.objid AND o.amopsortfamily = d.refobjid)
            THEN 'i' ELSE d.deptype END,
       ARRAY[d.objid], ARRAY[d.refobjid]
FROM pg_catalog.pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S') AND d.objid >= 16384
  AND (d.refobjid >= 16384 OR d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)
  AND d.classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
