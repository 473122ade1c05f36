CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE FUNCTION public.f626(x integer) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT $1 + 1; END;

CREATE TABLE "Other one".t345 (
    id integer,
    c0 uuid,
    c1 text
);

CREATE TABLE app.child520 (d520_0 bigint, d520_1 smallint DEFAULT public.f626(4), CONSTRAINT ck11_520 CHECK (c0 IS NOT NULL)) INHERITS ("Other one".t345);

CREATE TABLE app."Child635" (d635_0 timestamp with time zone, d635_1 double precision, d635_2 numeric(10,2), CONSTRAINT "key of 635" PRIMARY KEY (id), CONSTRAINT ck10_635 CHECK (d635_1 IN (1, 0, 7)), CONSTRAINT ck11_635 CHECK (d635_2 > 2)) INHERITS (app.child520);

CREATE VIEW app.v255 AS SELECT s.id AS id, public.f626(s.id::integer) AS n FROM app."Child635" s LEFT JOIN "Other one".t345 o ON o.id = s.id WHERE s.d520_1 IN (1, 0, 7);

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON TABLE app.child520 IS 'two
lines; --';

GRANT ALL ON TABLE app.child520 TO prop_reader;

COMMENT ON TABLE app."Child635" IS 'two
lines; --';

COMMENT ON COLUMN app.v255.id IS 'of the view';

GRANT SELECT, INSERT ON TABLE app.v255 TO prop_reader WITH GRANT OPTION;

