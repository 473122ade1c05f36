-- proallargtypes is null where all arguments are IN; pg_get_function_arg_default counts arguments of every mode.
-- prosupport, probin and the SQL body come as text, so that equal functions give equal rows on every server.
SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid AS classid, p.oid AS objid, 0 AS objsubid,
    n.nspname::text, p.proname::text, l.lanname::text, p.prokind, p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof,
    p.procost::text, p.prorows::text, p.proargnames::text[], p.proargmodes::text[], p.proconfig::text[], p.prosrc, p.probin,
    pg_catalog.pg_get_function_result(p.oid) AS result,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
          FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS input_types,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
          FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS types,
    CASE WHEN p.pronargdefaults > 0 THEN
        ARRAY(SELECT pg_catalog.pg_get_function_arg_default(p.oid, t.n::pg_catalog.int4)
              FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY t(oid, n) ORDER BY t.n)
    END AS defaults,
    CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END AS sql_body,
    CASE WHEN p.prosupport <> 0 THEN
        (SELECT pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(s.proname)
         FROM pg_catalog.pg_proc s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace WHERE s.oid = p.prosupport)
    END AS support,
    ARRAY(SELECT pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS transforms
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid >= 16384 AND p.prokind IN ('f', 'w') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  -- the constructors of a range type belong to it
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i')
