-- Members that belong to the class itself; those that can go without it are the family's.
SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.opcname::text, m.amname::text, fn.nspname::text AS family_schema, f.opfname::text AS family_name,
       pg_catalog.format_type(c.opcintype, NULL) AS type_name, c.opcdefault,
       pg_catalog.format_type(NULLIF(c.opckeytype, 0), NULL) AS storage,
       (SELECT COALESCE(pg_catalog.json_agg(x), '[]')::text FROM (
            SELECT o.amopstrategy AS number, pg_catalog.format_type(o.amoplefttype, NULL) AS left,
                   pg_catalog.format_type(o.amoprighttype, NULL) AS right, pn.nspname AS schema, p.oprname AS name, NULL::text AS arguments,
                   sn.nspname AS family_schema, s.opfname AS family
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_amop o ON o.oid = d.objid
            JOIN pg_catalog.pg_operator p ON p.oid = o.amopopr
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace
            LEFT JOIN pg_catalog.pg_opfamily s ON s.oid = o.amopsortfamily
            LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
            WHERE d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND d.refobjid = c.oid
              AND d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass
            UNION ALL
            SELECT r.amprocnum, pg_catalog.format_type(r.amproclefttype, NULL), pg_catalog.format_type(r.amprocrighttype, NULL),
                   pn.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes), NULL, NULL
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_amproc r ON r.oid = d.objid
            JOIN pg_catalog.pg_proc p ON p.oid = r.amproc
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
            WHERE d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND d.refobjid = c.oid
              AND d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass
        ) x) AS members
FROM pg_catalog.pg_opclass c
JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
WHERE c.oid >= 16384 AND n.nspname !~ '^pg_'
