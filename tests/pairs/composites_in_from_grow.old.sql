CREATE TYPE public.leg AS (name text, miles integer);
CREATE VIEW public.of_list AS SELECT z.m FROM unnest(ARRAY[NULL::public.leg]) z (n, m);
CREATE VIEW public.of_array AS SELECT z.m FROM unnest('{}'::public.leg[]) z (n, m);
CREATE VIEW public.of_doc AS SELECT z.m FROM jsonb_populate_recordset(NULL::public.leg, '[]') z (n, m);
