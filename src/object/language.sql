SELECT 'pg_catalog.pg_language'::pg_catalog.regclass::pg_catalog.oid AS classid, l.oid AS objid, 0 AS objsubid,
       l.lanname::text, l.lanpltrusted, hn.nspname::text AS handler_schema, h.proname::text AS handler_name,
       inn.nspname::text AS inline_schema, i.proname::text AS inline_name,
       vn.nspname::text AS validator_schema, v.proname::text AS validator_name
FROM pg_catalog.pg_language l
JOIN pg_catalog.pg_proc h ON h.oid = l.lanplcallfoid JOIN pg_catalog.pg_namespace hn ON hn.oid = h.pronamespace
LEFT JOIN pg_catalog.pg_proc i ON i.oid = l.laninline LEFT JOIN pg_catalog.pg_namespace inn ON inn.oid = i.pronamespace
LEFT JOIN pg_catalog.pg_proc v ON v.oid = l.lanvalidator LEFT JOIN pg_catalog.pg_namespace vn ON vn.oid = v.pronamespace
WHERE l.oid >= 16384
