CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE FUNCTION public.f626(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1 + 3)::integer';

CREATE TABLE "Other one".t345 (
    id integer,
    c0 uuid,
    c1 text
);

CREATE TABLE app.child520 (d520_0 bigint, d520_1 smallint DEFAULT public.f626(4), CONSTRAINT ck11_520 CHECK (c0 IS NOT NULL)) INHERITS ("Other one".t345);

CREATE VIEW app.v255 AS SELECT s.id AS id, public.f626(s.id::integer) AS n FROM "Other one".t345 s JOIN "Other one".t345 o ON o.id = s.id WHERE s.c0 IS NOT NULL;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE app.child520 IS 'two
lines; --';

GRANT ALL ON TABLE app.child520 TO prop_reader;

COMMENT ON COLUMN app.v255.id IS 'of the view';

GRANT SELECT, INSERT ON TABLE app.v255 TO prop_reader WITH GRANT OPTION;

