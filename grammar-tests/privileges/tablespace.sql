-- refused: privileges on a tablespace are the server's
GRANT CREATE ON TABLESPACE pg_default TO pg_monitor;
