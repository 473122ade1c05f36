-- refused: DROP TABLESPACE is about the whole server
DROP TABLESPACE IF EXISTS fast;
