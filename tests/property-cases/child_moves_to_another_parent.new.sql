CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.t196 (
    id bigserial,
    c0 jsonb,
    c1 numeric(10,2) DEFAULT (0 + 1),
    "order" numeric(10,2) DEFAULT 2 NOT NULL,
    "Ünï 4" uuid,
    c5 smallint,
    CONSTRAINT ck10_196 CHECK (c5 > 1),
    CONSTRAINT ck11_196 CHECK ("order" BETWEEN 1 AND 99),
    CONSTRAINT un_196 UNIQUE (c1),
    CONSTRAINT ex_196 EXCLUDE USING btree (id WITH =)
);

CREATE TABLE app."Child489" (d489_0 bytea NOT NULL, d489_1 timestamp with time zone DEFAULT '2020-01-01' NOT NULL, CONSTRAINT ck10_489 CHECK (d489_1 > '2003-01-01'), CONSTRAINT ck11_489 CHECK ("order" > 2)) INHERITS (app.t196) WITH (fillfactor = 92);

ALTER TABLE app.t196 ENABLE ROW LEVEL SECURITY;

ALTER TABLE app."Child489" REPLICA IDENTITY FULL;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON CONSTRAINT ck10_196 ON app.t196 IS 'check 1';

COMMENT ON TABLE app.t196 IS 'about it';

GRANT INSERT, DELETE ON TABLE app.t196 TO "Prop Writer";

COMMENT ON CONSTRAINT ck10_489 ON app."Child489" IS 'check 1';

COMMENT ON TABLE app."Child489" IS 'it''s';

GRANT SELECT ON TABLE app."Child489" TO "Prop Writer" WITH GRANT OPTION;

