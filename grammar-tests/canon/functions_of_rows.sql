-- Functions behind a point, and what stands in ROWS FROM.
CREATE TYPE public.pair AS (x integer, y text);
CREATE TABLE public.t (id integer, p public.pair, q public.pair[]);
CREATE FUNCTION public.total(public.t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.id';
CREATE FUNCTION public.both(public.pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.y';
CREATE FUNCTION public.again(public.t) RETURNS public.pair LANGUAGE sql IMMUTABLE AS 'SELECT $1.p';
CREATE FUNCTION public.any_record(record) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION public.any_element(anyelement) RETURNS anyelement LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';
CREATE FUNCTION public.plus(t public.t, n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.id';
CREATE FUNCTION public.y(record) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
CREATE VIEW public.a AS SELECT t.total, (t.p).both, (t).total AS k, t.plus, (t.*).plus AS l, (p).y FROM public.t;
CREATE VIEW public.b AS SELECT t.any_record, (t.p).any_record AS r, t.any_element, ((t).again).x AS n, (t).again.y FROM public.t;
CREATE VIEW public.c AS SELECT * FROM ROWS FROM (json_to_record('{"a":1}') AS (a int, b text), generate_series(1, 2)) WITH ORDINALITY AS r (a, b, c, d);
CREATE VIEW public.d AS SELECT r.n, n + 1 AS b FROM ROWS FROM (json_to_recordset('[]') AS (a int, b varchar(3))) AS r (n, m) WHERE m <> '';
CREATE VIEW public.e AS SELECT r.a, a + 1 AS b FROM ROWS FROM (json_to_recordset('[]') AS (a int, b text)) AS r;
CREATE VIEW public.f AS SELECT * FROM ROWS FROM (json_to_record('{}') AS (a int, b text)) WITH ORDINALITY AS r;
CREATE VIEW public.g AS SELECT * FROM ROWS FROM (unnest('{1}'::int[]), unnest('{a}'::text[])) u (n);
CREATE VIEW public.h AS SELECT * FROM unnest('{1}'::int[], '{a}'::text[]) WITH ORDINALITY AS u (n, m), ROWS FROM (generate_series(1, 3)) s;
CREATE VIEW public.i AS SELECT * FROM ROWS FROM (unnest('{1}'::int[], '{b}'::text[]), generate_series(1, 3)) AS u (n, m, o), unnest('{5}'::int[]) v;
