-- Edges between objects that are not PostgreSQL's own, and to extensions and the schema public. Members of operator classes and families
-- stand for the class or family that they belong to, whether that is internal or not; they may need a family to order by beside.
-- Each row has all of one sort, in the order in which they stand in pg_depend: so many rows cost more than what they say.
SELECT d.classid, d.refclassid,
       CASE WHEN d.classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
                 AND d.refclassid IN ('pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass)
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_amop o WHERE o.oid = d.objid AND o.amopsortfamily = d.refobjid)
            THEN 'i' ELSE d.deptype END AS deptype,
       pg_catalog.array_agg(d.objid) AS objids, pg_catalog.array_agg(d.objsubid) AS objsubids,
       pg_catalog.array_agg(d.refobjid) AS refobjids, pg_catalog.array_agg(d.refobjsubid) AS refobjsubids
FROM pg_catalog.pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S') AND d.objid >= 16384
  -- Triggers that carry constraints out are no objects, and nothing needs them (CreateTriggerFiringOn, src/backend/commands/trigger.c).
  AND NOT (d.deptype = 'i' AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass)
  AND (d.refobjid >= 16384 OR d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)
GROUP BY 1, 2, 3
