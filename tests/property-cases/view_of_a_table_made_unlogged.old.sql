CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".t580 (
    id integer,
    c0 date,
    c1 text[] DEFAULT '{}' NOT NULL,
    r825 integer,
    PRIMARY KEY (id)
);

ALTER TABLE "Other one".t580 ADD CONSTRAINT "FK 825" FOREIGN KEY (r825) REFERENCES "Other one".t580 (id);

CREATE VIEW public.v669 WITH (security_invoker = true, security_barrier = true) AS SELECT s.id AS id, s.c1 AS w1 FROM "Other one".t580 s WHERE s.r825 > 3 WITH CASCADED CHECK OPTION;

ALTER TABLE "Other one".t580 ALTER COLUMN c1 SET STATISTICS 90;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN "Other one".t580.c1 IS 'column 0';

