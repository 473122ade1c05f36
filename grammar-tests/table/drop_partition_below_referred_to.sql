-- error: depends on it
CREATE TABLE public.p (a integer PRIMARY KEY, up integer CONSTRAINT g REFERENCES public.p) PARTITION BY RANGE (a);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (a);
CREATE TABLE public.p11 PARTITION OF public.p1 FOR VALUES FROM (0) TO (5);
DROP TABLE public.p11;
