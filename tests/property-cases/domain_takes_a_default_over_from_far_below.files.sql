CREATE SCHEMA "Other one";
CREATE SCHEMA app;
CREATE DOMAIN "Other one".dom660 AS "Other one"."order by 467";
CREATE DOMAIN public.dom576 AS "Other one"."order by 467" DEFAULT 'd3';
CREATE DOMAIN "Other one"."order by 467" AS text;
ALTER SCHEMA "Other one" OWNER TO prop_reader;
CREATE DOMAIN "Other one"."order by 948" AS text;
GRANT USAGE ON SCHEMA app TO prop_reader;
ALTER SCHEMA app OWNER TO CURRENT_USER;
