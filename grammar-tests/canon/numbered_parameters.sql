-- What writes, with parameters by number, by name and by neither.
CREATE TABLE public.t (a smallint, b varchar(5), c numeric(10,2), d timestamptz);
CREATE FUNCTION public.f0(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a, b) SELECT x, y; END;
CREATE FUNCTION public.f1(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a, b) SELECT $1, $2; END;
CREATE FUNCTION public.f2(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a, b) VALUES ($1, $2); END;
CREATE FUNCTION public.f3(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t SELECT $1, $2, $1; END;
CREATE FUNCTION public.f4(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a, b) SELECT 1, 'x' UNION SELECT $1, $2; END;
CREATE FUNCTION public.f5(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a) VALUES ($1), (2); END;
CREATE FUNCTION public.f6(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (b, d) SELECT 'abc', '2020-01-01'; END;
CREATE FUNCTION public.f7(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (b, d) SELECT y::varchar(5), now(); END;
CREATE FUNCTION public.f8(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a, b) SELECT x::smallint, y::varchar; END;
CREATE FUNCTION public.f9(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (a) SELECT x FROM public.t UNION ALL SELECT 2; END;
CREATE FUNCTION public.f10(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (c) SELECT 1.5 ORDER BY 1; END;
CREATE FUNCTION public.f11(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (c) VALUES (x), (1.5) ORDER BY 1 LIMIT 1; END;
CREATE FUNCTION public.f12(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (b) SELECT b FROM public.t WHERE b = y; END;
CREATE FUNCTION public.f13(x integer, y text) RETURNS void BEGIN ATOMIC INSERT INTO public.t (b, c) SELECT upper(b), a FROM public.t; END;
CREATE FUNCTION public.f14(x integer, y text) RETURNS void BEGIN ATOMIC UPDATE public.t SET a = $1, (b, c) = (SELECT $2, $1) WHERE a = $1; END;
CREATE FUNCTION public.f15(x integer, y text) RETURNS void BEGIN ATOMIC UPDATE public.t SET (b, c) = ($2, $1); END;
CREATE FUNCTION public.f16(x integer, y text) RETURNS void BEGIN ATOMIC UPDATE public.t SET (b, c) = ROW($2, $1); END;
CREATE FUNCTION public.f17(x integer, y text) RETURNS void BEGIN ATOMIC UPDATE public.t SET b = $2::varchar, c = x::numeric; END;
CREATE FUNCTION public.f18(x integer, y text) RETURNS void BEGIN ATOMIC DELETE FROM public.t WHERE b = $2; END;
CREATE FUNCTION public.i(x integer, y text) RETURNS SETOF public.t BEGIN ATOMIC WITH q AS (SELECT x AS n) INSERT INTO public.t (a, b) SELECT q.n, y FROM q RETURNING *; END;
CREATE FUNCTION public.j(integer, text) RETURNS void BEGIN ATOMIC
    INSERT INTO public.t (a, b) SELECT $1, $2;
    DELETE FROM public.t WHERE b = $2 AND a = $1 AND c > $1;
END;
CREATE TYPE public.pair AS (a integer, b text);
CREATE FUNCTION public.k(p public.pair, INOUT x bigint, VARIADIC l text[]) BEGIN ATOMIC
    SELECT count(*) + $2 FROM public.t WHERE a = ($1).a AND b = ANY ($3) AND a = (SELECT max(w.a) FROM public.t w WHERE w.b = ($1).b AND $2 > 1);
END;
CREATE FUNCTION public.l(a integer) RETURNS bigint RETURN (SELECT count(*) FROM public.t WHERE t.a = $1);
