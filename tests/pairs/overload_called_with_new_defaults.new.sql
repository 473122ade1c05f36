CREATE FUNCTION public.f(x bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.f(x integer, y integer DEFAULT 3) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE TABLE public.t (a integer DEFAULT public.f(1), b integer, CONSTRAINT k CHECK (public.f(b) > 0));
CREATE VIEW public.v AS SELECT public.f(t.b) AS n FROM public.t;
CREATE INDEX i ON public.t (public.f(b));
