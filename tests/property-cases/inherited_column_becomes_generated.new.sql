CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE public.t239 (
    id integer GENERATED ALWAYS AS IDENTITY (START WITH 10 CACHE 5),
    c0 integer GENERATED ALWAYS AS (id * 2) STORED,
    c1 text,
    c5 bigint DEFAULT (0 + 1),
    CONSTRAINT ck10_239 CHECK (c1 ~ '^[a-z]3') NO INHERIT
);

CREATE TABLE app.child264 (d264_0 text[], d264_1 numeric(10,2) DEFAULT 1 NOT NULL, CONSTRAINT ck10_264 CHECK (d264_1 IN (1, 3, 7))) INHERITS (public.t239);

ALTER TABLE public.t239 FORCE ROW LEVEL SECURITY;

ALTER TABLE app.child264 FORCE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON CONSTRAINT ck10_239 ON public.t239 IS 'check 0';

GRANT SELECT (id), UPDATE (id) ON public.t239 TO "Prop Writer";

COMMENT ON TABLE public.t239 IS 'it''s';

COMMENT ON COLUMN app.child264.c5 IS 'column 0';

COMMENT ON CONSTRAINT ck10_264 ON app.child264 IS 'check 0';

GRANT SELECT (id), UPDATE (id) ON app.child264 TO "Prop Writer";

COMMENT ON TABLE app.child264 IS 'about it';

