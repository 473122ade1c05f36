CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.t535 (
    id integer,
    c0 bigint,
    c1 timestamp with time zone
);

CREATE TABLE public."Child42" (d42_0 varchar(20) COLLATE "C", d42_1 double precision DEFAULT 1 NOT NULL, d42_2 character(4)) INHERITS (app.t535);

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN public."Child42".d42_0 IS 'column 0';

GRANT SELECT ON TABLE public."Child42" TO "Prop Writer";

