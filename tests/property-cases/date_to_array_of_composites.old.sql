CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.t857 (
    id integer,
    c0 integer[],
    c1 text[],
    "C 2" date,
    "order" double precision DEFAULT 1,
    "Ünï 4" text[]
);

GRANT USAGE ON SCHEMA app TO prop_reader;

