CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE UNLOGGED TABLE "Other one".t580 (
    id integer,
    c0 date,
    c1 text[] DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id)
);

CREATE VIEW public.v669 WITH (security_invoker = true, security_barrier = true) AS SELECT s.id AS id, s.c1 AS w1 FROM "Other one".t580 s JOIN "Other one".t580 o ON o.id = s.id WHERE cardinality(s.c1) < 1;

ALTER TABLE "Other one".t580 ALTER COLUMN id SET STATISTICS 90;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN "Other one".t580.id IS 'column 0';

