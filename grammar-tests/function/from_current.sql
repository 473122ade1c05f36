-- refused: SET lock_timeout FROM CURRENT
SET lock_timeout = '6s';
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET lock_timeout FROM CURRENT AS 'SELECT 1';
