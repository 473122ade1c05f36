-- What src/analyze/builtin/types.txt is made of, as functions.txt: name, category, p preferred, b, r, m, p: base, range, multirange, pseudo, what it is made of
SELECT pg_catalog.concat_ws(E'\t', t.typname, t.typcategory, CASE WHEN t.typispreferred THEN 'p' ELSE '' END, t.typtype, COALESCE(s.typname, ''))
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid) LEFT JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
WHERE t.oid < 16384 AND t.typtype IN ('b', 'r', 'm', 'p') AND t.typname !~ '^_' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
