CREATE CAST (integer AS text) WITH INOUT AS IMPLICIT;
CREATE TABLE public.t (id integer, y text);
GRANT SELECT ON public.t TO PUBLIC;
CREATE VIEW public.v AS SELECT lower(t.id) AS l FROM public.t WHERE t.y LIKE t.id;
CREATE INDEX i ON public.t (md5(t.id));
