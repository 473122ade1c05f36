-- What is said of a tablespace is the server's, and left out.
COMMENT ON TABLESPACE pg_default IS 'where everything is';
CREATE TABLE of_tablespace (i int) TABLESPACE pg_default;
ALTER TABLE of_tablespace SET TABLESPACE pg_default;
CREATE INDEX of_tablespace_i ON of_tablespace (i) TABLESPACE pg_default;
ALTER INDEX of_tablespace_i SET TABLESPACE pg_default;
