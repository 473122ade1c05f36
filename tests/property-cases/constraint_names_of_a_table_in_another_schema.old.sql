CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".parted360 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 timestamp with time zone,
    c1 jsonb,
    "C 2" date NOT NULL
) PARTITION BY RANGE (k);

CREATE TABLE public.part96 PARTITION OF "Other one".parted360 (CONSTRAINT ck10_96 CHECK (id BETWEEN 1 AND 99)) FOR VALUES FROM (960) TO (970);

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

COMMENT ON TABLE public.part96 IS 'it''s';

