CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".t205 (
    id integer,
    c0 timestamp with time zone,
    c1 jsonb,
    "order" integer[],
    CONSTRAINT "key of 205" PRIMARY KEY (id)
);

CREATE TABLE public.t504 (
    id integer,
    c0 timestamp with time zone,
    c1 integer,
    "C 2" uuid,
    "order" varchar(20),
    "Ünï 4" bytea,
    r490 integer,
    PRIMARY KEY (id),
    CONSTRAINT ck10_504 CHECK ("order" <> 'x0')
);

CREATE TABLE app.child380 (d380_0 uuid, d380_1 jsonb, PRIMARY KEY (id), CONSTRAINT ck10_380 CHECK (d380_0 IS NOT NULL)) INHERITS ("Other one".t205) WITH (fillfactor = 95, autovacuum_enabled = false);

CREATE TABLE app.child217 (d217_0 text[], d217_1 character(4), d217_2 numeric(10,2)) INHERITS (public.t504);

ALTER TABLE public.t504 ADD CONSTRAINT fk490 FOREIGN KEY (r490) REFERENCES "Other one".t205 (id);

CREATE INDEX ix435 ON "Other one".t205 USING btree (c1);

ALTER TABLE app.child380 FORCE ROW LEVEL SECURITY;

ALTER TABLE app.child380 REPLICA IDENTITY NOTHING;

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

COMMENT ON CONSTRAINT ck10_380 ON app.child380 IS 'check 1';

COMMENT ON TABLE app.child380 IS '$$ é';

