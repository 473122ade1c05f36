CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE FUNCTION app.act_543() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM 2; RETURN NEW; END$$;

CREATE TABLE "Other one".t66 (
    id bigint,
    c0 bigint NOT NULL,
    c1 double precision,
    "C 2" boolean,
    PRIMARY KEY (id)
) WITH (fillfactor = 88);

CREATE TABLE public.child539 (d539_0 timestamp with time zone DEFAULT '2020-01-01', d539_1 character(4) COLLATE "C" NOT NULL, d539_2 uuid, CONSTRAINT ck10_539 CHECK (c0 BETWEEN 3 AND 99), CONSTRAINT ck11_539 CHECK ("C 2" IS NOT FALSE)) INHERITS ("Other one".t66);

ALTER TABLE public.child539 ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.child539 REPLICA IDENTITY NOTHING;

CREATE POLICY pol420 ON public.child539 AS RESTRICTIVE FOR ALL TO CURRENT_USER USING (EXISTS (SELECT 1 FROM "Other one".t66 o WHERE o.id = 1));

CREATE TRIGGER tr543 AFTER INSERT OR UPDATE ON public.child539 FOR EACH ROW EXECUTE FUNCTION app.act_543('a', 'it''s');

GRANT USAGE ON SCHEMA app TO prop_reader;

COMMENT ON COLUMN "Other one".t66."C 2" IS 'column 2';

COMMENT ON TABLE "Other one".t66 IS 'about it';

GRANT ALL ON TABLE "Other one".t66 TO "Prop Writer";

COMMENT ON TABLE public.child539 IS 'it''s';

GRANT INSERT, DELETE ON TABLE public.child539 TO prop_reader WITH GRANT OPTION;

COMMENT ON TRIGGER tr543 ON public.child539 IS 'two
lines; --';

