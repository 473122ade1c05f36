-- error: depends on it
CREATE TABLE public.p (a integer PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE TABLE public.r (a integer CONSTRAINT f REFERENCES public.p);
DROP TABLE public.p1;
