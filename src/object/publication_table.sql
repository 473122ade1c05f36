SELECT 'pg_catalog.pg_publication_rel'::pg_catalog.regclass::pg_catalog.oid AS classid, r.oid AS objid, 0 AS objsubid,
       p.pubname::text, n.nspname::text, c.relname::text,
       pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS filter, -- since 15
       NULL::text AS filter, -- until 14
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(r.prattrs::pg_catalog.int2[]) k(n) -- since 15
             JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.n) AS columns -- since 15
       '{}'::pg_catalog.text[] AS columns -- until 14
FROM pg_catalog.pg_publication_rel r
JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE p.oid >= 16384
