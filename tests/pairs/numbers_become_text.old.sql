CREATE CAST (integer AS text) WITH INOUT AS IMPLICIT;
CREATE TABLE public.t (id integer, y text);
GRANT SELECT ON public.t TO PUBLIC;
