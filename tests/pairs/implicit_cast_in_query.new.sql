CREATE TYPE public.e AS ENUM ('a');
CREATE CAST (public.e AS text) WITH INOUT AS IMPLICIT;
CREATE TABLE public.t (id integer, x public.e, y text);
CREATE VIEW public.v AS SELECT t.id FROM public.t WHERE t.x = 'b'::text;
CREATE VIEW public.w AS SELECT upper(t.x) AS u FROM public.t WHERE t.x = t.y OR t.x IN ('a'::text, t.y);
ALTER TABLE public.t ADD CONSTRAINT k CHECK (t.x <> 'b'::text), ADD CONSTRAINT l CHECK (length(t.x) > 0);
