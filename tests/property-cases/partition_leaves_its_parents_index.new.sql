CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE SCHEMA space124;

CREATE TABLE app."Parted540" (
    id bigint NOT NULL,
    k integer NOT NULL,
    c0 text[] DEFAULT '{}',
    c1 numeric(10,2),
    "C 2" jsonb,
    CONSTRAINT ck11_540 CHECK (c1 > 3)
) PARTITION BY LIST (k);

CREATE TABLE public.part539 PARTITION OF app."Parted540" FOR VALUES IN (539);

CREATE TABLE app."T able984" (
    id bigserial,
    c0 text[],
    c1 boolean,
    "C 2" jsonb COMPRESSION pglz,
    "Ünï 4" numeric(10,2) DEFAULT 2,
    c5 double precision NOT NULL,
    CONSTRAINT ck11_984 CHECK (("C 2" ->> 'k1') IS NOT NULL),
    CONSTRAINT un_984 UNIQUE (c0)
) WITH (fillfactor = 80);

CREATE INDEX ix264 ON app."Parted540" USING btree (c0) INCLUDE (id);

CREATE POLICY pol422 ON public.part539 AS RESTRICTIVE FOR SELECT USING (EXISTS (SELECT 1 FROM app."T able984" o WHERE o.id = 1));

ALTER TABLE public.part539 REPLICA IDENTITY FULL;

ALTER TABLE app."T able984" ENABLE ROW LEVEL SECURITY;

ALTER TABLE app."T able984" REPLICA IDENTITY FULL;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE app."Parted540" IS '$$ é';

GRANT ALL ON TABLE app."Parted540" TO prop_reader;

COMMENT ON INDEX app.ix264 IS 'it''s';

GRANT ALL ON TABLE app."T able984" TO prop_reader;

