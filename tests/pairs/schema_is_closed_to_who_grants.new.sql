CREATE TABLE gw (a int, b int);
GRANT SELECT, UPDATE ON gw TO pg_monitor WITH GRANT OPTION;
SET ROLE pg_monitor;
GRANT SELECT ON gw TO pg_read_all_data WITH GRANT OPTION;
GRANT UPDATE (b) ON gw TO pg_write_all_data;
RESET ROLE;
GRANT CREATE ON SCHEMA public TO pg_monitor;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
