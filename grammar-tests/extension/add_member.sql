-- refused: members of an extension
CREATE EXTENSION citext;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION citext ADD FUNCTION f();
ALTER EXTENSION citext DROP FUNCTION f();
