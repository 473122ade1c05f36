-- Dependencies of what users made. Left out: which of several unique indexes that fit a foreign key took (see conindid in rules.rs); and on
-- the table and trigger above, those of a foreign key's triggers, which only a key has that was a partition's before its parent's
-- (TriggerSetParentTrigger against CreateTriggerFiringOn of src/backend/commands/trigger.c): the key has these dependencies itself.
-- And on domains further below, those of a domain: it has them where it took a default over from its base, not where the same was said.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text
FROM pg_catalog.pg_depend d
WHERE d.objid >= 16384
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint c
    WHERE c.oid = d.objid AND c.contype = 'f' AND c.conindid = d.refobjid
      AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)
  AND NOT (
    d.deptype IN ('P', 'S') AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
    AND EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND t.tgisinternal AND t.tgconstraint <> 0))
  AND NOT (
    d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
    AND EXISTS (
      WITH RECURSIVE below (type) AS (
        SELECT base.typbasetype
        FROM pg_catalog.pg_type own JOIN pg_catalog.pg_type base ON base.oid = own.typbasetype
        WHERE own.oid = d.objid
        UNION
        SELECT t.typbasetype FROM below JOIN pg_catalog.pg_type t ON t.oid = below.type
      )
      SELECT FROM below WHERE below.type = d.refobjid))
