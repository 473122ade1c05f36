CREATE SCHEMA r;
CREATE FUNCTION r.never(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR r.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = r.never);
CREATE OPERATOR r.<=> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = r.never);
CREATE TABLE public.t (id integer PRIMARY KEY, a integer, b integer, c text);
CREATE VIEW public.some AS SELECT id FROM public.t WHERE a IN (SELECT b FROM public.t);
CREATE VIEW public.none AS SELECT id FROM public.t WHERE a NOT IN (SELECT b FROM public.t);
CREATE VIEW public.every AS SELECT id FROM public.t WHERE a = ALL (SELECT b FROM public.t);
CREATE VIEW public.others AS SELECT id FROM public.t WHERE c IN (SELECT c FROM public.t) AND a OPERATOR(r.<=>) ANY (SELECT b FROM public.t);
