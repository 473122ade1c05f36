CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE public.t602 (
    id integer,
    c0 boolean,
    c1 bigint
);

CREATE TABLE app.child126 (d126_0 varchar(20) COLLATE "POSIX" DEFAULT 'it''s' NOT NULL, d126_1 uuid NOT NULL, d126_2 timestamp with time zone DEFAULT now() NOT NULL, PRIMARY KEY (id), CONSTRAINT ck10_126 CHECK (c1 > 1), CONSTRAINT ck11_126 CHECK (d126_2 > '2001-01-01')) INHERITS (public.t602) WITH (fillfactor = 87, autovacuum_enabled = false);

ALTER TABLE app.child126 FORCE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN app.child126.c0 IS 'column 1';

COMMENT ON CONSTRAINT ck10_126 ON app.child126 IS 'check 0';

GRANT SELECT (id), UPDATE (id) ON app.child126 TO "Prop Writer";

COMMENT ON TABLE app.child126 IS 'it''s';

