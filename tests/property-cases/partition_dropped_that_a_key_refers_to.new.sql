CREATE SCHEMA app;

CREATE SCHEMA "Other one";

GRANT USAGE ON SCHEMA app TO prop_reader;

