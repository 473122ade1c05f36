SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass::pg_catalog.oid AS classid, c.oid AS objid, 0 AS objsubid,
       n.nspname::text, c.cfgname::text, pn.nspname::text AS parser_schema, p.prsname::text,
       ARRAY(SELECT part.word
             FROM pg_catalog.pg_ts_config_map m
             JOIN pg_catalog.ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
             JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict
             JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
             CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(ARRAY[t.alias, dn.nspname::text, d.dictname::text])) WITH ORDINALITY part(word, place)
             WHERE m.mapcfg = c.oid ORDER BY m.maptokentype, m.mapseqno, part.place) AS mappings
FROM pg_catalog.pg_ts_config c
JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
WHERE c.oid >= 16384
