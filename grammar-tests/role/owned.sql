-- refused: DROP OWNED
DROP OWNED BY pg_monitor;
