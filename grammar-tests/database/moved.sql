-- refused: ALTER DATABASE .. TABLESPACE: that is the server's
ALTER DATABASE app SET TABLESPACE pg_default;
