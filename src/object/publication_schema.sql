SELECT 'pg_catalog.pg_publication_namespace'::pg_catalog.regclass::pg_catalog.oid AS classid, s.oid AS objid, 0 AS objsubid, -- since 15
       p.pubname::text, n.nspname::text -- since 15
FROM pg_catalog.pg_publication_namespace s -- since 15
JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid -- since 15
JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid -- since 15
WHERE p.oid >= 16384 -- since 15
SELECT 0::pg_catalog.oid AS classid, 0::pg_catalog.oid AS objid, 0 AS objsubid, ''::text AS pubname, ''::text AS nspname WHERE false -- until 14
