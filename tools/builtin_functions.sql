-- What src/analyze/builtin/functions.txt is made of: psql -XAtf tools/builtin_functions.sql, on 14 and on 18, sorted and made unique. Fields are parted by tabs.
-- name, input types, result, flags: s returns a set, vN variadic of that type, dN defaults, a aggregate, w window, columns of the result, names of the input arguments where they have any
SELECT p.proname || E'\t' || COALESCE((SELECT pg_catalog.string_agg(t.typname, ' ' ORDER BY a.n) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a (t, n) JOIN pg_catalog.pg_type t ON t.oid = a.t), '')
  || E'\t' || r.typname || E'\t'
  || pg_catalog.concat_ws(' ', CASE WHEN p.proretset THEN 's' END, CASE WHEN p.provariadic <> 0 THEN 'v' END, 'd' || NULLIF(p.pronargdefaults, 0), CASE p.prokind WHEN 'a' THEN 'a' WHEN 'w' THEN 'w' END)
  || E'\t' || COALESCE((SELECT pg_catalog.string_agg(COALESCE(NULLIF(p.proargnames[a.n], ''), '') || ':' || t.typname, ' ' ORDER BY a.n)
                      FROM ROWS FROM (pg_catalog.unnest(p.proallargtypes), pg_catalog.unnest(p.proargmodes)) WITH ORDINALITY a (t, m, n) JOIN pg_catalog.pg_type t ON t.oid = a.t WHERE a.m IN ('o', 'b', 't')), '')
  || COALESCE(E'\t' || (SELECT pg_catalog.string_agg(p.proargnames[a.n], ' ' ORDER BY a.n)
                       FROM pg_catalog.unnest(COALESCE(p.proargmodes, pg_catalog.array_fill('i'::"char", ARRAY[p.pronargs::integer]))) WITH ORDINALITY a (m, n)
                       WHERE a.m IN ('i', 'b', 'v') AND p.proargnames[a.n] <> ''), '')
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.oid < 16384
  AND r.typname !~ 'handler$' AND r.typname NOT IN ('internal', 'cstring', 'trigger', 'event_trigger')
  AND NOT EXISTS (SELECT FROM pg_catalog.unnest(p.proargtypes) a (t) JOIN pg_catalog.pg_type t ON t.oid = a.t WHERE t.typname IN ('internal', 'cstring', 'pg_ddl_command'))
