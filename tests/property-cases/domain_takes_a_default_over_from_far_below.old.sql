CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE DOMAIN "Other one"."order by 948" AS text;

CREATE DOMAIN public.dom576 AS "Other one"."order by 948" DEFAULT 'd3';

CREATE DOMAIN "Other one".dom660 AS public.dom576;

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

