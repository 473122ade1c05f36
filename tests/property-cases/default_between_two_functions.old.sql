CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE FUNCTION "Other one".f642(x integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER SET search_path TO 'app', 'pg_temp' RETURN $1 + 0;

CREATE FUNCTION "Other one"."F$843"(x integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT SECURITY DEFINER BEGIN ATOMIC SELECT $1 + 3 + "Other one".f642(1); END;

CREATE TABLE app.t314 (
    id integer,
    c0 smallint,
    c1 jsonb,
    "C 2" integer DEFAULT "Other one"."F$843"(4),
    PRIMARY KEY (id),
    CONSTRAINT ck11_314 CHECK ("C 2" IN (1, 2, 7))
) WITH (fillfactor = 93, autovacuum_enabled = false);

ALTER TABLE app.t314 ALTER COLUMN "C 2" SET STATISTICS 3;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON FUNCTION "Other one"."F$843"(integer) IS 'it''s';

COMMENT ON COLUMN app.t314."C 2" IS 'column 1';

