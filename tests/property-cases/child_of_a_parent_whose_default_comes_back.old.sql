CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE "Other one".t946 (
    id serial,
    c0 numeric(10,2) DEFAULT 1,
    c1 date,
    "Ünï 4" timestamp with time zone,
    CONSTRAINT ck10_946 CHECK ("Ünï 4" > '2003-01-01'),
    CONSTRAINT ex_946 EXCLUDE USING btree (id WITH =) WHERE (id > 0)
);

CREATE TABLE public.child31 (d31_0 date DEFAULT now(), d31_1 uuid, d31_2 integer, CONSTRAINT "key of 31" PRIMARY KEY (id)) INHERITS ("Other one".t946);

CREATE VIEW "Other one".v891 AS SELECT s.id AS id FROM "Other one".t946 s;

ALTER TABLE "Other one".t946 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.child31 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.child31 REPLICA IDENTITY NOTHING;

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON CONSTRAINT ck10_946 ON "Other one".t946 IS 'check 2';

COMMENT ON VIEW "Other one".v891 IS 'it''s';

