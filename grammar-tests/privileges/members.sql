CREATE EXTENSION pgcrypto;
CREATE EXTENSION pg_stat_statements;
REVOKE EXECUTE ON FUNCTION digest(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.digest(text, text) TO pg_monitor WITH GRANT OPTION;
GRANT SELECT ON pg_stat_statements TO pg_read_all_stats;
GRANT SELECT (query) ON public.pg_stat_statements TO pg_monitor;
