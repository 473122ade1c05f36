SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid AS classid, o.oid AS objid, 0 AS objsubid,
       n.nspname::text, o.oprname::text, o.oprcanhash, o.oprcanmerge,
       CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END AS left_type,
       pg_catalog.format_type(o.oprright, NULL) AS right_type,
       fn.nspname::text AS code_schema, f.proname::text AS code_name,
       cn.nspname::text AS commutator_schema, c.oprname::text AS commutator_name,
       gn.nspname::text AS negator_schema, g.oprname::text AS negator_name,
       COALESCE(c.oprcode = 0, false) AS commutator_is_shell, COALESCE(g.oprcode = 0, false) AS negator_is_shell,
       rn.nspname::text AS restrict_schema, r.proname::text AS restrict_name,
       jn.nspname::text AS join_schema, j.proname::text AS join_name
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
JOIN pg_catalog.pg_proc f ON f.oid = o.oprcode
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace
LEFT JOIN pg_catalog.pg_operator g ON g.oid = o.oprnegate
LEFT JOIN pg_catalog.pg_namespace gn ON gn.oid = g.oprnamespace
LEFT JOIN pg_catalog.pg_proc r ON r.oid = o.oprrest
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.pronamespace
LEFT JOIN pg_catalog.pg_proc j ON j.oid = o.oprjoin
LEFT JOIN pg_catalog.pg_namespace jn ON jn.oid = j.pronamespace
WHERE o.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
