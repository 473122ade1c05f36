CREATE SCHEMA s;
CREATE SCHEMA r;
CREATE TYPE s.pair AS (f integer, g integer);
CREATE TABLE s.t (id integer PRIMARY KEY, a integer, b integer);
CREATE TABLE s.x (id integer, t s.pair, c integer);
CREATE TABLE s.y (id integer, c integer);
CREATE TABLE s.n (id bigint, i integer, n numeric, v varchar(10), t text, d date, at timestamp);
CREATE TABLE s.z (k integer, a integer);
CREATE TABLE s.numbered (t0 integer, a integer);
CREATE TABLE r.t (id integer, a integer, b integer);
CREATE DOMAIN s.word AS text;
CREATE TABLE s.parent (id integer);
CREATE TABLE s.child (extra integer) INHERITS (s.parent);
CREATE FUNCTION s.f(t s.t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.a';
CREATE EXTENSION citext;
CREATE EXTENSION intarray;
CREATE TABLE s.cased (c citext, t text, p char(3), i integer[]);
CREATE FUNCTION s.some(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION s.some(VARIADIC integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE FUNCTION r.never(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR r.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = r.never);
CREATE DOMAIN s.numbers AS integer[];
CREATE TABLE s.lists (i integer[], d s.numbers[]);
CREATE TABLE s.short (v varchar(10), n numeric(10, 2));
SET search_path = public, s;

SELECT t.f FROM s.x, s.t
/
SELECT (x.t).f FROM s.x, s.t

SELECT (SELECT t FROM s.t LIMIT 1) FROM s.x
/
SELECT (SELECT w FROM s.t w LIMIT 1) FROM s.x

SELECT * FROM s.t, r.t
/
SELECT s.t.*, s.t.* FROM s.t, r.t

SELECT a.ctid FROM s.x a, s.x b
/
SELECT a.ctid FROM s.x b, s.x a

SELECT (SELECT tableoid FROM (SELECT 1) q) FROM s.x
/
SELECT (SELECT tableoid FROM s.x LIMIT 1) FROM s.x

SELECT t0 FROM s.numbered w FULL JOIN s.numbered v USING (t0)
/
SELECT w FROM s.numbered w FULL JOIN s.numbered v USING (t0)

SELECT (SELECT j.id FROM s.x FULL JOIN s.y USING (id) LIMIT 1) FROM s.x FULL JOIN s.y USING (id) AS j
/
SELECT (SELECT id FROM s.x FULL JOIN s.y USING (id) LIMIT 1) FROM s.x FULL JOIN s.y USING (id) AS j

SELECT (SELECT count(*) FROM s.x t, (s.y JOIN s.z ON t.id = z.k)) FROM s.t
/
SELECT (SELECT count(*) FROM s.x w, (s.y JOIN s.z ON y.id = z.k) WHERE w.id = z.k) FROM s.t

SELECT (SELECT count(*) FROM (s.x FULL JOIN s.y USING (id)), (s.t JOIN s.z ON id = z.k)) FROM s.z
/
SELECT (SELECT count(*) FROM (s.x FULL JOIN s.y USING (id)), (s.t JOIN s.z ON t.a = z.k)) FROM s.z

SELECT id FROM (s.x FULL JOIN s.y USING (id)), (s.z AS p JOIN s.z AS q USING (k)) AS j
/
SELECT x.id FROM (s.x FULL JOIN s.y USING (id)), (s.z AS p JOIN s.z AS q USING (k)) AS j

SELECT (SELECT q.n FROM s.y, LATERAL (SELECT c AS n) q LIMIT 1) FROM s.x
/
SELECT (SELECT q.n FROM s.y, LATERAL (SELECT x.c AS n) q LIMIT 1) FROM s.x

SELECT 1::bigint UNION ALL SELECT 2::bigint
/
SELECT 1 UNION ALL SELECT 2

SELECT 'a'::varchar UNION SELECT 'b'::varchar
/
SELECT 'a' UNION SELECT 'b'

SELECT NULL::date UNION ALL SELECT NULL::date
/
SELECT NULL UNION ALL SELECT NULL

SELECT 1::bigint UNION ALL (SELECT 2::bigint UNION ALL SELECT 3::bigint)
/
SELECT 1 UNION ALL (SELECT 2 UNION ALL SELECT 3)

SELECT '2020-01-01 10:00' UNION SELECT at FROM s.n
/
SELECT '2020-01-01 10:00'::date UNION SELECT at FROM s.n

SELECT '2020-01-01' UNION SELECT at::date FROM s.n
/
SELECT '2020-01-01' UNION SELECT at FROM s.n

VALUES (1::bigint), (2::bigint)
/
VALUES (1), (2)

SELECT (x / 2)::integer FROM (VALUES (1), (2.5)) AS w(x)
/
SELECT x / 2 FROM (VALUES (1), (2.5)) AS w(x)

SELECT (x / 2)::integer FROM (SELECT 1 AS x UNION SELECT 2.5) AS w
/
SELECT x / 2 FROM (SELECT 1 AS x UNION SELECT 2.5) AS w

SELECT id FROM s.x JOIN s.n USING (id)
/
SELECT x.id FROM s.x JOIN s.n USING (id)

SELECT id FROM s.x LEFT JOIN s.n USING (id)
/
SELECT x.id FROM s.x LEFT JOIN s.n USING (id)

SELECT COALESCE(1::bigint, 2::bigint)
/
SELECT COALESCE(1, 2)

SELECT ARRAY[NULL::date, NULL::date]
/
SELECT ARRAY[NULL, NULL]

SELECT CASE WHEN true THEN 'a'::varchar ELSE 'b'::varchar END
/
SELECT CASE WHEN true THEN 'a' ELSE 'b' END

SELECT (q.x)::integer FROM (SELECT '1' AS x) q
/
SELECT q.x FROM (SELECT 1 AS x) q

BEGIN ATOMIC INSERT INTO s.t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a; END
/
BEGIN ATOMIC INSERT INTO s.t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = SELF.a; END

BEGIN ATOMIC SELECT p.f FROM s.x; END
/
BEGIN ATOMIC SELECT p.f FROM s.t p; END

SELECT ARRAY['a', 'b']::varchar(20)[]
/
SELECT ARRAY['a', 'b']::varchar(10)[]

SELECT ROW(t.*) IS NULL FROM s.t
/
SELECT ROW(t) IS NULL FROM s.t

SELECT 'x'::text::s.word
/
SELECT 'x'::text

SELECT w.*::s.parent FROM s.child w
/
SELECT w FROM s.child w

SELECT count(w.*::s.parent) FROM s.child w
/
SELECT count(w) FROM s.child w

SELECT ARRAY[id, '007']::text[] FROM s.x
/
SELECT ARRAY[id, 7]::text[] FROM s.x

SELECT 1 FROM s.cased WHERE c = 'x'
/
SELECT 1 FROM s.cased WHERE c = 'x'::text

SELECT 1 FROM s.cased WHERE c = 'x'
/
SELECT 1 FROM s.cased WHERE c = 'x'::varchar

SELECT 1 FROM s.cased WHERE c = t
/
SELECT 1 FROM s.cased WHERE c = t::citext

SELECT 1 FROM s.cased WHERE c IN ('x', 'y')
/
SELECT 1 FROM s.cased WHERE c IN ('x'::text, 'y')

SELECT regexp_match(c, 'x') FROM s.cased
/
SELECT regexp_match(c::text, 'x') FROM s.cased

SELECT 1 FROM s.cased WHERE c IS DISTINCT FROM 'x'
/
SELECT 1 FROM s.cased WHERE c IS DISTINCT FROM 'x'::text

SELECT replace(c, 'x', 'y') FROM s.cased
/
SELECT replace(c, 'x'::text, 'y'::text) FROM s.cased

SELECT 1 FROM s.cased WHERE c ~ 'x'
/
SELECT 1 FROM s.cased WHERE c ~ 'x'::citext::text

SELECT 1 FROM pg_class WHERE relname = 'x'
/
SELECT 1 FROM pg_class WHERE relname = 'x'::text

SELECT 1 FROM s.cased WHERE c IN ('x', 'y')
/
SELECT 1 FROM s.cased WHERE c = ANY (ARRAY['x', 'y'])

SELECT 1 FROM s.cased WHERE p IN ('x', 'y')
/
SELECT 1 FROM s.cased WHERE p = ANY (ARRAY['x', 'y'])

SELECT CASE c WHEN 'x' THEN 1 END FROM s.cased
/
SELECT CASE c WHEN 'x'::text THEN 1 END FROM s.cased

SELECT max(c) FROM s.cased
/
SELECT max(c::text) FROM s.cased

SELECT i @> ARRAY[1] FROM s.cased
/
SELECT i OPERATOR(pg_catalog.@>) ARRAY[1] FROM s.cased

SELECT s.some(a, b) FROM s.t
/
SELECT s.some(VARIADIC ARRAY[a, b]) FROM s.t

SELECT count(*) FROM s.t GROUP BY (a, b)
/
SELECT count(*) FROM s.t GROUP BY ROW(a, b)

SELECT count(*) FROM s.t GROUP BY ROLLUP ((a, b), id)
/
SELECT count(*) FROM s.t GROUP BY ROLLUP (ROW(a, b), id)

SELECT count(*) FROM (SELECT (a, b) AS w FROM s.t GROUP BY 1) q
/
SELECT count(*) FROM (SELECT (a, b) AS w FROM s.t GROUP BY (a, b)) q

SELECT a FROM s.t WHERE a IN (SELECT c FROM s.y)
/
SELECT a FROM s.t WHERE a OPERATOR(r.=) ANY (SELECT c FROM s.y)

WITH pg_class AS (SELECT 'x'::name AS relname) SELECT relname FROM pg_class
/
WITH pg_class AS (SELECT 'x'::name AS relname) SELECT relname FROM pg_catalog.pg_class

SELECT v.a FROM s.t v, s.t w FOR UPDATE OF v
/
SELECT w.a FROM s.t w, s.t v FOR UPDATE OF v

SELECT 1 FROM s.cased WHERE (t, p) = ('x', 'x '::text)
/
SELECT 1 FROM s.cased WHERE (t, p) = ('x', 'x ')

SELECT 1 FROM s.cased WHERE (t, p) < ('x', 'x '::text)
/
SELECT 1 FROM s.cased WHERE (t, p) < ('x', 'x ')

SELECT 1 FROM s.cased WHERE (t, p) IN (('x', 'x '::text), ('y', 'y '::text))
/
SELECT 1 FROM s.cased WHERE (t, p) IN (('x', 'x '), ('y', 'y '))

SELECT 1 FROM s.cased WHERE ('x', 'x '::text) IN (SELECT t, p FROM s.cased)
/
SELECT 1 FROM s.cased WHERE ('x', 'x ') IN (SELECT t, p FROM s.cased)

SELECT '-0'::float8
/
SELECT '0'::float8

SELECT (i[2:3])[1] IS NULL FROM s.lists
/
SELECT i[2:3][1] IS NULL FROM s.lists

SELECT (i[2:3])[1:1] IS NULL FROM s.lists
/
SELECT i[2:3][1:1] IS NULL FROM s.lists

SELECT (d[1])[2] IS NULL FROM s.lists
/
SELECT d[1][2] IS NULL FROM s.lists

SELECT v::varchar FROM s.short
/
SELECT v FROM s.short

SELECT q.n::numeric FROM (SELECT n FROM s.short) q
/
SELECT q.n FROM (SELECT n FROM s.short) q

SELECT t IS NULL FROM s.x
/
SELECT t IS NOT DISTINCT FROM NULL FROM s.x

SELECT p FROM s.cased UNION SELECT 'x '::text
/
SELECT p FROM s.cased UNION SELECT 'x '

SELECT coalesce(n, n)::numeric FROM s.short
/
SELECT coalesce(n, n) FROM s.short

SELECT CASE WHEN n > 0 THEN v ELSE v END::varchar FROM s.short
/
SELECT CASE WHEN n > 0 THEN v ELSE v END FROM s.short

SELECT '0.0000005 s'::interval
/
SELECT '0.000001 s'::interval

SELECT n::numeric(10, 1) FROM s.short
/
SELECT n FROM s.short

SELECT n::numeric(12, 2) FROM s.short
/
SELECT n FROM s.short

SELECT v::char(10) FROM s.short
/
SELECT v FROM s.short

SELECT (n + 1)::numeric(10, 2) FROM s.short
/
SELECT n + 1 FROM s.short

SELECT (ARRAY[v])::varchar(10)[] FROM s.short
/
SELECT (ARRAY[v])::varchar(9)[] FROM s.short

BEGIN ATOMIC DELETE FROM s.t WHERE t.a = $1; END
/
BEGIN ATOMIC DELETE FROM s.t WHERE t.a = a; END

SELECT * FROM ROWS FROM (json_to_record('{}') AS (a integer, b integer)) AS r
/
SELECT * FROM json_to_record('{}') AS r (b integer, a integer)

SELECT * FROM unnest(ARRAY[1], ARRAY[2]) AS u (a, b)
/
SELECT * FROM unnest(ARRAY[1]) WITH ORDINALITY AS u (a, b)

SELECT * FROM ROWS FROM (json_to_record('{}') AS (a integer, b integer)) WITH ORDINALITY AS r
/
SELECT * FROM json_to_record('{}') AS r (a integer, b integer)

SELECT id FROM s.x UNION VALUES (1)
/
SELECT id FROM s.x UNION VALUES (2)

SELECT id FROM s.x UNION (VALUES (1), (2) LIMIT 1)
/
SELECT id FROM s.x UNION (VALUES (1), (2))

SELECT ARRAY[id, 7]::numeric[] FROM s.x
/
SELECT ARRAY[id, 7]::bigint[] FROM s.x
