-- A list of types alone stands for the input arguments as well as for all, and so for two of these.
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(OUT a int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(OUT a int, b text) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(a int, b text) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(INOUT a int, VARIADIC b text[]) LANGUAGE sql AS 'SELECT 1';
COMMENT ON PROCEDURE p(IN int) IS 'input';
COMMENT ON PROCEDURE p(OUT int) IS 'output';
COMMENT ON PROCEDURE p(IN a int, IN b text) IS 'both';
COMMENT ON PROCEDURE p(OUT int, text) IS 'one of both';
COMMENT ON PROCEDURE p(INOUT int, VARIADIC text[]) IS 'any number';
REVOKE ALL ON PROCEDURE p(IN int) FROM PUBLIC;
REVOKE ALL ON ROUTINE p(OUT int, text) FROM PUBLIC;
ALTER PROCEDURE p(IN int, IN text) SECURITY DEFINER;
CREATE PROCEDURE gone(a int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE gone(OUT a int) LANGUAGE sql AS 'SELECT 1';
DROP PROCEDURE gone(IN int);
ALTER PROCEDURE gone() RENAME TO stays;
