CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app."T able854" (
    id integer,
    c0 timestamp with time zone,
    c1 numeric(10,2)
);

CREATE TABLE app."Child489" (d489_0 bytea NOT NULL, d489_1 timestamp with time zone DEFAULT '2020-01-01' NOT NULL, CONSTRAINT ck10_489 CHECK (d489_0 IS NOT NULL), CONSTRAINT ck11_489 CHECK (c1 > 2)) INHERITS (app."T able854") WITH (fillfactor = 92);

ALTER TABLE app."Child489" REPLICA IDENTITY FULL;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN app."Child489".c1 IS 'column 1';

COMMENT ON CONSTRAINT ck10_489 ON app."Child489" IS 'check 1';

COMMENT ON TABLE app."Child489" IS 'it''s';

GRANT SELECT ON TABLE app."Child489" TO "Prop Writer" WITH GRANT OPTION;

