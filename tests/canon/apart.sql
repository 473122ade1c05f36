CREATE SCHEMA s;
CREATE SCHEMA r;
CREATE TYPE s.pair AS (f integer, g integer);
CREATE TABLE s.t (id integer PRIMARY KEY, a integer, b integer);
CREATE TABLE s.x (id integer, t s.pair, c integer);
CREATE TABLE s.y (id integer, c integer);
CREATE TABLE s.z (k integer, a integer);
CREATE TABLE s.numbered (t0 integer, a integer);
CREATE TABLE r.t (id integer, a integer, b integer);
CREATE FUNCTION s.f(t s.t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.a';
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
