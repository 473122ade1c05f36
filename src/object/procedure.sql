-- proargtypes holds IN, INOUT and VARIADIC arguments only, and so does the identity; proallargtypes is null where all are IN.
SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid AS classid, p.oid AS objid, 0 AS objsubid,
    n.nspname::text, p.proname::text, l.lanname::text, p.prosecdef,
    p.proargnames::text[], p.proargmodes::text[], p.proconfig::text[], p.prosrc, p.probin,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
          FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS input_types,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
          FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS types,
    CASE WHEN p.pronargdefaults > 0 THEN
        ARRAY(SELECT pg_catalog.pg_get_function_arg_default(p.oid, t.n::pg_catalog.int4)
              FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY t(oid, n) ORDER BY t.n)
    END AS defaults,
    CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END AS sql_body,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS transforms
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid >= 16384 AND p.prokind = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
