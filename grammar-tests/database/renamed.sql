-- refused: ALTER DATABASE .. RENAME: that is the server's
ALTER DATABASE app RENAME TO other;
