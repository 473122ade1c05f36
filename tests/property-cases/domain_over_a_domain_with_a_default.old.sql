CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE DOMAIN public.dom979 AS text DEFAULT 'd3';

CREATE DOMAIN "Other one"."order by 27" AS public.dom979;

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

