SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid AS classid, f.oid AS objid, 0 AS objsubid,
       n.nspname::text, f.opfname::text, m.amname::text,
       (SELECT COALESCE(pg_catalog.json_agg(x), '[]')::text FROM (
            SELECT o.amopstrategy AS number, pg_catalog.format_type(o.amoplefttype, NULL) AS left,
                   pg_catalog.format_type(o.amoprighttype, NULL) AS right, pn.nspname AS schema, p.oprname AS name, NULL::text AS arguments,
                   sn.nspname AS family_schema, s.opfname AS family
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_amop o ON o.oid = d.objid AND o.amopfamily = f.oid
            JOIN pg_catalog.pg_operator p ON p.oid = o.amopopr
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace
            LEFT JOIN pg_catalog.pg_opfamily s ON s.oid = o.amopsortfamily
            LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
            WHERE d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass AND d.refobjid = f.oid
              AND d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass
            UNION ALL
            SELECT r.amprocnum, pg_catalog.format_type(r.amproclefttype, NULL), pg_catalog.format_type(r.amprocrighttype, NULL),
                   pn.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes), NULL, NULL
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_amproc r ON r.oid = d.objid
            JOIN pg_catalog.pg_proc p ON p.oid = r.amproc
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
            WHERE d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass AND d.refobjid = f.oid
              AND d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass
        ) x) AS members
FROM pg_catalog.pg_opfamily f
JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
WHERE f.oid >= 16384 AND n.nspname !~ '^pg_'
