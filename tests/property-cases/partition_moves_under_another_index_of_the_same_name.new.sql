CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TYPE app.pair879 AS (a integer, "x 3" numeric(6,2), "x 4" numeric(6,2), "x 5" text, "x 6" text COLLATE "C");

CREATE FUNCTION app.f634(x integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + 1;

CREATE TABLE "Other one".parted724 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 text COMPRESSION pglz COLLATE "C",
    c1 uuid,
    r397 bigint,
    CONSTRAINT ck10_724 CHECK (c0 ~ '^[a-z]0'),
    CONSTRAINT un_724 UNIQUE (id, k, c1)
) PARTITION BY HASH (k);

CREATE TABLE app.parted36 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 app.pair879,
    c1 boolean
) PARTITION BY LIST (k);

CREATE TABLE public.t296 (
    id bigserial,
    c0 varchar(20),
    c1 varchar(20) DEFAULT lower('AB'),
    "C 2" timestamp with time zone,
    "order" jsonb DEFAULT '{}',
    "Ünï 4" date DEFAULT '2020-01-01',
    PRIMARY KEY (id),
    CONSTRAINT ck11_296 CHECK ("Ünï 4" > '2002-01-01')
) WITH (fillfactor = 59, autovacuum_enabled = false);

CREATE TABLE public.part587 PARTITION OF app.parted36 (CONSTRAINT ck10_587 CHECK (c1 IS NOT FALSE), CONSTRAINT ck11_587 CHECK (k BETWEEN 1 AND 99)) FOR VALUES IN (587);

ALTER TABLE "Other one".parted724 ADD CONSTRAINT fk397 FOREIGN KEY (r397) REFERENCES public.t296 (id) MATCH FULL ON DELETE SET NULL;

CREATE INDEX ix465 ON app.parted36 USING btree ((app.f634(k::integer))) INCLUDE (id) WHERE c1 IS NOT FALSE;

CREATE INDEX ix290 ON "Other one".parted724 USING btree (c0) INCLUDE (id) WHERE r397 IN (1, 0, 7);

CREATE VIEW app."V iew742" WITH (security_barrier) AS WITH q AS (SELECT s.id AS id, CASE WHEN s.k > 3 THEN true ELSE NULL::boolean END AS "w 0", s.c0 AS "w 1", s.c1 AS "w 2" FROM app.parted36 s WHERE s.id BETWEEN 1 AND 99) SELECT q.* FROM q;

CREATE VIEW "Other one".v506 AS SELECT s.id AS id, s."w 0" AS w0 FROM app."V iew742" s LEFT JOIN public.t296 o ON o.id = s.id WHERE s."w 2" IS NOT FALSE UNION ALL SELECT s.id AS id, s."w 0" AS w0 FROM app."V iew742" s LEFT JOIN public.t296 o ON o.id = s.id WHERE s."w 2" IS NOT FALSE;

ALTER TABLE "Other one".parted724 FORCE ROW LEVEL SECURITY;

ALTER TABLE public.t296 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.t296 REPLICA IDENTITY NOTHING;

ALTER TABLE public.part587 REPLICA IDENTITY NOTHING;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE "Other one".parted724 IS 'two
lines; --';

GRANT SELECT ON TABLE "Other one".parted724 TO "Prop Writer";

COMMENT ON INDEX app.ix465 IS 'it''s';

COMMENT ON TYPE app.pair879 IS 'two
lines; --';

GRANT USAGE ON TYPE app.pair879 TO prop_reader;

COMMENT ON COLUMN app."V iew742".id IS 'of the view';

COMMENT ON TABLE public.t296 IS 'it''s';

GRANT INSERT, DELETE ON TABLE public.t296 TO prop_reader;

COMMENT ON CONSTRAINT fk397 ON "Other one".parted724 IS 'it''s';

COMMENT ON COLUMN public.part587.id IS 'column 1';

COMMENT ON TABLE public.part587 IS 'it''s';

GRANT ALL ON TABLE public.part587 TO prop_reader WITH GRANT OPTION;

COMMENT ON COLUMN "Other one".v506.id IS 'of the view';

COMMENT ON VIEW "Other one".v506 IS 'it''s';

GRANT SELECT, INSERT ON TABLE "Other one".v506 TO prop_reader;

COMMENT ON INDEX "Other one".ix290 IS 'it''s';

