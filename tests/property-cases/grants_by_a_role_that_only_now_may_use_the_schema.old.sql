CREATE SCHEMA app;

CREATE TABLE app.t (a integer, b integer);

CREATE TYPE app.mood AS ENUM ('fine');

CREATE FUNCTION app.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';

GRANT SELECT ON app.t TO prop_reader;
