CREATE SCHEMA app;

CREATE TABLE app.t (a integer, b integer);

CREATE TYPE app.mood AS ENUM ('fine');

CREATE FUNCTION app.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';

GRANT USAGE ON SCHEMA app TO prop_reader;

GRANT SELECT, UPDATE ON app.t TO prop_reader WITH GRANT OPTION;

GRANT INSERT (a) ON app.t TO prop_reader WITH GRANT OPTION;

GRANT EXECUTE ON FUNCTION app.one() TO prop_reader WITH GRANT OPTION;

GRANT USAGE ON TYPE app.mood TO prop_reader WITH GRANT OPTION;

SET ROLE prop_reader;

GRANT SELECT ON app.t TO "Prop Writer";

GRANT UPDATE (b), INSERT (a) ON app.t TO "Prop Writer";

GRANT EXECUTE ON FUNCTION app.one() TO "Prop Writer";

GRANT USAGE ON TYPE app.mood TO "Prop Writer";

RESET ROLE;
