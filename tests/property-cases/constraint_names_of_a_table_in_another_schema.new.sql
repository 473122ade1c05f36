CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE public.parted360 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 timestamp with time zone NOT NULL,
    c1 jsonb DEFAULT '{}',
    "C 2" date NOT NULL,
    CONSTRAINT un_360 UNIQUE (id, k, c1)
) PARTITION BY RANGE (k);

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

