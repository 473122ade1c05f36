SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid AS classid, s.oid AS objid, 0 AS objsubid,
       sn.nspname::text AS stxnspname, s.stxname::text, n.nspname::text, r.relname::text, r.relkind,
       s.stxkind::pg_catalog.text[] AS stxkind,
       ARRAY(
           SELECT a.attname::text FROM pg_catalog.unnest(s.stxkeys::pg_catalog.int2[]) k(n)
           JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.n) AS columns,
       pg_catalog.pg_get_statisticsobjdef_expressions(s.oid) AS expressions,
       NULLIF(s.stxstattarget::int4, -1) AS stxstattarget
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
JOIN pg_catalog.pg_class r ON r.oid = s.stxrelid AND r.relkind IN ('r', 'p', 'f', 'm')
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE s.oid >= 16384 AND sn.nspname !~ '^pg_'
