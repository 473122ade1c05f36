-- refused: CALL is not supported
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CALL p();
