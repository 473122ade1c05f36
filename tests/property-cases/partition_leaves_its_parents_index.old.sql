CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".parted40 (
    id bigint NOT NULL,
    k integer NOT NULL,
    c0 integer DEFAULT 1,
    c1 numeric(10,2) DEFAULT (0 + 1),
    "C 2" date,
    PRIMARY KEY (id, k),
    CONSTRAINT ck10_40 CHECK (k IN (1, 0, 7)),
    CONSTRAINT ck11_40 CHECK (id > 3)
) PARTITION BY LIST (k);

CREATE TABLE "Other one".t596 (
    id bigserial,
    c0 timestamp with time zone,
    c1 uuid,
    "order" smallint,
    CONSTRAINT ck11_596 CHECK (c1 IS NOT NULL),
    CONSTRAINT ex_596 EXCLUDE USING btree (id WITH =)
) WITH (fillfactor = 51, autovacuum_enabled = false);

CREATE TABLE "Other one".child354 (d354_0 uuid, d354_1 bigint, d354_2 bytea, PRIMARY KEY (id)) INHERITS ("Other one".t596);

CREATE TABLE public.part539 PARTITION OF "Other one".parted40 FOR VALUES IN (539);

CREATE TABLE app."T able984" (
    id bigserial,
    c0 text[],
    c1 boolean,
    "C 2" jsonb COMPRESSION pglz,
    "Ünï 4" numeric(10,2) DEFAULT 2,
    c5 double precision NOT NULL,
    CONSTRAINT ck11_984 CHECK (c1 IS NOT FALSE),
    CONSTRAINT un_984 UNIQUE (c0)
) WITH (fillfactor = 80);

CREATE INDEX ix264 ON app."T able984" USING btree ("C 2") INCLUDE (id);

ALTER TABLE "Other one".parted40 ENABLE ROW LEVEL SECURITY;

ALTER TABLE "Other one".t596 FORCE ROW LEVEL SECURITY;

CREATE POLICY pol422 ON "Other one".child354 AS RESTRICTIVE FOR SELECT USING (EXISTS (SELECT 1 FROM "Other one".t596 o WHERE o.id = 1));

ALTER TABLE public.part539 REPLICA IDENTITY FULL;

ALTER TABLE app."T able984" ENABLE ROW LEVEL SECURITY;

ALTER TABLE app."T able984" REPLICA IDENTITY NOTHING;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON INDEX app.ix264 IS 'it''s';

COMMENT ON COLUMN "Other one".t596."order" IS 'column 1';

COMMENT ON TABLE "Other one".t596 IS 'it''s';

GRANT INSERT, DELETE ON TABLE "Other one".t596 TO "Prop Writer";

COMMENT ON COLUMN "Other one".child354.d354_1 IS 'column 1';

GRANT ALL ON TABLE app."T able984" TO prop_reader;

