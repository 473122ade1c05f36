GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO pg_monitor;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO pg_monitor;
GRANT SELECT ON pg_authid TO pg_read_all_data;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
