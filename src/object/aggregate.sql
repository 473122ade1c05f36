WITH functions AS MATERIALIZED (
    SELECT p.oid, pg_catalog.format('%I.%I', n.nspname, p.proname) AS name
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid IN (SELECT pg_catalog.unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
                                                   a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::pg_catalog.oid[])
                    FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid >= 16384::pg_catalog.oid))
SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid AS classid, p.oid AS objid, 0 AS objsubid,
       n.nspname::text, p.proname::text, p.proparallel, a.aggkind,
       ARRAY(SELECT pg_catalog.format_type(t.oid, NULL)
             FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t(oid, n) ORDER BY t.n) AS input_types,
       pg_catalog.pg_get_function_arguments(p.oid) AS arguments,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggtransfn) AS transfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggfinalfn) AS finalfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggcombinefn) AS combinefn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggserialfn) AS serialfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggdeserialfn) AS deserialfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggmtransfn) AS mtransfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggminvtransfn) AS minvtransfn,
       (SELECT f.name FROM functions f WHERE f.oid = a.aggmfinalfn) AS mfinalfn,
       pg_catalog.format_type(a.aggtranstype, NULL) AS transtype, pg_catalog.format_type(a.aggmtranstype, NULL) AS mtranstype,
       a.aggtransspace, a.aggmtransspace, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify,
       a.agginitval, a.aggminitval,
       (SELECT pg_catalog.format('OPERATOR(%I.%s)', sn.nspname, o.oprname)
        FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop) AS sortop
FROM pg_catalog.pg_aggregate a
JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
