CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE public.t344 (
    id integer,
    c0 date NOT NULL,
    c1 character(4) DEFAULT 'it''s',
    "order" uuid,
    c5 character(4) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT un_344 UNIQUE (c0),
    CONSTRAINT ex_344 EXCLUDE USING btree (id WITH =) WHERE (id > 0)
);

CREATE TABLE public.child975 (d975_0 boolean, d975_1 text COLLATE "POSIX", d975_2 smallint, PRIMARY KEY (id), CONSTRAINT ck10_975 CHECK (c5 IN ('a', 'b0'))) INHERITS (public.t344) WITH (fillfactor = 52);

CREATE TABLE "Other one".t281 (
    id integer,
    c0 date,
    c1 text DEFAULT lower('AB'),
    CONSTRAINT ck10_281 CHECK (c1 <> 'x0')
) WITH (fillfactor = 87, autovacuum_enabled = false);

CREATE TABLE public.child767 (d767_0 numeric(10,2), d767_1 uuid, PRIMARY KEY (id)) INHERITS (public.t344) WITH (fillfactor = 83, autovacuum_enabled = false);

CREATE TABLE app.t962 (
    id bigint,
    c0 numeric(10,2) DEFAULT 3,
    c1 text[] DEFAULT '{}',
    c5 date NOT NULL,
    CONSTRAINT ck10_962 CHECK (id IN (1, 1, 7)) NO INHERIT,
    CONSTRAINT un_962 UNIQUE (c0)
);

CREATE VIEW app.v420 AS WITH q AS (SELECT s.id AS id, s.c1 AS w1 FROM public.t344 s LEFT JOIN public.child975 o ON o.id = s.id) SELECT q.* FROM q;

CREATE FUNCTION public.g700(VARIADIC xs public.child767[]) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$DECLARE r public.child767%ROWTYPE; BEGIN RETURN 1; END$$;

ALTER TABLE public.t344 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.t344 REPLICA IDENTITY FULL;

ALTER VIEW app.v420 ALTER COLUMN id SET DEFAULT 5;

ALTER TABLE app.t962 ENABLE ROW LEVEL SECURITY;

ALTER TABLE app.t962 REPLICA IDENTITY FULL;

ALTER TABLE app.t962 ALTER COLUMN c1 SET STATISTICS 30;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN public.t344.c1 IS 'column 1';

GRANT ALL ON TABLE public.t344 TO prop_reader;

COMMENT ON COLUMN public.child975."order" IS 'column 1';

COMMENT ON CONSTRAINT ck10_975 ON public.child975 IS 'check 2';

COMMENT ON TABLE public.child975 IS '$$ é';

COMMENT ON COLUMN app.v420.id IS 'of the view';

GRANT SELECT, INSERT ON TABLE app.v420 TO "Prop Writer" WITH GRANT OPTION;

COMMENT ON COLUMN app.t962.c1 IS 'column 0';

COMMENT ON CONSTRAINT ck10_962 ON app.t962 IS 'check 1';

COMMENT ON TABLE app.t962 IS 'about it';

COMMENT ON FUNCTION public.g700 IS 'it''s';

GRANT EXECUTE ON FUNCTION public.g700 TO PUBLIC;

