CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".t339 (
    id integer,
    c0 timestamp with time zone,
    c1 boolean,
    "C 2" jsonb DEFAULT '{}',
    CONSTRAINT "key of 339" PRIMARY KEY (id)
);

CREATE UNLOGGED TABLE app.t772 (
    id integer,
    c0 varchar(20),
    c1 text[],
    "order" bigint DEFAULT (0 + 1),
    PRIMARY KEY (id)
);

CREATE VIEW "Other one".v462 WITH (security_barrier) AS SELECT DISTINCT ON (s.id) s.id AS id, s."C 2" AS w2 FROM "Other one".t339 s;

ALTER VIEW "Other one".v462 ALTER COLUMN id SET DEFAULT 5;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE "Other one".t339 IS '$$ é';

COMMENT ON COLUMN "Other one".v462.id IS 'of the view';

COMMENT ON VIEW "Other one".v462 IS 'it''s';

COMMENT ON TABLE app.t772 IS 'about it';

GRANT SELECT ON TABLE app.t772 TO prop_reader;

