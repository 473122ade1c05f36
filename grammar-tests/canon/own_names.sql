-- Functions and operators of one's own with the names of PostgreSQL's.
CREATE SCHEMA own;
CREATE TYPE own.pair AS (x integer, y integer);
CREATE TABLE t (id integer, label varchar(20), name text, amount numeric, p own.pair, q own.pair, big bigint, at timestamp);
CREATE FUNCTION lower(own.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION lower(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x''';
CREATE FUNCTION length(bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION upper(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION round(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION own.abs(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION now(integer) RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT pg_catalog.now()';
CREATE FUNCTION concat(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION sum_pair(own.pair, own.pair) RETURNS own.pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION pair_less(own.pair, own.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION text_plus(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE FUNCTION int_join(integer, integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''a''';
CREATE FUNCTION int_same(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION bang(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR + (FUNCTION = sum_pair, LEFTARG = own.pair, RIGHTARG = own.pair);
CREATE OPERATOR <<< (FUNCTION = pair_less, LEFTARG = own.pair, RIGHTARG = own.pair);
CREATE OPERATOR + (FUNCTION = text_plus, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR || (FUNCTION = int_join, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR own.= (FUNCTION = int_same, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR @ (FUNCTION = bang, RIGHTARG = integer);
CREATE VIEW functions AS SELECT
    lower(p) AS pair, lower(id) AS number, lower(label) AS label, lower('X') AS literal, lower(public.lower(3)) AS both,
    length(big) AS big, length(label) AS length, length('abc') AS literal_length,
    upper(name) AS builtin_upper, public.upper(name) AS own_upper, pg_catalog.upper(label) AS catalog_upper, public.upper(label) AS own_label,
    round(name, 2) AS own_round, round(amount, 2) AS round, round(1.5) AS one_round, round('a'::text, id) AS literal_round,
    own.abs(id) AS own_abs, abs(id) AS abs, now(1) AS own_now, now() AS now, concat(id, id) AS own_concat, concat(id, name) AS concat
FROM t;
CREATE VIEW operators AS SELECT
    p + q AS pairs, id + 1 AS numbers, name + label AS texts, name + 'x' AS text_literal, at + interval '1 day' AS later, amount + 1 AS amounts,
    p <<< q AS less, id || id AS own_join, id || 'x'::text AS join, name || 'x' AS name_join, label || 5 AS number_join,
    id OPERATOR(own.=) 3 AS own_same, id = 3 AS same, id OPERATOR(pg_catalog.=) big AS catalog_same, id OPERATOR(public.||) 4 AS qualified,
    @ id AS own_abs, @ amount AS abs, -id AS negative
FROM t;
ALTER TABLE t ADD CONSTRAINT functions CHECK (lower(p) > 0 AND lower(id) <> 'a' AND lower(label) = 'b' AND length(big) > 1 AND round(name, 1) <> '');
ALTER TABLE t ADD CONSTRAINT operators CHECK (p <<< q AND (p + q) IS NOT NULL AND name + 'x' <> 'y' AND id || id <> '' AND id OPERATOR(own.=) 1 AND id = 2);
CREATE INDEX own_index ON t (lower(id), lower(label), (name + 'a')) WHERE p <<< q;
CREATE VIEW grouped AS SELECT lower(label) AS low, count(*) FROM t GROUP BY lower(label) ORDER BY lower(label);
