CREATE TYPE public.celsius AS (deg real);
CREATE TYPE public.fahrenheit AS (deg double precision);
CREATE FUNCTION public.c_to_f(public.celsius) RETURNS public.fahrenheit LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1.deg * 1.8 + 32)::public.fahrenheit';
CREATE CAST (public.celsius AS public.fahrenheit) WITH FUNCTION public.c_to_f(public.celsius);
CREATE CAST (public.celsius AS text) WITH INOUT AS IMPLICIT;
CREATE TABLE public.t (c public.celsius);
CREATE VIEW public.v AS SELECT t.c::public.fahrenheit AS f, upper(t.c) AS u FROM public.t;
CREATE FUNCTION public.g(x public.celsius) RETURNS public.fahrenheit LANGUAGE sql RETURN x::public.fahrenheit;
