CREATE TYPE public.leg AS (name text, miles integer);
CREATE TABLE public.t (id integer, legs public.leg[], doc jsonb);
CREATE VIEW public.of_array AS SELECT z.miles FROM public.t, unnest(t.legs) z WHERE z.name > 'm';
CREATE VIEW public.numbered AS SELECT z.miles, z.ordinality FROM public.t, unnest(t.legs) WITH ORDINALITY z;
CREATE VIEW public.of_doc AS SELECT z.name, z.miles FROM public.t, jsonb_populate_recordset(NULL::public.leg, t.doc) z;
CREATE VIEW public.of_row AS SELECT z.id, z.doc FROM public.t, jsonb_populate_record(NULL::public.t, t.doc) z;
CREATE VIEW public.called AS SELECT z.n FROM public.t, unnest(t.legs) z (n) WHERE z.miles > 1;
CREATE VIEW public.joined AS SELECT j.id FROM (public.t JOIN public.t u USING (id)) j;
