-- error: already exists
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE PROCEDURE f(b int) LANGUAGE sql AS 'select 1';
