-- Procedures are found by their input arguments and by all of them.
CREATE PROCEDURE p(IN a int, OUT b bigint, INOUT c text) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE p(int, bigint, text) IS 'x';
CREATE PROCEDURE q(IN a int, OUT b bigint) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE q(int) IS 'x';
CREATE PROCEDURE r(IN a int, OUT b bigint) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE r(int, OUT bigint) IS 'y';
