CREATE FUNCTION public.f(x bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.same(a bigint, b bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
CREATE OPERATOR public.=== (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = public.same);
CREATE TABLE public.t (a integer DEFAULT public.f(1), b integer, CONSTRAINT k CHECK (public.f(b) = 1), CONSTRAINT o CHECK (b OPERATOR(public.===) 1));
CREATE INDEX i ON public.t (public.f(b));
CREATE VIEW public.v AS SELECT public.f(t.b) AS n, t.b OPERATOR(public.===) 2 AS m FROM public.t;
CREATE VIEW public.w AS SELECT v.n FROM public.v;
CREATE POLICY p ON public.t USING (public.f(b) > 0);
CREATE FUNCTION public.g(x integer DEFAULT public.f(3)) RETURNS integer LANGUAGE sql RETURN public.f(x);
