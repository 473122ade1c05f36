-- error: cannot change return type of existing function
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS 'select ''1''';
