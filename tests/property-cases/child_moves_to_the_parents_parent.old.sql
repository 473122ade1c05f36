CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.t535 (
    id integer,
    c0 bigint,
    c1 timestamp with time zone
);

CREATE TABLE "Other one".child989 (d989_0 bytea, d989_1 bytea, CONSTRAINT ck10_989 CHECK (d989_0 IS NOT NULL), CONSTRAINT ck11_989 CHECK (id > 0)) INHERITS (app.t535);

CREATE TABLE public."Child42" (d42_0 varchar(20) COLLATE "C", d42_1 double precision DEFAULT 1 NOT NULL) INHERITS ("Other one".child989);

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN public."Child42".d42_0 IS 'column 0';

GRANT SELECT ON TABLE public."Child42" TO "Prop Writer";

