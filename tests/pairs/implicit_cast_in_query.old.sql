CREATE TYPE public.e AS ENUM ('a');
CREATE CAST (public.e AS text) WITH INOUT AS IMPLICIT;
CREATE TABLE public.t (id integer, x public.e, y text);
CREATE VIEW public.v AS SELECT t.id FROM public.t WHERE t.x = 'b'::text;
