-- refused: large object
GRANT SELECT ON LARGE OBJECT 4711 TO pg_monitor;
