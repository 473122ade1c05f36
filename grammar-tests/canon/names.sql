-- objects alone
CREATE SCHEMA s;
CREATE SCHEMA r;
CREATE TYPE s.pair AS (f integer, g integer);
CREATE TABLE s.t (id integer, a integer, b integer);
CREATE TABLE s.x (id integer, t s.pair, s s.pair, c integer, d integer);
CREATE TABLE s.y (id integer, c integer, e integer);
CREATE TABLE s.z (k integer, e integer);
CREATE TABLE r.t (id integer, a integer, g integer);
CREATE FUNCTION s.f(t s.t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.a';
CREATE FUNCTION s.h(t s.t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.b';
CREATE FUNCTION s.h(t s.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.f';
CREATE FUNCTION s.h(t s.y) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT t.e';
SET search_path = s;
-- A relation's name before the point comes before a column's.
CREATE VIEW row_before_field AS SELECT t.f AS of_row, (x.t).f AS of_column, (x.t).g FROM x, t;
CREATE VIEW row_of_schema AS SELECT s.t.f AS of_row, s.t.a, x.id FROM t, x;
CREATE VIEW function_of_row AS SELECT t.h AS of_row, h(x.t) AS of_column, h(t) AS column_again, h(t.*) AS star FROM t, x;
CREATE VIEW bare_column_before_row AS SELECT t AS whole, t.* FROM x, t;
CREATE VIEW outer_column_before_inner_row AS SELECT (SELECT t FROM t LIMIT 1) AS whole FROM x;
CREATE VIEW outer_row_before_field AS SELECT (SELECT t.f FROM x LIMIT 1) AS one FROM t;
CREATE VIEW inner_row_before_outer AS SELECT (SELECT t.a FROM t LIMIT 1) AS one FROM r.t;
CREATE VIEW of_either_schema AS SELECT s.t.a, r.t.a AS other, r.t.g, s.t.f FROM s.t, r.t;
CREATE VIEW outer_of_schema AS SELECT (SELECT s.t.a FROM r.t LIMIT 1) AS one FROM s.t;
CREATE VIEW field_of_outer_alias AS SELECT (SELECT p.f FROM x LIMIT 1) AS one FROM t p;
-- What is seen in ON, and in queries of FROM that are not LATERAL.
CREATE VIEW on_sees_the_join AS SELECT (SELECT count(*) FROM x t, (y JOIN z ON t.a = z.k)) AS n FROM t;
CREATE VIEW no_lateral AS SELECT (SELECT q.n FROM x w, (SELECT w.a AS n) q LIMIT 1) AS n FROM t w;
CREATE VIEW no_lateral_column AS SELECT (SELECT q.n FROM x w, (SELECT id AS n, e FROM y p) q LIMIT 1) AS n FROM t w;
CREATE VIEW no_lateral_outer AS SELECT (SELECT q.n FROM y, (SELECT c AS n) q LIMIT 1) AS n FROM x;
CREATE VIEW lateral_seen AS SELECT (SELECT q.n FROM y, LATERAL (SELECT c AS n) q LIMIT 1) AS n FROM x;
CREATE VIEW functions_are_lateral AS SELECT (SELECT q.n FROM y, generate_series(1, c) AS q(n) LIMIT 1) AS n FROM x;
-- What USING has merged.
CREATE VIEW merged_beside_alias AS SELECT id, j.k FROM (x FULL JOIN y USING (id)), (z AS p JOIN (SELECT 1 AS k, 2 AS m) AS q USING (k)) AS j;
CREATE VIEW merged_under_alias AS SELECT j.id, id AS other FROM (x JOIN y USING (id) AS j) FULL JOIN t USING (id);
-- System columns, which queries have not.
CREATE VIEW system_columns AS SELECT w.ctid, v.ctid AS other, w.tableoid FROM x w, x v;
CREATE VIEW outer_system_column AS SELECT (SELECT tableoid FROM (SELECT 1 AS one) q) AS of_outer FROM x;
CREATE VIEW outer_system_of_query AS WITH w AS (SELECT 1 AS one) SELECT (SELECT tableoid FROM w) AS of_outer FROM x;
-- What is ordered and grouped by.
CREATE VIEW grouped AS SELECT c AS id, max(id) AS m, count(*) AS c FROM y GROUP BY c, y.id ORDER BY id, c;
-- Names of parameters.
CREATE FUNCTION s.p1(t s.pair, id integer) RETURNS integer LANGUAGE sql RETURN (t).f + t.g + id + p1.id;
CREATE FUNCTION s.p2(t s.pair, id integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT t.f + id + p2.id + p2.t.f + p2.t.g FROM s.t; END;
CREATE FUNCTION s.p3(t s.pair, a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT p3.a + t.f + (p3.t).g FROM s.y; END;
CREATE FUNCTION s.p4(p4 s.pair, f integer) RETURNS integer LANGUAGE sql RETURN p4.f + p4.g + f + p4.p4.g;
CREATE FUNCTION s.p5(w s.t) RETURNS integer LANGUAGE sql RETURN w.a + w.f + p5.w.b + p5.w.h + (w).id;
CREATE FUNCTION s.p6(t s.pair) RETURNS s.t LANGUAGE sql BEGIN ATOMIC SELECT t FROM s.t; END;
CREATE FUNCTION s.p7(w s.pair) RETURNS s.pair LANGUAGE sql BEGIN ATOMIC SELECT w.*; END;
CREATE FUNCTION s.p8(w s.pair) RETURNS s.pair LANGUAGE sql RETURN w;
-- What stands beside the rows that are written.
CREATE FUNCTION s.e1(a integer) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO s.t AS w VALUES (1, 2, 3) ON CONFLICT DO NOTHING; UPDATE s.t SET a = p.c FROM s.y p WHERE t.a = e1.a; END;
CREATE VIEW either_star AS SELECT count(*) FROM (SELECT s.t.*, r.t.g FROM s.t, r.t) q;
CREATE VIEW both_stars AS SELECT q.p, q.v FROM (SELECT * FROM s.t, r.t) q(p, q, u, v, w);
RESET search_path;
