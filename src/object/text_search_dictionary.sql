SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid, 0 AS objsubid,
       n.nspname::text, d.dictname::text, tn.nspname::text AS template_schema, t.tmplname::text AS template_name, d.dictinitoption
FROM pg_catalog.pg_ts_dict d
JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE d.oid >= 16384
