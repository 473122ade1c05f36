SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid AS classid, t.oid AS objid, 0 AS objsubid, n.nspname::text, t.typname::text,
       t.typlen::int4, t.typbyval, t.typalign, t.typstorage, t.typcategory, t.typispreferred, t.typdefault, t.typdelim,
       pg_catalog.format_type(NULLIF(t.typelem, 0), NULL) AS element, t.typcollation <> 0 AS collatable,
       f.schemas, f.names
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(pn.nspname::text ORDER BY k.place) AS schemas, pg_catalog.array_agg(p.proname::text ORDER BY k.place) AS names
    FROM pg_catalog.unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript]
                           ::pg_catalog.oid[]) WITH ORDINALITY k(proc, place)
    LEFT JOIN pg_catalog.pg_proc p ON p.oid = k.proc
    LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
) f
WHERE t.oid >= 16384 AND n.nspname !~ '^pg_' AND t.typtype = 'b' AND t.typisdefined
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
