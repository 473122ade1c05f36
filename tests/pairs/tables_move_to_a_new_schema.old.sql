CREATE TABLE public.orders (id integer PRIMARY KEY, note text);
CREATE TABLE public.lines (id integer PRIMARY KEY, of integer REFERENCES public.orders);
CREATE VIEW public.noted AS SELECT id FROM public.orders WHERE note IS NOT NULL;
