-- objects alone
CREATE SCHEMA s;
CREATE TABLE s.people (id integer, first text, last text, born date);
CREATE TYPE s.pair AS (x integer, y integer);
CREATE TABLE s.t (id integer, p s.pair);
CREATE FUNCTION s.full_name(p s.people) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT p.first || p.last';
CREATE FUNCTION s.total(p s.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT p.x + p.y';
SET search_path = s;
CREATE VIEW functions AS SELECT p.full_name, p.full_name AS again, full_name(p) AS called, s.full_name(p.*) AS starred, p.id FROM people p WHERE p.full_name <> 'x' ORDER BY p.full_name;
CREATE VIEW unaliased AS SELECT people.full_name, people.first FROM people GROUP BY people.full_name, people.first;
CREATE VIEW fields AS SELECT (p).x, (t.p).y, total(p) AS called, t.p FROM t;
CREATE VIEW nested AS SELECT q.name FROM (SELECT p.full_name AS name FROM people p) q;
ALTER TABLE t ADD CONSTRAINT total CHECK ((p).x > 0 AND total(p) < 9);
CREATE FUNCTION s.of_row(x people, y pair) RETURNS text LANGUAGE sql RETURN x.first || (x).last || y.x || x.full_name;
RESET search_path;
