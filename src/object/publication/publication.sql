SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass::pg_catalog.oid AS classid, p.oid AS objid, 0 AS objsubid,
       p.pubname::text, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot,
       p.pubgencols = 's' AS generated_columns -- since 18
       false AS generated_columns -- until 17
FROM pg_catalog.pg_publication p
WHERE p.oid >= 16384
