-- Addresses of what was referred to and not read: system objects, roles, array types.
SELECT o.class, o.object, o.sub, (pg_catalog.pg_identify_object(o.class, o.object, o.sub)).identity
FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[]), pg_catalog.unnest($3::int4[])) AS o (class, object, sub)
