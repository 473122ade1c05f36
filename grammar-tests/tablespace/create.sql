-- refused: CREATE TABLESPACE is about the whole server
CREATE TABLESPACE fast LOCATION '/tmp/fast';
