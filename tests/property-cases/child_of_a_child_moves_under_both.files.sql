CREATE INDEX ix435 ON app.child217 USING btree (d217_1);
CREATE SCHEMA "Other one";
CREATE SCHEMA app;
ALTER TABLE app.child380 FORCE ROW LEVEL SECURITY;
ALTER SCHEMA "Other one" OWNER TO prop_reader;
ALTER SCHEMA app OWNER TO CURRENT_USER;
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
CREATE TABLE app.child217 (d217_0 text[], d217_1 character(4), d217_2 numeric(10,2)) INHERITS (public.t504, app.child380);
GRANT USAGE ON SCHEMA app TO prop_reader;
COMMENT ON CONSTRAINT ck10_380 ON app.child380 IS 'check 1';
CREATE TABLE app.child380 (d380_0 uuid, d380_1 jsonb, PRIMARY KEY (id), CONSTRAINT ck10_380 CHECK (d380_0 IS NOT NULL)) INHERITS (public.t504) WITH (fillfactor = 95, autovacuum_enabled = false);
ALTER TABLE public.t504 ADD CONSTRAINT fk490 FOREIGN KEY (r490) REFERENCES public.t504 (id) ON DELETE RESTRICT;
ALTER TABLE app.child380 REPLICA IDENTITY NOTHING;
COMMENT ON TABLE app.child380 IS '$$ é';
GRANT SELECT ON TABLE app.child217 TO prop_reader;
