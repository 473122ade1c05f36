-- Nobody but those who may read all of pg_subscription sees the connection. A query that names the column is refused to others, so that
-- its text is run only where it may be.
SELECT 'pg_catalog.pg_subscription'::pg_catalog.regclass::pg_catalog.oid AS classid, s.oid AS objid, 0 AS objsubid,
       s.subname::text, s.subslotname::text, s.subsynccommit, s.subpublications, s.subbinary,
       CASE WHEN pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') THEN
           (SELECT pg_catalog.substr(w.word, 2) FROM pg_catalog.ts_stat(
               'SELECT pg_catalog.array_to_tsvector(ARRAY[''c'' || pg_catalog.left(subconninfo, 500)]) '
               'FROM pg_catalog.pg_subscription WHERE oid = ' || s.oid::text) w) END AS connection,
       CASE WHEN s.substream THEN 'on' ELSE 'off' END AS streaming, -- until 15
       CASE s.substream WHEN 'f' THEN 'off' WHEN 't' THEN 'on' ELSE 'parallel' END AS streaming, -- since 16
       false AS two_phase, false AS disable_on_error, -- until 14
       s.subtwophasestate <> 'd' AS two_phase, s.subdisableonerr AS disable_on_error, -- since 15
       true AS password_required, false AS run_as_owner, 'any' AS origin, -- until 15
       s.subpasswordrequired AS password_required, s.subrunasowner AS run_as_owner, s.suborigin AS origin, -- since 16
       s.subfailover AS failover -- since 17
       false AS failover -- until 16
FROM pg_catalog.pg_subscription s
WHERE s.oid >= 16384 AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
