CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.parted665 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 smallint DEFAULT (0 + 1),
    c1 text[],
    "C 2" timestamp with time zone,
    CONSTRAINT "key of 665" PRIMARY KEY (id, k)
) PARTITION BY RANGE (k);

CREATE TABLE "Other one".t339 (
    id integer,
    c0 timestamp with time zone,
    c1 boolean,
    "C 2" jsonb DEFAULT '{}',
    r899 integer,
    r899_k integer,
    CONSTRAINT "key of 339" PRIMARY KEY (id)
);

CREATE TABLE app.part278 PARTITION OF app.parted665 (c0 DEFAULT 3) FOR VALUES FROM (2780) TO (2790) WITH (fillfactor = 60);

CREATE TABLE app."Part.98" PARTITION OF app.parted665 (CONSTRAINT ck11_98 CHECK (k BETWEEN 3 AND 99)) FOR VALUES FROM (982) TO (988) PARTITION BY HASH (id);

ALTER TABLE "Other one".t339 ADD CONSTRAINT fk899 FOREIGN KEY (r899, r899_k) REFERENCES app.parted665 (id, k);

CREATE VIEW "Other one".v462 WITH (security_barrier) AS SELECT DISTINCT ON (s.id) s.id AS id, s."C 2" AS w2 FROM "Other one".t339 s;

ALTER TABLE app.part278 REPLICA IDENTITY FULL;

ALTER VIEW "Other one".v462 ALTER COLUMN id SET DEFAULT 5;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE app.parted665 IS 'about it';

COMMENT ON TABLE "Other one".t339 IS '$$ é';

COMMENT ON COLUMN app.part278.c1 IS 'column 2';

GRANT INSERT, DELETE ON TABLE app.part278 TO "Prop Writer";

COMMENT ON COLUMN app."Part.98".c1 IS 'column 2';

COMMENT ON COLUMN "Other one".v462.id IS 'of the view';

COMMENT ON VIEW "Other one".v462 IS 'it''s';

