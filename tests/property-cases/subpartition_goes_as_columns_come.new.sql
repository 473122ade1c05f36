CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.parted473 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 text[],
    c1 bigint,
    "C 2" bigint
) PARTITION BY RANGE (k);

CREATE TABLE public.part185 PARTITION OF app.parted473 FOR VALUES FROM (1850) TO (1860) PARTITION BY HASH (id);

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

