-- What refers to a partitioned table holds its partitions, unless it goes too.
CREATE TABLE public.p (a integer PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE TABLE public.p2 PARTITION OF public.p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (a);
CREATE TABLE public.p21 PARTITION OF public.p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE public.p3 PARTITION OF public.p FOR VALUES FROM (20) TO (30);
CREATE TABLE public.p4 PARTITION OF public.p FOR VALUES FROM (30) TO (40);
CREATE TABLE public.r (a integer CONSTRAINT f REFERENCES public.p);
CREATE TABLE public.s (a integer CONSTRAINT f REFERENCES public.p, b integer);
DROP TABLE public.p1, public.r, public.s;
CREATE TABLE public.t (a integer CONSTRAINT f REFERENCES public.p, b integer CONSTRAINT g REFERENCES public.p3);
DROP TABLE public.p2 CASCADE;
CREATE TABLE public.u (a integer CONSTRAINT f REFERENCES public.p);
ALTER TABLE public.p DETACH PARTITION public.p4;
DROP TABLE public.p4;
-- Tables that need each other go together.
CREATE TABLE public.v (a integer PRIMARY KEY);
CREATE TABLE public.w (a integer PRIMARY KEY REFERENCES public.v);
ALTER TABLE public.v ADD FOREIGN KEY (a) REFERENCES public.w;
CREATE VIEW public.x AS SELECT * FROM public.w;
DROP VIEW IF EXISTS public.none, public.x;
DROP TABLE IF EXISTS public.v, public.none_either, public.w;
