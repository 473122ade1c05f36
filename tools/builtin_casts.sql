-- What src/analyze/builtin/casts.txt is made of, as functions.txt: source, target, i implicit, a assignment, e explicit, b binary coercible, f by a function, i by text
SELECT pg_catalog.concat_ws(E'\t', s.typname, t.typname, c.castcontext, c.castmethod)
FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
WHERE c.oid < 16384
