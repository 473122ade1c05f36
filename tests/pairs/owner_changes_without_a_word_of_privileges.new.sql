CREATE TABLE so (a int, b int);
ALTER TABLE so OWNER TO pg_read_all_data;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION f() OWNER TO pg_read_all_data;
