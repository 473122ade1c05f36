-- refused: REASSIGN OWNED
REASSIGN OWNED BY pg_monitor TO pg_read_all_stats;
