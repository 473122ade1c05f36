-- Large objects are data, as rows are: pg_dump -s says nothing of them, and what files say of them is left out.
ALTER LARGE OBJECT 4711 OWNER TO pg_monitor;
COMMENT ON LARGE OBJECT 4711 IS 'a picture';
GRANT SELECT ON LARGE OBJECT 4711 TO pg_monitor;
REVOKE ALL ON LARGE OBJECT 4711 FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC;
CREATE TABLE beside (i int);
