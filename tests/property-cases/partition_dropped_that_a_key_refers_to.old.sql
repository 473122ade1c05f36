CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE public."Parted557" (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 character(4) COLLATE "C" DEFAULT lower('AB'),
    c1 bigint DEFAULT 3 NOT NULL,
    "C 2" text[] DEFAULT '{}',
    r889 integer,
    r889_k integer,
    CONSTRAINT "key of 557" PRIMARY KEY (id, k),
    CONSTRAINT ck10_557 CHECK (k IN (1, 3, 7)),
    CONSTRAINT ck11_557 CHECK (r889 IN (1, 1, 7))
) PARTITION BY HASH (k);

CREATE TABLE "Other one"."Part.644" PARTITION OF public."Parted557" FOR VALUES WITH (MODULUS 1000, REMAINDER 644) PARTITION BY HASH (id);

ALTER TABLE public."Parted557" ADD CONSTRAINT fk889 FOREIGN KEY (r889, r889_k) REFERENCES public."Parted557" (id, k) ON DELETE SET DEFAULT DEFERRABLE;

GRANT USAGE ON SCHEMA app TO prop_reader;

