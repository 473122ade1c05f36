-- What src/analyze/builtin/operators.txt is made of, as functions.txt: name, left type, right type, result
SELECT pg_catalog.concat_ws(E'\t', o.oprname, COALESCE(l.typname, ''), r.typname, t.typname)
FROM pg_catalog.pg_operator o LEFT JOIN pg_catalog.pg_type l ON l.oid = o.oprleft
JOIN pg_catalog.pg_type r ON r.oid = o.oprright JOIN pg_catalog.pg_type t ON t.oid = o.oprresult
WHERE o.oid < 16384
